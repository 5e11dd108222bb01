package files_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
)

// place makes a place where a device can put its log.
func (f fixture) place(t *testing.T, id device.ID) files.Receipt {
	t.Helper()
	receipt, err := f.Receive(t.Context(), files.ReceiveRequest{Device: id, Task: "task1", Type: "2 Vendor Log File", Expires: time.Now().Add(time.Duration(f.clock.Load()) + time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func TestAPlaceTakesOneFileAndIsGoneThen(t *testing.T) {
	l := newFixture(t, nil)
	id := device.NewID()
	receipt := l.place(t, id)
	got, err := l.Accept(t.Context(), receipt.Token, strings.NewReader("log"))
	if err != nil || got.Name != receipt.Name || got.Device != id || got.Task != "task1" || got.Type != "2 Vendor Log File" || got.CreatedAt.IsZero() {
		t.Fatalf("file = %+v, %v", got, err)
	}
	if _, err := l.Accept(t.Context(), receipt.Token, strings.NewReader("other")); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("a second file: %v", err)
	}
	if grants := l.store.Grants(); len(grants) != 0 {
		t.Errorf("left: %+v", grants)
	}
}

func TestOfTwoWhoSendToOnePlaceOneWins(t *testing.T) {
	l := newFixture(t, nil)
	receipt := l.place(t, device.NewID())
	// The second begins and ends while the first is still sending.
	slow := readerFunc(func([]byte) (int, error) {
		if _, err := l.Accept(t.Context(), receipt.Token, strings.NewReader("quick")); err != nil {
			t.Error(err)
		}
		return 0, io.EOF
	})
	if _, err := l.Accept(t.Context(), receipt.Token, slow); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("the slow one got %v", err)
	}
	if left := entries(t, l.folder); len(left) != 1 {
		t.Errorf("%d contents, want that of the quick one", len(left))
	}
}

func TestWhatCannotBeStoredLeavesThePlaceGood(t *testing.T) {
	l := newFixture(t, func(o *files.Options) { o.MaxUpload = 10 })
	receipt := l.place(t, device.NewID())
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		reader io.Reader
		want   error
	}{
		"a connection that breaks": {io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), broken},
		"a file that is too large": {bytes.NewReader(make([]byte, 11)), files.ErrTooLarge},
	} {
		if _, err := l.Accept(t.Context(), receipt.Token, c.reader); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	l.mustBeEmpty(t)
	if _, err := l.Accept(t.Context(), receipt.Token, bytes.NewReader(make([]byte, 10))); err != nil {
		t.Errorf("a file of the largest size: %v", err)
	}
}

func TestAPlaceEndsWithItsTime(t *testing.T) {
	l := newFixture(t, nil)
	receipt := l.place(t, device.NewID())
	l.pass(2 * time.Hour)
	if _, err := l.Accept(t.Context(), receipt.Token, iotest.ErrReader(errors.New("read"))); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("error = %v", err)
	}
}

func TestOnlyTheNewestUploadsOfADeviceAreKept(t *testing.T) {
	l := newFixture(t, func(o *files.Options) { o.MaxPerDevice = 3 })
	id, other := device.NewID(), device.NewID()
	l.add(t, files.File{Name: "fw.bin"}, "firmware")
	var names []string
	for i := range 5 {
		for _, of := range []device.ID{id, other} {
			receipt := l.place(t, of)
			if _, err := l.Accept(t.Context(), receipt.Token, strings.NewReader(fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
			if of == id {
				names = append(names, receipt.Name)
			}
		}
		l.pass(time.Second)
	}
	for i, name := range names {
		if _, err := l.Get(t.Context(), name); (err == nil) != (i >= 2) {
			t.Errorf("upload %d: %v", i, err)
		}
	}
	page, err := l.List(t.Context(), files.List{PageSize: 100})
	if err != nil || len(page.Files) != 7 || len(entries(t, l.folder)) != 7 {
		t.Errorf("%d files, %v, want 3 of each device and the firmware", len(page.Files), err)
	}
}

func TestReceiveRefusesWhatCannotBe(t *testing.T) {
	l := newFixture(t, nil)
	good := files.ReceiveRequest{Device: device.NewID(), Type: "2 Vendor Log File", Expires: time.Now().Add(time.Hour)}
	for field, change := range map[string]func(*files.ReceiveRequest){
		"device":  func(r *files.ReceiveRequest) { r.Device = "" },
		"type":    func(r *files.ReceiveRequest) { r.Type = "log" },
		"expires": func(r *files.ReceiveRequest) { r.Expires = time.Now().Add(-time.Second) },
	} {
		r := good
		change(&r)
		var wrong *files.FieldError
		if _, err := l.Receive(t.Context(), r); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestAReceiptDoesNotShowItsToken(t *testing.T) {
	l := newFixture(t, nil)
	receipt := l.place(t, device.NewID())
	if text := fmt.Sprintf("%v %+v %#v %s", receipt, receipt, receipt, receipt.LogValue()); strings.Contains(text, receipt.Token) {
		t.Errorf("printed %s", text)
	}
	if raw, err := json.Marshal(receipt); err == nil {
		t.Errorf("written as %s", raw)
	}
}
