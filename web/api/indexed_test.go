package api_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/web/api"
)

// indexedPhone stores a device with values of indexed parameters.
func (h *house) indexedPhone(serial string, values map[string]string) device.ID {
	h.t.Helper()
	now := h.clock.Now()
	d := device.Device{
		ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "00562B", SerialNumber: serial}, Origin: device.OriginOperator,
		Revision: 1, FirstSeen: now, LastInform: now, OnlineUntil: now, Indexed: values,
	}
	check(h.t, h.store.Devices().Create(h.t.Context(), d, 0))
	return d.ID
}

func TestDevicesShowAndAreListedByTheirIndexedParameters(t *testing.T) {
	h := newHouse(t)
	id := h.indexedPhone("1", map[string]string{"registration": "Up", "former": "x"})
	h.indexedPhone("2", map[string]string{"registration": "Down", "vlan": ""})
	h.indexedPhone("3", nil)
	d := as[api.Device](h.do(http.MethodGet, "/api/v1/devices/"+string(id), h.viewer, "").want(http.StatusOK))
	if diff := cmp.Diff(map[string]string{"registration": "Up"}, d.Indexed); diff != "" {
		t.Errorf("a device shows what is indexed now (-want +got):\n%s", diff)
	}
	for _, c := range []struct{ filter, orderBy, want string }{
		{"parameter.registration = up", "", "1"},
		{"parameter.registration:*", "parameter.registration", "2 1"},
		{"-parameter.registration:*", "", "3"},
		{"", "parameter.registration desc", "1 2 3"},
	} {
		query := url.Values{"filter": {c.filter}, "orderBy": {c.orderBy}}
		page := as[api.Page[api.Device]](h.do(http.MethodGet, "/api/v1/devices?"+query.Encode(), h.viewer, "").want(http.StatusOK))
		got := ""
		for i, d := range page.Items {
			if i > 0 {
				got += " "
			}
			got += d.SerialNumber
		}
		if got != c.want {
			t.Errorf("%s by %s lists %s, want %s", c.filter, c.orderBy, got, c.want)
		}
	}
	h.do(http.MethodGet, "/api/v1/devices?"+url.Values{"filter": {"parameter.color = red"}}.Encode(), h.viewer, "").invalid("query.filter")
	h.do(http.MethodGet, "/api/v1/devices?"+url.Values{"orderBy": {"parameter.color"}}.Encode(), h.viewer, "").invalid("query.orderBy")
}

func TestABulkTaskSelectsByAnIndexedParameter(t *testing.T) {
	h := newHouse(t)
	h.indexedPhone("1", map[string]string{"registration": "Down"})
	h.indexedPhone("2", map[string]string{"registration": "Up"})
	a := h.do(http.MethodPost, "/api/v1/tasks/bulk", h.operator, `{"filter":"parameter.registration = Down","kind":"reboot"}`).want(http.StatusAccepted)
	check(t, h.bulks.RunOnce(t.Context()))
	b := as[api.Bulk](h.do(http.MethodGet, a.header.Get("Location"), h.viewer, "").want(http.StatusOK))
	if b.State != "finished" || b.Queued != 1 || b.Refused != 0 {
		t.Errorf("bulk task is %s with %d queued, %d refused: %s", b.State, b.Queued, b.Refused, b.LastError)
	}
	h.do(http.MethodPost, "/api/v1/tasks/bulk", h.operator, `{"filter":"parameter.color = red","kind":"reboot"}`).invalid("body.filter")
}
