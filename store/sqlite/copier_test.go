package sqlite

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestAnExportWalksAnIndexAndSortsNothing(t *testing.T) {
	s := openClosing(t, Options{})
	for _, sql := range []string{
		exportDevices, exportTree, exportCredentials, exportModels, exportTasks, exportBulks, exportFiles, exportGrants, exportGroups, exportUsers, exportRoles, exportTokens,
		exportAudit, exportSessions, exportCounts,
	} {
		if plan := strings.Join(explain(t, s, sql), "; "); strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\n%s", sql, plan)
		}
	}
}

func TestAnExportSeesOneStateWhileOthersWrite(t *testing.T) {
	s := openClosing(t, Options{})
	for i := range 3 {
		if err := s.Devices().Create(t.Context(), device.Device{ID: device.ID(fmt.Sprint("d", i))}, 0); err != nil {
			t.Fatal(err)
		}
	}
	seen := ""
	err := s.Copier().Export(t.Context(), func(r store.Record) error {
		if r.Device == nil {
			seen += r.Kind().String()
			return nil
		}
		seen += string(r.Device.ID) + " "
		return errors.Join(
			s.Devices().Create(t.Context(), device.Device{ID: "later " + r.Device.ID}, 0),
			s.Groups().PutGroup(t.Context(), device.Group{Path: string(r.Device.ID)}),
		)
	})
	if err != nil || seen != "d0 d1 d2 " {
		t.Errorf("saw %q, %v", seen, err)
	}
}

func TestAnImportThatIsRefusedLeavesOthersOfItsTransactionAlone(t *testing.T) {
	s := openClosing(t, Options{})
	d := device.Device{ID: "d", MAC: "00:04:f2:00:00:01"}
	if err := s.Copier().Import(t.Context(), []store.Record{{Device: &d}}); err != nil {
		t.Fatal(err)
	}
	// Both closures share a transaction: the writer is kept busy until both wait.
	release, begun := make(chan struct{}), make(chan struct{})
	results := make(chan error, 3)
	go func() {
		results <- s.write(t.Context(), "test", func(*conn) error { close(begun); <-release; return nil })
	}()
	<-begun
	refused, other := device.Device{ID: "e", MAC: d.MAC}, device.Device{ID: "f"}
	go func() {
		fresh := device.Device{ID: "g"}
		err := s.Copier().Import(t.Context(), []store.Record{{Device: &fresh}, {Device: &refused}})
		if !errors.Is(err, device.ErrDuplicate) {
			results <- fmt.Errorf("import returns %v", err)
			return
		}
		results <- nil
	}()
	go func() { results <- s.Devices().Create(t.Context(), other, 0) }()
	for len(s.writer.queue) < 2 {
		if t.Context().Err() != nil {
			t.Fatal("the writes never waited")
		}
		runtime.Gosched()
	}
	close(release)
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	var all []string
	if err := s.Copier().Export(t.Context(), func(r store.Record) error { all = append(all, string(r.Device.ID)); return nil }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(all, " "); got != "d f" {
		t.Errorf("the store has %q, want d f", got)
	}
}

func TestAnImportOfASecondOpenTaskOfAUniqueKeyNamesTheFirst(t *testing.T) {
	s := openClosing(t, Options{})
	first, second := tasks.Task{ID: "a", Device: "d", State: tasks.Queued, UniqueKey: "k"}, tasks.Task{ID: "b", Device: "d", State: tasks.Queued, UniqueKey: "k"}
	err := s.Copier().Import(t.Context(), []store.Record{{Task: &first}, {Task: &second}})
	var duplicate *tasks.DuplicateError
	if !errors.As(err, &duplicate) || duplicate.Existing != "a" {
		t.Errorf("error is %v", err)
	}
	if empty, err := s.Copier().Empty(t.Context()); err != nil || !empty {
		t.Errorf("a part was imported, %v", err)
	}
}

func TestARewriteThatChangesAKeyIsRefused(t *testing.T) {
	s := openClosing(t, Options{})
	if err := s.Devices().Create(t.Context(), device.Device{ID: "d"}, 0); err != nil {
		t.Fatal(err)
	}
	_, err := s.Copier().Rewrite(t.Context(), func(r *store.Record) (bool, error) { r.Device.ID = "e"; return true, nil })
	if !errors.Is(err, errKeyChanged) {
		t.Errorf("error is %v", err)
	}
}
