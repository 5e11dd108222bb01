package storetest

import (
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

func keyCheck(t *testing.T, s store.Store, proposed secret.Sealed) string {
	t.Helper()
	return string(got[secret.Sealed](t)(s.KeyCheck(t.Context(), proposed)))
}

func keyCheckTests() []test {
	return []test{
		{"the first key check that is proposed stays", func(t *testing.T, s store.Store) {
			for _, proposed := range []secret.Sealed{"first", "second"} {
				same(t, "key check", keyCheck(t, s, proposed), "first")
			}
		}},
		{"a key check is replaced", func(t *testing.T, s store.Store) {
			keyCheck(t, s, "first")
			must(t, s.ReplaceKeyCheck(t.Context(), "second"))
			same(t, "key check", keyCheck(t, s, "third"), "second")
		}},
		{"a key check is stored where none was proposed", func(t *testing.T, s store.Store) {
			must(t, s.ReplaceKeyCheck(t.Context(), "first"))
			same(t, "key check", keyCheck(t, s, "second"), "first")
		}},
	}
}
