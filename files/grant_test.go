package files_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
)

const phone = device.ID("aaaaaaaaaaaaaaaaaaaaaaaaaa")

func (f fixture) offer(t *testing.T, name string, valid time.Duration) files.Offer {
	t.Helper()
	offer, err := f.Offer(t.Context(), files.OfferRequest{Device: phone, Task: "task1", Name: name, Expires: time.Now().Add(valid)})
	if err != nil {
		t.Fatal(err)
	}
	return offer
}

func TestAnOfferHoldsTheFileAndItsSiblings(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "kern.bin"}, "kernel")
	l.add(t, files.File{Name: "other.bin"}, "other")
	added := l.add(t, files.File{Name: "fw.loads", Siblings: []string{"kern.bin"}}, "list")
	offer := l.offer(t, "fw.loads", time.Hour)

	if want := files.PathPrefix + offer.Token + "/fw.loads"; offer.Path != want || len(offer.Token) != 26 {
		t.Errorf("path %q, want %q", offer.Path, want)
	}
	if diff := cmp.Diff(added, offer.File); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"fw.loads", "kern.bin"} {
		found, err := l.Resolve(t.Context(), offer.Token, name)
		if err != nil || found.File.Name != name || found.Device != phone || found.Task != "task1" || found.Expires.IsZero() {
			t.Errorf("Resolve(%s) = %+v, %v", name, found, err)
		}
	}
	if other := l.offer(t, "fw.loads", time.Hour); other.Token == offer.Token {
		t.Error("two offers have one token")
	}
}

func TestOnlyTheHashOfATokenIsStored(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "fw"}, "x")
	offer := l.offer(t, "fw", time.Hour)
	grants := l.store.Grants()
	if len(grants) != 1 || len(grants[0].TokenHash) != 64 || strings.Contains(fmt.Sprintf("%+v", grants), offer.Token) {
		t.Fatalf("stored: %+v", grants)
	}
}

func TestResolveAnswersAllThatIsNotThereAlike(t *testing.T) {
	l := newFixture(t, nil)
	for _, name := range []string{"fw", "other", "gone"} {
		l.add(t, files.File{Name: name}, name)
	}
	offer, gone, short := l.offer(t, "fw", 3*time.Hour), l.offer(t, "gone", 3*time.Hour), l.offer(t, "fw", time.Hour)
	if _, err := l.Delete(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	l.pass(2 * time.Hour)
	for _, test := range []struct{ name, token, file string }{
		{"an unknown token", token, "fw"},
		{"no token", "", "fw"},
		{"a token in capitals", strings.ToUpper(offer.Token), "fw"},
		{"a token that was cut", offer.Token[:25], "fw"},
		{"a hash for a token", l.store.Grants()[0].TokenHash, "fw"},
		{"a file that was not offered", offer.Token, "other"},
		{"a file that is not there", offer.Token, "none"},
		{"a name that leads elsewhere", offer.Token, "../fw"},
		{"no name", offer.Token, ""},
		{"a file that was deleted", gone.Token, "gone"},
		{"an offer that expired", short.Token, "fw"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if found, err := l.Resolve(t.Context(), test.token, test.file); err != files.ErrNotFound {
				t.Errorf("Resolve = %+v, %v, want exactly ErrNotFound", found, err)
			}
		})
	}
	if _, err := l.Resolve(t.Context(), offer.Token, "fw"); err != nil {
		t.Errorf("the offer itself: %v", err)
	}
}

func TestResolveTellsAFailureOfTheStoreFromNothing(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "fw"}, "x")
	offer := l.offer(t, "fw", time.Hour)
	down := errors.New("the store is down")
	l.store.Fail(down)
	if _, err := l.Resolve(t.Context(), offer.Token, "fw"); !errors.Is(err, down) || errors.Is(err, files.ErrNotFound) {
		t.Fatalf("Resolve = %v", err)
	}
}

func TestOfferRefusesWhatCannotBe(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "fw", Siblings: []string{"here", "missing"}}, "x")
	l.add(t, files.File{Name: "here"}, "x")
	future := time.Now().Add(time.Hour)
	for _, test := range []struct {
		name    string
		request files.OfferRequest
		kind    error
		says    string
	}{
		{"a file that is not there", files.OfferRequest{Device: phone, Name: "none", Expires: future}, files.ErrNotFound, `"none"`},
		{"a name that leads elsewhere", files.OfferRequest{Device: phone, Name: "../fw", Expires: future}, files.ErrNotFound, `"../fw"`},
		{"a sibling that is not there", files.OfferRequest{Device: phone, Name: "fw", Expires: future}, files.ErrNotFound, `sibling "missing"`},
		{"no device", files.OfferRequest{Name: "here", Expires: future}, files.ErrInvalid, "device"},
		{"an end in the past", files.OfferRequest{Device: phone, Name: "here", Expires: time.Now().Add(-time.Second)}, files.ErrInvalid, "expires"},
		{"no end", files.OfferRequest{Device: phone, Name: "here"}, files.ErrInvalid, "expires"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := l.Offer(t.Context(), test.request)
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Offer = %v, want %v that says %s", err, test.kind, test.says)
			}
		})
	}
	if grants := l.store.Grants(); len(grants) != 0 {
		t.Errorf("stored all the same: %+v", grants)
	}
}

func TestAnOfferNeverShowsItsToken(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "fw"}, "x")
	offer := l.offer(t, "fw", time.Hour)
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s %q %v", offer, offer, offer, offer, offer, struct{ O files.Offer }{offer})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "offer", offer)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "offer", offer, "in", []files.Offer{offer})
	encoded, err := json.Marshal(offer)
	if err == nil {
		t.Error("an offer was written as JSON")
	}
	out.Write(encoded)
	if strings.Contains(out.String(), offer.Token) {
		t.Errorf("shown: %s", out.String())
	}
}
