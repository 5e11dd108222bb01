package pack_test

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

func catalogue(t testing.TB) *provisioners.Catalogue {
	t.Helper()
	c, err := provisioners.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tiny(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := pack.Load(t.Context(), os.DirFS("testdata"), "tiny", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tinyFiles returns the tiny pack's files, of which the given ones are others; one
// without content is left out.
func tinyFiles(t testing.TB, changed map[string]string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("testdata/tiny"), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile("testdata/tiny/" + path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range changed {
		if delete(files, path); content != "" {
			files[path] = &fstest.MapFile{Data: []byte(content)}
		}
	}
	return files
}

// manifest returns the tiny pack's manifest with some of its text replaced.
func manifest(t testing.TB, replace ...string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/tiny/pack.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(data), replace[i]) {
			t.Fatalf("the manifest has no %q", replace[i])
		}
	}
	return strings.NewReplacer(replace...).Replace(string(data))
}

func phone(t testing.TB, p *pack.Pack, model string, settings map[string]string) provisioners.Phone {
	t.Helper()
	m, ok := p.Model(model)
	if !ok {
		t.Fatalf("no model %s", model)
	}
	d := device.Device{ID: "a", MAC: "02:aa:bb:11:22:33", Model: model}
	d.SerialNumber = "SN1"
	return p.PhoneOf(m, d, settings)
}

func render(t testing.TB, p *pack.Pack, template string, data provisioners.Phone) string {
	t.Helper()
	for _, f := range p.Files {
		if f.Template != template {
			continue
		}
		content, err := p.Render(t.Context(), f, data)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	t.Fatalf("no file of %s", template)
	return ""
}

func TestAPackIsReadAsItsManifestSays(t *testing.T) {
	p := tiny(t)
	if p.Name != "tiny" || p.Title != "Tiny phones" || p.Version != 1 || len(p.Models) != 2 || len(p.Files) != 3 || len(p.Static) != 1 {
		t.Fatalf("got %s %q version %d with %d models, %d files, %d static files", p.Name, p.Title, p.Version, len(p.Models), len(p.Files), len(p.Static))
	}
	m, ok := p.Model("T-200")
	if !ok || m.Title != "T-200" || m.Lines != 6 || m.Keys != 10 || m.ExpansionModules != 2 || m.ExpansionKeys != 20 || !m.Golden {
		t.Errorf("got %+v", m)
	}
	if f := p.Files[1]; !f.Secrets || !f.Confirms || f.Generic || f.ContentType != "text/plain; charset=utf-8" {
		t.Errorf("got %+v", f)
	}
	if s := p.Static[0]; string(s.Content) != "ring\n" || s.ContentType != "application/octet-stream" {
		t.Errorf("got %+v", s)
	}
	served := p.Served(m)
	want := map[string]string{"provisioning.interval": "7200", "account.1.codecs": "g722,pcma", "time.zone": "Europe/Berlin"}
	for _, e := range served.Defaults {
		if want[e.Path] != e.Value {
			t.Errorf("the default of %s is %q", e.Path, e.Value)
		}
		delete(want, e.Path)
	}
	if len(want) > 0 {
		t.Errorf("defaults are missing: %v", want)
	}
}

func TestATinyPackRendersItsFiles(t *testing.T) {
	p := tiny(t)
	data := phone(t, p, "T-200", map[string]string{
		"account.1.user": "200", "account.1.password": "s3cret", "account.1.transport": "tls", "account.1.displayName": "Ada",
		"account.2.user": "201", "key.2.type": "blf", "key.2.value": "202",
	})
	want := `# 02aabb112233
account.1.user = 200
account.1.name = Ada
account.1.password = s3cret
account.1.transport = 2
account.2.user = 201
account.2.name = 201
account.2.password = 
account.2.transport = 3
key.1 = blf,202,-
`
	if got := render(t, p, "phone.tmpl", data); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = "# T-200\nzone = GMT+01:00\nforward = 3/5/0 02:00\ninterval = 120\n"
	if got := render(t, p, "common.tmpl", data); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheTinyPackPassesItsCheck(t *testing.T) {
	if err := tiny(t).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheRevisionChangesWithWhatPhonesGet(t *testing.T) {
	load := func(changed map[string]string) string {
		p, err := pack.Load(t.Context(), tinyFiles(t, changed), ".", catalogue(t))
		if err != nil {
			t.Fatal(err)
		}
		return p.Revision()
	}
	as := load(nil)
	if as != tiny(t).Revision() {
		t.Error("the same files have another revision")
	}
	if load(map[string]string{"README.md": "For people."}) != as {
		t.Error("a text for people changes the revision")
	}
	for _, changed := range []map[string]string{
		{"common.tmpl": "x = 1\n"}, {"static/ring.bin": "other"}, {"pack.yaml": manifest(t, "version: 1", "version: 2")},
	} {
		if load(changed) == as {
			t.Errorf("%v leaves the revision", changed)
		}
	}
}

func TestAPackIsMadeOfFilesByTheirPaths(t *testing.T) {
	files := map[string][]byte{}
	for _, name := range tiny(t).Sources() {
		files[name], _ = tiny(t).Source(name)
	}
	p, err := pack.LoadFiles(files, catalogue(t))
	if err != nil || p.Revision() != tiny(t).Revision() {
		t.Fatalf("got %v", err)
	}
	for name, want := range map[string]string{"../x": "leaves the folder", `a\x`: "leaves the folder", "/x": "leaves the folder", "": "leaves the folder"} {
		other := maps.Clone(files)
		other[name] = nil
		if _, err := pack.LoadFiles(other, catalogue(t)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", name, err)
		}
	}
	files["static/large"] = make([]byte, pack.MaxFileBytes+1)
	if _, err := pack.LoadFiles(files, catalogue(t)); err == nil || !strings.Contains(err.Error(), "static/large: is larger") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsHiddenIsNoPartOfAPack(t *testing.T) {
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{".DS_Store": "x", ".git/config": "x", "testdata/golden/T-200/x": "x"}), ".", catalogue(t))
	if err != nil || p.Revision() != tiny(t).Revision() {
		t.Errorf("got %v, %v", p.Sources(), err)
	}
}

func TestAFolderMustHaveTheNameOfItsPack(t *testing.T) {
	files := fstest.MapFS{}
	for name, file := range tinyFiles(t, nil) {
		files["other/"+name] = file
	}
	_, err := pack.Load(t.Context(), files, "other", catalogue(t))
	if err == nil || !strings.Contains(err.Error(), "the name is tiny") {
		t.Errorf("got %v", err)
	}
}

func TestWhatAModelCannotBeGivenIsServedWithIt(t *testing.T) {
	text := manifest(t, "unsupported: [", "unsupported: [{path: network.lldp, models: [T-100]}, {path: key.*.type, values: [hold]}, {path: language.phone, only: [de], models: ['*-200']}, ")
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"pack.yaml": text}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		path  bool
		limit []provisioners.ValueLimit
	}{
		"T-100": {true, []provisioners.ValueLimit{{Path: "key.*.type", Refused: []string{"hold"}}}},
		"T-200": {false, []provisioners.ValueLimit{{Path: "key.*.type", Refused: []string{"hold"}}, {Path: "language.phone", Taken: []string{"de"}}}},
	}
	for _, m := range p.Models {
		served := p.Served(m)
		if slices.Contains(served.Unsupported, "network.lldp") != want[m.Name].path || !slices.Contains(served.Unsupported, "network.cdp") {
			t.Errorf("%s: %v", m.Name, served.Unsupported)
		}
		if diff := cmp.Diff(want[m.Name].limit, served.Limits); diff != "" {
			t.Errorf("%s: %s", m.Name, diff)
		}
	}
}
