package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

// The deadlines of a server are for requests that arrive and answers that are
// written, not for an answer that waits on purpose.
func TestAnAnswerThatWaitsOutlivesTheDeadlinesOfTheServer(t *testing.T) {
	h := newHouse(t)
	const deadline = 100 * time.Millisecond
	strict := httptest.NewUnstartedServer(h.api)
	strict.Config.ReadTimeout, strict.Config.WriteTimeout = deadline, deadline
	strict.Start()
	t.Cleanup(strict.Close)
	h.server = strict
	id := h.phone("1", "")
	go func() {
		<-h.waker.called
		<-time.After(3 * deadline) // Both deadlines pass while the answer waits.
		h.succeed(id, tasks.GetRPCMethodsResult{})
	}()
	a := h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks?connectionRequest=true", h.operator, `{"kind":"getRPCMethods"}`, "Prefer", "wait=60").want(http.StatusOK)
	if as[api.Task](a).State != tasks.Succeeded {
		t.Errorf("answered %s", a.body)
	}
}
