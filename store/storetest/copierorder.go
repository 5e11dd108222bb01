package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func exportedInOrder(t *testing.T, s, _ store.Store) {
	keys := []string{"b", "a", "Z", "é", "aa", "a b", "a\x00b", "A", "~"}
	var batch []store.Record
	for _, key := range keys {
		d := plainDevice("of " + key)
		batch = append(batch,
			store.Record{User: &users.User{Name: key, Revision: 1}}, store.Record{Group: &device.Group{Path: key}}, store.Record{Role: &users.RoleDefinition{Name: users.Role(key)}},
			store.Record{Declared: &declared.Document{Kind: declared.AccessRule, ID: key, Body: []byte("{}")}},
			store.Record{Session: &history.Session{ID: key}}, store.Record{Counts: &history.Counts{At: spanAt(0), Node: key}},
			store.Record{Credential: &device.Credential{Username: key}}, store.Record{Device: &d},
			store.Record{Level: &provisioners.Level{Key: levelKey(provisioners.GroupLevel, key)}}, store.Record{Level: &provisioners.Level{Key: levelKey(provisioners.DeviceLevel, key)}},
			store.Record{Convergence: &provisioners.Convergence{Device: device.ID(key)}},
			store.Record{DataModel: &provisioners.DataModel{Key: device.ModelKey{Manufacturer: key, ProductClass: "x"}}},
			store.Record{DataModel: &provisioners.DataModel{Key: device.ModelKey{Manufacturer: "same"}, Root: key}},
			store.Record{Line: &provisioners.Line{LineKey: lineKey(key, "1")}}, store.Record{Line: &provisioners.Line{LineKey: lineKey("same", key)}},
			store.Record{Model: &store.Model{Key: device.ModelKey{Manufacturer: key, ProductClass: "x"}, Limits: device.ModelLimits{LevelByLevel: true}}},
			store.Record{Model: &store.Model{Key: device.ModelKey{Manufacturer: "same", ProductClass: key}, Limits: device.ModelLimits{LevelByLevel: true}}},
		)
	}
	for _, kind := range declared.Kinds() {
		batch = append(batch, store.Record{Declared: &declared.Document{Kind: kind, ID: "same", Body: []byte("{}")}})
	}
	for _, n := range []int64{10, 9, -9, -10, 0, 1, -1} {
		batch = append(batch, store.Record{Audit: &users.AuditEntry{Sequence: n}}, store.Record{Counts: &history.Counts{At: spanAt(int(n)), Node: "n"}})
	}
	must(t, s.Copier().Import(t.Context(), batch))
	all := exported(t, s)
	same(t, "records", len(all), len(batch))
	order := func(r store.Record) []string {
		kind := fmt.Sprintf("%02d", r.Kind())
		switch {
		case r.Device != nil:
			return []string{kind, string(r.Device.ID)}
		case r.Credential != nil:
			return []string{kind, r.Credential.Username}
		case r.Model != nil:
			return []string{kind, r.Model.Key.Manufacturer, r.Model.Key.ProductClass}
		case r.User != nil:
			return []string{kind, r.User.Name}
		case r.Group != nil:
			return []string{kind, r.Group.Path}
		case r.Role != nil:
			return []string{kind, string(r.Role.Name)}
		case r.Session != nil:
			return []string{kind, r.Session.ID}
		case r.Declared != nil:
			return []string{kind, string(r.Declared.Kind), r.Declared.ID}
		case r.Level != nil:
			return []string{kind, string(r.Level.Key.Kind), r.Level.Key.ID}
		case r.Line != nil:
			return []string{kind, r.Line.Group, r.Line.Number}
		case r.Convergence != nil:
			return []string{kind, string(r.Convergence.Device)}
		case r.DataModel != nil:
			return []string{kind, r.DataModel.Key.Manufacturer, r.DataModel.Key.ProductClass, r.DataModel.Root}
		case r.Counts != nil:
			return []string{kind, r.Counts.At.Format(time.RFC3339), r.Counts.Node}
		default:
			return []string{kind, fmt.Sprintf("%05d", r.Audit.Sequence+1000)}
		}
	}
	for i := range all[1:] {
		if before, after := order(all[i]), order(all[i+1]); slices.Compare(before, after) >= 0 {
			t.Errorf("%q comes before %q", before, after)
		}
	}
}
