package storetest

import (
	"testing"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func userOf(t *testing.T, s store.Store, name string) users.User {
	t.Helper()
	return got[users.User](t)(s.Users().User(t.Context(), name))
}

func userTests() []test {
	return []test{
		{"a new user comes back with the first revision, and the name is taken", func(t *testing.T, s store.Store) {
			u := fullUser("admin")
			must(t, s.Users().PutUser(t.Context(), u))
			whole := storedUser(u)
			checkFull(t, whole)
			checkFull(t, whole.SecondFactor)
			same(t, "user", userOf(t, s, "admin"), whole)
			u.Subject = ""
			fails(t, s.Users().PutUser(t.Context(), u), users.ErrExists)
			_, err := s.Users().User(t.Context(), "Admin")
			fails(t, err, users.ErrNotFound)
		}},
		{"a user of whom nothing but the name is known comes back", func(t *testing.T, s store.Store) {
			must(t, s.Users().PutUser(t.Context(), users.User{Name: "plain"}))
			same(t, "user", userOf(t, s, "plain"), users.User{Name: "plain", Revision: 1})
		}},
		{"a user is replaced once for each revision, and what was emptied is empty", func(t *testing.T, s store.Store) {
			must(t, s.Users().PutUser(t.Context(), fullUser("admin")))
			u := users.User{Name: "admin", Role: users.Admin, Revision: 1}
			must(t, s.Users().PutUser(t.Context(), u))
			fails(t, s.Users().PutUser(t.Context(), u), users.ErrConflict)
			same(t, "user", userOf(t, s, "admin"), storedUser(u))
		}},
		{"changing a user that is not there conflicts", func(t *testing.T, s store.Store) {
			u := fullUser("nobody")
			u.Revision = 3
			fails(t, s.Users().PutUser(t.Context(), u), users.ErrConflict)
			same(t, "users", len(got[[]users.User](t)(s.Users().Users(t.Context()))), 0)
		}},
		{"users come in order of name, without their preferences", func(t *testing.T, s store.Store) {
			var want []users.User
			for _, name := range []string{"C", "a", "b"} {
				listed := storedUser(fullUser(name))
				listed.Preferences = ""
				want = append(want, listed)
			}
			for _, name := range []string{"b", "a", "C"} {
				must(t, s.Users().PutUser(t.Context(), fullUser(name)))
			}
			same(t, "users", got[[]users.User](t)(s.Users().Users(t.Context())), want)
			same(t, "one user", userOf(t, s, "b"), storedUser(fullUser("b")))
		}},
		{"a user is deleted once, and the name and the subject are free again", func(t *testing.T, s store.Store) {
			u := fullUser("a")
			must(t, s.Users().PutUser(t.Context(), u))
			must(t, s.Users().PutUser(t.Context(), fullUser("b")))
			must(t, s.Users().DeleteUser(t.Context(), "a"))
			fails(t, s.Users().DeleteUser(t.Context(), "a"), users.ErrNotFound)
			_, err := s.Users().User(t.Context(), "a")
			fails(t, err, users.ErrNotFound)
			_, err = s.Users().UserBySubject(t.Context(), u.Subject)
			fails(t, err, users.ErrNotFound)
			same(t, "other", userOf(t, s, "b"), storedUser(fullUser("b")))
			must(t, s.Users().PutUser(t.Context(), u))
			same(t, "user", userOf(t, s, "a"), storedUser(u))
		}},
		{"a user is found by the subject, of which there is one", subjects},
		{"users without a subject are many, and none of them is found by it", func(t *testing.T, s store.Store) {
			for _, name := range []string{"a", "b", "c"} {
				u := fullUser(name)
				u.Subject = ""
				must(t, s.Users().PutUser(t.Context(), u))
			}
			_, err := s.Users().UserBySubject(t.Context(), "")
			fails(t, err, users.ErrNotFound)
		}},
	}
}

func subjects(t *testing.T, s store.Store) {
	ctx := t.Context()
	first, second := fullUser("first"), fullUser("second")
	must(t, s.Users().PutUser(ctx, first))
	bySubject := func(subject string) string {
		t.Helper()
		return got[users.User](t)(s.Users().UserBySubject(ctx, subject)).Name
	}
	same(t, "user", got[users.User](t)(s.Users().UserBySubject(ctx, first.Subject)), storedUser(first))
	_, err := s.Users().UserBySubject(ctx, second.Subject)
	fails(t, err, users.ErrNotFound)

	own := second.Subject
	second.Subject = first.Subject
	fails(t, s.Users().PutUser(ctx, second), users.ErrExists)
	_, err = s.Users().User(ctx, "second")
	fails(t, err, users.ErrNotFound)
	second.Subject = own
	must(t, s.Users().PutUser(ctx, second))
	second.Revision, second.Subject = 1, first.Subject
	fails(t, s.Users().PutUser(ctx, second), users.ErrExists)
	same(t, "owner", bySubject(first.Subject), "first")
	same(t, "owner of the other", bySubject(own), "second")

	first.Revision, first.Subject = 1, ""
	must(t, s.Users().PutUser(ctx, first))
	must(t, s.Users().PutUser(ctx, second))
	same(t, "owner of what was given up", bySubject(second.Subject), "second")
	_, err = s.Users().UserBySubject(ctx, own)
	fails(t, err, users.ErrNotFound)
}
