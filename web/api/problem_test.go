package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// brokenDevices fails, or panics, at every look-up.
type brokenDevices struct {
	api.Devices
	err   error
	panic bool
}

func (b brokenDevices) Get(context.Context, device.ID) (device.Device, error) {
	if b.panic {
		panic("hunter2")
	}
	return device.Device{}, b.err
}

func TestErrorsOfTheDomainHaveTheirStatus(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		kind   string
	}{
		{errBroken, 500, "internal"},
		{fmt.Errorf("get: %w", device.ErrNotFound), 404, "not-found"},
		{fmt.Errorf("x: %w", device.ErrConflict), 409, "conflict"},
		{context.DeadlineExceeded, 503, "unavailable"},
		{device.ErrLimit, 429, "limit"},
		{&tasks.ArgumentError{Field: "kind", Message: "m"}, 422, "invalid"},
	} {
		h := newHouse(t, func(o *api.Options) { o.Devices = brokenDevices{Devices: o.Devices, err: c.err} })
		p := h.do(http.MethodPatch, "/api/v1/devices/"+string(device.NewID()), h.operator, `{"tags":[]}`).problem(c.status, c.kind)
		if strings.Contains(fmt.Sprint(p), "fire") {
			t.Errorf("%v is told as %+v", c.err, p)
		}
		if c.status == 500 && !strings.Contains(h.log.String(), strings.TrimPrefix(p.Instance, "urn:dialtone:request:")) {
			t.Error("the log does not have the request")
		}
	}
}

func TestAPanicIsAnInternalErrorAndLeavesItsAuditEntry(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Devices = brokenDevices{panic: true} })
	p := h.do(http.MethodPatch, "/api/v1/devices/"+string(device.NewID()), h.operator, `{"tags":[]}`).problem(http.StatusInternalServerError, "internal")
	if strings.Contains(fmt.Sprint(p), "hunter2") {
		t.Error("the client is told what the panic was")
	}
	entries, err := h.store.Audit().Audit(t.Context(), users.AuditList{Limit: 10})
	check(t, err)
	if len(entries) != 1 || entries[0].Outcome != http.StatusInternalServerError || entries[0].Action != "updateDevice" {
		t.Errorf("entries %+v", entries)
	}
}

func TestPathsAndMethodsThatAreNoneAreProblems(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/", "/api", "/api/v1", "/api/v1/phones", "/api/v1/devices/", "/api/v2/devices"} {
		h.do(http.MethodGet, path, h.admin, "").problem(http.StatusNotFound, "not-found")
	}
	h.do(http.MethodDelete, "/api/v1/devices", h.admin, "").problem(http.StatusMethodNotAllowed, "method-not-allowed")
	h.do(http.MethodPost, "/healthz", h.admin, "").problem(http.StatusMethodNotAllowed, "method-not-allowed")
}

func TestProbesSayHowTheServerIs(t *testing.T) {
	var ready, ping error
	h := newHouse(t, func(o *api.Options) {
		o.Ready = func() error { return ready }
		o.Ping = func(context.Context) error { return ping }
	})
	h.do(http.MethodGet, "/readyz", "", "").want(http.StatusOK)
	for _, failing := range []*error{&ready, &ping} {
		*failing = errBroken
		a := h.do(http.MethodGet, "/readyz", "", "").want(http.StatusServiceUnavailable)
		if strings.Contains(string(a.body), "fire") {
			t.Error("the probe tells why")
		}
		h.do(http.MethodGet, "/healthz", "", "").want(http.StatusOK)
		*failing = nil
	}
}

func TestMetricsAreOpenUnlessTheyAreLimited(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodGet, "/api/v1/devices", h.viewer, "")
	a := h.do(http.MethodGet, "/metrics", "", "").want(http.StatusOK)
	if !strings.Contains(string(a.body), `dialtone_api_requests_total{operation="listDevices",status="200"} 1`) {
		t.Errorf("no request is counted: %s", a.body)
	}
	limited := newHouse(t, func(o *api.Options) {
		o.Metrics.Token = secretText("scrape")
		o.Metrics.Allow = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	limited.do(http.MethodGet, "/metrics", "", "").problem(http.StatusUnauthorized, "unauthenticated")
	limited.do(http.MethodGet, "/metrics", "wrong", "").problem(http.StatusUnauthorized, "unauthenticated")
	limited.do(http.MethodGet, "/metrics", "scrape", "").want(http.StatusOK)
	limited.do(http.MethodGet, "/metrics", "", "", "X-Forwarded-For", "192.0.2.9").want(http.StatusOK)
	limited.do(http.MethodGet, "/metrics", "", "", "X-Forwarded-For", "192.0.2.9, 198.51.100.1").problem(http.StatusUnauthorized, "unauthenticated")
	untrusting := newHouse(t, func(o *api.Options) { o.Metrics.Allow = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	untrusting.do(http.MethodGet, "/metrics", "", "", "X-Forwarded-For", "192.0.2.9").problem(http.StatusUnauthorized, "unauthenticated")
}

func TestAnIncompleteSetOfOptionsIsRefused(t *testing.T) {
	if _, err := api.New(api.Options{}); err == nil {
		t.Error("an API of nothing is made")
	}
}
