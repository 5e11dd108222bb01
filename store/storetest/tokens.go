package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func tokenTests() []test {
	return []test{
		{"a token is found by its hash, replaced by its id, and removed once", tokens},
		{"tokens come in order of creation", func(t *testing.T, s store.Store) {
			for i, id := range []string{"c", "a", "b"} {
				token := fullToken(id)
				token.CreatedAt = now().Add(time.Duration(i) * time.Second)
				must(t, s.Tokens().PutToken(t.Context(), token))
			}
			var list string
			for _, token := range got[[]users.Token](t)(s.Tokens().Tokens(t.Context())) {
				list += token.ID
			}
			same(t, "tokens", list, "cab")
		}},
	}
}

func tokens(t *testing.T, s store.Store) {
	token := fullToken("t1")
	checkFull(t, token)
	must(t, s.Tokens().PutToken(t.Context(), token))
	token.CreatedAt, token.Expires, token.LastUsed = stored(token.CreatedAt), stored(token.Expires), stored(token.LastUsed)
	same(t, "token", got[users.Token](t)(s.Tokens().TokenByHash(t.Context(), token.Hash)), token)
	token.LastUsed, token.Expires = stored(now().Add(time.Hour)), time.Time{}
	must(t, s.Tokens().PutToken(t.Context(), token))
	same(t, "token", got[users.Token](t)(s.Tokens().TokenByHash(t.Context(), token.Hash)), token)
	token.LastUsed = stored(now().Add(2 * time.Hour))
	must(t, s.Tokens().TouchToken(t.Context(), "t1", token.LastUsed))
	same(t, "token", got[users.Token](t)(s.Tokens().TokenByHash(t.Context(), token.Hash)), token)
	same(t, "tokens", len(got[[]users.Token](t)(s.Tokens().Tokens(t.Context()))), 1)
	must(t, s.Tokens().DeleteToken(t.Context(), "t1"))
	fails(t, s.Tokens().DeleteToken(t.Context(), "t1"), users.ErrNotFound)
	fails(t, s.Tokens().TouchToken(t.Context(), "t1", now()), users.ErrNotFound)
	_, err := s.Tokens().TokenByHash(t.Context(), token.Hash)
	fails(t, err, users.ErrNotFound)
}
