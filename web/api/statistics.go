package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/history"
)

func (a *API) registerStatistics() {
	register(a, operation{
		id: "getStatistics", method: http.MethodGet, path: "/statistics", tag: systemTag, summary: "Count what happened over time",
		description: "Sessions, tasks and faults of all nodes, in steps. Not for who is limited to a group: the counts are of the whole fleet.",
	}, a.statistics)
}

const (
	// maxPoints bounds the points of one answer.
	maxPoints = 2016
	// maxSeries bounds how many names one answer counts by.
	maxSeries = 200
	// maxStatistics is the longest time that one answer is about.
	maxStatistics = 400 * 24 * time.Hour
	// statisticsPart is how much time is read at once.
	statisticsPart = 7 * 24 * time.Hour
	// defaultStatistics is the time that is answered for where nothing is said.
	defaultStatistics = 24 * time.Hour
)

// Statistics are counts in steps of time.
type Statistics struct {
	From   time.Time          `json:"from"`
	To     time.Time          `json:"to"`
	Step   int                `json:"step" doc:"In seconds."`
	Times  []time.Time        `json:"times" nullable:"false" doc:"When each step begins."`
	Series map[string][]int64 `json:"series" nullable:"false" doc:"What was counted in each step, by name, such as sessions.completed, tasks.failed or faults.9002. A name that is absent was not counted in that time."`
}

type statisticsInput struct {
	From time.Time `query:"from" doc:"Absent for a day before to. Cut down to a multiple of step."`
	To   time.Time `query:"to" doc:"Absent for now. Raised to a multiple of step."`
	Step int       `query:"step" default:"300" minimum:"300" multipleOf:"300" doc:"In seconds, a multiple of 300. From and to may be 2016 steps apart, and 400 days."`
}

type statisticsOutput struct {
	Body Statistics
}

func (a *API) statistics(ctx context.Context, in *statisticsInput) (*statisticsOutput, error) {
	if err := wholeFleet(ctx, "statistics"); err != nil {
		return nil, err
	}
	s, err := in.empty(a.Now())
	if err != nil {
		return nil, err
	}
	for from := s.From; from.Before(s.To); from = from.Add(statisticsPart) {
		to := from.Add(statisticsPart)
		if to.After(s.To) {
			to = s.To
		}
		counts, err := a.History.Counts(ctx, from, to)
		if err != nil {
			return nil, fmt.Errorf("read counts: %w", err)
		}
		for _, c := range counts {
			s.add(c)
		}
	}
	return &statisticsOutput{Body: *s}, nil
}

// empty returns the statistics that are asked for, without counts.
func (in *statisticsInput) empty(now time.Time) (*Statistics, error) {
	to, from, step := in.To.UTC(), in.From.UTC(), time.Duration(in.Step)*time.Second
	if in.To.IsZero() {
		to = now.UTC()
	}
	if in.From.IsZero() {
		from = to.Add(-defaultStatistics)
	}
	from = from.Truncate(step)
	if whole := to.Truncate(step); whole.Before(to) {
		to = whole.Add(step)
	}
	switch {
	case !from.Before(to):
		return nil, invalid("query.from", "must lie before to")
	case to.Sub(from) > maxStatistics:
		return nil, invalid("query.from", "must lie at most 400 days before to")
	case to.Sub(from)/step > maxPoints:
		return nil, invalid("query.step", fmt.Sprintf("must be greater: there may be at most %d steps", maxPoints))
	}
	s := &Statistics{From: from, To: to, Step: in.Step, Times: []time.Time{}, Series: map[string][]int64{}}
	for at := from; at.Before(to); at = at.Add(step) {
		s.Times = append(s.Times, at)
	}
	return s, nil
}

// add adds what one node counted in one span.
func (s *Statistics) add(c history.Counts) {
	step := int(c.At.Sub(s.From) / (time.Duration(s.Step) * time.Second))
	if c.At.Before(s.From) || step >= len(s.Times) {
		return
	}
	for name, n := range c.Values {
		if s.Series[name] == nil {
			if len(s.Series) == maxSeries {
				continue
			}
			s.Series[name] = make([]int64, len(s.Times))
		}
		s.Series[name][step] += n
	}
}
