package storetest

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func allTasks(t interface {
	Helper()
	Fatal(...any)
}, s store.Store, list func(l tasks.List) (tasks.Page, error), l tasks.List) []tasks.Task {
	t.Helper()
	var all []tasks.Task
	for {
		page, err := list(l)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Tasks...)
		if page.NextPageToken == "" {
			return all
		}
		l.PageToken = page.NextPageToken
	}
}

func listTasks(t *testing.T, s store.Store, l tasks.List) []tasks.Task {
	t.Helper()
	return allTasks(t, s, func(l tasks.List) (tasks.Page, error) { return s.Tasks().List(t.Context(), l) }, l)
}

func taskListTests(kind Kind) []test {
	return []test{
		{"tasks come the newest first, whole, in pages of any size", func(t *testing.T, s store.Store) {
			var want []tasks.Task
			for i := range 5 {
				task := fullTask(device.NewID())
				task.ID = tasks.NewID(now().Add(time.Duration(i) * time.Second))
				want = append([]tasks.Task{addTask(t, s, task)}, want...)
			}
			for _, size := range []int{1, 2, 5, 1000} {
				same(t, "tasks", listTasks(t, s, tasks.List{PageSize: size}), want)
			}
		}},
		{"a list of one device has its tasks alone", func(t *testing.T, s store.Store) {
			task := addTask(t, s, queuedTask(device.NewID(), now()))
			addTask(t, s, queuedTask(device.NewID(), now()))
			same(t, "tasks", ids(listTasks(t, s, tasks.List{PageSize: 10, Device: task.Device})), []tasks.ID{task.ID})
		}},
		{"a scope shows tasks of devices in its subtree", func(t *testing.T, s store.Store) {
			var all []tasks.Task
			for i, group := range []string{"a", "a/b", "ab", ""} {
				d := fullDevice(i)
				d.Group = group
				addDevice(t, s, d)
				all = append(all, addTask(t, s, queuedTask(d.ID, now().Add(time.Duration(i)*time.Second))))
			}
			l := tasks.List{PageSize: 1, Scope: device.Scope{Group: "a"}}
			same(t, "tasks", ids(listTasks(t, s, l)), []tasks.ID{all[1].ID, all[0].ID})
			l.Device = all[2].Device
			same(t, "tasks of a device outside", ids(listTasks(t, s, l)), []tasks.ID(nil))
		}},
		{"the total counts what matches", func(t *testing.T, s store.Store) {
			id := device.NewID()
			for i, state := range tasks.States() {
				task := queuedTask(id, now().Add(time.Duration(i)*time.Second))
				task.State = state
				addTask(t, s, task)
			}
			l := tasks.List{PageSize: 1, Count: true, Filter: filter(t, tasks.Schema(), "state = failed OR state = expired"), Device: id}
			same(t, "total", got[tasks.Page](t)(s.Tasks().List(t.Context(), l)).Total, 2)
		}},
		{"tasks are found by what they retry and by what retried them, as it is saved", func(t *testing.T, s store.Store) {
			first := addTask(t, s, queuedTask("d", now()))
			again := queuedTask("d", now().Add(time.Second))
			again.RetryOf = first.ID
			addTask(t, s, again)
			first.RetriedBy = again.ID
			must(t, second(s.Tasks().Save(t.Context(), first)))
			for text, want := range map[string]tasks.ID{`retryOf = "` + string(first.ID) + `"`: again.ID, `retriedBy = "` + string(again.ID) + `"`: first.ID, "retriedBy:*": first.ID, "-retriedBy:*": again.ID} {
				same(t, text, ids(listTasks(t, s, tasks.List{PageSize: 10, Filter: filter(t, tasks.Schema(), text)})), []tasks.ID{want})
			}
			same(t, "task", taskOf(t, s, first.ID).RetriedBy, again.ID)
		}},
		{"a damaged token and a page size out of bounds are refused", func(t *testing.T, s store.Store) {
			for _, l := range []tasks.List{{PageSize: 1, PageToken: "%"}, {PageSize: 1, PageToken: "AAAA"}, {PageSize: 0}, {PageSize: 1001}} {
				_, err := s.Tasks().List(t.Context(), l)
				fails(t, err, tasks.ErrInvalid)
			}
		}},
		{"any filter lists the tasks that query.Match takes", func(t *testing.T, s store.Store) { taskFilters(t, s, fleetSize(kind)) }},
	}
}

func taskFilters(t *testing.T, s store.Store, count int) {
	var all []tasks.Task
	for i := range count {
		task := rapid.Custom(drawTask).Example(i)
		task.ID = tasks.NewID(now().Add(time.Duration(i) * time.Second))
		all = append([]tasks.Task{addTask(t, s, task)}, all...)
	}
	list := func(l tasks.List) (tasks.Page, error) { return s.Tasks().List(t.Context(), l) }
	rapid.Check(t, func(rt *rapid.T) {
		e := querytest.Expression(tasks.Schema()).Draw(rt, "filter")
		var want []tasks.ID
		for i := range all {
			if query.Match(e, all[i].Field) {
				want = append(want, all[i].ID)
			}
		}
		listed := ids(allTasks(rt, s, list, tasks.List{PageSize: 7, Filter: e}))
		if !slices.Equal(listed, want) {
			rt.Fatalf("%s\nlists %v\nwant  %v", query.Format(e), listed, want)
		}
	})
}

func drawTask(t *rapid.T) tasks.Task {
	fields := querytest.Record(tasks.Schema()).Draw(t, "fields")
	task := tasks.Task{
		Device: device.ID(fields["device"].Text), Kind: tasks.Kind(fields["kind"].Text), State: tasks.State(fields["state"].Text),
		CreatedBy: fields["createdBy"].Text, CreatedAt: fields["createdAt"].Time, UpdatedAt: fields["updatedAt"].Time,
		FinishedAt: fields["finishedAt"].Time, Priority: int(fields["priority"].Int),
		RetryOf: tasks.ID(fields["retryOf"].Text), RetriedBy: tasks.ID(fields["retriedBy"].Text),
	}
	if rapid.Bool().Draw(t, "has fault") {
		task.Fault = &tasks.Fault{Code: int(fields["faultCode"].Int), Reason: tasks.Reason(fields["faultReason"].Text)}
	}
	return task
}
