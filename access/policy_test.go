package access

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
)

// documents is a declared.Store of which only reading is asked.
type documents struct {
	declared.Store
	of map[declared.Kind][]declared.Document
}

func (d *documents) Documents(_ context.Context, kind declared.Kind) ([]declared.Document, error) {
	return d.of[kind], nil
}

func (d *documents) put(kind declared.Kind, id string, revision int64, body string) {
	kept := d.of[kind][:0:0]
	for _, other := range d.of[kind] {
		if other.ID != id {
			kept = append(kept, other)
		}
	}
	d.of[kind] = append(kept, declared.Document{Kind: kind, ID: id, Revision: revision, Body: json.RawMessage(body), UpdatedAt: now().Add(time.Duration(revision))})
}

func TestAPolicyFollowsWhatOperatorsDeclare(t *testing.T) {
	store := &documents{of: map[declared.Kind][]declared.Document{}}
	logger := slog.New(slog.DiscardHandler)
	p, err := NewPolicy(t.Context(), store, fallback(None), logger)
	if err != nil {
		t.Fatal(err)
	}
	verdict := func() Verdict {
		t.Helper()
		if err := p.Refresh(t.Context()); err != nil {
			t.Log(err)
		}
		return p.Current().Decide(Account{Listener: "cwmp"}, Candidate{Device: phone(""), Now: now()}).Verdict
	}
	if got := verdict(); got != Allowed {
		t.Errorf("without a document: %s", got)
	}
	before := p.Current()
	if verdict(); p.Current() != before {
		t.Error("the set is made anew although nothing changed")
	}
	store.put(declared.AccessRule, "r", 1, `{"name":"r","methods":["digest"]}`)
	store.put(declared.SharedCredential, "s", 1, `{"username":"u","password":"v1.a.b"}`)
	store.put(declared.SharedCredential, "broken", 1, `{"username":""}`)
	if got := verdict(); got != Challenged {
		t.Errorf("with a rule: %s", got)
	}
	if found := p.Current().Named("u", "cwmp"); len(found) != 1 || found[0].ID != "s" {
		t.Errorf("shared credentials: %+v", found)
	}
	store.put(declared.AccessRule, "r", 2, `{"name":"r","methods":["digest"],"surprise":1}`)
	if got := verdict(); got != Challenged {
		t.Errorf("a rule that cannot be read lets in: %s", got)
	}
	store.put(declared.AccessRule, "r", 3, `{"name":"r","methods":["none"],"unknown":"refuse"}`)
	if got := verdict(); got != Refused {
		t.Errorf("with the rule repaired: %s", got)
	}
	if _, err := NewPolicy(t.Context(), &documents{of: map[declared.Kind][]declared.Document{declared.AccessRule: {{ID: "x", Body: json.RawMessage(`{}`)}}}}, fallback(None), logger); err == nil {
		t.Error("a policy begins without a rule that cannot be read")
	}
}
