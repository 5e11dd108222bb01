package api_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestStatisticsAreSummedOverNodesAndSteps(t *testing.T) {
	h := newHouse(t) // It is 03:04:05.
	day := time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, c := range []history.Counts{
		{At: day.Add(-5 * time.Minute), Node: "a", Values: map[string]int64{"sessions.completed": 1000}},
		{At: day, Node: "a", Values: map[string]int64{"sessions.completed": 1, "faults.9002": 7}},
		{At: day, Node: "b", Values: map[string]int64{"sessions.completed": 10}},
		{At: day.Add(55 * time.Minute), Node: "a", Values: map[string]int64{"sessions.completed": 100}},
		{At: day.Add(time.Hour), Node: "b", Values: map[string]int64{"tasks.failed": 3}},
		{At: day.Add(2 * time.Hour), Node: "b", Values: map[string]int64{"tasks.failed": 5000}},
	} {
		check(t, h.store.History().AddCounts(t.Context(), c))
	}
	query := url.Values{"from": {"2030-01-02T00:40:00Z"}, "to": {"2030-01-02T01:20:00Z"}, "step": {"3600"}}
	got := as[api.Statistics](h.do(http.MethodGet, "/api/v1/statistics?"+query.Encode(), h.viewer, "").want(http.StatusOK))
	want := api.Statistics{
		From: day, To: day.Add(2 * time.Hour), Step: 3600, Times: []time.Time{day, day.Add(time.Hour)},
		Series: map[string][]int64{"sessions.completed": {111, 0}, "faults.9002": {7, 0}, "tasks.failed": {0, 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	got = as[api.Statistics](h.do(http.MethodGet, "/api/v1/statistics", h.viewer, "").want(http.StatusOK))
	if len(got.Times) != 289 || !got.To.Equal(day.Add(3*time.Hour+5*time.Minute)) || got.Series["sessions.completed"][len(got.Times)-38] != 1000 {
		t.Errorf("of a day %d steps from %s to %s", len(got.Times), got.From, got.To)
	}
	h.do(http.MethodGet, "/api/v1/statistics", h.south, "").problem(http.StatusForbidden, "forbidden")
}

func TestStatisticsOfALongTimeAreReadInParts(t *testing.T) {
	h := newHouse(t)
	to := time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)
	from := to.Add(-30 * 24 * time.Hour)
	for i := range 30 {
		check(t, h.store.History().AddCounts(t.Context(), history.Counts{At: from.Add(time.Duration(i) * 24 * time.Hour), Node: "a", Values: map[string]int64{"n": int64(i)}}))
	}
	query := url.Values{"from": {from.Format(time.RFC3339)}, "to": {to.Format(time.RFC3339)}, "step": {strconv.Itoa(24 * 3600)}}
	got := as[api.Statistics](h.do(http.MethodGet, "/api/v1/statistics?"+query.Encode(), h.viewer, "").want(http.StatusOK))
	for i, n := range got.Series["n"] {
		if n != int64(i) {
			t.Errorf("day %d counts %d", i, n)
		}
	}
	if len(got.Series["n"]) != 30 {
		t.Errorf("%d days", len(got.Series["n"]))
	}
}

func TestStatisticsThatCannotBeNameTheField(t *testing.T) {
	h := newHouse(t)
	for query, location := range map[string]string{
		"step=400":                             "query.step",
		"step=0":                               "query.step",
		"from=yesterday":                       "query.from",
		"from=2030-01-03T00:00:00Z":            "query.from",
		"from=2029-12-20T00:00:00Z":            "query.step",
		"from=2020-01-01T00:00:00Z&step=86400": "query.from",
	} {
		h.do(http.MethodGet, "/api/v1/statistics?"+query, h.viewer, "").invalid(location)
	}
}
