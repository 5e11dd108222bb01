package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func causesOf(t *testing.T, s store.Store, scope string, since time.Time, limit int) []tasks.Cause {
	t.Helper()
	return got[[]tasks.Cause](t)(s.Causes().Causes(t.Context(), device.Scope{Group: scope}, since, limit))
}

// failedTask returns a task of a device that failed at a time.
func failedTask(id device.ID, at time.Time, fault *tasks.Fault) tasks.Task {
	task := queuedTask(id, at)
	task.State, task.Fault, task.FinishedAt = tasks.Failed, fault, at
	return task
}

func causeTests(kind Kind) []test {
	return []test{
		{"a store without failed tasks has no causes", func(t *testing.T, s store.Store) {
			for _, state := range tasks.States() {
				if state == tasks.Failed {
					continue
				}
				task := failedTask("d", now(), &tasks.Fault{Code: 9002})
				task.State = state
				addTask(t, s, task)
			}
			same(t, "causes", causesOf(t, s, "", time.Time{}, 10), []tasks.Cause(nil))
		}},
		{"a cause tells how many there are, from when to when, and what the newest say", func(t *testing.T, s store.Store) {
			var want []tasks.ID
			for i := range tasks.MaxCauseSample + 2 {
				// A task may fail long after others that were made later.
				task := failedTask("d", now().Add(time.Duration(i)*time.Minute), &tasks.Fault{Code: 9002, String: fmt.Sprint("text ", i)})
				task.ID = tasks.NewID(now().Add(-time.Duration(i) * time.Second))
				want = append([]tasks.ID{task.ID}, want...)
				addTask(t, s, task)
			}
			same(t, "causes", causesOf(t, s, "", stored(now()), 10), []tasks.Cause{{
				Kind: tasks.Reboot, Code: 9002, Text: "text 6", Count: 7, First: stored(now()), Last: stored(now()).Add(6 * time.Minute), Sample: want[:tasks.MaxCauseSample],
			}})
		}},
		{"a task that failed without a fault, with one of the device and with one of Dialtone are of different causes", func(t *testing.T, s store.Store) {
			for _, fault := range []*tasks.Fault{nil, {Code: 9002, String: "e"}, {Reason: tasks.NoEvidence, String: "e"}, {Code: 9002, Reason: tasks.NoEvidence}, {}} {
				addTask(t, s, failedTask("d", now(), fault))
			}
			var codes []string
			for _, c := range causesOf(t, s, "", time.Time{}, 10) {
				codes = append(codes, fmt.Sprint(c.Count, " ", c.Code, " ", c.Reason))
			}
			same(t, "causes", codes, []string{"2 0 ", "1 0 noEvidence", "1 9002 ", "1 9002 noEvidence"})
		}},
		{"a task is no cause once it was retried", func(t *testing.T, s store.Store) {
			task := addTask(t, s, failedTask("d", now(), &tasks.Fault{Code: 9002}))
			same(t, "causes", len(causesOf(t, s, "", time.Time{}, 10)), 1)
			task.RetriedBy = "another"
			must(t, second(s.Tasks().Save(t.Context(), task)))
			same(t, "causes", causesOf(t, s, "", time.Time{}, 10), []tasks.Cause(nil))
		}},
		{"the causes of any scope and time are those that there are", func(t *testing.T, s store.Store) { causesOfFleet(t, s, fleetSize(kind)*2) }},
	}
}

func causesOfFleet(t *testing.T, s store.Store, count int) {
	groups := []string{"", "a", "a/b", "a-b", "a/b/c"}
	var devices []device.Device
	for i, group := range groups {
		d := plainDevice(fmt.Sprint(i))
		d.Group = group
		devices = append(devices, addDevice(t, s, d))
	}
	devices = append(devices, device.Device{ID: device.NewID()}) // Of one that is gone tasks may stay.
	kinds, reasons := []tasks.Kind{tasks.Reboot, tasks.Download, tasks.SetParameterValues}, []tasks.Reason{"", tasks.NoEvidence, tasks.SessionLost}
	all := make(map[device.ID][]tasks.Task)
	for i := range count {
		id := devices[i%len(devices)].ID
		task := failedTask(id, now().Add(time.Duration(i*i%7)*time.Second), &tasks.Fault{Code: 9000 + i%2, Reason: reasons[i/2%3], String: fmt.Sprint("text ", i)})
		task.Kind = kinds[i*i%5%3]
		switch i % 11 {
		case 0:
			task.State = tasks.Expired
		case 1:
			task.RetriedBy = "another"
		case 2:
			task.Fault = nil
		}
		all[id] = append(all[id], addTask(t, s, task))
	}
	for _, scope := range append(groups, "none") {
		var inside []tasks.Task
		for _, d := range devices {
			if scope == "" || d.Group == scope || strings.HasPrefix(d.Group, scope+"/") {
				inside = append(inside, all[d.ID]...)
			}
		}
		for _, since := range []time.Time{{}, now(), stored(now()), stored(now()).Add(2 * time.Second), stored(now()).Add(2*time.Second + 1), now().Add(time.Hour)} {
			for _, limit := range []int{1, 3, 100} {
				same(t, fmt.Sprintf("causes of %q since %s", scope, since), causesOf(t, s, scope, since, limit), expectedCauses(inside, since, limit))
			}
		}
	}
}

// expectedCauses groups in memory.
func expectedCauses(all []tasks.Task, since time.Time, limit int) []tasks.Cause {
	all = slices.DeleteFunc(slices.Clone(all), func(t tasks.Task) bool {
		return t.State != tasks.Failed || t.RetriedBy != "" || t.FinishedAt.Before(since)
	})
	slices.SortFunc(all, func(a, b tasks.Task) int {
		return cmp.Or(b.FinishedAt.Compare(a.FinishedAt), strings.Compare(string(b.ID), string(a.ID)))
	})
	var causes []tasks.Cause
	for _, t := range all {
		fault := tasks.Fault{}
		if t.Fault != nil {
			fault = *t.Fault
		}
		i := slices.IndexFunc(causes, func(c tasks.Cause) bool { return c.Kind == t.Kind && c.Code == fault.Code && c.Reason == fault.Reason })
		if i < 0 {
			i = len(causes)
			causes = append(causes, tasks.Cause{Kind: t.Kind, Code: fault.Code, Reason: fault.Reason, Text: fault.String, Last: t.FinishedAt})
		}
		c := &causes[i]
		c.Count++
		c.First = t.FinishedAt
		if len(c.Sample) < tasks.MaxCauseSample {
			c.Sample = append(c.Sample, t.ID)
		}
	}
	slices.SortFunc(causes, func(a, b tasks.Cause) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(string(a.Kind), string(b.Kind)), a.Code-b.Code, strings.Compare(string(a.Reason), string(b.Reason)))
	})
	return causes[:min(len(causes), limit)]
}
