package plan

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

const linksManifest = `name: links
vendor: Links
version: 1
models: [{name: L1, lines: 1, keys: 0}]
files:
  - {name: '{mac}.cfg', template: phone.cfg.tmpl, format: keyvalue, contentType: text/plain, confirms: true}
  - {name: 'book-{mac}.txt', template: book.tmpl, format: keyvalue, contentType: text/plain, directory: true}
`

func TestTemplatesSeeLinksAndTheDirectoryOfTheCustomer(t *testing.T) {
	h := newHouse(t)
	catalogue, err := provisioners.DefaultCatalogue()
	h.check(err)
	p, err := pack.Load(t.Context(), fstest.MapFS{
		"links/pack.yaml":      {Data: []byte(linksManifest)},
		"links/phone.cfg.tmpl": {Data: []byte("base = {{.links.base}}\nport = {{.links.port}}\nfirmware = {{.links.firmware}}\nbook = {{.links.directory}}\n")},
		"links/book.tmpl":      {Data: []byte("{{range .directory}}{{.name}} = {{.number}}\n{{end}}")},
	}, "links", catalogue)
	h.check(err)
	h.packs = pack.NewRegistry(p)
	for _, l := range []provisioners.Line{
		{LineKey: provisioners.LineKey{Group: "acme", Number: "2"}, DisplayName: "Zoe", Listed: true},
		{LineKey: provisioners.LineKey{Group: "acme", Number: "3"}, Label: "Front", Listed: true},
		{LineKey: provisioners.LineKey{Group: "acme", Number: "4"}, DisplayName: "Hidden"},
		{LineKey: provisioners.LineKey{Group: "other", Number: "5"}, DisplayName: "Other", Listed: true},
	} {
		_, err := h.lines.PutLine(t.Context(), l)
		h.check(err)
	}
	h.declare(key(provisioners.GroupLevel, "acme"), "firmware.file", "fw 1.bin")
	h.declare(key(provisioners.GroupLevel, "other"), "provisioning.url", "https://elsewhere.example/cfg")
	files := func(group string) (phone, book string) {
		t.Helper()
		d := device.Device{ID: "x", MAC: "0a:0b:0c:00:00:01", Model: "L1", Group: group}
		all, err := h.resolver.EffectiveOf(t.Context(), []device.Device{d}, provisioners.Change{Packs: h.packs})
		h.check(err)
		made, err := h.renderer.Files(t.Context(), d, all[0], h.packs)
		h.check(err)
		if len(made) != 2 || made[0].Name != "0a0b0c000001.cfg" || made[0].Problem != "" || made[1].Problem != "" {
			t.Fatalf("files are %+v", made)
		}
		return string(made[0].Content), string(made[1].Content)
	}
	phone, book := files("acme/south")
	if book != "Front = 3\nZoe = 2\n" {
		t.Errorf("the directory is %q", book)
	}
	want := "base = http://files.example:7568/\nport = 7568\nfirmware = http://files.example:7568/firmware/fw%201.bin\nbook = http://files.example:7568/book-0a0b0c000001.txt\n"
	if phone != want {
		t.Errorf("the file is %q", phone)
	}
	phone, book = files("other")
	if !strings.Contains(phone, "base = https://elsewhere.example/cfg/\nport = 443\n") || book != "Other = 5\n" {
		t.Errorf("the files are %q and %q", phone, book)
	}
}

func TestAFileWhoseNameNeedsWhatIsNotKnownHasAProblem(t *testing.T) {
	h := newHouse(t)
	d := device.Device{ID: "x", Manufacturer: "Acme", Model: "A1"}
	all, err := h.resolver.EffectiveOf(t.Context(), []device.Device{d}, provisioners.Change{})
	h.check(err)
	made, err := h.renderer.Files(t.Context(), d, all[0], h.packs)
	h.check(err)
	if len(made) != 1 || !strings.Contains(made[0].Problem, "MAC") {
		t.Errorf("files are %+v", made)
	}
	if made, err := h.renderer.Files(t.Context(), device.Device{Model: "unknown"}, all[0], h.packs); err != nil || made != nil {
		t.Errorf("files of an unknown model are %+v (%v)", made, err)
	}
}
