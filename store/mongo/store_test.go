package mongo

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/storetest"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func TestStorePassesTheSuite(t *testing.T) {
	seen := &shapes{all: make(map[string]shape)}
	openIn := func(t *testing.T, uri string) *Store {
		s, err := Open(t.Context(), Options{URI: uri, IndexedParameters: storetest.IndexedParameters(), Monitor: seen.monitor()})
		must(t, err)
		return s
	}
	storetest.Run(t, storetest.Kind{Shared: true, Slow: !mongotest.Real()}, func(t *testing.T) storetest.Opener {
		uri := mongotest.URI(t)
		return func(t *testing.T) store.Store { return openIn(t, uri) }
	})
	t.Run("content is kept beside it", func(t *testing.T) {
		s := openIn(t, mongotest.URI(t))
		defer s.Close()
		useContent(t, s)
	})
	t.Run("what operators ask for by itself is found", func(t *testing.T) {
		s := openIn(t, mongotest.URI(t))
		defer s.Close()
		askByItself(t, s)
	})
	t.Run("every command finds its documents by an index", func(t *testing.T) { checkShapes(t, seen) })
}

// useContent does once what the suite does not: it knows nothing of content.
func useContent(t *testing.T, s *Store) {
	t.Helper()
	w, err := s.Content().Create(t.Context())
	must(t, err)
	_, err = w.Write([]byte("x"))
	must(t, err)
	name, err := w.Commit()
	must(t, err)
	r, err := s.Content().Open(t.Context(), name)
	must(t, err)
	_, err = r.Read(make([]byte, 1))
	must(t, err)
	must(t, r.Close())
	must(t, s.Content().Remove(t.Context(), name))
	_, err = s.Content().(files.Sweeper).Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { return false })
	must(t, err)
}

// askByItself sends filters of one condition, which the suite sends by chance.
func askByItself(t *testing.T, s *Store) {
	t.Helper()
	parsed := func(schema *query.Schema, text string) query.Expr {
		e, err := query.Parse(schema, text)
		must(t, err)
		return e
	}
	must(t, second(s.Tasks().List(t.Context(), tasks.List{Filter: parsed(tasks.Schema(), "state = failed"), PageSize: 1})))
	for _, text := range []string{"actor = system", "target = device/abc", "at < 2026-01-01"} {
		must(t, second(s.Audit().Audit(t.Context(), users.AuditList{Filter: parsed(users.AuditSchema(), text), Limit: 1})))
	}
}

// shapes are those of the commands that stores sent.
type shapes struct {
	mu      sync.Mutex
	all     map[string]shape
	unknown []string
}

func (n *shapes) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		found, known := shapesOf(e.CommandName, e.Command)
		n.mu.Lock()
		defer n.mu.Unlock()
		if !known {
			n.unknown = append(n.unknown, e.CommandName)
		}
		for _, s := range found {
			n.all[s.String()] = s
		}
	}}
}

// scans are the commands that read whole collections: small ones, or at the
// command of an operator who waits for it. So do filters of operators.
func scans() []string {
	return []string{
		"find users {} by _id_1",
		"find roles {} by _id_1",
		"find tokens {} by createdAt_1__id_1",
		"find nodes {} by _id_1",
		"find meta {_id: /?/} limited",              // To see which patterns the server knows.
		"find parameters {count: {$gt: ?}} limited", // Is the store empty?
	}
}

// sorted are the commands that sort what an index found: the open tasks of one
// device, and the levels that changed lately, which are few.
func sorted() []string {
	return []string{
		"find levels {sharedAt: {$gte: ?}} by _id_1 limited",
		"find tasks {blocked: false, device: ?, notBefore: {$gt: ?}, open: true, state: ?} by notBefore_1 limited",
	}
}

func checkShapes(t *testing.T, seen *shapes) {
	if len(seen.unknown) > 0 {
		t.Errorf("commands that this test does not know: %v", seen.unknown)
	}
	declared := indexes(storetest.IndexedParameters())
	used, checked := make(map[string]bool), 0
	for name, s := range seen.all {
		found, ok := served(declared, &s)
		if !ok && (s.operation != "" || slices.Contains(sorted(), name)) {
			s.sort = nil
			found, ok = served(declared, &s)
		}
		for _, i := range found {
			used[i] = true
		}
		if s.operation != "" {
			continue // TestListsUseTheirIndexes has those that must be served.
		}
		checked++
		if scans := slices.Contains(scans(), name); ok == scans {
			t.Errorf("%s: served by %v, that it reads all is allowed: %v", name, found, scans)
		}
	}
	if checked < 120 {
		t.Errorf("the suite sent commands of %d shapes, expected all that there are", checked)
	}
	for _, i := range declared {
		if name := i.collection + "." + i.name(); !used[name] {
			t.Errorf("no command needs the index %s", name)
		}
	}
}
