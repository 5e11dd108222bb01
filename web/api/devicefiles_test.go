package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestTheFilesOfADeviceAreShownWithoutItsSecrets(t *testing.T) {
	h := newHouse(t)
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	path := "/api/v1/devices/" + string(id)
	h.do(http.MethodPatch, path+"/settings", h.operator, `{"set":[{"path":"account.1.user","value":"100"},{"path":"account.1.password","value":"sesame open"},{"path":"network.vlan.voice.id","value":7}]}`).want(http.StatusOK)
	list := as[api.Page[api.DeviceFile]](h.do(http.MethodGet, path+"/files", h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 2 || list.Items[0].Name != "acme.cfg" || !list.Items[0].Generic || len(list.Items[0].SHA256) != 64 {
		t.Fatalf("files are %+v", list.Items)
	}
	own := list.Items[1]
	if own.Name != "0a0b0c000001.cfg" || !own.Secrets || !own.Confirms || own.Held || own.SHA256 != "" || own.Size == 0 || own.ContentType != "text/plain" {
		t.Errorf("its own file is %+v", own)
	}
	masked := as[api.DeviceFileContent](h.do(http.MethodGet, path+"/files/"+own.Name, h.viewer, "").want(http.StatusOK))
	if !masked.Masked || strings.Contains(masked.Content, "sesame") || !strings.Contains(masked.Content, "account.1.user = 100\naccount.1.password = ********\n") {
		t.Errorf("the file is %q", masked.Content)
	}
	h.do(http.MethodPost, path+"/files/"+own.Name+"/reveal", h.operator, "").problem(http.StatusForbidden, "forbidden")
	plain := as[api.DeviceFileContent](h.do(http.MethodPost, path+"/files/"+own.Name+"/reveal", h.admin, "").want(http.StatusOK))
	if plain.Masked || !strings.Contains(plain.Content, "account.1.password = sesame open\n") || int64(len(plain.Content)) != own.Size {
		t.Errorf("the file is %q", plain.Content)
	}
	if entry := h.newest(); entry.Action != "revealDeviceFile" || entry.Detail != own.Name {
		t.Errorf("the entry is %+v", entry)
	}
	h.do(http.MethodGet, path+"/files/other.cfg", h.viewer, "").problem(http.StatusNotFound, "not-found")
	d, err := h.store.Devices().Get(t.Context(), id)
	check(t, err)
	check(t, h.store.Provisioning().NoteFetched(t.Context(), id, device.Fetched{At: h.clock.Now(), Held: d.Provisioning.Wanted}))
	if list := as[api.Page[api.DeviceFile]](h.do(http.MethodGet, path+"/files", h.viewer, "")); list.Items[0].Held || !list.Items[1].Held {
		t.Errorf("files are %+v", list.Items)
	}
	if list := as[api.Page[api.DeviceFile]](h.do(http.MethodGet, "/api/v1/devices/"+string(h.phone("X", ""))+"/files", h.viewer, "").want(http.StatusOK)); len(list.Items) != 0 {
		t.Errorf("a device without a pack has files: %+v", list.Items)
	}
}

func TestRequestsForFilesAreListedNewestFirst(t *testing.T) {
	h := newHouse(t)
	south, north := h.acmePhone("0a:0b:0c:00:00:01", "A1", "acme/south"), h.acmePhone("0a:0b:0c:00:00:02", "A1", "acme/north")
	var fetches []provisioners.Fetch
	for i, d := range []device.ID{south, north, "", south} {
		status := 200
		if d == "" {
			status = 404
		}
		fetches = append(fetches, provisioners.Fetch{
			ID: string(rune('a'+i)) + strings.Repeat("a", 25), Device: d, At: h.clock.Now().Add(time.Duration(i) * time.Second), Protocol: "http", Method: "GET", Path: "/x.cfg", Status: status,
		})
	}
	check(t, h.store.Fetches().AppendFetches(t.Context(), fetches))
	list := func(token, path string) string {
		t.Helper()
		var ids []string
		next := ""
		for {
			page := as[api.Page[api.Fetch]](h.do(http.MethodGet, "/api/v1"+path+"&pageSize=1&pageToken="+next, token, "").want(http.StatusOK))
			for _, f := range page.Items {
				ids = append(ids, f.ID[:1])
			}
			if next = page.NextPageToken; next == "" {
				return strings.Join(ids, "")
			}
		}
	}
	for _, c := range []struct{ token, path, want string }{
		{h.viewer, "/fetches?", "dcba"}, {h.viewer, "/fetches?failed=true", "c"}, {h.south, "/fetches?", "da"},
		{h.viewer, "/devices/" + string(north) + "/fetches?", "b"}, {h.south, "/devices/" + string(south) + "/fetches?", "da"},
	} {
		if got := list(c.token, c.path); got != c.want {
			t.Errorf("%s: %s, want %s", c.path, got, c.want)
		}
	}
}

func TestAPhoneThatIsNotKnownIsAdopted(t *testing.T) {
	h := newHouse(t)
	now := h.clock.Now()
	for _, s := range []provisioners.Stranger{
		{ID: "mac-0a0b0c000009", MAC: "0a:0b:0c:00:00:09", Model: "A1", Pack: "acme", Protocol: "http", First: now, Last: now, Requests: 1},
		{ID: "address-192.0.2.9", Address: "192.0.2.9", Protocol: "tftp", First: now, Last: now.Add(time.Second), Requests: 2},
	} {
		check(t, h.store.Fetches().NoteStranger(t.Context(), s))
	}
	list := as[api.Page[api.Stranger]](h.do(http.MethodGet, "/api/v1/strangers?pageSize=1", h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 1 || list.Items[0].ID != "address-192.0.2.9" || list.NextPageToken == "" {
		t.Fatalf("strangers are %+v", list)
	}
	list = as[api.Page[api.Stranger]](h.do(http.MethodGet, "/api/v1/strangers?pageSize=1&pageToken="+list.NextPageToken, h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 1 || list.Items[0].Model != "A1" {
		t.Fatalf("strangers are %+v", list)
	}
	h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"number":"201","user":"u201"}`).want(http.StatusCreated)
	h.do(http.MethodPost, "/api/v1/strangers/address-192.0.2.9/adopt", h.operator, `{}`).invalid("body.mac")
	h.do(http.MethodPost, "/api/v1/strangers/mac-0a0b0c000009/adopt", h.operator, `{"line":"999"}`).invalid("body.line")
	a := h.do(http.MethodPost, "/api/v1/strangers/mac-0a0b0c000009/adopt", h.operator, `{"group":"acme","line":"201","settings":[{"path":"network.vlan.voice.id","value":7}]}`).want(http.StatusCreated)
	d := as[api.Device](a)
	if d.MAC != "0a:0b:0c:00:00:09" || d.Model != "A1" || d.Group != "acme" || d.Pack != "acme" || d.Provisioning.State != "pending" {
		t.Errorf("adopted %s", a.body)
	}
	h.do(http.MethodPost, "/api/v1/strangers/mac-0a0b0c000009/adopt", h.operator, `{}`).problem(http.StatusNotFound, "not-found")
	h.do(http.MethodDelete, "/api/v1/strangers/"+url.PathEscape("address-192.0.2.9"), h.operator, "").want(http.StatusNoContent)
	if list := as[api.Page[api.Stranger]](h.do(http.MethodGet, "/api/v1/strangers", h.viewer, "")); len(list.Items) != 0 {
		t.Errorf("strangers are %+v", list.Items)
	}
	file := as[api.DeviceFileContent](h.do(http.MethodGet, a.header.Get("Location")+"/files/0a0b0c000009.cfg", h.viewer, "").want(http.StatusOK))
	if !strings.Contains(file.Content, "account.1.user = u201\n") {
		t.Errorf("the file is %q", file.Content)
	}
}

func TestAPhoneIsAddedWithLineAndSettingsInOneCall(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"number":"201","user":"u201"}`).want(http.StatusCreated)
	body := `{"mac":"0a0b0c000001","model":"A1","line":"201","settings":[{"path":"account.1.registrar","value":"sip.example"},{"path":"admin.password","value":"sesame open"}]}`
	h.do(http.MethodPost, "/api/v1/devices", h.token(h.role("installer", "devices.read", "devices.write"), ""), body).problem(http.StatusForbidden, "forbidden")
	d := as[api.Device](h.do(http.MethodPost, "/api/v1/devices", h.operator, body).want(http.StatusCreated))
	if d.Provisioning.State != "pending" || d.Pack != "acme" {
		t.Errorf("added %+v", d)
	}
	if entry := h.newest(); !strings.Contains(string(entry.After), "sip.example") || strings.Contains(string(entry.After), "sesame") {
		t.Errorf("the entry is %+v", entry)
	}
	file := as[api.DeviceFileContent](h.do(http.MethodGet, "/api/v1/devices/"+d.ID+"/files/0a0b0c000001.cfg", h.viewer, "").want(http.StatusOK))
	if !strings.Contains(file.Content, "account.1.user = u201\n") || !strings.Contains(file.Content, "account.1.registrar = sip.example\n") {
		t.Errorf("the file is %q", file.Content)
	}
	// What is refused leaves nothing behind.
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"0a0b0c000002","settings":[{"path":"account.1.port","value":"x"}]}`).invalid("body.settings[account.1.port].value")
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"0a0b0c000002"}`).want(http.StatusCreated)
}
