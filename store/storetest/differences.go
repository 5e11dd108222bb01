package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func differencesAreNamed(t *testing.T, s, other store.Store) {
	d, task := fill(t, s)
	all := exported(t, s)
	must(t, other.Copier().Import(t.Context(), all))
	must(t, store.Compare(t.Context(), s.Copier(), other.Copier()))
	for _, c := range []struct {
		name, want string
		change     func(r *store.Record) bool
	}{
		{"a time", "LastBoot", func(r *store.Record) bool {
			if r.Device == nil || r.Device.ID != d.ID {
				return false
			}
			r.Device.LastBoot = now().Add(time.Hour)
			return true
		}},
		{"a secret", "ConnectionRequest.Password", func(r *store.Record) bool {
			if r.Device == nil || r.Device.ID != d.ID {
				return false
			}
			r.Device.ConnectionRequest.Password = "mark-of-a-secret"
			return true
		}},
		{"an unknown access list", "parameter Device.APassword of device " + string(d.ID) + " differs in AccessList", func(r *store.Record) bool {
			if r.Parameters == nil {
				return false
			}
			for i := range r.Parameters.Parameters {
				r.Parameters.Parameters[i].AccessList = nilIfEmpty(r.Parameters.Parameters[i].AccessList)
			}
			return true
		}},
		{"a parameter that is missing", "parameter Device.A of device " + string(d.ID) + " is only in the first", func(r *store.Record) bool {
			if r.Parameters == nil {
				return false
			}
			r.Parameters.Parameters = r.Parameters.Parameters[1:]
			return true
		}},
		{"a second factor", "SecondFactor.Key", func(r *store.Record) bool {
			if r.User == nil || r.User.SecondFactor.Key == "" {
				return false
			}
			r.User.SecondFactor.Key = "mark-of-a-secret"
			return true
		}},
		{"a permission", "Permissions", func(r *store.Record) bool {
			if r.Role == nil || r.Role.Name != "night" {
				return false
			}
			r.Role.Permissions = users.Permissions{}
			return true
		}},
		{"how a device stands", "Provisioning.Held", func(r *store.Record) bool {
			if r.Device == nil || r.Device.ID != d.ID {
				return false
			}
			r.Device.Provisioning.Held = "mark-of-a-secret"
			return true
		}},
		{"a secret of a level", "Entries.Sealed", func(r *store.Record) bool {
			if r.Level == nil || r.Level.Key.Kind != provisioners.GlobalLevel {
				return false
			}
			r.Level.Entries[0].Sealed = "mark-of-a-secret"
			return true
		}},
		{"a password of a line", "Password", func(r *store.Record) bool {
			if r.Line == nil || r.Line.Password == "" {
				return false
			}
			r.Line.Password = "mark-of-a-secret"
			return true
		}},
		{"a value that a device has", "Differences.Has", func(r *store.Record) bool {
			if r.Convergence == nil || r.Convergence.Device != d.ID {
				return false
			}
			r.Convergence.Differences[0].Has = pointer("mark-of-a-secret")
			return true
		}},
		{"a name of a data model", "Names.Writable", func(r *store.Record) bool {
			if r.DataModel == nil || len(r.DataModel.Names) == 0 {
				return false
			}
			r.DataModel.Names[0].Writable = true
			return true
		}},
		{"an attempt", "Attempts.Session", func(r *store.Record) bool {
			if r.Task == nil || r.Task.ID != task.ID {
				return false
			}
			r.Task.Attempts[0].Session = "another"
			return true
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range exported(t, s) {
				if c.change(&r) {
					must(t, other.Copier().Import(t.Context(), []store.Record{r}))
				}
			}
			err := store.Compare(t.Context(), s.Copier(), other.Copier())
			fails(t, err, store.ErrDifferent)
			if err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "mark-of-a-secret")) {
				t.Errorf("error is %q, want %q in it", err, c.want)
			}
			must(t, other.Copier().Import(t.Context(), all))
		})
	}
	t.Run("a record that is missing", func(t *testing.T) {
		must(t, other.Tasks().Delete(t.Context(), task.ID))
		err := store.Compare(t.Context(), s.Copier(), other.Copier())
		fails(t, err, store.ErrDifferent)
		if err != nil && !strings.Contains(err.Error(), string(task.ID)) {
			t.Errorf("error %q does not name the task", err)
		}
		fails(t, store.Compare(t.Context(), other.Copier(), s.Copier()), store.ErrDifferent)
	})
}

func nilIfEmpty(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
