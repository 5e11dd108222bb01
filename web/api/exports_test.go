package api_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners/pbx"
	"github.com/dialtone-acs/dialtone/web/api"
)

// declared fills a house with settings of every kind, lines and two phones.
func (h *house) declared() {
	h.t.Helper()
	h.group("acme/south")
	h.do(http.MethodPatch, "/api/v1/settings/global", h.operator, `{"set":[{"path":"time.zone","value":"Europe/Berlin","locked":true},{"path":"user.password","value":"auto"}]}`).want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/groups/acme%2Fsouth/settings", h.operator, `{"set":[{"path":"account.*.codecs","value":["g722","pcma"]},
		{"path":"network.vlan.voice.id","value":7,"models":["A2*"],"filter":"tags:x"},{"path":"admin.password","value":"sesame open"}]}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"group":"acme/south","number":"201","user":"u201","password":"hush-hush","displayName":"Front desk","listed":true}`).want(http.StatusCreated)
	first := h.acmePhone("0a:0b:0c:00:00:01", "A1", "acme/south")
	second := h.acmePhone("0a:0b:0c:00:00:02", "A2", "acme")
	h.do(http.MethodPatch, "/api/v1/devices/"+string(first), h.operator, `{"tags":["desk","x"]}`, "Content-Type", "application/merge-patch+json").want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/devices/"+string(first)+"/settings", h.operator, `{"set":[{"path":"owner","value":"201"},{"path":"account.1.line","value":"owner"},
		{"path":"account.1.displayName","value":"=cmd()"},{"path":"account.1.number","value":"+4930201"},{"path":"account.2.user","value":"202"},
		{"path":"account.2.password","value":"-hunter2"},{"path":"account.1.password","value":"auto"},{"path":"network.lldp","value":true}]}`).want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/devices/"+string(second)+"/settings", h.operator, `{"set":[{"path":"account.1.user","value":"301"},
		{"path":"network.vlan.voice.id","value":9,"locked":true}]}`).want(http.StatusOK)
	h.phone("without a MAC address", "acme")
}

func (h *house) roster(token, path string) string {
	h.t.Helper()
	return string(h.do(http.MethodGet, "/api/v1/exports/"+path, token, "").want(http.StatusOK).body)
}

func TestWhatIsExportedIsBroughtInAgainAsItWas(t *testing.T) {
	h := newHouse(t)
	h.declared()
	settings, phones := h.roster(h.admin, "settings?secrets=true"), h.roster(h.admin, "phones?format=json&secrets=true")
	other := newHouse(t)
	for _, file := range []string{settings, phones} {
		a := other.bring(other.operator, file, "format", "json", "dryRun", "false", "makeGroups", "true").want(http.StatusOK)
		if r := as[api.ImportResult](a); r.Refused != 0 || r.Created+r.Changed < 2 {
			t.Fatalf("the import says %s", a.body)
		}
	}
	if got := other.roster(other.admin, "settings?secrets=true"); got != settings {
		t.Errorf("settings are\n%s\nwere\n%s", got, settings)
	}
	if got := other.roster(other.admin, "phones?format=json&secrets=true"); !sameLines(got, phones) {
		t.Errorf("phones are\n%s\nwere\n%s", got, phones)
	}
	// The same once more changes nothing, nor does the CSV of the phones.
	table := h.roster(h.admin, "phones?secrets=true")
	for file, format := range map[string]string{settings: "json", phones: "json", table: "csv"} {
		if r := as[api.ImportResult](other.bring(other.operator, file, "format", format, "dryRun", "false").want(http.StatusOK)); r.Unchanged != len(r.Rows) || len(r.Rows) < 2 {
			t.Errorf("%s once more says %+v", format, r)
		}
	}
	// And a CSV alone brings the phones but for what is locked.
	third := newHouse(t)
	if r := as[api.ImportResult](third.bring(third.operator, table, "format", "csv", "dryRun", "false", "makeGroups", "true").want(http.StatusOK)); r.Created != 2 {
		t.Fatalf("the import of the CSV says %+v", r)
	}
	if got := third.roster(third.admin, "phones?secrets=true"); !sameLines(got, table) {
		t.Errorf("the CSV is\n%s\nwas\n%s", got, table)
	}
}

// sameLines compares texts but for the order of their lines and the commas between
// elements: phones come in order of id.
func sameLines(a, b string) bool {
	count := map[string]int{}
	for line := range strings.Lines(a) {
		count[strings.TrimPrefix(line, ",")]++
	}
	for line := range strings.Lines(b) {
		count[strings.TrimPrefix(line, ",")]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestAnExportShowsSecretsOnlyToWhoMaySeeThemAndNoFormulaToASpreadsheet(t *testing.T) {
	h := newHouse(t)
	h.declared()
	for _, path := range []string{"phones", "phones?format=json", "settings"} {
		text := h.roster(h.viewer, path)
		for _, secret := range []string{"sesame", "hush", "hunter2"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %s", path, secret)
			}
		}
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		h.do(http.MethodGet, "/api/v1/exports/"+path+separator+"secrets=true", h.operator, "").problem(http.StatusForbidden, "forbidden")
		before := h.newest().Sequence
		h.roster(h.admin, path+separator+"secrets=true")
		if e := h.newest(); e.Sequence == before || !strings.HasPrefix(e.Action, "export") || e.Detail != "with secrets" {
			t.Errorf("the audit log says %+v", e)
		}
	}
	table := h.roster(h.admin, "phones?secrets=true")
	header, _, _ := strings.Cut(table, "\r\n")
	if header != "mac,model,group,owner,tags,account.1.displayName,account.1.line,account.1.number,account.1.password,account.1.user,account.2.password,account.2.user,network.lldp" {
		t.Errorf("the header is %s", header)
	}
	for _, cell := range []string{",'=cmd(),", ",'+4930201,", ",'-hunter2,", ",auto,", ",desk x,", ",201,"} {
		if !strings.Contains(table, cell) {
			t.Errorf("no cell %s in\n%s", cell, table)
		}
	}
	if filtered := h.roster(h.viewer, "phones?filter=tags%3Adesk"); strings.Count(filtered, "\r\n") != 2 {
		t.Errorf("one phone is\n%s", filtered)
	}
	south := h.roster(h.south, "settings")
	if strings.Contains(south, "time.zone") || !strings.Contains(south, `"number":"201"`) || strings.Contains(h.roster(h.south, "phones"), "0a:0b:0c:00:00:02") {
		t.Errorf("who is limited sees %s", south)
	}
	h.do(http.MethodGet, "/api/v1/exports/phones?filter=nope%20%3D%201", h.viewer, "").problem(http.StatusUnprocessableEntity, "invalid")
}

func TestThePBXIsToldNothingThatIsNotSure(t *testing.T) {
	without := newHouse(t)
	for _, call := range [][2]string{{http.MethodGet, "/api/v1/pbx/preview"}, {http.MethodPost, "/api/v1/pbx/apply"}} {
		without.do(call[0], call[1], without.admin, "").problem(http.StatusConflict, "state")
	}
	folder := t.TempDir()
	h := newHouse(t, func(o *api.Options) { o.PBX = publisher(t, pbx.Writer{Dir: folder, Reload: "exit 3"}) })
	h.do(http.MethodGet, "/api/v1/pbx/preview", h.south, "").problem(http.StatusForbidden, "forbidden")
	one, two := h.acmePhone("0a:0b:0c:00:00:01", "A1", ""), h.acmePhone("0a:0b:0c:00:00:02", "A1", "")
	for id, password := range map[string]string{string(one): "first-one", string(two): "other-one"} {
		h.do(http.MethodPatch, "/api/v1/devices/"+id+"/settings", h.operator, `{"set":[{"path":"account.1.user","value":"201"},{"path":"account.1.password","value":"`+password+`"},
			{"path":"account.2.user","value":"no-password"}]}`).want(http.StatusOK)
	}
	if p := h.do(http.MethodPost, "/api/v1/pbx/apply", h.operator, "").problem(http.StatusConflict, "state"); !strings.Contains(p.Detail, "201") || strings.Contains(p.Detail, "-one") {
		t.Errorf("the conflict is told as %s", p.Detail)
	}
	if names, err := filepath.Glob(folder + "/*"); err != nil || len(names) != 0 {
		t.Errorf("written are %v, %v", names, err)
	}
	h.do(http.MethodPatch, "/api/v1/devices/"+string(two)+"/settings", h.operator, `{"set":[{"path":"account.1.password","value":"first-one"}]}`).want(http.StatusOK)
	// The command fails each time until it does not: what it was not told is not forgotten.
	for range 2 {
		r := as[api.PBXResult](h.do(http.MethodPost, "/api/v1/pbx/apply", h.operator, "").want(http.StatusOK))
		if r.Phones != 2 || r.Accounts != 1 || r.WithoutPassword != 2 || r.Reloaded || r.Problem == "" {
			t.Errorf("applying says %+v", r)
		}
	}
	if e := h.newest(); e.Action != "applyPBX" || e.Target != "pbx" || !strings.Contains(e.Detail, "1 accounts") {
		t.Errorf("the audit log says %+v", e)
	}
}
