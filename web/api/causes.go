package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/tasks"
)

func (a *API) registerCauses() {
	register(a, operation{
		id: "listTaskCauses", method: http.MethodGet, path: "/tasks/causes", tag: tasksTag, summary: "Group the failed tasks by why they failed",
		description: "Tasks that failed and that nobody has retried, by kind and fault, those with the most tasks first. The answer may be two seconds old.",
	}, a.listCauses)
}

// Cause is a group of failed tasks as answers show it.
type Cause struct {
	Kind   tasks.Kind `json:"kind"`
	Code   int        `json:"code" doc:"The CWMP fault code; 0 where the fault is not the device's."`
	Reason string     `json:"reason" doc:"What Dialtone itself found, in one word; empty where the fault is the device's."`
	Text   string     `json:"text" doc:"The text of the newest fault."`
	Count  int        `json:"count"`
	First  time.Time  `json:"first" doc:"When the first of them failed."`
	Last   time.Time  `json:"last" doc:"When the last of them failed."`
	Sample []string   `json:"sample" nullable:"false" doc:"The ids of the newest of them, at most 5."`
	Filter string     `json:"filter" doc:"Selects them in a list of tasks."`
}

// CauseList is the answer of listTaskCauses.
type CauseList struct {
	Items []Cause `json:"items" nullable:"false"`
}

type causesInput struct {
	Since time.Time `query:"since" doc:"Only tasks that failed in that minute or later; absent for all that are kept."`
	Limit int       `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many groups to return at most."`
}

// causesKey says which causes are asked for.
type causesKey struct {
	group string
	// since is in UTC, so that equal times are equal keys.
	since time.Time
	limit int
}

type causesOutput struct {
	Body CauseList
}

func (a *API) listCauses(ctx context.Context, in *causesInput) (*causesOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	// Consoles that look again ask for another millisecond each time: by the minute
	// they can share an answer.
	since := stored(in.Since).Truncate(time.Minute)
	found, err := a.overview.causes.get(ctx, causesKey{group: s.Group, since: since, limit: in.Limit})
	if err != nil {
		return nil, err
	}
	list := CauseList{Items: make([]Cause, 0, len(found.value))}
	for _, c := range found.value {
		list.Items = append(list.Items, showCause(c, since))
	}
	return &causesOutput{Body: list}, nil
}

func showCause(c tasks.Cause, since time.Time) Cause {
	shown := Cause{
		Kind: c.Kind, Code: c.Code, Reason: string(c.Reason), Text: c.Text, Count: c.Count, First: c.First.UTC(), Last: c.Last.UTC(),
		Sample: make([]string, 0, len(c.Sample)), Filter: causeFilter(c, since),
	}
	for _, id := range c.Sample {
		shown.Sample = append(shown.Sample, string(id))
	}
	return shown
}

// failedFilter selects the tasks that causes are made of.
const failedFilter = `state = failed AND retriedBy = ""`

// causeFilter returns the filter that selects the tasks of a cause.
func causeFilter(c tasks.Cause, since time.Time) string {
	filter := fmt.Sprintf("%s AND kind = %s AND faultCode = %d AND faultReason = %s", failedFilter, quoted(string(c.Kind)), c.Code, quoted(string(c.Reason)))
	if !since.IsZero() {
		filter += " AND finishedAt >= " + quoted(since.Format(time.RFC3339Nano))
	}
	return filter
}

// quoted returns text as a constant of a filter.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `*`, `\*`).Replace(text) + `"`
}
