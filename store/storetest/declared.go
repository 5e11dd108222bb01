package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/store"
)

// fullDocument returns a document in which nothing is empty but the revision: it
// is new.
func fullDocument(kind declared.Kind, id string) declared.Document {
	return declared.Document{
		Kind: kind, ID: id, Body: json.RawMessage(`{"b": "é\u0000<&>", "a.$b": [1.50, null]}`), CreatedAt: now(), UpdatedAt: now().Add(time.Hour), UpdatedBy: "user:admin",
	}
}

// storedDocument returns the document as it comes back after it was put.
func storedDocument(d declared.Document) declared.Document {
	d.Revision++
	d.CreatedAt, d.UpdatedAt = stored(d.CreatedAt), stored(d.UpdatedAt)
	return d
}

// putDocument stores a document and returns it.
func putDocument(t *testing.T, s store.Store, d declared.Document) declared.Document {
	t.Helper()
	return got[declared.Document](t)(s.Declared().PutDocument(t.Context(), d))
}

func documentIDs(t *testing.T, s store.Store, kind declared.Kind) []string {
	t.Helper()
	var list []string
	for _, d := range got[[]declared.Document](t)(s.Declared().Documents(t.Context(), kind)) {
		list = append(list, d.ID)
	}
	return list
}

func declaredTests() []test {
	return []test{
		{"a document comes back byte by byte, with its first revision", func(t *testing.T, s store.Store) {
			d := fullDocument(declared.AccessRule, "a-1")
			checkFull(t, storedDocument(d))
			same(t, "answer", putDocument(t, s, d), storedDocument(d))
			same(t, "document", got[declared.Document](t)(s.Declared().Document(t.Context(), d.Kind, d.ID)), storedDocument(d))
			same(t, "documents", got[[]declared.Document](t)(s.Declared().Documents(t.Context(), d.Kind)), []declared.Document{storedDocument(d)})
		}},
		{"the largest body comes back", func(t *testing.T, s store.Store) {
			d := fullDocument(declared.QuirkProfile, "a")
			d.Body = json.RawMessage(`{"a":"` + strings.Repeat("x", declared.MaxBody-8) + `"}`)
			putDocument(t, s, d)
			same(t, "document", got[declared.Document](t)(s.Declared().Document(t.Context(), d.Kind, d.ID)), storedDocument(d))
		}},
		{"a document is replaced in place of the revision that was seen", func(t *testing.T, s store.Store) {
			d := putDocument(t, s, fullDocument(declared.AccessRule, "a"))
			old := d
			d.Body, d.UpdatedAt, d.UpdatedBy = json.RawMessage(`{}`), stored(now().Add(2*time.Hour)), "user:other"
			next := putDocument(t, s, d)
			same(t, "revision", next.Revision, int64(2))
			fails(t, second(s.Declared().PutDocument(t.Context(), old)), declared.ErrConflict)
			old.Revision = 0
			fails(t, second(s.Declared().PutDocument(t.Context(), old)), declared.ErrConflict)
			old.Revision = 7
			fails(t, second(s.Declared().PutDocument(t.Context(), old)), declared.ErrConflict)
			same(t, "document", got[declared.Document](t)(s.Declared().Document(t.Context(), d.Kind, d.ID)), next)
		}},
		{"a document that is gone is not found, in any way", func(t *testing.T, s store.Store) {
			d := putDocument(t, s, fullDocument(declared.AccessRule, "a"))
			must(t, s.Declared().DeleteDocument(t.Context(), d.Kind, d.ID, d.Revision))
			fails(t, second(s.Declared().Document(t.Context(), d.Kind, d.ID)), declared.ErrNotFound)
			fails(t, second(s.Declared().PutDocument(t.Context(), d)), declared.ErrNotFound)
			for _, revision := range []int64{0, 1} {
				fails(t, s.Declared().DeleteDocument(t.Context(), d.Kind, d.ID, revision), declared.ErrNotFound)
			}
			same(t, "documents", documentIDs(t, s, d.Kind), []string(nil))
		}},
		{"a document is deleted in the revision that was seen, or in any", func(t *testing.T, s store.Store) {
			d := putDocument(t, s, putDocument(t, s, fullDocument(declared.AccessRule, "a")))
			fails(t, s.Declared().DeleteDocument(t.Context(), d.Kind, d.ID, 1), declared.ErrConflict)
			same(t, "documents", documentIDs(t, s, d.Kind), []string{"a"})
			must(t, s.Declared().DeleteDocument(t.Context(), d.Kind, d.ID, 2))
			putDocument(t, s, putDocument(t, s, fullDocument(declared.AccessRule, "a")))
			must(t, s.Declared().DeleteDocument(t.Context(), d.Kind, d.ID, 0))
			same(t, "documents", documentIDs(t, s, d.Kind), []string(nil))
		}},
		{"documents come in order of ID, those of one kind", func(t *testing.T, s store.Store) {
			for _, id := range []string{"b", "a-", "a0", "a", "0", "-", strings.Repeat("z", 64)} {
				for _, kind := range declared.Kinds() {
					putDocument(t, s, fullDocument(kind, id))
				}
			}
			must(t, s.Declared().DeleteDocument(t.Context(), declared.TraceOrder, "b", 0))
			want := []string{"-", "0", "a", "a-", "a0", "b", strings.Repeat("z", 64)}
			same(t, "rules", documentIDs(t, s, declared.AccessRule), want)
			same(t, "orders", documentIDs(t, s, declared.TraceOrder), append(want[:5:5], want[6]))
		}},
		{"there may be so many documents of a kind and no more", documentLimit},
		{"of those who change a document at the same time one does, again and again", func(t *testing.T, s store.Store) {
			putDocument(t, s, fullDocument(declared.AccessRule, "a"))
			const rounds = 4
			together(t, func(worker int) error {
				for round := 0; round < rounds; {
					d, err := s.Declared().Document(t.Context(), declared.AccessRule, "a")
					if err != nil {
						return err
					}
					d.Body = json.RawMessage(fmt.Sprintf(`{"by":%d}`, worker))
					switch _, err := s.Declared().PutDocument(t.Context(), d); {
					case err == nil:
						round++
					case !errors.Is(err, declared.ErrConflict):
						return err
					}
				}
				return nil
			})
			d := got[declared.Document](t)(s.Declared().Document(t.Context(), declared.AccessRule, "a"))
			same(t, "revision", d.Revision, int64(1+rounds*workers))
		}},
	}
}

func documentLimit(t *testing.T, s store.Store) {
	var all []store.Record
	for i := range declared.MaxDocuments - 1 {
		d := storedDocument(fullDocument(declared.AccessRule, fmt.Sprint(i)))
		all = append(all, store.Record{Declared: &d})
	}
	must(t, s.Copier().Import(t.Context(), all))
	last := putDocument(t, s, fullDocument(declared.AccessRule, "last"))
	fails(t, second(s.Declared().PutDocument(t.Context(), fullDocument(declared.AccessRule, "more"))), declared.ErrLimit)
	fails(t, second(s.Declared().PutDocument(t.Context(), fullDocument(declared.AccessRule, "last"))), declared.ErrConflict)
	putDocument(t, s, last)
	putDocument(t, s, fullDocument(declared.QuirkProfile, "other-kind"))
	same(t, "documents", len(documentIDs(t, s, declared.AccessRule)), declared.MaxDocuments)
	must(t, s.Declared().DeleteDocument(t.Context(), declared.AccessRule, "0", 0))
	putDocument(t, s, fullDocument(declared.AccessRule, "more"))
}
