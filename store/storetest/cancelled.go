package storetest

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/users"
)

func cancelledTests() []test {
	return []test{
		{"every method returns the error of a context that has ended", endedContext},
		{"a call whose context ended in the middle did all or nothing, and all if it says so", cancelledInTheMiddle},
	}
}

// everyCall calls each method with arguments that would succeed or be refused by
// a rule.
func everyCall(s store.Store, d device.Device, task tasks.Task) map[string]func(context.Context) error {
	all := settingsCalls(s, d)
	maps.Copy(all, map[string]func(context.Context) error{
		"Devices.Create":     func(ctx context.Context) error { return s.Devices().Create(ctx, plainDevice("new"), 0) },
		"Devices.Get":        func(ctx context.Context) error { return second(s.Devices().Get(ctx, d.ID)) },
		"Devices.ByIdentity": func(ctx context.Context) error { return second(s.Devices().ByIdentity(ctx, device.MACIdentity(d.MAC))) },
		"Devices.Edit": func(ctx context.Context) error {
			return second(s.Devices().Edit(ctx, d.ID, device.Edit{Group: pointer("x")}))
		},
		"Devices.List":         func(ctx context.Context) error { return second(s.Devices().List(ctx, device.List{PageSize: 1})) },
		"Devices.Delete":       func(ctx context.Context) error { return s.Devices().Delete(ctx, d.ID) },
		"Devices.DeleteSilent": func(ctx context.Context) error { return second(s.Devices().DeleteSilent(ctx, now(), 10)) },
		"Sessions.Begin":       func(ctx context.Context) error { return second(s.Sessions().Begin(ctx, contact(d, "s", now()))) },
		"Sessions.Learn":       func(ctx context.Context) error { return s.Sessions().Learn(ctx, d.ID, 0, device.Learned{}) },
		"Sessions.Extend":      func(ctx context.Context) error { return s.Sessions().Extend(ctx, d.ID, 0, now()) },
		"Sessions.End":         func(ctx context.Context) error { return s.Sessions().End(ctx, device.SessionEnd{Device: d.ID}) },
		"Sessions.RaiseWork":   func(ctx context.Context) error { return s.Sessions().RaiseWork(ctx, d.ID) },
		"Sessions.RaiseAlarm": func(ctx context.Context) error {
			return s.Sessions().RaiseAlarm(ctx, d.ID, device.RaisedAlarm{Kind: device.AlarmTransfers}, now())
		},
		"Parameters.Observe": func(ctx context.Context) error {
			return s.Parameters().Observe(ctx, d.ID, now(), []device.Observation{{Path: "Device.A"}})
		},
		"Parameters.Replace":          func(ctx context.Context) error { return s.Parameters().Replace(ctx, d.ID, "", now(), nil) },
		"Parameters.Forget":           func(ctx context.Context) error { return second(s.Parameters().Forget(ctx, d.ID, "")) },
		"Parameters.Parameters":       func(ctx context.Context) error { return second(s.Parameters().Parameters(ctx, d.ID, "", "", 10)) },
		"Parameters.Values":           func(ctx context.Context) error { return second(s.Parameters().Values(ctx, d.ID, []string{"Device.A"})) },
		"Parameters.ForgetAttributes": func(ctx context.Context) error { return s.Parameters().ForgetAttributes(ctx, d.ID) },
		"Credentials.PutCredential": func(ctx context.Context) error {
			return s.Credentials().PutCredential(ctx, device.Credential{Username: "u"})
		},
		"Credentials.Credential":         func(ctx context.Context) error { return second(s.Credentials().Credential(ctx, "u")) },
		"Credentials.CredentialsOf":      func(ctx context.Context) error { return second(s.Credentials().CredentialsOf(ctx, d.ID)) },
		"Credentials.NoteCredentialSeen": func(ctx context.Context) error { return s.Credentials().NoteCredentialSeen(ctx, "u", now()) },
		"Credentials.DeleteCredential":   func(ctx context.Context) error { return s.Credentials().DeleteCredential(ctx, "u") },
		"Credentials.DeleteCredentials":  func(ctx context.Context) error { return s.Credentials().DeleteCredentials(ctx, d.ID) },
		"Models.ModelLimits":             func(ctx context.Context) error { return second(s.Models().ModelLimits(ctx, device.ModelKey{})) },
		"Models.PutModelLimits": func(ctx context.Context) error {
			return s.Models().PutModelLimits(ctx, device.ModelKey{}, device.ModelLimits{})
		},
		"Tasks.Insert": func(ctx context.Context) error { return s.Tasks().Insert(ctx, queuedTask(d.ID, now())) },
		"Tasks.Get":    func(ctx context.Context) error { return second(s.Tasks().Get(ctx, task.ID)) },
		"Tasks.List":   func(ctx context.Context) error { return second(s.Tasks().List(ctx, tasks.List{PageSize: 1})) },
		"Tasks.Claim": func(ctx context.Context) error {
			return second(s.Tasks().Claim(ctx, tasks.Claim{Device: d.ID, At: now(), Lease: lease(1, now())}))
		},
		"Tasks.Save":          func(ctx context.Context) error { return second(s.Tasks().Save(ctx, task)) },
		"Tasks.Open":          func(ctx context.Context) error { return second(s.Tasks().Open(ctx, d.ID)) },
		"Tasks.Due":           func(ctx context.Context) error { return second(s.Tasks().Due(ctx, now(), 10)) },
		"Tasks.Delete":        func(ctx context.Context) error { return s.Tasks().Delete(ctx, task.ID) },
		"Bulks.InsertBulk":    func(ctx context.Context) error { return s.Bulks().InsertBulk(ctx, tasks.Bulk{ID: tasks.NewID(now())}) },
		"Bulks.Bulk":          func(ctx context.Context) error { return second(s.Bulks().Bulk(ctx, "x")) },
		"Bulks.OpenBulks":     func(ctx context.Context) error { return second(s.Bulks().OpenBulks(ctx, 10)) },
		"Bulks.SaveBulk":      func(ctx context.Context) error { return second(s.Bulks().SaveBulk(ctx, tasks.Bulk{ID: "x"})) },
		"Bulks.DeleteBulks":   func(ctx context.Context) error { return second(s.Bulks().DeleteBulks(ctx, now(), 10)) },
		"Files.PutFile":       func(ctx context.Context) error { return s.Files().PutFile(ctx, fullFile("new")) },
		"Files.File":          func(ctx context.Context) error { return second(s.Files().File(ctx, "x")) },
		"Files.ListFiles":     func(ctx context.Context) error { return second(s.Files().ListFiles(ctx, files.List{PageSize: 1})) },
		"Files.DeleteFile":    func(ctx context.Context) error { return second(s.Files().DeleteFile(ctx, "x")) },
		"Files.PutGrant":      func(ctx context.Context) error { return s.Files().PutGrant(ctx, files.Grant{TokenHash: "new"}) },
		"Files.Grant":         func(ctx context.Context) error { return second(s.Files().Grant(ctx, "x")) },
		"Files.TakeGrant":     func(ctx context.Context) error { return second(s.Files().TakeGrant(ctx, "x")) },
		"Files.DeleteGrants":  func(ctx context.Context) error { return second(s.Files().DeleteGrants(ctx, now(), 10)) },
		"Users.PutUser":       func(ctx context.Context) error { return s.Users().PutUser(ctx, users.User{Name: "new"}) },
		"Users.User":          func(ctx context.Context) error { return second(s.Users().User(ctx, "x")) },
		"Users.Users":         func(ctx context.Context) error { return second(s.Users().Users(ctx)) },
		"Users.UserBySubject": func(ctx context.Context) error { return second(s.Users().UserBySubject(ctx, "x")) },
		"Users.DeleteUser":    func(ctx context.Context) error { return s.Users().DeleteUser(ctx, "x") },
		"Roles.PutRole":       func(ctx context.Context) error { return s.Roles().PutRole(ctx, users.RoleDefinition{Name: "new"}) },
		"Roles.Role":          func(ctx context.Context) error { return second(s.Roles().Role(ctx, "x")) },
		"Roles.Roles":         func(ctx context.Context) error { return second(s.Roles().Roles(ctx)) },
		"Roles.DeleteRole":    func(ctx context.Context) error { return s.Roles().DeleteRole(ctx, "x") },
		"Tokens.PutToken":     func(ctx context.Context) error { return s.Tokens().PutToken(ctx, fullToken("new")) },
		"Tokens.TokenByHash":  func(ctx context.Context) error { return second(s.Tokens().TokenByHash(ctx, "x")) },
		"Tokens.Tokens":       func(ctx context.Context) error { return second(s.Tokens().Tokens(ctx)) },
		"Tokens.TouchToken":   func(ctx context.Context) error { return s.Tokens().TouchToken(ctx, "x", now()) },
		"Tokens.DeleteToken":  func(ctx context.Context) error { return s.Tokens().DeleteToken(ctx, "x") },
		"BrowserSessions.PutBrowserSession": func(ctx context.Context) error {
			return s.BrowserSessions().PutBrowserSession(ctx, browserSession("new", 1))
		},
		"BrowserSessions.BrowserSessionByHash": func(ctx context.Context) error { return second(s.BrowserSessions().BrowserSessionByHash(ctx, "x")) },
		"BrowserSessions.BrowserSessions":      func(ctx context.Context) error { return second(s.BrowserSessions().BrowserSessions(ctx, "", 10)) },
		"BrowserSessions.TouchBrowserSession":  func(ctx context.Context) error { return s.BrowserSessions().TouchBrowserSession(ctx, "x", now()) },
		"BrowserSessions.DeleteBrowserSession": func(ctx context.Context) error { return s.BrowserSessions().DeleteBrowserSession(ctx, "x") },
		"BrowserSessions.DeleteBrowserSessions": func(ctx context.Context) error {
			return second(s.BrowserSessions().DeleteBrowserSessions(ctx, "x", ""))
		},
		"BrowserSessions.DeleteOldBrowserSessions": func(ctx context.Context) error {
			return second(s.BrowserSessions().DeleteOldBrowserSessions(ctx, now(), now(), 10))
		},
		"Groups.PutGroup":    func(ctx context.Context) error { return s.Groups().PutGroup(ctx, device.Group{Path: "new"}) },
		"Groups.Group":       func(ctx context.Context) error { return second(s.Groups().Group(ctx, "x")) },
		"Groups.Groups":      func(ctx context.Context) error { return second(s.Groups().Groups(ctx, device.GroupList{Limit: 10})) },
		"Groups.DeleteGroup": func(ctx context.Context) error { return s.Groups().DeleteGroup(ctx, "x") },
		"Summary.Summary":    func(ctx context.Context) error { return second(s.Summary().Summary(ctx, device.Scope{}, now())) },
		"Causes.Causes":      func(ctx context.Context) error { return second(s.Causes().Causes(ctx, device.Scope{}, now(), 10)) },
		"Audit.AppendAudit":  func(ctx context.Context) error { return second(s.Audit().AppendAudit(ctx, auditEntries(1, 1))) },
		"Audit.LastAudit":    func(ctx context.Context) error { return second(s.Audit().LastAudit(ctx)) },
		"Audit.Audit":        func(ctx context.Context) error { return second(s.Audit().Audit(ctx, users.AuditList{Limit: 10})) },
		"Audit.DeleteAudit":  func(ctx context.Context) error { _, _, err := s.Audit().DeleteAudit(ctx, now(), 10); return err },
		"History.PutSession": func(ctx context.Context) error { return s.History().PutSession(ctx, pastSession(d.ID, 1)) },
		"History.Sessions": func(ctx context.Context) error {
			return second(s.History().Sessions(ctx, d.ID, now().Add(time24), "", 10))
		},
		"History.DeleteSessions": func(ctx context.Context) error { return second(s.History().DeleteSessions(ctx, now(), 10)) },
		"History.AddCounts": func(ctx context.Context) error {
			return s.History().AddCounts(ctx, history.Counts{At: spanAt(0), Node: "new"})
		},
		"History.Counts":       func(ctx context.Context) error { return second(s.History().Counts(ctx, spanAt(0), spanAt(1))) },
		"History.DeleteCounts": func(ctx context.Context) error { return second(s.History().DeleteCounts(ctx, now(), 10)) },
		"Declared.Documents":   func(ctx context.Context) error { return second(s.Declared().Documents(ctx, declared.AccessRule)) },
		"Declared.Document":    func(ctx context.Context) error { return second(s.Declared().Document(ctx, declared.AccessRule, "x")) },
		"Declared.PutDocument": func(ctx context.Context) error {
			return second(s.Declared().PutDocument(ctx, fullDocument(declared.AccessRule, "new")))
		},
		"Declared.DeleteDocument": func(ctx context.Context) error { return s.Declared().DeleteDocument(ctx, declared.AccessRule, "x", 0) },
		"Traces.AppendTrace": func(ctx context.Context) error {
			return s.Traces().AppendTrace(ctx, []trace.Entry{fullTrace(d.ID, "1")})
		},
		"Traces.Trace":            func(ctx context.Context) error { return second(s.Traces().Trace(ctx, d.ID, "", 10, 1000)) },
		"Traces.DeleteTrace":      func(ctx context.Context) error { return second(s.Traces().DeleteTrace(ctx, d.ID, 0)) },
		"Traces.TraceUsage":       func(ctx context.Context) error { return second(s.Traces().TraceUsage(ctx, "")) },
		"Traces.PruneTraces":      func(ctx context.Context) error { _, _, err := s.Traces().PruneTraces(ctx, now(), 10); return err },
		"Carried.PutSession":      func(ctx context.Context) error { return s.Carried().PutSession(ctx, device.CarriedSession{ID: "new"}) },
		"Carried.TakeSession":     func(ctx context.Context) error { return second(s.Carried().TakeSession(ctx, "x")) },
		"Carried.WantSession":     func(ctx context.Context) error { return s.Carried().WantSession(ctx, "new", now()) },
		"Carried.WantedSessions":  func(ctx context.Context) error { return second(s.Carried().WantedSessions(ctx, 10)) },
		"Carried.DropWish":        func(ctx context.Context) error { return s.Carried().DropWish(ctx, "x") },
		"Carried.ExpiredSessions": func(ctx context.Context) error { return second(s.Carried().ExpiredSessions(ctx, now(), 10)) },
		"Nodes.Beat":              func(ctx context.Context) error { return s.Nodes().Beat(ctx, nodes.Node{ID: "new"}) },
		"Nodes.Nodes":             func(ctx context.Context) error { return second(s.Nodes().Nodes(ctx)) },
		"Nodes.RemoveNode":        func(ctx context.Context) error { return s.Nodes().RemoveNode(ctx, "x") },
		"Nodes.Lease":             func(ctx context.Context) error { return second(s.Nodes().Lease(ctx, "x")) },
		"Nodes.SaveLease":         func(ctx context.Context) error { return second(s.Nodes().SaveLease(ctx, nodes.Lease{Name: "new"})) },
		"Nodes.Publish": func(ctx context.Context) error {
			return s.Nodes().Publish(ctx, []nodes.Message{{Node: "new", Sequence: 1}})
		},
		"Nodes.Messages":       func(ctx context.Context) error { return second(s.Nodes().Messages(ctx, "x", 0, 10)) },
		"Nodes.DeleteMessages": func(ctx context.Context) error { return s.Nodes().DeleteMessages(ctx, "x", 1) },
		"KeyCheck":             func(ctx context.Context) error { return second(s.KeyCheck(ctx, "new")) },
		"ReplaceKeyCheck":      func(ctx context.Context) error { return s.ReplaceKeyCheck(ctx, "new") },
		"Maintain":             func(ctx context.Context) error { return s.Maintain(ctx, now()) },
		"Ping":                 func(ctx context.Context) error { return s.Ping(ctx) },
	})
	return all
}

func second[T any](_ T, err error) error { return err }

func endedContext(t *testing.T, s store.Store) {
	d := addDevice(t, s, fullDevice(1))
	task := addTask(t, s, queuedTask(d.ID, now()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range everyCall(s, d, task) {
		if err := call(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s returns %v, want %v", name, err, context.Canceled)
		}
	}
	same(t, "device", deviceOf(t, s, d.ID), storedDevice(d))
	same(t, "task", taskOf(t, s, task.ID), task)
	same(t, "devices", len(allDevices(t, s, device.List{PageSize: 10})), 1)
	same(t, "tasks", len(listTasks(t, s, tasks.List{PageSize: 10})), 1)
	same(t, "users", len(got[[]users.User](t)(s.Users().Users(t.Context()))), 0)
	same(t, "tokens", len(got[[]users.Token](t)(s.Tokens().Tokens(t.Context()))), 0)
	same(t, "roles", len(got[[]users.RoleDefinition](t)(s.Roles().Roles(t.Context()))), 0)
	same(t, "browser sessions", len(browserSessions(t, s, "", 10)), 0)
	same(t, "groups", len(groupPaths(t, s, device.GroupList{Limit: 10})), 0)
	same(t, "past sessions", len(sessionsOf(t, s, d.ID, now().Add(time24), "", 10)), 0)
	same(t, "counts", len(countsIn(t, s, 0, 1)), 0)
	same(t, "documents", documentIDs(t, s, declared.AccessRule), []string(nil))
	same(t, "levels", sharedLevels(t, s, time.Time{}, 10), []string(nil))
	same(t, "data models", listDataModels(t, s, 10), []provisioners.DataModel(nil))
	fails(t, second(s.Convergences().Convergence(t.Context(), d.ID)), provisioners.ErrNotFound)
	same(t, "lines", listLines(t, s, provisioners.LineList{Limit: 10}), []provisioners.Line(nil))
	same(t, "fetches", fetchNumbers(t, s, provisioners.FetchList{Limit: 10}), "")
	same(t, "strangers", strangers(t, s, 10), []provisioners.Stranger(nil))
	same(t, "traces", traceIDs(t, s, d.ID), []string(nil))
	same(t, "wanted sessions", len(got[[]string](t)(s.Carried().WantedSessions(t.Context(), 10))), 0)
	same(t, "nodes", len(got[[]nodes.Node](t)(s.Nodes().Nodes(t.Context()))), 0)
	same(t, "key check", keyCheck(t, s, "first"), "first")
	same(t, "audit", len(listAudit(t, s, users.AuditList{})), 0)
}

// cancelledInTheMiddle ends contexts while calls are under way. What was said to
// be done must be there; what was said to be cancelled may be there or not, but
// whole.
func cancelledInTheMiddle(t *testing.T, s store.Store) {
	for round := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		results := make(map[device.ID]error)
		var group sync.WaitGroup
		for i := range workers {
			group.Go(func() {
				d := fullDevice(round*workers + i)
				err := s.Devices().Create(ctx, d, 0)
				mu.Lock()
				defer mu.Unlock()
				results[d.ID] = err
			})
		}
		cancel()
		group.Wait()
		for id, err := range results {
			checkAllOrNothing(t, s, id, err)
		}
	}
}

func checkAllOrNothing(t *testing.T, s store.Store, id device.ID, err error) {
	t.Helper()
	d, missing := s.Devices().Get(t.Context(), id)
	switch {
	case err != nil && !errors.Is(err, context.Canceled):
		t.Errorf("error is %v, want none or %v", err, context.Canceled)
	case err == nil && missing != nil:
		t.Errorf("device %s was created and is not there: %v", id, missing)
	case missing == nil:
		for _, i := range d.Identities() {
			if owner, err := s.Devices().ByIdentity(t.Context(), i); err != nil || owner.ID != id {
				t.Errorf("identity %v of device %s leads to %s, %v", i, id, owner.ID, err)
			}
		}
	}
}
