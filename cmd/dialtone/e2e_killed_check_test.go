//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/tasks"
)

// check compares what the server says of every task with what the phones did.
func (m *massacre) check() {
	m.t.Helper()
	all := listAll[taskRecord](m.api, "tasks")
	m.summarise(all)
	known := map[string]bool{}
	byDevice := map[string][]taskRecord{}
	for _, task := range all {
		known[task.ID] = true
		byDevice[task.Device] = append(byDevice[task.Device], task)
		checkLife(m.t, task)
	}
	for id, kind := range m.acknowledged {
		if !known[id] {
			m.t.Errorf("task %s (%s) was acknowledged and is lost", id, kind)
		}
	}
	for _, v := range m.phones {
		checkPhone(m.t, v.phone, byDevice[v.id])
	}
}

// summarise logs how the tasks ended.
func (m *massacre) summarise(all []taskRecord) {
	ends, attempts := map[string]int{}, map[int]int{}
	confirmed := 0
	for _, task := range all {
		end := task.Kind + " " + task.State
		if task.Fault != nil {
			end += fmt.Sprintf(" %d %s", task.Fault.Code, task.Fault.Reason)
		}
		ends[end]++
		attempts[len(task.Attempts)]++
		if strings.Contains(string(task.Result), `"confirmed":true`) {
			confirmed++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d tasks, by number of attempts %v, %d after a lost answer by what the device showed\n", len(all), attempts, confirmed)
	for _, end := range slices.Sorted(maps.Keys(ends)) {
		fmt.Fprintf(&b, "%6d %s\n", ends[end], end)
	}
	m.t.Log(b.String())
}

// nextStates are the transitions that the life of a task allows.
var nextStates = map[string][]string{
	"":        {"queued"},
	"queued":  {"running", "expired", "cancelled"},
	"running": {"waiting", "queued", "succeeded", "failed"},
	"waiting": {"queued", "succeeded", "failed", "cancelled"},
}

func checkLife(t *testing.T, task taskRecord) {
	t.Helper()
	if len(task.Timeline) == 0 || task.FinishedAt == nil || task.states()[len(task.Timeline)-1] != task.State {
		t.Errorf("task %s (%s) is %s, finished %v, with timeline %v", task.ID, task.Kind, task.State, task.FinishedAt, task.states())
		return
	}
	before, at := "", task.CreatedAt
	for _, step := range task.Timeline {
		if !slices.Contains(nextStates[before], step.State) || step.At.Before(at) {
			t.Errorf("task %s (%s) has an illegal timeline: %+v", task.ID, task.Kind, task.Timeline)
			return
		}
		before, at = step.State, step.At
	}
	for _, attempt := range task.Attempts {
		if attempt.EndedAt == nil {
			t.Errorf("task %s (%s) is %s with an attempt that did not end: %+v", task.ID, task.Kind, task.State, task.Attempts)
		}
	}
}

// phoneCheck is what one phone did, beside its tasks.
type phoneCheck struct {
	t     *testing.T
	phone *cpe.Device
	// ran is how often the Reboot or Download of a task was executed.
	ran map[string]int
	// instances are those that tasks say they added, by the task; gone those
	// that were to be deleted.
	instances map[int]string
	gone      map[string]string
	added     int
	doubtful  int
}

func checkPhone(t *testing.T, phone *cpe.Device, own []taskRecord) {
	t.Helper()
	c := &phoneCheck{t: t, phone: phone, ran: map[string]int{}, instances: map[int]string{}, gone: map[string]string{}}
	adds := c.executions()
	for _, task := range own {
		if task.Kind == "deleteObject" {
			c.gone[argumentsOf(t, task).ObjectName] = task.State
		}
	}
	for _, task := range own {
		c.task(task)
		delete(c.ran, task.ID)
	}
	for id, n := range c.ran {
		t.Errorf("phone %s executed %d RPCs for task %s, which is not there", phone.Identity().SerialNumber, n, id)
	}
	if adds < c.added || adds > c.added+c.doubtful {
		t.Errorf("phone %s executed %d AddObject; %d tasks added an instance and of %d it is not known", phone.Identity().SerialNumber, adds, c.added, c.doubtful)
	}
}

// executions notes what the phone ran, and returns how many AddObject.
func (c *phoneCheck) executions() (adds int) {
	for execution, n := range c.phone.Executions() {
		switch execution.Method {
		case "AddObject":
			adds += n
		case "Reboot", "Download":
			id, _, ok := tasks.CommandKeyTask(execution.CommandKey)
			if !ok || n > 1 {
				c.t.Errorf("phone %s executed %+v %d times", c.phone.Identity().SerialNumber, execution, n)
			}
			c.ran[string(id)] += n
		}
	}
	return adds
}

// unlucky reports whether a task was cut off as often as it may be tried.
func unlucky(task taskRecord) bool { return len(task.Attempts) >= tasks.DefaultPolicy().Attempts }

func (c *phoneCheck) task(task taskRecord) {
	c.t.Helper()
	switch task.Kind {
	case "reboot", "download":
		c.once(task)
	case "addObject":
		c.addObject(task)
	case "setParameterValues":
		c.setParameterValues(task)
	case "deleteObject":
		name := argumentsOf(c.t, task).ObjectName
		if _, there := c.phone.Parameter(name + "Event"); task.State == "succeeded" && there {
			c.wrong(task, "and the instance is still there")
		}
		c.mustSucceed(task)
	default:
		if task.State == "succeeded" && len(task.Result) < len(`{"a":1}`) {
			c.wrong(task, "without a result")
		}
		c.mustSucceed(task)
	}
}

// once checks a task whose RPC must not run twice. What the phone did, it also
// told: a task that ran may not end in doubt.
func (c *phoneCheck) once(task taskRecord) {
	c.t.Helper()
	ran := c.ran[task.ID]
	switch {
	case ran > 1:
		c.wrong(task, fmt.Sprintf("and was executed %d times", ran))
	case task.State == "succeeded" && ran != 1:
		c.wrong(task, "and was never executed")
	case task.State == "succeeded":
	case task.Fault != nil && task.Fault.Reason == "outcomeUnknown" && ran == 0:
	case task.Fault != nil && task.Fault.Reason == "sessionLost" && ran == 0 && unlucky(task):
	default:
		c.wrong(task, fmt.Sprintf("and was executed %d times", ran))
	}
}

func (c *phoneCheck) addObject(task taskRecord) {
	c.t.Helper()
	if task.State != "succeeded" {
		full := task.Fault != nil && task.Fault.Code == 9004
		if task.Fault != nil && task.Fault.Reason == "outcomeUnknown" && unlucky(task) {
			c.doubtful++
		} else if !full && (task.Fault == nil || task.Fault.Reason != "outcomeUnknown" && !unlucky(task)) {
			c.wrong(task, "")
		}
		return
	}
	c.added++
	instance := addedInstance(c.t, task)
	if other, taken := c.instances[instance]; taken {
		c.wrong(task, fmt.Sprintf("with instance %d, which task %s has too", instance, other))
	}
	c.instances[instance] = task.ID
	name := fmt.Sprintf("%s%d.", addTable, instance)
	if _, deleted := c.gone[name]; deleted {
		return
	}
	want := *argumentsOf(c.t, task).Parameters[0].Value
	if got, ok := c.phone.Parameter(name + "Event"); !ok || got != want {
		c.wrong(task, fmt.Sprintf("with instance %d, whose Event is %q (%v), want %q", instance, got, ok, want))
	}
}

func (c *phoneCheck) setParameterValues(task taskRecord) {
	c.t.Helper()
	c.mustSucceed(task)
	if task.State != "succeeded" {
		return
	}
	for _, p := range argumentsOf(c.t, task).Parameters {
		if p.Value == nil {
			continue // A secret.
		}
		if got, _ := c.phone.Parameter(p.Path); got != *p.Value {
			c.wrong(task, fmt.Sprintf("and %s is %q, want %q", p.Path, got, *p.Value))
		}
	}
}

// mustSucceed checks a task that nothing but too many kills can keep from
// success.
func (c *phoneCheck) mustSucceed(task taskRecord) {
	c.t.Helper()
	if task.State != "succeeded" && !unlucky(task) {
		c.wrong(task, "")
	}
}

func (c *phoneCheck) wrong(task taskRecord, what string) {
	c.t.Helper()
	c.t.Errorf("phone %s: task %s (%s %s) is %s %s; fault %+v, attempts %+v, timeline %+v", c.phone.Identity().SerialNumber,
		task.ID, task.Kind, task.Args, task.State, what, task.Fault, task.Attempts, task.Timeline)
}

// killedArguments are the arguments that the check looks at.
type killedArguments struct {
	ObjectName string `json:"objectName"`
	Parameters []struct {
		Path  string  `json:"path"`
		Value *string `json:"value"`
	} `json:"parameters"`
}

func argumentsOf(t *testing.T, task taskRecord) killedArguments {
	t.Helper()
	var args killedArguments
	if err := json.Unmarshal(task.Args, &args); err != nil {
		t.Fatalf("task %s: arguments %s: %v", task.ID, task.Args, err)
	}
	return args
}

// addedInstance is the instance that a task added.
func addedInstance(t *testing.T, task taskRecord) int {
	t.Helper()
	var result struct {
		InstanceNumber int `json:"instanceNumber"`
	}
	if err := json.Unmarshal(task.Result, &result); err != nil || result.InstanceNumber < 1 {
		t.Fatalf("task %s: result %s: %v", task.ID, task.Result, err)
	}
	return result.InstanceNumber
}
