package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func importedTwice(t *testing.T, s, other store.Store) {
	fill(t, s)
	all := exported(t, s)
	for range 2 {
		must(t, other.Copier().Import(t.Context(), all))
	}
	sameRecords(t, "copy", exported(t, other), all)
	must(t, s.Copier().Import(t.Context(), all))
	sameRecords(t, "store that imported its own", exported(t, s), all)
}

func importReplaces(t *testing.T, s, other store.Store) {
	d, task := fill(t, s)
	copyAll(t, s, other)
	stranger := addDevice(t, other, plainDevice("stranger"))
	must(t, other.Parameters().Observe(t.Context(), d.ID, now(), []device.Observation{valueOf("Device.New", "1"), valueOf("Device.A", "new")}))
	must(t, other.Parameters().Observe(t.Context(), stranger.ID, now(), []device.Observation{valueOf("Device.New", "1")}))
	must(t, second(other.Devices().Edit(t.Context(), d.ID, device.Edit{MAC: pointer("00:04:f2:99:99:99"), Tags: &[]string{"other"}})))
	changed := taskOf(t, other, task.ID)
	changed.State = tasks.Succeeded
	must(t, second(other.Tasks().Save(t.Context(), changed)))
	must(t, other.Copier().Import(t.Context(), exported(t, s)))
	same(t, "device", deviceOf(t, other, d.ID), deviceOf(t, s, d.ID))
	same(t, "task", taskOf(t, other, task.ID), taskOf(t, s, task.ID))
	sameTree(t, treeOf(t, other, d.ID, ""), treeOf(t, s, d.ID, ""))
	same(t, "parameters of a device that was not imported", len(treeOf(t, other, stranger.ID, "")), 1)
	addCounts(t, other, 1, "node", map[string]int64{"sessions.completed": 5, "new": 1})
	putSessions(t, other, pastSession("another", 1))
	rule := got[declared.Document](t)(other.Declared().Document(t.Context(), declared.AccessRule, "full"))
	rule.Body, rule.UpdatedBy = []byte(`{"other":true}`), "user:other"
	putDocument(t, other, rule)
	putDocument(t, other, fullDocument(declared.AccessRule, "another"))
	level, line := levelsOf(t, other, levelKey(provisioners.GroupLevel, "a"))[0], linesOf(t, other, lineKey("a/b", "100"))[0]
	level.Entries, line.Password = nil, "other"
	putLevel(t, other, level)
	putLevel(t, other, fullLevel(provisioners.GroupLevel, "another"))
	putLine(t, other, line)
	putLine(t, other, fullLine("a/b", "another"))
	must(t, other.Copier().Import(t.Context(), exported(t, s)))
	same(t, "shared levels", sharedLevels(t, other, time.Time{}, 10), []string{"global ", "group a", "group another", "group plain"})
	same(t, "level", levelsOf(t, other, level.Key), levelsOf(t, s, level.Key))
	same(t, "lines", len(listLines(t, other, provisioners.LineList{Limit: 10})), 3)
	same(t, "line", linesOf(t, other, line.LineKey), linesOf(t, s, line.LineKey))
	same(t, "document", got[declared.Document](t)(other.Declared().Document(t.Context(), declared.AccessRule, "full")), storedDocument(fullDocument(declared.AccessRule, "full")))
	same(t, "documents", documentIDs(t, other, declared.AccessRule), []string{"another", "full", "plain"})
	same(t, "counts", countsIn(t, other, 0, 9), countsIn(t, s, 0, 9))
	same(t, "sessions of a device that was not imported", len(sessionsOf(t, other, "another", now().Add(time24), "", 10)), 1)
	_, err := other.Devices().ByIdentity(t.Context(), device.MACIdentity("00:04:f2:99:99:99"))
	fails(t, err, device.ErrNotFound)
	same(t, "device by identity", idByIdentity(t, other, device.MACIdentity(d.MAC)), d.ID)
}

func idByIdentity(t *testing.T, s store.Store, i device.Identity) device.ID {
	t.Helper()
	return got[device.Device](t)(s.Devices().ByIdentity(t.Context(), i)).ID
}

func importRefused(t *testing.T, s, _ store.Store) {
	d, task := fullDevice(1), queuedTask("d", now())
	task.UniqueKey = "key"
	must(t, s.Copier().Import(t.Context(), []store.Record{{Device: &d}, {Task: &task}}))
	sameIdentity, sameKey := fullDevice(1), queuedTask("d", now())
	sameKey.UniqueKey = "key"
	if err := s.Copier().Import(t.Context(), []store.Record{{Device: &sameIdentity}}); err == nil {
		t.Error("a second device of the same identity is imported")
	}
	if err := s.Copier().Import(t.Context(), []store.Record{{Task: &sameKey}}); err == nil {
		t.Error("a second open task of the same unique key is imported")
	}
	branch := store.Branch{Device: device.NewID(), Parameters: []device.Parameter{{Path: "Device.A"}}}
	fails(t, s.Copier().Import(t.Context(), []store.Record{{Parameters: &branch}}), device.ErrNotFound)
	if err := s.Copier().Import(t.Context(), make([]store.Record, store.MaxImport+1)); err == nil {
		t.Error("more than MaxImport records are imported at once")
	}
	if err := s.Copier().Import(t.Context(), make([]store.Record, 1)); err == nil {
		t.Error("a record of no kind is imported")
	}
	must(t, s.Copier().Import(t.Context(), []store.Record{{User: pointer(fullUser("a"))}}))
	sameSubject := fullUser("b")
	sameSubject.Subject = fullUser("a").Subject
	if err := s.Copier().Import(t.Context(), []store.Record{{User: &sameSubject}}); err == nil {
		t.Error("a second user of the same subject is imported")
	}
	all := exported(t, s)
	same(t, "records", len(all), 3)
	same(t, "device", *all[0].Device, storedDevice(d))
}

func importedWorksOn(t *testing.T, s, other store.Store) {
	d, full := fill(t, s)
	waiting := queuedTask(d.ID, now())
	waiting.UniqueKey = "unique"
	addTask(t, s, waiting)
	copyAll(t, s, other)
	again := queuedTask(d.ID, now())
	again.UniqueKey = "unique"
	fails(t, other.Tasks().Insert(t.Context(), again), tasks.ErrDuplicate)
	fails(t, other.Tasks().Insert(t.Context(), full), tasks.ErrDuplicate)
	double := fullDevice(1)
	fails(t, other.Devices().Create(t.Context(), double, 0), device.ErrDuplicate)
	unknown := device.Device{ID: device.NewID(), Origin: device.OriginContact}
	fails(t, other.Devices().Create(t.Context(), unknown, 1), device.ErrLimit)
	fails(t, other.Users().PutUser(t.Context(), users.User{Name: "admin"}), users.ErrExists)
	fails(t, other.Users().PutUser(t.Context(), users.User{Name: "another", Subject: fullUser("admin").Subject}), users.ErrExists)
	fails(t, other.Roles().PutRole(t.Context(), fullRole(t, "night")), users.ErrExists)
	fails(t, other.Groups().PutGroup(t.Context(), fullGroup("a")), device.ErrDuplicate)
	fails(t, second(other.Audit().AppendAudit(t.Context(), auditEntries(2, 2))), users.ErrConflict)
	appendAudit(t, other, auditEntry(3))
	fails(t, second(other.Declared().PutDocument(t.Context(), fullDocument(declared.AccessRule, "full"))), declared.ErrConflict)
	fails(t, other.Credentials().PutCredential(t.Context(), device.Credential{Username: "u", Device: "another"}), device.ErrDuplicate)

	fails(t, second(other.Levels().PutLevel(t.Context(), fullLevel(provisioners.GroupLevel, "a"))), provisioners.ErrConflict)
	fails(t, second(other.Lines().PutLine(t.Context(), fullLine("a/b", "100"))), provisioners.ErrConflict)
	same(t, "devices of a pack", len(allDevices(t, other, device.List{PageSize: 10, Filter: filter(t, deviceSchema(), "provisioning = failing pack = yealink")})), 1)

	began := begin(t, other, contact(d, "next", now()))
	same(t, "generation", began.After.Session.Generation, d.Session.Generation+1)
	claimed := got[tasks.Claimed](t)(other.Tasks().Claim(t.Context(), tasks.Claim{Device: d.ID, Lease: lease(began.After.Session.Generation, now()), At: now().Add(time24)}))
	same(t, "claimed", claimed.Task.ID, waiting.ID)
	same(t, "devices in the summary", summaryOf(t, other, "", now()).Total, 3)
	same(t, "causes", causesOf(t, other, "", time.Time{}, 10), causesOf(t, s, "", time.Time{}, 10))
	addCounts(t, other, 1, "node", map[string]int64{"sessions.completed": 1})
	same(t, "counts", countsIn(t, other, 1, 2)[0].Values["sessions.completed"], int64(8))
	same(t, "page", len(got[device.Page](t)(other.Devices().List(t.Context(), device.List{PageSize: 10})).Devices), 3)
	must(t, store.Compare(t.Context(), s.Copier(), s.Copier()))
	fails(t, store.Compare(t.Context(), s.Copier(), other.Copier()), store.ErrDifferent)
}
