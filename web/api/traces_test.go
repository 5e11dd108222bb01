package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestATraceIsOrderedReadAndExported(t *testing.T) {
	h := newHouse(t)
	id := h.phone("FCH1", "acme/south")
	order := as[api.TraceOrder](h.do(http.MethodPost, "/api/v1/traceOrders", h.operator, `{"device":"`+string(id)+`","minutes":10,"reason":"drops calls"}`).want(http.StatusCreated))
	if !order.Active || order.Reason != "drops calls" || order.Until.Sub(h.clock.Now()) != 10*time.Minute {
		t.Errorf("ordered %+v", order)
	}
	var entries []trace.Entry
	for i := range 250 {
		entries = append(entries, trace.Entry{ID: fmt.Sprintf("%05d", i), Device: id, Session: "0123456789abcdef", At: h.clock.Now(), Direction: trace.FromDevice, Method: "Inform", Start: "POST / HTTP/1.1", Body: fmt.Sprint("body ", i)})
	}
	check(t, h.store.Traces().AppendTrace(t.Context(), entries))
	path := "/api/v1/devices/" + string(id) + "/trace"
	seen, after := 0, ""
	for {
		page := as[api.Page[api.TraceMessage]](h.do(http.MethodGet, path+"?after="+after, h.operator, "").want(http.StatusOK))
		for _, m := range page.Items {
			if m.Body != fmt.Sprint("body ", seen) || m.Session != "0123456789ab" {
				t.Fatalf("message %d is %+v", seen, m)
			}
			seen++
		}
		if after = page.NextPageToken; after == "" {
			break
		}
	}
	export := h.do(http.MethodGet, path+"/export", h.operator, "").want(http.StatusOK)
	if lines := strings.Count(string(export.body), "\n"); seen != 250 || lines != 250 {
		t.Errorf("read %d, exported %d", seen, lines)
	}
	h.do(http.MethodDelete, path, h.operator, "").want(http.StatusNoContent)
	if page := as[api.Page[api.TraceMessage]](h.do(http.MethodGet, path, h.operator, "")); len(page.Items) != 0 {
		t.Errorf("left %d", len(page.Items))
	}
	h.do(http.MethodDelete, "/api/v1/traceOrders/"+order.ID, h.operator, "").want(http.StatusNoContent)
	h.do(http.MethodDelete, "/api/v1/traceOrders/"+order.ID, h.operator, "").problem(http.StatusNotFound, "not-found")
}

func TestAnOrderToTraceThatCannotBeIsRefusedByItsField(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"minutes":5}`:                            "body.device",
		`{"filter":"model = (","minutes":5}`:       "body.filter",
		`{"filter":"online","minutes":1441}`:       "body.minutes",
		`{"filter":"nosuch = \"x\"","minutes":10}`: "body.filter",
	} {
		a := h.do(http.MethodPost, "/api/v1/traceOrders", h.operator, body)
		a.problem(http.StatusUnprocessableEntity, "invalid")
		if !strings.Contains(string(a.body), `"location":"`+location+`"`) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
}

func TestWhoIsLimitedToAGroupTracesOnlyThere(t *testing.T) {
	h := newHouse(t)
	south, north := h.phone("FCH1", "acme/south"), h.phone("FCH2", "acme/north")
	h.do(http.MethodPost, "/api/v1/traceOrders", h.south, `{"device":"`+string(north)+`","minutes":5}`).problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, "/api/v1/traceOrders", h.south, `{"device":"`+string(south)+`","minutes":5}`).want(http.StatusCreated)
	all := h.do(http.MethodPost, "/api/v1/traceOrders", h.operator, `{"filter":"online","minutes":5}`).want(http.StatusCreated)
	own := as[api.Page[api.TraceOrder]](h.do(http.MethodGet, "/api/v1/traceOrders", h.south, ""))
	if len(own.Items) != 1 || own.Items[0].Group != "acme/south" {
		t.Errorf("sees %+v", own.Items)
	}
	h.do(http.MethodDelete, "/api/v1/traceOrders/"+as[api.TraceOrder](all).ID, h.south, "").problem(http.StatusNotFound, "not-found")
}
