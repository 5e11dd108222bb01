package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

const time24 = 24 * time.Hour

// fill stores records of every kind in which nothing is empty, and some in which
// nearly everything is. It returns the full device, which has a session, and the
// full task, which has ended.
func fill(t *testing.T, s store.Store) (device.Device, tasks.Task) {
	t.Helper()
	ctx := t.Context()
	d := addDevice(t, s, fullDevice(1))
	addDevice(t, s, plainDevice("plain"))
	addDevice(t, s, device.Device{ID: device.NewID(), Origin: device.OriginContact})
	must(t, s.Parameters().Observe(ctx, d.ID, now(), []device.Observation{
		{Path: "Device.A", Value: &device.Value{Text: "é\n<&>", Type: "xsd:string"}, Writable: pointer(true), Notification: pointer(2), AccessList: []string{"Subscriber", "x"}},
		{Path: "Device.APassword", Value: &device.Value{Sealed: "sealed", Type: "xsd:string"}, Writable: pointer(false), Notification: pointer(0), AccessList: []string{}},
		{Path: "Device.C", Value: &device.Value{}},
		{Path: "Device.D.", Writable: pointer(true)},
		{Path: "Device.E"},
	}))
	must(t, s.Credentials().PutCredential(ctx, device.Credential{Username: "u", Device: d.ID, Password: "sealed p", CreatedAt: now(), Issued: true, SeenAt: now()}))
	must(t, s.Credentials().PutCredential(ctx, device.Credential{Username: "plain"}))
	must(t, s.Models().PutModelLimits(ctx, d.ModelKey(), fullLimits()))
	task := addTask(t, s, fullTask(d.ID))
	running := fullTask(d.ID)
	running.State, running.Blocked = tasks.Running, false
	addTask(t, s, running)
	fillRest(t, s, d)
	return d, task
}

func fillRest(t *testing.T, s store.Store, d device.Device) {
	t.Helper()
	ctx, at := t.Context(), now()
	must(t, s.Bulks().InsertBulk(ctx, tasks.Bulk{
		ID: tasks.NewID(at), Filter: `model:"T46"`, Scope: device.Scope{Group: "a/b"}, Kind: tasks.Download,
		Args: []byte(`{"url":"http://x/","sealedPassword":"sealed"}`), Priority: 2, Expires: at.Add(time.Hour), CreatedBy: "user:admin", CreatedAt: at,
		ConnectionRequest: true, PageToken: "p", Queued: 3, Refused: 1, LastError: "é", FinishedAt: at.Add(time.Minute), Stopped: true, Revision: 2,
		Edit: &tasks.BulkEdit{AddTags: []string{"a"}, RemoveTags: []string{"b"}, Group: pointer("")},
	}))
	must(t, s.Bulks().InsertBulk(ctx, tasks.Bulk{ID: tasks.NewID(at), Kind: tasks.Reboot}))
	must(t, s.Files().PutFile(ctx, fullFile("a.loads")))
	must(t, s.Files().PutFile(ctx, files.File{Name: "plain", Content: "c-plain"}))
	must(t, s.Files().PutGrant(ctx, fullGrant("h", d.ID)))
	fillUsers(t, s)
	must(t, s.Groups().PutGroup(ctx, fullGroup("a/b")))
	must(t, s.Groups().PutGroup(ctx, device.Group{Path: "a"}))
	putSessions(t, s, pastSession(d.ID, 1), history.Session{ID: "plain"})
	addCounts(t, s, 1, "node", map[string]int64{"sessions.completed": 7, "faults.9002": 1})
	addCounts(t, s, 0, "node", nil)
	for _, kind := range declared.Kinds() {
		putDocument(t, s, fullDocument(kind, "full"))
		must(t, second(s.Declared().PutDocument(ctx, declared.Document{Kind: kind, ID: "plain", Body: []byte("{}")})))
	}
	fillSettings(t, s, d)
}

func fillSettings(t *testing.T, s store.Store, d device.Device) {
	t.Helper()
	for _, key := range []provisioners.LevelKey{
		{Kind: provisioners.GlobalLevel}, {Kind: provisioners.GroupLevel, ID: "a"}, {Kind: provisioners.DeviceLevel, ID: string(d.ID)},
		{Kind: provisioners.UserLevel, ID: string(d.ID)}, {Kind: provisioners.GeneratedLevel, ID: string(d.ID)},
	} {
		putLevel(t, s, putLevel(t, s, fullLevel(key.Kind, key.ID)))
	}
	putLevel(t, s, provisioners.Level{Key: levelKey(provisioners.GroupLevel, "plain")})
	putLine(t, s, putLine(t, s, fullLine("a/b", "100")))
	putLine(t, s, provisioners.Line{LineKey: lineKey("", "1")})
	putConvergence(t, s, putConvergence(t, s, fullConvergence(d.ID)))
	putConvergence(t, s, provisioners.Convergence{Device: "plain"})
	putDataModel(t, s, putDataModel(t, s, fullDataModel("Cisco", "Device.")))
	putDataModel(t, s, provisioners.DataModel{Root: "Device."})
	appendFetches(t, s, fullFetch(d.ID, 1))
	must(t, s.Fetches().NoteStranger(t.Context(), fullStranger(1)))
}

func fillUsers(t *testing.T, s store.Store) {
	t.Helper()
	ctx := t.Context()
	user := fullUser("admin")
	must(t, s.Users().PutUser(ctx, user))
	user.Revision, user.Role = 1, users.Admin
	must(t, s.Users().PutUser(ctx, user))
	must(t, s.Users().PutUser(ctx, users.User{Name: "plain"}))
	must(t, s.Roles().PutRole(ctx, fullRole(t, "night")))
	must(t, s.Roles().PutRole(ctx, users.RoleDefinition{Name: "none"}))
	must(t, s.Tokens().PutToken(ctx, fullToken("t1")))
	must(t, s.Tokens().PutToken(ctx, users.Token{ID: "t2", Hash: "h2"}))
	must(t, s.BrowserSessions().PutBrowserSession(ctx, browserSession("admin", 1)))
	must(t, s.Copier().Import(ctx, []store.Record{{Audit: pointer(auditEntry(0))}, {Audit: pointer(auditEntry(-1))}}))
	appendAudit(t, s, auditEntry(1), users.AuditEntry{Sequence: 2})
}
