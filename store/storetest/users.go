package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func userTests() []test {
	full := func(name string) users.User {
		return users.User{Name: name, Role: users.Viewer, Scope: device.Scope{Group: "a"}, PasswordHash: "$argon2id$", CreatedAt: now(), UpdatedAt: now().Add(time.Second)}
	}
	whole := func(u users.User) users.User {
		u.CreatedAt, u.UpdatedAt = stored(u.CreatedAt), stored(u.UpdatedAt)
		u.Revision++
		return u
	}
	return []test{
		{"a new user comes back with the first revision, and the name is taken", func(t *testing.T, s store.Store) {
			must(t, s.Users().PutUser(t.Context(), full("admin")))
			same(t, "user", got[users.User](t)(s.Users().User(t.Context(), "admin")), whole(full("admin")))
			fails(t, s.Users().PutUser(t.Context(), full("admin")), users.ErrExists)
			_, err := s.Users().User(t.Context(), "Admin")
			fails(t, err, users.ErrNotFound)
		}},
		{"a user is replaced once for each revision", func(t *testing.T, s store.Store) {
			must(t, s.Users().PutUser(t.Context(), full("admin")))
			u := got[users.User](t)(s.Users().User(t.Context(), "admin"))
			u.Role = users.Admin
			must(t, s.Users().PutUser(t.Context(), u))
			fails(t, s.Users().PutUser(t.Context(), u), users.ErrConflict)
			same(t, "user", got[users.User](t)(s.Users().User(t.Context(), "admin")), whole(u))
		}},
		{"changing a user that is not there conflicts", func(t *testing.T, s store.Store) {
			u := full("nobody")
			u.Revision = 3
			fails(t, s.Users().PutUser(t.Context(), u), users.ErrConflict)
		}},
		{"users come in order of name", func(t *testing.T, s store.Store) {
			for _, name := range []string{"b", "a", "C"} {
				must(t, s.Users().PutUser(t.Context(), full(name)))
			}
			same(t, "users", got[[]users.User](t)(s.Users().Users(t.Context())), []users.User{whole(full("C")), whole(full("a")), whole(full("b"))})
		}},
		{"a token is found by its hash, replaced by its id, and removed once", tokens},
		{"tokens come in order of creation", func(t *testing.T, s store.Store) {
			for i, id := range []string{"c", "a", "b"} {
				token := fullToken(id)
				token.CreatedAt = now().Add(time.Duration(i) * time.Second)
				must(t, s.Users().PutToken(t.Context(), token))
			}
			var list string
			for _, token := range got[[]users.Token](t)(s.Users().Tokens(t.Context())) {
				list += token.ID
			}
			same(t, "tokens", list, "cab")
		}},
	}
}

func tokens(t *testing.T, s store.Store) {
	token := fullToken("t1")
	checkFull(t, token)
	must(t, s.Users().PutToken(t.Context(), token))
	token.CreatedAt, token.Expires, token.LastUsed = stored(token.CreatedAt), stored(token.Expires), stored(token.LastUsed)
	same(t, "token", got[users.Token](t)(s.Users().TokenByHash(t.Context(), token.Hash)), token)
	token.LastUsed, token.Expires = stored(now().Add(time.Hour)), time.Time{}
	must(t, s.Users().PutToken(t.Context(), token))
	same(t, "token", got[users.Token](t)(s.Users().TokenByHash(t.Context(), token.Hash)), token)
	token.LastUsed = stored(now().Add(2 * time.Hour))
	must(t, s.Users().TouchToken(t.Context(), "t1", token.LastUsed))
	same(t, "token", got[users.Token](t)(s.Users().TokenByHash(t.Context(), token.Hash)), token)
	same(t, "tokens", len(got[[]users.Token](t)(s.Users().Tokens(t.Context()))), 1)
	must(t, s.Users().DeleteToken(t.Context(), "t1"))
	fails(t, s.Users().DeleteToken(t.Context(), "t1"), users.ErrNotFound)
	fails(t, s.Users().TouchToken(t.Context(), "t1", now()), users.ErrNotFound)
	_, err := s.Users().TokenByHash(t.Context(), token.Hash)
	fails(t, err, users.ErrNotFound)
}
