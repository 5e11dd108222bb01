package mongo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// credentialForTest is a document with all that makes comparing hard: an object,
// a list of objects, a date, a field that comes and goes.
type credentialForTest struct {
	Username  string        `bson:"_id"`
	Device    device.ID     `bson:"device,omitempty"`
	Password  secret.Sealed `bson:"password,omitempty"`
	Inner     bson.D        `bson:"inner"`
	List      []bson.D      `bson:"list"`
	CreatedAt time.Time     `bson:"createdAt"`
}

func copiedForTest(s *Store) sealedDocuments[credentialForTest] {
	return sealedDocuments[credentialForTest]{counter: "revision", copiedDocuments: copiedDocuments[credentialForTest]{
		store: s, collection: "forTest",
		is: func(r *store.Record) bool { return r.Credential != nil },
		record: func(d *credentialForTest) (store.Record, error) {
			return store.Record{Credential: &device.Credential{Username: d.Username, Device: d.Device, Password: d.Password, CreatedAt: d.CreatedAt}}, nil
		},
		document: func(r *store.Record) (credentialForTest, error) {
			sealed := bson.D{{Key: "sealed", Value: string(r.Credential.Password)}}
			return credentialForTest{
				Username: r.Credential.Username, Device: r.Credential.Device, Password: r.Credential.Password,
				Inner: sealed, List: []bson.D{sealed, sealed}, CreatedAt: whole(r.Credential.CreatedAt),
			}, nil
		},
	}}
}

func credentialKind(names ...string) []store.Record {
	var all []store.Record
	for _, name := range names {
		all = append(all, store.Record{Credential: &device.Credential{Username: name, Device: "d", Password: "old", CreatedAt: at(1)}})
	}
	return all
}

func TestDocumentsAreExportedInOrderAndImportedAgain(t *testing.T) {
	s := open(t)
	k := copiedForTest(s)
	c := copier{s, []copiedKind{k}}
	must(t, c.Import(t.Context(), credentialKind("b", "é", "a", "B", "$x")))
	must(t, c.Import(t.Context(), credentialKind("b", "c")))
	var names []string
	must(t, k.export(t.Context(), func(r store.Record) error { names = append(names, r.Credential.Username); return nil }))
	if diff := cmp.Diff([]string{"$x", "B", "a", "b", "c", "é"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestARewriteOfDocumentsLeavesWhatOthersChange(t *testing.T) {
	s := open(t)
	k := copiedForTest(s)
	c := copier{s, []copiedKind{k}}
	must(t, c.Import(t.Context(), credentialKind("a", "b", "c", "d")))
	set := func(name, field string, value any) {
		_, err := s.database.Collection("forTest").UpdateOne(t.Context(), bson.D{{Key: idField, Value: name}}, bson.D{{Key: "$set", Value: bson.D{{Key: field, Value: value}}}})
		must(t, err)
	}
	calls := map[string]int{}
	n, err := c.Rewrite(t.Context(), func(r *store.Record) (bool, error) {
		name := r.Credential.Username
		calls[name]++
		switch {
		case name == "a" && calls[name] == 1:
			set("a", "password", "other") // What the rewrite changes too.
		case name == "b":
			set("b", "device", "other") // What it does not change.
		case name == "c":
			r.Credential.Password = ""
			return true, nil
		case name == "d":
			_, err := s.database.Collection("forTest").DeleteOne(t.Context(), bson.D{{Key: idField, Value: "d"}})
			must(t, err)
		}
		r.Credential.Password = "new " + r.Credential.Password
		return true, nil
	})
	if err != nil || n != 3 {
		t.Errorf("Rewrite = %d, %v, want 3", n, err)
	}
	all, err := findAll[bson.M](t.Context(), s.database.Collection("forTest"), everything())
	must(t, err)
	got := map[string]string{}
	for _, d := range all {
		password, _ := d["password"].(string)
		got[d[idField].(string)] = password + " of " + d["device"].(string)
		if d["revision"] != int32(1) {
			t.Errorf("the counter of %v is %v", d[idField], d["revision"])
		}
	}
	want := map[string]string{"a": "new other of d", "b": "new old of other", "c": " of d"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if calls["a"] != 2 || calls["b"] != 1 {
		t.Errorf("the calls are %v", calls)
	}
}
