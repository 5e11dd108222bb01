package mongo

import (
	"fmt"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// former returns a database as version 1 of the data left it, and a store that
// writes to it without bringing it to another version.
func former(t *testing.T) (uri string, s *Store) {
	t.Helper()
	uri = mongotest.URI(t)
	s, err := connect(Options{URI: uri}.withDefaults())
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	insert(t, s, metaCollection, append(byID(schemaID), bson.E{Key: "version", Value: 1}))
	return uri, s
}

func openAgain(t *testing.T, uri string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{URI: uri})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// formerEntry is the n-th entry that was written before there was a chain.
func formerEntry(n int) formerAuditDocument {
	return formerAuditDocument{
		ID: fmt.Sprintf("06%06d", n), At: at(n), Actor: "token:1 Import", Address: "192.0.2.1", Action: "deleteDevice", Target: fmt.Sprint("device/", n), Outcome: 204,
		Detail: "d",
	}
}

func writeFormer(t *testing.T, s *Store, from, to int) {
	t.Helper()
	var documents []any
	for n := from; n < to; n++ {
		documents = append(documents, formerEntry(n))
	}
	_, err := s.database.Collection(formerAuditCollection).InsertMany(t.Context(), documents)
	must(t, err)
}

// chain returns the whole log, the oldest first.
func chain(t *testing.T, s *Store) []users.AuditEntry {
	t.Helper()
	all, err := s.Audit().Audit(t.Context(), users.AuditList{Ascending: true, Limit: 10_000})
	must(t, err)
	return all
}

// checkNumbered expects the first entries of version 1 in order, the last of them
// with the number 0.
func checkNumbered(t *testing.T, all []users.AuditEntry, count int) {
	t.Helper()
	if len(all) != count {
		t.Fatalf("%d entries are there, want %d", len(all), count)
	}
	for i, got := range all {
		f := formerEntry(i)
		want := users.AuditEntry{
			Sequence: int64(i - count + 1), At: f.At, Actor: f.Actor, Address: f.Address, Action: f.Action, Target: f.Target, Outcome: f.Outcome, Detail: f.Detail,
		}
		if got != want {
			t.Fatalf("entry %d is %+v, want %+v", i, got, want)
		}
	}
}

func TestAnAuditLogFromBeforeTheChainIsNumberedUpToZero(t *testing.T) {
	const count = 2*formerAuditBatch + 7
	uri, was := former(t)
	writeFormer(t, was, 0, count)
	s := openAgain(t, uri)
	checkNumbered(t, chain(t, s), count)
	if left := documents(t, s, formerAuditCollection); left != 0 {
		t.Errorf("%d entries are there a second time", left)
	}
	if _, err := s.Audit().AppendAudit(t.Context(), []users.AuditEntry{{Sequence: 1, At: at(count)}}); err != nil {
		t.Errorf("the chain does not begin with 1: %v", err)
	}
	e, err := query.Parse(users.AuditSchema(), `actor:IMPORT target="device/3" sequence<0`)
	must(t, err)
	found, err := s.Audit().Audit(t.Context(), users.AuditList{Filter: e, Limit: 10})
	if err != nil || len(found) != 1 || found[0].Target != "device/3" {
		t.Errorf("a filter finds %v, %v", found, err)
	}
}

func TestNumberingGoesOnWhereACrashLeftIt(t *testing.T) {
	uri, was := former(t)
	writeFormer(t, was, 0, 20)
	for n, sequence := range map[int]int64{19: 0, 18: -1, 17: -2} {
		entry := formerEntry(n)
		must(t, second(was.database.Collection(auditCollection).InsertOne(t.Context(), entry.numbered(sequence))))
	}
	must(t, second(was.database.Collection(formerAuditCollection).DeleteOne(t.Context(), byID(formerEntry(18).ID))))
	checkNumbered(t, chain(t, openAgain(t, uri)), 20)
}

func TestNodesThatNumberAtTheSameTimeNumberEveryEntryOnce(t *testing.T) {
	const count = 4*formerAuditBatch + 1
	_, s := former(t)
	writeFormer(t, s, 0, count)
	number := func(int) error { return s.moveFormerAudit(t.Context()) }
	contend(t, 1, number, number, number)
	checkNumbered(t, chain(t, s), count)
}

func TestWhatAServerOfTheVersionBeforeWritesIsNumberedByMaintenance(t *testing.T) {
	s := openWith(t, Options{})
	must(t, second(s.Audit().AppendAudit(t.Context(), []users.AuditEntry{{Sequence: 1, At: at(0)}})))
	writeFormer(t, s, 0, 2)
	maintain(t, s)
	writeFormer(t, s, 2, 3)
	maintain(t, s)
	var got []string
	for _, e := range chain(t, s) {
		got = append(got, fmt.Sprint(e.Sequence, " ", e.Target))
	}
	if want := []string{"-2 device/2", "-1 device/0", "0 device/1", "1 "}; !slices.Equal(got, want) {
		t.Errorf("the log is %q, want %q", got, want)
	}
}

func TestUsersFromBeforeThereWereSubjectsAreKept(t *testing.T) {
	uri, was := former(t)
	for _, name := range []string{"anna", "ben"} {
		insert(t, was, usersCollection, append(byID(name), bson.E{Key: "role", Value: "viewer"}, bson.E{Key: "passwordHash", Value: "h"}, bson.E{Key: "revision", Value: int64(3)}))
	}
	s := openAgain(t, uri)
	all, err := s.Users().Users(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("users are %v, %v", all, err)
	}
	for i := range all {
		all[i].Subject = "https://idp.example " + all[i].Name
		must(t, s.Users().PutUser(t.Context(), all[i]))
		found, err := s.Users().UserBySubject(t.Context(), all[i].Subject)
		if err != nil || found.Name != all[i].Name || found.PasswordHash != "h" || found.Revision != 4 {
			t.Errorf("%s finds %+v, %v", all[i].Subject, found, err)
		}
	}
}

func TestRetriesFromBeforeTheyCouldBeAskedForAreFound(t *testing.T) {
	uri, was := former(t)
	first, retry := tasks.NewID(at(0)), tasks.NewID(at(1))
	insert(t, was, tasksCollection, append(byID(first), bson.E{Key: "slot", Value: string(first)}))
	insert(t, was, tasksCollection, append(byID(retry), bson.E{Key: "slot", Value: string(retry)}, bson.E{Key: "retryOf", Value: string(first)}))
	e, err := query.Parse(tasks.Schema(), "retryOf = "+string(first))
	must(t, err)
	page, err := openAgain(t, uri).Tasks().List(t.Context(), tasks.List{Filter: e, PageSize: 10})
	if err != nil || len(page.Tasks) != 1 || page.Tasks[0].ID != retry {
		t.Errorf("found %v, %v, want the retry", page.Tasks, err)
	}
}

func TestAMigrationDoneAgainChangesNothing(t *testing.T) {
	uri, was := former(t)
	writeFormer(t, was, 0, 3)
	for range 2 {
		s := openAgain(t, uri)
		checkNumbered(t, chain(t, s), 3)
		must(t, second(s.database.Collection(metaCollection).UpdateByID(t.Context(), schemaID, bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 1}}}})))
	}
}

func TestTheIndexOfCredentialsIsReplacedByOneInOrderOfTime(t *testing.T) {
	uri, was := former(t)
	credentials := was.database.Collection(credentialsCollection)
	must(t, second(credentials.Indexes().CreateOne(t.Context(), driver.IndexModel{Keys: ascending("device")})))
	must(t, second(was.database.Collection(metaCollection).UpdateByID(t.Context(), schemaID, bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 4}}}})))
	openAgain(t, uri)
	all, err := credentials.Indexes().ListSpecifications(t.Context())
	must(t, err)
	var names []string
	for _, i := range all {
		names = append(names, i.Name)
	}
	slices.Sort(names)
	if want := []string{"_id_", "device_1_createdAt_1__id_1"}; !slices.Equal(names, want) {
		t.Errorf("the indexes are %v, want %v", names, want)
	}
}

// second returns the error of two results.
func second[T any](_ T, err error) error { return err }
