package mongo

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// listCase is a list and the indexes that must serve it, one for each part of
// its filter. Sorted says that what they find is sorted then.
type listCase struct {
	name    string
	list    listing
	indexes string
	sorted  bool
}

func checkListCase(t *testing.T, c listCase) {
	filter, sort, err := c.list.pageQuery()
	must(t, err)
	// As it comes to the server: all lists are bson.A then.
	raw, err := bson.Marshal(bson.D{{Key: "find", Value: c.list.collection}, {Key: "filter", Value: filter}, {Key: "sort", Value: sort}, {Key: "limit", Value: int64(50)}})
	must(t, err)
	all, _ := shapesOf("find", raw)
	s := all[0]
	declared := indexes(filterParameters())
	found, ok := served(declared, &s)
	if ok == c.sorted {
		t.Errorf("in the order of an index: %v, by %v", ok, found)
	}
	if c.sorted {
		s.sort = nil
		found, _ = served(declared, &s)
	}
	if got := strings.Join(found, " "); got != c.indexes {
		t.Errorf("served by %q, want %q", got, c.indexes)
	}
}

func TestListsOfDevicesUseTheirIndexes(t *testing.T) {
	byInform := "devices.lastInform_-1__id_1_provisioning.fetchedAt_1"
	byEnd := "devices.onlineUntil_1_lastInform_1_provisioning.fetchedAt_1"
	for _, c := range []struct {
		name, filter, scope, order string
		token, sorted              bool
		indexes                    string
	}{
		{name: "by id", indexes: "devices._id_1"},
		{name: "a later page by id", token: true, indexes: "devices._id_1"},
		{name: "by last inform, the latest first", order: "lastInform desc", indexes: byInform},
		{name: "a later page by last inform", order: "lastInform desc", token: true, indexes: strings.TrimSpace(strings.Repeat(byInform+" ", 3))},
		{name: "of a scope", scope: "a", indexes: "devices.group_1__id_1 devices.group_1__id_1", sorted: true},
		{name: "of a model", filter: `model = "T46S"`, indexes: "devices.folded.model_1__id_1"},
		{name: "of models that begin alike", filter: `model = "T4*"`, indexes: "devices.folded.model_1__id_1", sorted: true},
		{name: "by model", order: "model", indexes: "devices.folded.model_1__id_1"},
		{name: "by serial number", order: "serialNumber", indexes: "devices.folded.serialNumber_1__id_1"},
		{name: "by MAC address", order: "mac", indexes: "devices.mac_1__id_1"},
		{name: "by firmware", order: "softwareVersion", indexes: "devices.folded.softwareVersion_1__id_1"},
		{name: "by group", order: "group", indexes: "devices.folded.group_1__id_1"},
		{name: "by address", order: "address", indexes: "devices.folded.address_1__id_1"},
		{name: "by the time that they came", order: "firstSeen", indexes: "devices.firstSeen_1__id_1"},
		{name: "of a serial number", filter: "serialNumber = 1", indexes: "devices.folded.serialNumber_1__id_1"},
		{name: "of an indexed parameter", filter: "parameter.line = 7", indexes: "devices.folded.indexed.line_1__id_1"},
		{name: "by an indexed parameter", order: "parameter.voip.status", indexes: "devices.folded.indexed.voip%2Estatus_1__id_1"},
		{name: "of a tag", filter: "tags:lobby", indexes: "devices.folded.tags_1__id_1"},
		{name: "with an alarm", filter: "alarms:transfers", indexes: "devices.folded.alarms_1__id_1"},
		{name: "in quarantine", filter: "quarantined = true", indexes: "devices.quarantined_1__id_1"},
		{name: "of a pack", filter: "pack = yealink", indexes: "devices.folded.pack_1__id_1"},
		{name: "by pack", order: "pack", indexes: "devices.folded.pack_1__id_1"},
		{name: "of a state of provisioning", filter: "provisioning = failing", indexes: "devices.folded.provisioning_1__id_1"},
		{name: "by the state of provisioning", order: "provisioning", indexes: "devices.folded.provisioning_1__id_1"},
		{name: "that asked for files lately", filter: "lastFetch > 2026-01-01", order: "lastFetch desc", indexes: "devices.provisioning.fetchedAt_-1__id_1"},
		{name: "by their last request, the latest first", order: "lastFetch desc", indexes: "devices.provisioning.fetchedAt_-1__id_1"},
		{name: "that are online", filter: "online = true", indexes: byEnd + " " + byEnd, sorted: true},
		{name: "that are late", filter: "late = true", indexes: byEnd + " " + byEnd, sorted: true},
		{name: "that are offline", filter: "offline = true", indexes: byEnd + " " + byEnd, sorted: true},
		{name: "that were never seen", filter: "neverSeen = true", indexes: byInform},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := query.Parse(filterSchema(), c.filter)
			must(t, err)
			orders, err := query.ParseOrderBy(filterSchema(), c.order)
			must(t, err)
			fields := deviceFields(filterTime(), filterParameters())
			filter, err := filterCompiler{fields: fields}.filter(e)
			must(t, err)
			l := listing{
				collection: devicesCollection, filters: []bson.D{inScope(device.Scope{Group: c.scope}), filter},
				order: &keyset{list: devicesCollection, orders: orders, fields: fields}, size: 50,
			}
			if c.token {
				d := knownDevice("1")
				l.token = l.order.token(l.order.placeOf(string(d.ID), func(f query.Field) query.Value { return deviceValue(&d, f, filterTime()) }))
			}
			checkListCase(t, listCase{list: l, indexes: c.indexes, sorted: c.sorted})
		})
	}
}

func TestListsOfTasksUseTheirIndexes(t *testing.T) {
	order := &keyset{list: tasksCollection, fields: taskFields, descending: true}
	list := func(token string, filters ...bson.D) listing {
		return listing{collection: tasksCollection, filters: filters, order: order, token: token, size: 50}
	}
	failed := query.Compare{Field: stateField(t), Op: query.Equal, Value: query.TextValue("failed")}
	ofState, err := filterCompiler{fields: taskFields}.filter(failed)
	must(t, err)
	token := order.token(place{key: "x"})
	for _, c := range []listCase{
		{name: "of all", list: list(""), indexes: "tasks._id_1"},
		{name: "a later page", list: list(token), indexes: "tasks._id_1"},
		{name: "of a device", list: list("", ofDevice("d")), indexes: "tasks.device_1__id_-1"},
		{name: "of a state", list: list("", ofState), indexes: "tasks.folded.state_1__id_-1"},
		{name: "of a scope", list: list("", inScope(device.Scope{Group: "g"})), indexes: "tasks.group_1__id_-1 tasks.group_1__id_-1", sorted: true},
	} {
		t.Run(c.name, func(t *testing.T) { checkListCase(t, c) })
	}
}

// queryCase is what a find asks for and the indexes that must serve it.
type queryCase struct {
	name, collection string
	filter, sort     bson.D
	indexes          string
}

func (c queryCase) check(t *testing.T) {
	t.Helper()
	raw, err := bson.Marshal(bson.D{{Key: "find", Value: c.collection}, {Key: "filter", Value: c.filter}, {Key: "sort", Value: c.sort}, {Key: "limit", Value: int64(50)}})
	must(t, err)
	all, _ := shapesOf("find", raw)
	found, ok := served(indexes(filterParameters()), &all[0])
	if got := strings.Join(found, " "); !ok || got != c.indexes {
		t.Errorf("served by %q in the order of an index: %v, want %q", got, ok, c.indexes)
	}
}

func TestListsOfGroupsUseTheirIndexes(t *testing.T) {
	list := func(name string, l device.GroupList, indexes string) queryCase {
		return queryCase{name: name, collection: groupsCollection, filter: groupFilter(l), sort: ascending(idField), indexes: indexes}
	}
	for _, c := range []queryCase{
		list("all", device.GroupList{}, "groups._id_1"),
		list("after a path", device.GroupList{After: "a"}, "groups._id_1"),
		list("of a scope", device.GroupList{Scope: device.Scope{Group: "a"}}, "groups._id_1 groups._id_1"),
		list("directly below the root", device.GroupList{Children: true}, "groups.parent_1__id_1"),
		list("directly below a path, after one", device.GroupList{Children: true, Parent: "a", After: "a/b"}, "groups.parent_1__id_1"),
		list("below a path that hold a text", device.GroupList{Children: true, Parent: "a", Search: "x"}, "groups.parent_1__id_1 groups.parent_1__id_1"),
	} {
		t.Run(c.name, c.check)
	}
}

func TestListsOfTheAuditLogUseTheirIndexes(t *testing.T) {
	place := int64(7)
	list := func(name, filter string, l users.AuditList, indexes string) queryCase {
		e, err := query.Parse(users.AuditSchema(), filter)
		must(t, err)
		compiled, err := filterCompiler{fields: auditFields}.filter(e)
		must(t, err)
		all, order := auditQuery(l, compiled)
		return queryCase{name: name, collection: auditCollection, filter: all, sort: order, indexes: indexes}
	}
	for _, c := range []queryCase{
		list("the newest", "", users.AuditList{}, "auditChain._id_1"),
		list("older ones", "", users.AuditList{After: &place}, "auditChain._id_1"),
		list("newer ones", "", users.AuditList{After: &place, Ascending: true}, "auditChain._id_1"),
		list("from a sequence on", "sequence >= 5", users.AuditList{}, "auditChain._id_1"),
		list("of a target", "target = device/abc", users.AuditList{After: &place}, "auditChain.folded.target_1__id_-1"),
		list("of an actor", "actor = user:anna", users.AuditList{}, "auditChain.folded.actor_1__id_-1"),
	} {
		t.Run(c.name, c.check)
	}
}

func stateField(t *testing.T) query.Field {
	t.Helper()
	f, ok := tasks.Schema().Field("state")
	if !ok {
		t.Fatal("tasks have no field state")
	}
	return f
}
