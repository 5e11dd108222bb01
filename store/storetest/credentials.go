package storetest

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func credentialTests() []test {
	credential := func(username string, id device.ID) device.Credential {
		return device.Credential{Username: username, Device: id, Password: "sealed", CreatedAt: now()}
	}
	return []test{
		{"a credential comes back", func(t *testing.T, s store.Store) {
			c := credential("üser", device.NewID())
			must(t, s.Credentials().PutCredential(t.Context(), c))
			c.CreatedAt = stored(c.CreatedAt)
			same(t, "credential", got[device.Credential](t)(s.Credentials().Credential(t.Context(), "üser")), c)
		}},
		{"user names are exact", func(t *testing.T, s store.Store) {
			must(t, s.Credentials().PutCredential(t.Context(), credential("User", device.NewID())))
			_, err := s.Credentials().Credential(t.Context(), "user")
			fails(t, err, device.ErrNotFound)
		}},
		{"a credential is replaced by one of the same device, not of another", func(t *testing.T, s store.Store) {
			c := credential("user", device.NewID())
			must(t, s.Credentials().PutCredential(t.Context(), c))
			fails(t, s.Credentials().PutCredential(t.Context(), credential("user", device.NewID())), device.ErrDuplicate)
			c.Password, c.CreatedAt = "other", stored(now())
			must(t, s.Credentials().PutCredential(t.Context(), c))
			same(t, "credential", got[device.Credential](t)(s.Credentials().Credential(t.Context(), "user")), c)
		}},
		{"all credentials of a device are removed, no others", func(t *testing.T, s store.Store) {
			first, second := device.NewID(), device.NewID()
			for _, c := range []device.Credential{credential("a", first), credential("b", first), credential("c", second)} {
				must(t, s.Credentials().PutCredential(t.Context(), c))
			}
			must(t, s.Credentials().DeleteCredentials(t.Context(), first))
			must(t, s.Credentials().DeleteCredentials(t.Context(), first))
			for _, username := range []string{"a", "b"} {
				_, err := s.Credentials().Credential(t.Context(), username)
				fails(t, err, device.ErrNotFound)
			}
			got[device.Credential](t)(s.Credentials().Credential(t.Context(), "c"))
		}},
	}
}
