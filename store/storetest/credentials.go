package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// storedCredential returns the credential as it comes back.
func storedCredential(c device.Credential) device.Credential {
	c.CreatedAt, c.SeenAt = stored(c.CreatedAt), stored(c.SeenAt)
	return c
}

func credentialTests() []test {
	credential := func(username string, id device.ID) device.Credential {
		return device.Credential{Username: username, Device: id, Password: "sealed", CreatedAt: now(), Issued: true, SeenAt: now().Add(time.Hour)}
	}
	return []test{
		{"a credential comes back", func(t *testing.T, s store.Store) {
			c := credential("üser", device.NewID())
			checkFull(t, c)
			must(t, s.Credentials().PutCredential(t.Context(), c))
			c = storedCredential(c)
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
			c.Password, c.Issued, c.SeenAt, c.CreatedAt = "other", false, time.Time{}, stored(now())
			must(t, s.Credentials().PutCredential(t.Context(), c))
			same(t, "credential", got[device.Credential](t)(s.Credentials().Credential(t.Context(), "user")), c)
		}},
		{"the credentials of a device come in order of time and then user name", func(t *testing.T, s store.Store) {
			id := device.NewID()
			var want []device.Credential
			for _, name := range []string{"z", "B", "a"} { // The first is the oldest.
				c := credential(name, id)
				if name == "z" {
					c.CreatedAt = c.CreatedAt.Add(-time.Hour)
				}
				want = append(want, storedCredential(c))
			}
			for _, c := range []device.Credential{want[2], want[0], credential("other", device.NewID()), want[1]} {
				must(t, s.Credentials().PutCredential(t.Context(), c))
			}
			same(t, "credentials", got[[]device.Credential](t)(s.Credentials().CredentialsOf(t.Context(), id)), want)
			same(t, "credentials of a device without", got[[]device.Credential](t)(s.Credentials().CredentialsOf(t.Context(), device.NewID())), []device.Credential(nil))
		}},
		{"when a credential was first seen is noted once", func(t *testing.T, s store.Store) {
			c := credential("user", device.NewID())
			c.SeenAt = time.Time{}
			must(t, s.Credentials().PutCredential(t.Context(), c))
			must(t, s.Credentials().NoteCredentialSeen(t.Context(), "user", now()))
			must(t, s.Credentials().NoteCredentialSeen(t.Context(), "user", now().Add(time.Hour)))
			must(t, s.Credentials().NoteCredentialSeen(t.Context(), "user", now().Add(-time.Hour)))
			c.SeenAt = now()
			same(t, "credential", got[device.Credential](t)(s.Credentials().Credential(t.Context(), "user")), storedCredential(c))
			fails(t, s.Credentials().NoteCredentialSeen(t.Context(), "User", now()), device.ErrNotFound)
		}},
		{"one credential is deleted, once", func(t *testing.T, s store.Store) {
			id := device.NewID()
			for _, name := range []string{"a", "b"} {
				must(t, s.Credentials().PutCredential(t.Context(), credential(name, id)))
			}
			must(t, s.Credentials().DeleteCredential(t.Context(), "a"))
			fails(t, s.Credentials().DeleteCredential(t.Context(), "a"), device.ErrNotFound)
			left := got[[]device.Credential](t)(s.Credentials().CredentialsOf(t.Context(), id))
			same(t, "left", left, []device.Credential{storedCredential(credential("b", id))})
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
