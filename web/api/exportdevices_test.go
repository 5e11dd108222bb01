package api_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/web/api"
)

// exported returns the answer of an export.
func (h *house) exported(query url.Values, token string) string {
	h.t.Helper()
	a := h.do(http.MethodGet, "/api/v1/devices/export?"+query.Encode(), token, "").want(http.StatusOK)
	if a.header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" || a.header.Get("Content-Disposition") != `attachment; filename="devices.csv"` {
		h.t.Errorf("headers %v", a.header)
	}
	return string(a.body)
}

func TestAnExportIsTheTableThatPeopleKnow(t *testing.T) {
	h := newHouse(t)
	now := h.clock.Now()
	fixed := func(id string) device.ID { return device.ID(id + strings.Repeat("a", 26-len(id))) }
	h.phoneLike("FCH1", "acme/südlich", func(d *device.Device) {
		d.ID, d.MAC, d.Manufacturer, d.ProductClass, d.Address = fixed("b"), "00:15:65:aa:bb:01", `Quotes "&" Söhne, Inc.`, "CP", "192.0.2.7"
		d.Tags, d.HardwareVersion = []string{"vip", "floor 2"}, "a\nb"
	})
	h.phoneLike("=cmd|' /C calc'!A0", "", func(d *device.Device) {
		d.ID, d.Manufacturer, d.Model, d.SoftwareVersion, d.Tags = fixed("c"), "@SUM(1)", "+1", "-1", []string{"=1", "x"}
		d.OnlineUntil = now.Add(-time.Hour - time.Second)
	})
	h.phoneLike("NEVER", "acme", func(d *device.Device) {
		d.ID, d.FirstSeen, d.LastInform, d.OnlineUntil = fixed("d"), time.Time{}, time.Time{}, time.Time{}
	})
	got := h.exported(url.Values{}, h.viewer)
	const golden = "testdata/devices.csv"
	if *update {
		check(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnExportHasTheColumnsAndDevicesThatAreAskedFor(t *testing.T) {
	h := newHouse(t)
	h.indexedPhone("1", map[string]string{"registration": "=Up"})
	h.indexedPhone("2", nil)
	h.phone("3", "acme/south")
	got := h.exported(url.Values{"columns": {"serialNumber, parameter.registration,state,online,revision"}, "orderBy": {"serialNumber desc"}, "filter": {"serialNumber != 2"}}, h.viewer)
	if want := "serialNumber,parameter.registration,state,online,revision\r\n3,,online,true,1\r\n1,'=Up,online,true,1\r\n"; got != want {
		t.Errorf("exported %q, want %q", got, want)
	}
	if got := h.exported(url.Values{"columns": {"serialNumber"}}, h.south); got != "serialNumber\r\n3\r\n" {
		t.Errorf("exported to who is limited to a group: %q", got)
	}
	for query, location := range map[string]string{
		"columns=serialNumber,color": "query.columns",
		"columns=mac,mac":            "query.columns",
		"columns=mac,":               "query.columns",
		"columns=parameter.color":    "query.columns",
		"filter=((":                  "query.filter",
		"orderBy=tags":               "query.orderBy",
	} {
		h.do(http.MethodGet, "/api/v1/devices/export?"+query, h.viewer, "").invalid(location)
	}
}

func TestAnExportHasEveryPage(t *testing.T) {
	h := newHouse(t)
	const phones = 1203
	for i := range phones {
		h.phoneLike(fmt.Sprintf("%04d", i), "", func(*device.Device) {})
	}
	rows, err := csv.NewReader(strings.NewReader(h.exported(url.Values{"columns": {"serialNumber"}, "orderBy": {"serialNumber"}}, h.viewer))).ReadAll()
	check(t, err)
	if len(rows) != phones+1 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, row := range rows[1:] {
		if row[0] != fmt.Sprintf("%04d", i) {
			t.Fatalf("row %d is %q", i, row)
		}
	}
}

// brittleDevices fails from the second page on.
type brittleDevices struct{ api.Devices }

func (d brittleDevices) List(ctx context.Context, l device.List) (device.Page, error) {
	if l.PageToken != "" {
		return device.Page{}, errBroken
	}
	return d.Devices.List(ctx, l)
}

// heldDevices holds the first list up until it is told to go on.
type heldDevices struct {
	api.Devices
	held        atomic.Bool
	begun, goOn chan struct{}
}

func (d *heldDevices) List(ctx context.Context, l device.List) (device.Page, error) {
	if d.held.CompareAndSwap(false, true) {
		close(d.begun)
		<-d.goOn
	}
	return d.Devices.List(ctx, l)
}

func TestACallerExportsOnceAtATime(t *testing.T) {
	held := &heldDevices{begun: make(chan struct{}), goOn: make(chan struct{})}
	h := newHouse(t, func(o *api.Options) {
		held.Devices = o.Devices
		o.Devices = held
	})
	first := make(chan answer)
	go func() { first <- h.do(http.MethodGet, "/api/v1/devices/export", h.viewer, "") }()
	<-held.begun
	p := h.do(http.MethodGet, "/api/v1/devices/export", h.viewer, "").problem(http.StatusTooManyRequests, "limit")
	if !strings.Contains(p.Detail, "exports under way as a caller may: 1") {
		t.Errorf("the problem is %q", p.Detail)
	}
	h.do(http.MethodGet, "/api/v1/devices/export", h.operator, "").want(http.StatusOK)
	close(held.goOn)
	(<-first).want(http.StatusOK)
	h.do(http.MethodGet, "/api/v1/devices/export", h.viewer, "").want(http.StatusOK)
}

func TestAnExportThatFailsBreaksOff(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Devices = brittleDevices{o.Devices} })
	for i := range 501 {
		h.phoneLike(fmt.Sprint(i), "", func(*device.Device) {})
	}
	for range 5 { // More often than exports may be under way: each gives its place back.
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+"/api/v1/devices/export", nil)
		check(t, err)
		request.Header.Set("Authorization", "Bearer "+h.viewer)
		response, err := h.server.Client().Do(request)
		if err != nil {
			continue // It broke off before its header arrived.
		}
		_, err = io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || err == nil {
			t.Errorf("status %d, and the answer is complete (%v)", response.StatusCode, err)
		}
	}
}
