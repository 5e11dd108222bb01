package sqlite

import (
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
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

func TestListsOfDevicesUseTheirIndexes(t *testing.T) {
	s := openClosing(t, Options{IndexedParameters: []string{"registration", "vlan"}})
	schema := device.Schema("registration", "vlan")
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
		{name: "by last inform", order: []query.Order{{Field: lastInform}}, plan: "SCAN d USING INDEX devices_last_inform; USE TEMP B-TREE FOR LAST TERM OF ORDER BY"},
		{name: "by last inform, the latest first", order: []query.Order{{Field: lastInform, Descending: true}}, plan: "SCAN d USING INDEX devices_last_inform; USE TEMP B-TREE FOR LAST TERM OF ORDER BY"},
		{name: "a later page by last inform", order: []query.Order{{Field: lastInform, Descending: true}}, token: true, plan: "SEARCH d USING INDEX devices_last_inform (last_inform<?); USE TEMP B-TREE FOR LAST TERM OF ORDER BY"},
		{name: "of a scope", scope: "a", plan: "SEARCH d USING INDEX devices_group (group_path>? AND group_path<?); USE TEMP B-TREE FOR ORDER BY"},
		{name: "of a model", filter: `model = "T46S"`, plan: "SEARCH d USING INDEX devices_model (<expr>=?); USE TEMP B-TREE FOR ORDER BY"},
		{name: "of models that begin alike", filter: `model = "T4*"`, plan: "SEARCH d USING INDEX devices_model (<expr>>? AND <expr><?); USE TEMP B-TREE FOR ORDER BY"},
		{name: "of an indexed parameter", filter: `parameter.registration = "Up"`, plan: "SEARCH d USING INDEX devices_indexed_registration (<expr>=?); USE TEMP B-TREE FOR ORDER BY"},
		{name: "of values that begin alike", filter: `parameter.vlan = "1*"`, plan: "SEARCH d USING INDEX devices_indexed_vlan (<expr>>? AND <expr><?); USE TEMP B-TREE FOR ORDER BY"},
		{name: "by an indexed parameter", order: []query.Order{{Field: registration}}, plan: "SCAN d USING INDEX devices_indexed_registration; USE TEMP B-TREE FOR LAST TERM OF ORDER BY"},
		{name: "of a tag", filter: "tags:lobby", plan: "SEARCH d USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY 1; SEARCH device_tags USING PRIMARY KEY (tag=?); USE TEMP B-TREE FOR ORDER BY"},
		{name: "of a word, in the order of the table", filter: "lobby", plan: "SCAN d; LIST SUBQUERY 1; SEARCH device_tags USING PRIMARY KEY (tag=?); CREATE BLOOM FILTER; USE TEMP B-TREE FOR ORDER BY"},
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
