package sqlite

import (
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func devicePlan(t *testing.T, s *Store, l device.List) string {
	t.Helper()
	list, err := deviceListing(l, s.indexed)
	if err != nil {
		t.Fatal(err)
	}
	return listPlan(t, s, list)
}

func listPlan(t *testing.T, s *Store, l listing) string {
	t.Helper()
	sql, _, err := l.pageQuery()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(explain(t, s, sql), "; ")
}

// thenRead is what follows in a plan where the rows are chosen before they are
// read.
const thenRead = "; SCAN page; SEARCH d USING INTEGER PRIMARY KEY (rowid=?); USE TEMP B-TREE FOR ORDER BY"

func TestListsOfDevicesUseTheirIndexes(t *testing.T) {
	s := openClosing(t, Options{IndexedParameters: []string{"registration", "vlan"}})
	schema := device.Schema("registration", "vlan")
	by := func(name string, descending bool) []query.Order {
		f, ok := schema.Field(name)
		if !ok {
			t.Fatalf("no field %s", name)
		}
		return []query.Order{{Field: f, Descending: descending}}
	}
	lastInform, _ := schema.Field("lastInform")
	registration, _ := schema.Field("parameter.registration")
	for _, test := range []struct {
		name, filter, scope string
		order               []query.Order
		token               bool
		plan                string
	}{
		{name: "by id", plan: "SCAN d USING INDEX sqlite_autoindex_devices_1"},
		{name: "a later page by id", token: true, plan: "SEARCH d USING INDEX sqlite_autoindex_devices_1 (id>?)"},
		{name: "by last inform", order: []query.Order{{Field: lastInform}}, plan: "CO-ROUTINE page; SCAN d USING INDEX devices_last_inform; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by last inform, the latest first", order: []query.Order{{Field: lastInform, Descending: true}}, plan: "CO-ROUTINE page; SCAN d USING INDEX devices_last_inform; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "a later page by last inform", order: []query.Order{{Field: lastInform, Descending: true}}, token: true, plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_last_inform (last_inform<?); USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "of a scope", scope: "a", plan: "SEARCH d USING INDEX devices_group (group_path>? AND group_path<?); USE TEMP B-TREE FOR ORDER BY"},
		{name: "of a model", filter: `model = "T46S"`, plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_model (<expr>=?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "of models that begin alike", filter: `model = "T4*"`, plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_model (<expr>>? AND <expr><?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "of an indexed parameter", filter: `parameter.registration = "Up"`, plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_indexed_registration (<expr>=?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "of values that begin alike", filter: `parameter.vlan = "1*"`, plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_indexed_vlan (<expr>>? AND <expr><?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "by an indexed parameter", order: []query.Order{{Field: registration}}, plan: "CO-ROUTINE page; SCAN d USING INDEX devices_indexed_registration; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by serialNumber", order: by("serialNumber", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_serial_number" + thenRead},
		{name: "by serialNumber, the last first", order: by("serialNumber", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_serial_number; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by mac", order: by("mac", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_mac" + thenRead},
		{name: "by mac, the last first", order: by("mac", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_mac; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by model", order: by("model", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_model" + thenRead},
		{name: "by model, the last first", order: by("model", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_model; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by softwareVersion", order: by("softwareVersion", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_software_version" + thenRead},
		{name: "by softwareVersion, the last first", order: by("softwareVersion", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_software_version; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by group", order: by("group", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_path" + thenRead},
		{name: "by group, the last first", order: by("group", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_path; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by address", order: by("address", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_address" + thenRead},
		{name: "by address, the last first", order: by("address", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_address; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "by firstSeen", order: by("firstSeen", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_first_seen" + thenRead},
		{name: "by firstSeen, the last first", order: by("firstSeen", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_first_seen; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "a later page by model", order: by("model", false), token: true, plan: "CO-ROUTINE page; SEARCH d USING COVERING INDEX devices_model (<expr>>?)" + thenRead},
		{name: "of a scope by model", scope: "a", order: by("model", false), plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_group (group_path>? AND group_path<?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "of a tag", filter: "tags:lobby", plan: "CO-ROUTINE page; SEARCH d USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY 1; SEARCH device_tags USING PRIMARY KEY (tag=?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "of a word, in the order of the table", filter: "lobby", plan: "CO-ROUTINE page; SCAN d; LIST SUBQUERY 1; SEARCH device_tags USING PRIMARY KEY (tag=?); CREATE BLOOM FILTER; USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "of a state of provisioning", filter: "provisioning = pending", plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_provisioning (<expr>=?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "that drifted", filter: "provisioning = drifted", plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_provisioning (<expr>=?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "by provisioning", order: by("provisioning", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_provisioning" + thenRead},
		{name: "of a pack", filter: "pack = yealink", plan: "CO-ROUTINE page; SEARCH d USING INDEX devices_pack (<expr>=?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "by pack", order: by("pack", false), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_pack" + thenRead},
		{name: "that asked for files lately", filter: "lastFetch > 2026-01-02", plan: "CO-ROUTINE page; SEARCH d USING COVERING INDEX devices_fetched (fetched_at>?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "by lastFetch, the latest first", order: by("lastFetch", true), plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_fetched; USE TEMP B-TREE FOR LAST TERM OF ORDER BY" + thenRead},
		{name: "a later page by lastFetch", order: by("lastFetch", false), token: true, plan: "CO-ROUTINE page; SEARCH d USING COVERING INDEX devices_fetched (fetched_at>?)" + thenRead},
		{name: "in quarantine", filter: "quarantined = true", plan: "CO-ROUTINE page; SCAN d USING COVERING INDEX devices_quarantined; USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "with any alarm", filter: "alarms:*", plan: "CO-ROUTINE page; SCAN d USING INDEX devices_alarmed; USE TEMP B-TREE FOR ORDER BY" + thenRead},
		{name: "with an alarm", filter: "alarms:transfers", plan: "CO-ROUTINE page; SEARCH d USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY 1; SEARCH device_alarms USING PRIMARY KEY (kind=?); USE TEMP B-TREE FOR ORDER BY" + thenRead},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := query.Parse(schema, test.filter)
			if err != nil {
				t.Fatal(err)
			}
			l := device.List{Filter: e, Scope: device.Scope{Group: test.scope}, Order: test.order, PageSize: 50, Now: start}
			if test.token {
				list, _ := deviceListing(l, s.indexed)
				d := phone(1)
				l.PageToken = list.order.token(devicePlace(&d, test.order, start))
			}
			if plan := devicePlan(t, s, l); plan != test.plan {
				t.Errorf("plan is %s\nwant    %s", plan, test.plan)
			}
		})
	}
}

func TestListsOfTasksUseTheirIndexes(t *testing.T) {
	s := openClosing(t, Options{})
	token := (&keyset{key: "t.id", descending: true}).token(place{key: "x"})
	for _, test := range []struct {
		name string
		list tasks.List
		plan string
	}{
		{"of all", tasks.List{}, "SCAN t USING INDEX sqlite_autoindex_tasks_1"},
		{"a later page", tasks.List{PageToken: token}, "SEARCH t USING INDEX sqlite_autoindex_tasks_1 (id<?)"},
		{"of a device", tasks.List{Device: "d"}, "SEARCH t USING INDEX tasks_device (device=?)"},
		{"a later page of a device", tasks.List{Device: "d", PageToken: token}, "SEARCH t USING INDEX tasks_device (device=? AND id<?)"},
		{"of a scope", tasks.List{Scope: device.Scope{Group: "g"}}, "SCAN t USING INDEX sqlite_autoindex_tasks_1; SEARCH d USING INDEX sqlite_autoindex_devices_1 (id=?)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.list.PageSize = 50
			list, err := taskListing(test.list)
			if err != nil {
				t.Fatal(err)
			}
			if plan := listPlan(t, s, list); plan != test.plan {
				t.Errorf("plan is %s\nwant    %s", plan, test.plan)
			}
		})
	}
}

func TestTheQueueIsReadFromItsIndex(t *testing.T) {
	s := openClosing(t, Options{})
	for sql, want := range map[string]string{
		nextTask:      "SEARCH tasks USING COVERING INDEX tasks_open (device=? AND state=? AND blocked=?)",
		nextDue:       "SEARCH tasks USING COVERING INDEX tasks_open (device=? AND state=? AND blocked=?)",
		dueTasks:      "SEARCH t USING INDEX tasks_check (check_at>? AND check_at<?)",
		openTasks:     "SEARCH t USING INDEX tasks_open (device=?); USE TEMP B-TREE FOR ORDER BY",
		silentDevices: "SEARCH devices USING INDEX devices_last_inform (last_inform<?)",
	} {
		if plan := strings.Join(explain(t, s, sql), "; "); plan != want {
			t.Errorf("%s\nplan is %s\nwant    %s", sql, plan, want)
		}
	}
}

func TestThePlacesOfListsAreFoundInTheirIndexes(t *testing.T) {
	s := openClosing(t, Options{})
	groupPlan := func(l device.GroupList) string {
		sql, _ := groupQuery(l)
		return strings.Join(explain(t, s, sql), "; ")
	}
	auditPlan := func(l users.AuditList, filter string) string {
		e, err := query.Parse(users.AuditSchema(), filter)
		if err != nil {
			t.Fatal(err)
		}
		l.Filter = e
		sql, _, err := auditQuery(l)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(explain(t, s, sql), "; ")
	}
	linePlan := func(l provisioners.LineList) string {
		sql, _ := lineQuery(l)
		return strings.Join(explain(t, s, sql), "; ")
	}
	fetchPlan := func(l provisioners.FetchList) string {
		sql, _ := fetchQuery(l)
		return strings.Join(explain(t, s, sql), "; ")
	}
	for _, test := range []struct{ name, plan, want string }{
		{"groups", groupPlan(device.GroupList{}), "SEARCH groups USING PRIMARY KEY (path>?)"},
		{"groups of a scope", groupPlan(device.GroupList{Scope: device.Scope{Group: "a"}}), "SEARCH groups USING PRIMARY KEY (path>? AND path<?)"},
		{"groups below another", groupPlan(device.GroupList{Children: true, Parent: "a"}), "SEARCH groups USING INDEX groups_parent (parent=? AND path>?)"},
		{"groups that a search finds", groupPlan(device.GroupList{Search: "a"}), "SEARCH groups USING PRIMARY KEY (path>?)"},
		{"the newest of the audit log", auditPlan(users.AuditList{}, ""), "SCAN audit"},
		{"later pages of it", auditPlan(users.AuditList{After: new(int64)}, ""), "SEARCH audit USING INTEGER PRIMARY KEY (rowid<?)"},
		{"later pages in order", auditPlan(users.AuditList{After: new(int64), Ascending: true}, "outcome > 399"), "SEARCH audit USING INTEGER PRIMARY KEY (rowid>?)"},
		{"what was done to a target", auditPlan(users.AuditList{}, `target = "device/abc"`), "SEARCH audit USING INDEX audit_target (<expr>=?)"},
		{"the last entry", strings.Join(explain(t, s, lastAudit), "; "), "SCAN audit"},
		{"past sessions of a device", strings.Join(explain(t, s, pastSessions), "; "), "SEARCH past_sessions USING INDEX past_sessions_device (device=? AND ended_at<?)"},
		{"credentials of a device", strings.Join(explain(t, s, credentialsOfDevice), "; "), "SEARCH credentials USING INDEX credentials_device (device=?)"},
		{"documents of a kind", strings.Join(explain(t, s, documentsOfKind), "; "), "SEARCH declared USING INDEX sqlite_autoindex_declared_1 (kind=?)"},
		{"sizes of a trace", strings.Join(explain(t, s, traceSizes), "; "), "SEARCH traces USING COVERING INDEX traces_size (device=? AND id>?)"},
		{"bytes of a trace", strings.Join(explain(t, s, deviceTraceUsage), "; "), "SEARCH traces USING COVERING INDEX traces_size (device=?)"},
		{"bytes of all traces", strings.Join(explain(t, s, traceUsage), "; "), "SCAN traces USING COVERING INDEX traces_at"},
		{"the oldest of all traces", strings.Join(explain(t, s, oldTraces), "; "), "SEARCH traces USING COVERING INDEX traces_at (at<?)"},
		{"lines of all groups", linePlan(provisioners.LineList{}), "SEARCH lines USING PRIMARY KEY ((group_path,number)>(?,?))"},
		{"lines of a scope", linePlan(provisioners.LineList{Scope: device.Scope{Group: "a"}}), "SEARCH lines USING PRIMARY KEY ((group_path,number)>(?,?) AND group_path<?)"},
		{"lines of a group", linePlan(provisioners.LineList{OfGroup: true, Group: "a"}), "SEARCH lines USING PRIMARY KEY (group_path=? AND number>?)"},
		{"lines of a group in a scope", linePlan(provisioners.LineList{OfGroup: true, Group: "a", Scope: device.Scope{Group: "a"}}), "SEARCH lines USING PRIMARY KEY (group_path=? AND number>?)"},
		{"the newest fetches", fetchPlan(provisioners.FetchList{}), "SCAN f USING INDEX sqlite_autoindex_fetches_1"},
		{"later pages of fetches", fetchPlan(provisioners.FetchList{After: "a"}), "SEARCH f USING INDEX sqlite_autoindex_fetches_1 (id<?)"},
		{"fetches of a device", fetchPlan(provisioners.FetchList{Device: "a", After: "a"}), "SEARCH f USING INDEX fetches_device (device=? AND id<?)"},
		{"failed fetches of a device", fetchPlan(provisioners.FetchList{Device: "a", Failed: true}), "SEARCH f USING INDEX fetches_device (device=?)"},
		{"failed fetches", fetchPlan(provisioners.FetchList{Failed: true, After: "a"}), "SEARCH f USING INDEX fetches_failed (id<?)"},
		{"fetches of a scope", fetchPlan(provisioners.FetchList{Scope: device.Scope{Group: "a"}}), "SCAN f USING INDEX sqlite_autoindex_fetches_1; SEARCH d USING INDEX sqlite_autoindex_devices_1 (id=?)"},
		{"shared levels", strings.Join(explain(t, s, sharedLevels), "; "), "SEARCH levels USING INDEX sqlite_autoindex_levels_1 ((kind,id)>(?,?) AND kind<?)"},
		{"shared levels that changed", strings.Join(explain(t, s, changedLevels), "; "), "CO-ROUTINE page; SEARCH levels USING COVERING INDEX levels_updated (updated_at>?); USE TEMP B-TREE FOR ORDER BY; " +
			"SCAN page; SEARCH levels USING INTEGER PRIMARY KEY (rowid=?); USE TEMP B-TREE FOR ORDER BY"},
		{"a convergence", strings.Join(explain(t, s, convergenceOf), "; "), "SEARCH convergences USING INDEX sqlite_autoindex_convergences_1 (device=?)"},
		{"a data model", strings.Join(explain(t, s, dataModelByKey), "; "), "SEARCH data_models USING INDEX sqlite_autoindex_data_models_1 (manufacturer=? AND product_class=? AND software_version=? AND root=?)"},
		{"data models after one", strings.Join(explain(t, s, dataModelsAfter), "; "), "SEARCH data_models USING INDEX sqlite_autoindex_data_models_1 ((manufacturer,product_class,software_version,root)>(?,?,?,?))"},
		{"a mark", strings.Join(explain(t, s, markDevice), "; "), "SEARCH devices USING INDEX sqlite_autoindex_devices_1 (id=?)"},
		{"a request for a file", strings.Join(explain(t, s, fetchedAgain), "; "), "SEARCH devices USING INDEX sqlite_autoindex_devices_1 (id=?)"},
		{"the first request for a file", strings.Join(explain(t, s, fetchedAnew), "; "), "SEARCH devices USING INDEX sqlite_autoindex_devices_1 (id=?)"},
		{"the oldest fetches", strings.Join(explain(t, s, deleteOldFetches), "; "), "SEARCH fetches USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY 1; SEARCH fetches USING COVERING INDEX fetches_at (at<?)"},
		{"strangers", strings.Join(explain(t, s, strangersAfter), "; "), "SEARCH strangers USING INDEX strangers_last ((last_at,id)<(?,?))"},
		{"browser sessions of a user", strings.Join(explain(t, s, browserSessionsOfUser), "; "), "SEARCH browser_sessions USING INDEX browser_sessions_user (user=?)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.plan != test.want {
				t.Errorf("plan is %s\nwant    %s", test.plan, test.want)
			}
		})
	}
}

func TestSummariesAndCausesReadIndexesAndNoRecords(t *testing.T) {
	s := openClosing(t, Options{})
	plan := func(sql string, _ []any) string { return strings.Join(explain(t, s, sql), "; ") }
	all, part := summaryQuery{}, summaryQuery{scope: device.Scope{Group: "a"}, small: true}
	for _, test := range []struct{ name, plan, want string }{
		{"states", plan(all.states(start)), "SCAN CONSTANT ROW; SCALAR SUBQUERY 1; SEARCH d USING COVERING INDEX devices_last_inform (last_inform=? AND fetched_at=?); " +
			"SCALAR SUBQUERY 2; SCAN d USING COVERING INDEX devices_last_inform; SCALAR SUBQUERY 3; SCAN d USING COVERING INDEX devices_last_inform"},
		{"models", plan(all.models()), "SCAN d USING COVERING INDEX devices_models; USE TEMP B-TREE FOR ORDER BY"},
		{"tags", plan(all.tags()), "SCAN t; USE TEMP B-TREE FOR ORDER BY"},
		{"models of a small scope", plan(part.models()), "SEARCH d USING COVERING INDEX devices_group (group_path>? AND group_path<?); " +
			"USE TEMP B-TREE FOR GROUP BY; USE TEMP B-TREE FOR ORDER BY"},
		{"tags of a small scope", plan(part.tags()), "SEARCH d USING COVERING INDEX devices_group (group_path>? AND group_path<?); " +
			"SEARCH t USING COVERING INDEX device_tags_device (device=?); USE TEMP B-TREE FOR GROUP BY; USE TEMP B-TREE FOR ORDER BY"},
		{"causes", plan(causesQuery(device.Scope{}, start, 10)), "SCAN t USING COVERING INDEX tasks_failed; USE TEMP B-TREE FOR ORDER BY"},
		{"the newest of a cause", plan(sampleQuery(&tasks.Cause{}, device.Scope{}, start)), "SEARCH t USING COVERING INDEX tasks_failed (kind=? AND cause_code=? AND fault_reason=? AND finished_at>?)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.plan != test.want {
				t.Errorf("plan is %s\nwant    %s", test.plan, test.want)
			}
		})
	}
}
