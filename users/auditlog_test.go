package users

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func auditStart() time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) }

// newAudit returns a log over a store in memory, with a clock that goes on by a
// second at each look.
func newAudit() (*AuditLog, *auditMemory) {
	store := &auditMemory{}
	var mu sync.Mutex
	now := auditStart()
	return NewAuditLog(store, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}), store
}

func appendEntries(t *testing.T, log *AuditLog, count int) {
	t.Helper()
	for i := range count {
		if err := log.Append(t.Context(), AuditEntry{Actor: "user:anna", Action: "createTask", Target: fmt.Sprint("device/", i), Outcome: 201}); err != nil {
			t.Fatal(err)
		}
	}
}

func verified(t *testing.T, log *AuditLog) Chain {
	t.Helper()
	chain, err := log.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return chain
}

func TestTheHashIsOfEveryFieldWithItsLength(t *testing.T) {
	e := AuditEntry{
		Sequence: 2, At: time.UnixMilli(1893456000123), Actor: "user:anna", Address: "192.0.2.1", Action: "updateUser", Target: "user/bert",
		Outcome: 200, Detail: "ä", Before: `{"role":"viewer"}`, After: `{"role":"admin"}`, Previous: strings.Repeat("ab", 32),
	}
	text := "\x00\x00\x00\x00\x00\x00\x00\x40" + strings.Repeat("ab", 32) +
		"\x00\x00\x00\x00\x00\x00\x00\x012" + "\x00\x00\x00\x00\x00\x00\x00\x0d1893456000123" + "\x00\x00\x00\x00\x00\x00\x00\x09user:anna" +
		"\x00\x00\x00\x00\x00\x00\x00\x09192.0.2.1" + "\x00\x00\x00\x00\x00\x00\x00\x0aupdateUser" + "\x00\x00\x00\x00\x00\x00\x00\x09user/bert" +
		"\x00\x00\x00\x00\x00\x00\x00\x03200" + "\x00\x00\x00\x00\x00\x00\x00\x02ä" + "\x00\x00\x00\x00\x00\x00\x00\x11" + `{"role":"viewer"}` +
		"\x00\x00\x00\x00\x00\x00\x00\x10" + `{"role":"admin"}`
	sum := sha256.Sum256([]byte(text))
	if got := AuditHash(e); got != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s", got)
	}
	moved := e
	moved.Actor, moved.Address = "user:anna1", "92.0.2.1"
	if AuditHash(moved) == AuditHash(e) {
		t.Error("text can move from one field to the next")
	}
}

func TestEntriesFormAChain(t *testing.T) {
	log, store := newAudit()
	early := auditStart().Add(-time.Hour)
	for _, e := range []AuditEntry{{Action: "one"}, {Action: "two", At: early}, {Action: "three\xff", At: auditStart().Add(time.Hour + 1234567)}, {Action: "four"}} {
		if err := log.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	all := store.entries
	if !all[0].At.Equal(auditStart().Add(time.Second)) || !all[1].At.Equal(all[0].At) || all[2].At.Nanosecond() != 1e6 || !all[3].At.Equal(all[2].At) {
		t.Errorf("times %s, %s, %s, %s", all[0].At, all[1].At, all[2].At, all[3].At)
	}
	if all[2].Action != "three\uFFFD" {
		t.Errorf("text %q", all[2].Action)
	}
	if c := verified(t, log); c != (Chain{First: 1, Last: 4, Hash: all[3].Hash, Checked: 4}) {
		t.Errorf("%+v", c)
	}
}

func TestAChainBeginsAfterEntriesThatHadNone(t *testing.T) {
	log, store := newAudit()
	for i := range int64(3) {
		store.entries = append(store.entries, AuditEntry{Sequence: i - 2, At: auditStart(), Action: "old"})
	}
	appendEntries(t, log, 2)
	if c := verified(t, log); c.First != 1 || c.Last != 2 || c.Unchained != 3 || c.Checked != 2 || c.BrokenAt != 0 || store.entries[3].Previous != "" {
		t.Errorf("%+v", c)
	}
}

func TestSeveralLogsOverOneStoreMakeOneChain(t *testing.T) {
	_, store := newAudit()
	const logs, each = 4, 150
	var group sync.WaitGroup
	for range logs {
		log := NewAuditLog(store, time.Now)
		for writer := range 5 {
			group.Go(func() {
				for i := range each / 5 {
					if err := log.Append(t.Context(), AuditEntry{Action: "createTask", Target: fmt.Sprint(writer, "/", i)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	group.Wait()
	if c := verified(t, NewAuditLog(store, time.Now)); c.Checked != logs*each || c.Last != logs*each || c.BrokenAt != 0 {
		t.Errorf("%+v", c)
	}
}

func TestEntriesThatComeAtOnceAreStoredTogether(t *testing.T) {
	log, store := newAudit()
	begun, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	store.before = func() error {
		once.Do(func() { close(begun); <-release })
		return nil
	}
	var group sync.WaitGroup
	add := func() {
		if err := log.Append(t.Context(), AuditEntry{Action: "createTask"}); err != nil {
			t.Error(err)
		}
	}
	group.Go(add)
	<-begun
	for range 250 {
		group.Go(add)
	}
	waitUntil(t, func() bool { log.mu.Lock(); defer log.mu.Unlock(); return len(log.waiting) == 250 })
	close(release)
	group.Wait()
	if len(store.entries) != 251 || store.appends != 4 {
		t.Errorf("%d entries in %d operations", len(store.entries), store.appends)
	}
	if c := verified(t, log); c.BrokenAt != 0 {
		t.Errorf("%+v", c)
	}
}

func waitUntil(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it takes too long")
		}
	}
}

func TestWhoeverLeavesWhileWaitingLeavesNoEntry(t *testing.T) {
	log, store := newAudit()
	log.turn <- struct{}{} // Somebody stores, for long.
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- log.Append(ctx, AuditEntry{Action: "left"}) }()
	waitUntil(t, func() bool { log.mu.Lock(); defer log.mu.Unlock(); return len(log.waiting) == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-log.turn
	appendEntries(t, log, 1)
	if len(store.entries) != 1 || store.entries[0].Action != "createTask" {
		t.Errorf("%+v", store.entries)
	}
	if err := log.Append(ctx, AuditEntry{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAnAppendGoesOnAfterWhatOthersStored(t *testing.T) {
	log, store := newAudit()
	appendEntries(t, log, 1)
	appendEntries(t, NewAuditLog(store, time.Now), 1)
	appendEntries(t, log, 1) // Its head is out of date.
	store.most = 1
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { appendEntries(t, log, 1) })
	}
	group.Wait()
	if c := verified(t, log); c.Checked != 23 || c.BrokenAt != 0 {
		t.Errorf("%+v", c)
	}
}

func TestAnAppendGivesUpWhereTheSequenceIsAlwaysTaken(t *testing.T) {
	log, store := newAudit()
	calls := 0
	store.before = func() error { calls++; return ErrConflict }
	if err := log.Append(t.Context(), AuditEntry{}); !errors.Is(err, ErrConflict) || calls != auditTries {
		t.Errorf("%d tries: %v", calls, err)
	}
}

func TestAfterALostAnswerTheHeadIsReadAgain(t *testing.T) {
	log, store := newAudit()
	appendEntries(t, log, 1)
	lost := errors.New("connection lost")
	store.after = func() error { return lost }
	if err := log.Append(t.Context(), AuditEntry{Action: "stored all the same"}); !errors.Is(err, lost) {
		t.Fatal(err)
	}
	store.after = nil
	appendEntries(t, log, 1)
	if c := verified(t, log); c.Checked != 3 || c.BrokenAt != 0 {
		t.Errorf("%+v", c)
	}
}

func TestNoMoreEntriesWaitThanMay(t *testing.T) {
	log, _ := newAudit()
	log.waiting = make([]*waitingEntry, auditWaiting)
	if err := log.Append(t.Context(), AuditEntry{}); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}
