package storetest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/users"
)

// reopenTest is one sentence about data that outlives the store that wrote it.
type reopenTest struct {
	name string
	run  func(t *testing.T, open Opener)
}

func reopenTests(kind Kind) []reopenTest {
	all := []reopenTest{
		{"everything is there after the store was closed and opened", everythingSurvives},
		{"a closed store refuses every call, and closing it again does nothing", closedRefuses},
	}
	if kind.Shared {
		return append(all, reopenTest{"session locks stay when another server opens the store, which sees them", locksStay})
	}
	return append(all, reopenTest{"session locks end when the store is opened, and their ids stay", locksEnd})
}

func locksEnd(t *testing.T, open Opener) {
	s := open(t)
	d := addDevice(t, s, plainDevice("1"))
	began := begin(t, s, contact(d, "s", now()))
	closeStore(t, s)
	s = openStore(t, open)
	want := began.After.Session
	session := deviceOf(t, s, d.ID).Session
	if session.ID != "s" || session.Generation != want.Generation || session.Open(stored(now())) {
		t.Errorf("session is %+v, want id and generation of %+v and no lock", session, want)
	}
}

func locksStay(t *testing.T, open Opener) {
	first := openStore(t, open)
	d := addDevice(t, first, plainDevice("1"))
	held := begin(t, first, contact(d, "s", now())).After.Session
	second := openStore(t, open)
	same(t, "session that the other server sees", deviceOf(t, second, d.ID).Session, held)
	must(t, first.Sessions().Extend(t.Context(), d.ID, held.Generation, now().Add(time.Hour)))
	same(t, "end of the lock", deviceOf(t, second, d.ID).Session.Until, stored(now()).Add(time.Hour))
	newer := begin(t, second, contact(d, "newer", now())).After.Session
	same(t, "generation", newer.Generation, held.Generation+1)
	fails(t, first.Sessions().Extend(t.Context(), d.ID, held.Generation, now()), device.ErrSessionLost)
}

func closedRefuses(t *testing.T, open Opener) {
	s := open(t)
	d := addDevice(t, s, fullDevice(1))
	task := addTask(t, s, queuedTask(d.ID, now()))
	closeStore(t, s)
	closeStore(t, s)
	for name, call := range everyCall(s, d, task) {
		if err := call(t.Context()); err == nil {
			t.Errorf("%s succeeds on a closed store", name)
		}
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "backup")); err == nil {
		t.Error("Backup succeeds on a closed store")
	}
}

func everythingSurvives(t *testing.T, open Opener) {
	ctx, s := t.Context(), open(t)
	var devices []device.Device
	for i := range 20 {
		d := fullDevice(i)
		d.Session = device.Session{Generation: 3}
		devices = append(devices, storedDevice(addDevice(t, s, d)))
	}
	d := devices[0]
	must(t, s.Parameters().Observe(ctx, d.ID, now(), []device.Observation{valueOf("Device.A", "é")}))
	must(t, s.Credentials().PutCredential(ctx, device.Credential{Username: "u", Device: d.ID, Password: "p"}))
	must(t, s.Models().PutModelLimits(ctx, d.ModelKey(), device.ModelLimits{GetParameterValues: 7}))
	task := addTask(t, s, fullTask(d.ID))
	bulk := tasks.Bulk{ID: tasks.NewID(now()), Filter: "x"}
	must(t, s.Bulks().InsertBulk(ctx, bulk))
	must(t, s.Files().PutFile(ctx, files.File{Name: "f", Size: 3}))
	must(t, s.Files().PutGrant(ctx, files.Grant{TokenHash: "h", Names: []string{"f"}}))
	must(t, s.Users().PutUser(ctx, fullUser("admin")))
	must(t, s.Roles().PutRole(ctx, fullRole(t, "night")))
	must(t, s.Tokens().PutToken(ctx, users.Token{ID: "t", Hash: "h"}))
	must(t, s.BrowserSessions().PutBrowserSession(ctx, browserSession("admin", 1)))
	appendAudit(t, s, auditEntries(1, 2)...)
	must(t, s.Groups().PutGroup(ctx, fullGroup("a")))
	putSessions(t, s, pastSession(d.ID, 1))
	addCounts(t, s, 0, "node", map[string]int64{"n": 1})
	putDocument(t, s, fullDocument(declared.QuirkProfile, "q"))
	must(t, s.Traces().AppendTrace(ctx, []trace.Entry{fullTrace(d.ID, "1")}))
	level, line := putLevel(t, s, fullLevel(provisioners.DeviceLevel, string(d.ID))), putLine(t, s, fullLine("a", "1"))
	appendFetches(t, s, fullFetch(d.ID, 1))
	must(t, s.Fetches().NoteStranger(ctx, fullStranger(1)))
	must(t, s.ReplaceKeyCheck(ctx, "check"))
	closeStore(t, s)
	s = openStore(t, open)
	for _, d := range devices {
		same(t, fmt.Sprint("device ", d.ID), deviceOf(t, s, d.ID), d)
	}
	sameTree(t, treeOf(t, s, d.ID, ""), []device.Parameter{{Path: "Device.A", Value: "é", Type: "xsd:string", Known: true, UpdatedAt: stored(now())}})
	same(t, "credential", got[device.Credential](t)(s.Credentials().Credential(ctx, "u")).Device, d.ID)
	same(t, "limits", got[device.ModelLimits](t)(s.Models().ModelLimits(ctx, d.ModelKey())).GetParameterValues, 7)
	same(t, "task", taskOf(t, s, task.ID), task)
	same(t, "bulk", got[tasks.Bulk](t)(s.Bulks().Bulk(ctx, bulk.ID)), bulk)
	same(t, "file", got[files.File](t)(s.Files().File(ctx, "f")), files.File{Name: "f", Size: 3})
	same(t, "grant", got[files.Grant](t)(s.Files().Grant(ctx, "h")).Names, []string{"f"})
	same(t, "user", userOf(t, s, "admin"), storedUser(fullUser("admin")))
	same(t, "role", got[users.RoleDefinition](t)(s.Roles().Role(ctx, "night")), storedRole(fullRole(t, "night")))
	same(t, "token", got[users.Token](t)(s.Tokens().TokenByHash(ctx, "h")).ID, "t")
	same(t, "browser sessions", browserSessions(t, s, "", 10), []string{"admin 1"})
	same(t, "audit", listAudit(t, s, users.AuditList{Ascending: true}), auditEntries(1, 2))
	same(t, "group", got[device.Group](t)(s.Groups().Group(ctx, "a")), storedGroup(fullGroup("a")))
	same(t, "sessions", len(sessionsOf(t, s, d.ID, now().Add(time24), "", 10)), 1)
	same(t, "counts", countsIn(t, s, 0, 1)[0].Values, map[string]int64{"n": 1})
	document := got[declared.Document](t)(s.Declared().Document(ctx, declared.QuirkProfile, "q"))
	same(t, "document", document, storedDocument(fullDocument(declared.QuirkProfile, "q")))
	same(t, "trace", tracesOf(t, s, d.ID, "", 10, trace.MaxBytes), []trace.Entry{storedTrace(fullTrace(d.ID, "1"))})
	same(t, "level", levelsOf(t, s, level.Key), []provisioners.Level{level})
	same(t, "line", linesOf(t, s, line.LineKey), []provisioners.Line{line})
	same(t, "fetches", listFetches(t, s, provisioners.FetchList{Limit: 10}), []provisioners.Fetch{storedFetch(fullFetch(d.ID, 1))})
	same(t, "strangers", strangers(t, s, 10), []provisioners.Stranger{storedStranger(fullStranger(1))})
	same(t, "key check", keyCheck(t, s, "another"), "check")
}
