package sqlite

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// versionThree is what a database of the third version may hold.
const versionThree = `
INSERT INTO users VALUES ('admin', 'admin', 'g', '$argon2id$', 1000, 2000, 7);
INSERT INTO tokens VALUES ('t', 'billing', 'viewer', 'g', 'h', 1000, 'user:admin', 5000, 6000);
INSERT INTO audit VALUES ('b', 2000, 'user:admin', '192.0.2.1', 'createTask', 'device/y', 202, 'é'), ('a', 1000, 'system', '', 'deleteTask', 'task/x', 204, ''),
	('c', 3000, 'token:t billing', '', 'editDevice', 'device/z', 200, '');
INSERT INTO devices (n, id, session_id, session_generation, session_until, last_inform, online_until, work_raised, work_cleared, work_due_at,
	search, manufacturer, oui, product_class, serial_number, mac, model, hardware_version, software_version, address, origin, tags, group_path,
	revision, first_seen, last_boot, last_bootstrap, inform_interval, root, namespace, parameter_key, inform_digest, events, onboarding_due,
	request_url, request_username, request_password, pending_username, pending_password)
	VALUES (1, 'd', '', 0, 0, 0, 0, 0, 0, 0, '', '', '', '', '', '', 'T46S', '', '9', '', 'operator', '["Lobby","é \"x\"","lobby"]', 'a/b',
	1, 0, 0, 0, 0, '', '', '', '', '', 0, '', '', '', '', ''),
	(2, 'e', '', 0, 0, 0, 0, 0, 0, 0, '', '', '', '', '', '', '', '', '', '', 'operator', '', '', 1, 0, 0, 0, 0, '', '', '', '', '', 0, '', '', '', '', '');
INSERT INTO device_tags VALUES ('lobby', 1), ('é "x"', 1);
INSERT INTO tasks (id, device, kind, state, open, blocked, priority, not_before, expires, created_at, updated_at, finished_at, check_at, deadline,
	revision, slot, unique_key, created_by, retry_of, command_key, lease_session, lease_generation, lease_until, fault_code, fault_reason, history)
	VALUES ('f', 'd', 'reboot', 'failed', 0, 0, 0, 0, 0, 1, 1, 5000, 0, 0, 1, 'f', '', '', '', '', '', 0, 0, 9002, '', '{"fault":{"code":9002,"string":"broken"}}'),
	('g', 'd', 'reboot', 'failed', 0, 0, 0, 0, 0, 1, 1, 4000, 0, 0, 1, 'g', '', '', '', '', '', 0, 0, NULL, '', '{}');`

// fromVersionThree opens a database that was of the third version.
func fromVersionThree(t *testing.T) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dialtone.db")
	c, err := openConn(path)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Options{Path: path, migrations: versions(t, 3)}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(prepareSchema(c, o), c.script(versionThree), c.close()); err != nil {
		t.Fatal(err)
	}
	return openClosing(t, Options{Path: path})
}

// versionFour is what a database of the fourth version may hold beside.
const versionFour = `
INSERT INTO credentials VALUES ('u', 'd', 'sealed', 1000);
INSERT INTO files VALUES ('f', '', '', '', '', '', 3, '', 'c', 1000, 'user:admin');
INSERT INTO grants VALUES ('h', 'd', 't', '["f"]', 2000);
INSERT INTO model_limits VALUES ('m', 'p', '1', '{"getParameterValues":7}');
INSERT INTO past_sessions VALUES ('s', 'd', '["1 BOOT"]', 1000, 2000, 'completed', 3, '192.0.2.1', 'n');`

// fromVersionFour opens a database that was of the fourth version.
func fromVersionFour(t *testing.T) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dialtone.db")
	c, err := openConn(path)
	if err != nil {
		t.Fatal(err)
	}
	third, errThird := Options{Path: path, migrations: versions(t, 3)}.withDefaults()
	fourth, errFourth := Options{Path: path, migrations: versions(t, 4)}.withDefaults()
	if err := errors.Join(errThird, errFourth, prepareSchema(c, third), c.script(versionThree), prepareSchema(c, fourth), c.script(versionFour), c.close()); err != nil {
		t.Fatal(err)
	}
	return openClosing(t, Options{Path: path})
}

func TestRecordsFromBeforeAlarmsAndUploadsAreKeptAndTakeThem(t *testing.T) {
	s, at, ctx := fromVersionFour(t), time.UnixMilli(1000).UTC(), t.Context()
	check(t, "credentials", []device.Credential{{Username: "u", Device: "d", Password: "sealed", CreatedAt: at}})(s.Credentials().CredentialsOf(ctx, "d"))
	check(t, "file", files.File{Name: "f", Size: 3, Content: "c", CreatedAt: at, CreatedBy: "user:admin"})(s.Files().File(ctx, "f"))
	check(t, "grant", files.Grant{TokenHash: "h", Device: "d", Task: "t", Names: []string{"f"}, Expires: at.Add(time.Second)})(s.Files().TakeGrant(ctx, "h"))
	check(t, "limits", device.ModelLimits{GetParameterValues: 7})(s.Models().ModelLimits(ctx, device.ModelKey{Manufacturer: "m", ProductClass: "p", SoftwareVersion: "1"}))
	check(t, "sessions", []history.Session{{
		ID: "s", Device: "d", Events: []string{"1 BOOT"}, StartedAt: at, EndedAt: at.Add(time.Second), Outcome: "completed", RPCs: 3, Address: "192.0.2.1", Node: "n",
	}})(s.History().Sessions(ctx, "d", start, "", 10))
	d, err := s.Devices().Get(ctx, "d")
	if err != nil || d.Quarantined || d.RetryCount != 0 || d.CWMPVersion != "" || d.Alarms != nil {
		t.Errorf("device is %+v, %v", d, err)
	}
	if err := s.Sessions().RaiseAlarm(ctx, "d", device.RaisedAlarm{Kind: device.AlarmTransfers}, at); err != nil {
		t.Fatal(err)
	}
	d = d.RaiseAlarm(device.AlarmTransfers, "", at)
	check(t, "device", d)(s.Devices().Get(ctx, "d"))
}

func TestDevicesFromBeforeSettingsAreMarkedAndSeen(t *testing.T) {
	s, ctx := fromVersionFour(t), t.Context()
	listed := func(text string) int {
		t.Helper()
		e, err := query.Parse(device.Schema(), text)
		if err != nil {
			t.Fatal(err)
		}
		page, err := s.Devices().List(ctx, device.List{Filter: e, PageSize: 10, Now: start})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Devices)
	}
	if none, never := listed("provisioning = none"), listed("neverSeen"); none != 2 || never != 2 {
		t.Errorf("%d devices have no settings and %d were never seen, want 2 of each", none, never)
	}
	check(t, "changed", true)(s.Provisioning().Mark(ctx, "d", device.Mark{Pack: "snom", Wanted: "w", At: start}))
	if err := s.Provisioning().NoteFetched(ctx, "d", device.Fetched{At: start, File: "f", OnlineUntil: start}); err != nil {
		t.Fatal(err)
	}
	if pending, online := listed("provisioning = pending"), listed("online"); pending != 1 || online != 1 {
		t.Errorf("%d devices are pending and %d are online, want 1 of each", pending, online)
	}
}

func check[T any](t *testing.T, what string, want T) func(got T, err error) {
	t.Helper()
	return func(got T, err error) {
		t.Helper()
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%s, error %v (-want +got):\n%s", what, err, diff)
		}
	}
}

func TestUsersAndTokensOutliveTheMigrationThatExtendsThem(t *testing.T) {
	s, at := fromVersionThree(t), time.UnixMilli(1000).UTC()
	u := users.User{Name: "admin", Role: users.Admin, Scope: device.Scope{Group: "g"}, PasswordHash: "$argon2id$", CreatedAt: at, UpdatedAt: at.Add(time.Second), Revision: 7}
	check(t, "user", u)(s.Users().User(t.Context(), "admin"))
	check(t, "token", users.Token{
		ID: "t", Name: "billing", Role: users.Viewer, Scope: device.Scope{Group: "g"}, Hash: "h", CreatedAt: at, CreatedBy: "user:admin",
		Expires: at.Add(4 * time.Second), LastUsed: at.Add(5 * time.Second),
	})(s.Tokens().TokenByHash(t.Context(), "h"))
}

func TestAuditEntriesFromBeforeTheChainGetNumbersUpToZero(t *testing.T) {
	s, at := fromVersionThree(t), time.UnixMilli(1000).UTC()
	want := []users.AuditEntry{
		{Sequence: -2, At: at, Actor: "system", Action: "deleteTask", Target: "task/x", Outcome: 204},
		{Sequence: -1, At: at.Add(time.Second), Actor: "user:admin", Address: "192.0.2.1", Action: "createTask", Target: "device/y", Outcome: 202, Detail: "é"},
		{Sequence: 0, At: at.Add(2 * time.Second), Actor: "token:t billing", Action: "editDevice", Target: "device/z", Outcome: 200},
	}
	check(t, "entries", want)(s.Audit().Audit(t.Context(), users.AuditList{Ascending: true, Limit: 10}))
	check(t, "stored", 1)(s.Audit().AppendAudit(t.Context(), []users.AuditEntry{{Sequence: 1}}))
}

func TestTagsAndFailedTasksFromBeforeTheSummaryAreCounted(t *testing.T) {
	s := fromVersionThree(t)
	for _, scope := range []string{"", "a"} {
		summary, err := s.Summary().Summary(t.Context(), device.Scope{Group: scope}, start)
		check(t, "tags", []device.TagCount{{Tag: "Lobby", Count: 1}, {Tag: "lobby", Count: 1}, {Tag: `é "x"`, Count: 1}})(summary.Tags, err)
	}
	tagged, err := query.Parse(device.Schema(), "tags:LOBBY")
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.Devices().List(t.Context(), device.List{Filter: tagged, PageSize: 10})
	check(t, "devices with a tag", 1)(len(page.Devices), err)
	check(t, "causes", []tasks.Cause{
		{Kind: tasks.Reboot, Count: 1, First: time.UnixMilli(4000).UTC(), Last: time.UnixMilli(4000).UTC(), Sample: []tasks.ID{"g"}},
		{Kind: tasks.Reboot, Code: 9002, Text: "broken", Count: 1, First: time.UnixMilli(5000).UTC(), Last: time.UnixMilli(5000).UTC(), Sample: []tasks.ID{"f"}},
	})(s.Causes().Causes(t.Context(), device.Scope{}, time.Time{}, 10))
}

func TestANameThatIsNoPermissionAnyLongerIsLeftOut(t *testing.T) {
	s := openClosing(t, Options{})
	err := s.write(t.Context(), "test", func(c *conn) error {
		_, err := c.exec("INSERT INTO roles (" + roleColumns + `) VALUES ('r', '', '["devices.read","phones.paint","tasks.read"]', 0, 0, 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Roles().Role(t.Context(), "r")
	check(t, "permissions", []users.Permission{users.ReadDevices, users.ReadTasks})(r.Permissions.List(), err)
}
