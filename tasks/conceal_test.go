package tasks_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/tasks"
)

func TestAFaultDoesNotTellTheSecretsOfItsTask(t *testing.T) {
	const text = "cannot set D.AuthPassword to hunter2"
	for name, fail := range map[string]func(*house, tasks.Task, tasks.Fault) error{
		"an attempt": func(h *house, task tasks.Task, f tasks.Fault) error {
			_, err := h.queue.Fail(h.t.Context(), task, f)
			return err
		},
		"the task": func(h *house, task tasks.Task, f tasks.Fault) error {
			_, err := h.queue.FailFor(h.t.Context(), task, f)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, 1)
			task := h.enqueue(tasks.New{Kind: tasks.SetParameterValues, Args: json.RawMessage(`{"parameters":[{"path":"D.AuthPassword","value":"hunter2"}]}`)})
			given := tasks.Fault{Code: 9003, String: text, Parameters: []tasks.ParameterFault{{Path: "D.AuthPassword", Code: 9007, String: text}}}
			h.check(fail(h, h.claim(), given))
			kept, err := h.queue.Get(t.Context(), task.ID)
			h.check(err)
			raw, err := json.Marshal(kept.Attempts)
			h.check(err)
			if kept.Fault != nil {
				also, err := json.Marshal(kept.Fault)
				h.check(err)
				raw = append(raw, also...)
			}
			if strings.Contains(string(raw), "hunter2") || !strings.Contains(string(raw), "cannot set D.AuthPassword to [secret]") {
				t.Errorf("kept is %s", raw)
			}
			if given.Parameters[0].String != text {
				t.Error("the fault that was given was changed")
			}
		})
	}
}
