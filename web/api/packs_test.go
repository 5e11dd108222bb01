package api_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/web/api"
)

const zipped = "application/zip"

// zipOf returns a zip of files, in order of name.
func zipOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var raw bytes.Buffer
	w := zip.NewWriter(&raw)
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := w.Create(name)
		check(t, err)
		_, err = f.Write([]byte(files[name]))
		check(t, err)
	}
	check(t, w.Close())
	return raw.String()
}

func (h *house) upload(files map[string]string) answer {
	h.t.Helper()
	return h.do(http.MethodPost, "/api/v1/packs", h.admin, zipOf(h.t, files), "Content-Type", zipped)
}

func TestTheVendorPacksAreShown(t *testing.T) {
	h := newHouse(t)
	list := as[api.Page[api.Pack]](h.do(http.MethodGet, "/api/v1/packs", h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 1 || list.Items[0].Name != "acme" || !list.Items[0].BuiltIn || list.Items[0].Active != "builtIn" || list.Items[0].Models != 2 {
		t.Errorf("packs are %+v", list.Items)
	}
	p := as[api.PackDetail](h.do(http.MethodGet, "/api/v1/packs/acme", h.south, "").want(http.StatusOK))
	if len(p.ModelList) != 2 || len(p.Files) != 2 || !slices.Contains(p.Sources, "phone.cfg.tmpl") || p.Version != "builtIn" {
		t.Errorf("the pack is %+v", p)
	}
	f := as[api.PackSource](h.do(http.MethodGet, "/api/v1/packs/acme/files/phone.cfg.tmpl", h.viewer, "").want(http.StatusOK))
	if f.Content != acmeTemplate || f.Binary {
		t.Errorf("the template is %q", f.Content)
	}
	h.do(http.MethodGet, "/api/v1/packs/acme/files/..%2F..%2Fetc%2Fpasswd", h.viewer, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodGet, "/api/v1/packs/none", h.viewer, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodGet, "/api/v1/packs/acme?version=0123456789ab", h.viewer, "").problem(http.StatusNotFound, "not-found")
}

func TestAVersionOfAPackIsUploadedPlannedActivatedAndRolledBack(t *testing.T) {
	h := newHouse(t)
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	h.do(http.MethodPatch, "/api/v1/devices/"+string(id)+"/settings", h.operator, `{"set":[{"path":"account.1.user","value":"100"}]}`).want(http.StatusOK)
	files := acmeFiles()
	files["phone.cfg.tmpl"] += "more = 1\n"
	up := h.upload(files).want(http.StatusCreated)
	p := as[api.PackDetail](up)
	if p.Active != "builtIn" || len(p.Versions) != 1 || p.Versions[0].Active || len(p.Version) != 12 || p.Versions[0].File != "pack-acme-"+p.Version+".zip" {
		t.Fatalf("uploaded %s", up.body)
	}
	if again := as[api.PackDetail](h.upload(files).want(http.StatusCreated)); again.Version != p.Version || len(again.Versions) != 1 {
		t.Errorf("the same zip is %+v", again.Versions)
	}
	plan := as[api.SettingsPlan](h.do(http.MethodPost, "/api/v1/settings/plan", h.operator, `{"pack":{"name":"acme","version":"`+p.Version+`"}}`).want(http.StatusOK))
	if plan.Changed != 1 || plan.Alike != 0 {
		t.Errorf("the plan is %+v", plan)
	}
	d := as[api.DevicePlan](h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/settings/plan", h.operator, `{"pack":{"name":"acme","version":"`+p.Version+`"}}`).want(http.StatusOK))
	if len(d.Files) != 1 || !strings.Contains(d.Files[0].Difference, "+more = 1\n") {
		t.Errorf("the differences are %+v", d.Files)
	}
	file := "/api/v1/devices/" + string(id) + "/files/0a0b0c000001.cfg"
	content := func() string {
		return as[api.DeviceFileContent](h.do(http.MethodGet, file, h.viewer, "").want(http.StatusOK)).Content
	}
	if strings.Contains(content(), "more") {
		t.Error("an upload is in force before it is chosen")
	}
	h.do(http.MethodPost, "/api/v1/packs/acme/activate", h.operator, `{"version":"`+p.Version+`"}`).problem(http.StatusForbidden, "forbidden")
	active := as[api.PackDetail](h.do(http.MethodPost, "/api/v1/packs/acme/activate", h.admin, `{"version":"`+p.Version+`"}`).want(http.StatusOK))
	if active.Active != p.Version || !strings.Contains(content(), "more = 1\n") {
		t.Errorf("active is %+v, the file %q", active.Pack, content())
	}
	if entry := h.newest(); entry.Action != "activatePack" || entry.Target != "pack/acme" || entry.Detail != p.Version {
		t.Errorf("the entry is %+v", entry)
	}
	h.do(http.MethodDelete, "/api/v1/packs/acme/versions/"+p.Version, h.admin, "").problem(http.StatusConflict, "state")
	h.do(http.MethodPost, "/api/v1/packs/acme/activate", h.admin, `{"version":"builtIn"}`).want(http.StatusOK)
	if strings.Contains(content(), "more") {
		t.Error("it is not rolled back")
	}
	h.do(http.MethodDelete, "/api/v1/packs/acme/versions/"+p.Version, h.admin, "").want(http.StatusNoContent)
	h.do(http.MethodDelete, "/api/v1/packs/acme/versions/"+p.Version, h.admin, "").problem(http.StatusNotFound, "not-found")
}

func TestAPackThatIsNotFitIsRefusedWithFileAndLine(t *testing.T) {
	h := newHouse(t)
	for name, change := range map[string]struct{ file, content, place string }{
		"a missing key":              {"phone.cfg.tmpl", "a = 1\nb = {{.nope.nothing}}\n", "phone.cfg.tmpl:2"},
		"a wrong type":               {"pack.yaml", strings.Replace(acmeManifest, "version: 1", "version: one", 1), "pack.yaml:4"},
		"a secret where none may be": {"common.cfg.tmpl", "x = {{.admin.password}}\n", "common.cfg.tmpl"},
	} {
		files := acmeFiles()
		files[change.file] = change.content
		p := h.upload(files).problem(http.StatusUnprocessableEntity, "invalid")
		if len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Location, change.place) {
			t.Errorf("%s: %+v, want %s", name, p.Errors, change.place)
		}
	}
	h.do(http.MethodPost, "/api/v1/packs", h.admin, "no zip", "Content-Type", zipped).problem(http.StatusUnprocessableEntity, "invalid")
	h.do(http.MethodPost, "/api/v1/packs", h.admin, "{}").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	h.do(http.MethodPost, "/api/v1/packs", h.admin, strings.Repeat("x", 17<<20), "Content-Type", zipped).problem(http.StatusRequestEntityTooLarge, "too-large")
	if list := as[api.Page[api.File]](h.do(http.MethodGet, "/api/v1/files", h.viewer, "")); len(list.Items) != 0 {
		t.Errorf("files are left: %+v", list.Items)
	}
}

func TestAPackIsEditedFileByFile(t *testing.T) {
	h := newHouse(t)
	body, err := json.Marshal(map[string]any{"files": map[string]any{"phone.cfg.tmpl": acmeTemplate + "edited = 1\n"}})
	check(t, err)
	p := as[api.PackDetail](h.do(http.MethodPost, "/api/v1/packs/acme/edit", h.admin, string(body)).want(http.StatusCreated))
	f := as[api.PackSource](h.do(http.MethodGet, "/api/v1/packs/acme/files/phone.cfg.tmpl?version="+p.Version, h.viewer, "").want(http.StatusOK))
	if !strings.HasSuffix(f.Content, "edited = 1\n") {
		t.Errorf("the template is %q", f.Content)
	}
	broken := h.do(http.MethodPost, "/api/v1/packs/acme/edit", h.admin, `{"files":{"phone.cfg.tmpl":null}}`).problem(http.StatusUnprocessableEntity, "invalid")
	if len(broken.Errors) == 0 || !strings.HasPrefix(broken.Errors[0].Location, "pack.yaml") {
		t.Errorf("errors are %+v", broken.Errors)
	}
}

func TestAPackThatDidNotComeWithTheProgramComesAndGoes(t *testing.T) {
	h := newHouse(t)
	files := acmeFiles()
	files["pack.yaml"] = strings.NewReplacer("name: acme", "name: zeta", "vendor: Acme", "vendor: Zeta", "0a0b0c", "0d0e0f", "A1", "Z1", "A2", "Z2").Replace(acmeManifest)
	p := as[api.PackDetail](h.upload(files).want(http.StatusCreated))
	if p.BuiltIn || p.Active != "" {
		t.Errorf("the pack is %+v", p.Pack)
	}
	if list := as[api.Page[api.Pack]](h.do(http.MethodGet, "/api/v1/packs", h.viewer, "")); len(list.Items) != 2 || list.Items[1].Name != "zeta" || list.Items[1].Active != "" {
		t.Errorf("packs are %+v", list.Items)
	}
	h.do(http.MethodPost, "/api/v1/packs/zeta/activate", h.admin, `{"version":"builtIn"}`).problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, "/api/v1/packs/zeta/activate", h.admin, `{"version":"`+p.Version+`"}`).want(http.StatusOK)
	id := h.acmePhone("0d:0e:0f:00:00:01", "Z1", "")
	if list := as[api.Page[api.DeviceFile]](h.do(http.MethodGet, "/api/v1/devices/"+string(id)+"/files", h.viewer, "")); len(list.Items) != 2 {
		t.Errorf("files are %+v", list.Items)
	}
	h.do(http.MethodDelete, "/api/v1/packs/zeta/versions/"+p.Version, h.admin, "").want(http.StatusNoContent)
	h.do(http.MethodGet, "/api/v1/packs/zeta", h.viewer, "").problem(http.StatusNotFound, "not-found")
}
