package shelf

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

const manifest = `name: acme
vendor: Acme
version: 1
models: [{name: A1, lines: 1, keys: 0}]
files: [{name: '{mac}.cfg', template: phone.cfg.tmpl, format: keyvalue, contentType: text/plain, confirms: true}]
`

// library keeps files in memory.
type library struct {
	files   map[string]files.File
	content map[string][]byte
	// broken makes contents unreadable.
	broken bool
}

type content struct{ *bytes.Reader }

func (content) Close() error { return nil }

func (l *library) Get(_ context.Context, name string) (files.File, error) {
	f, ok := l.files[name]
	if !ok {
		return f, files.ErrNotFound
	}
	return f, nil
}

func (l *library) OpenContent(_ context.Context, f files.File) (io.ReadSeekCloser, error) {
	if l.broken {
		return nil, errors.New("disk on fire")
	}
	return content{bytes.NewReader(l.content[f.Name])}, nil
}

func (l *library) Add(_ context.Context, f files.File, r io.Reader) (files.File, error) {
	if err := f.Validate(); err != nil {
		return f, err
	}
	if _, taken := l.files[f.Name]; taken {
		return f, files.ErrExists
	}
	raw, err := io.ReadAll(r)
	f.Size = int64(len(raw))
	l.files[f.Name], l.content[f.Name] = f, raw
	return f, err
}

func (l *library) List(context.Context, files.List) (files.Page, error) {
	var page files.Page
	for _, f := range l.files {
		page.Files = append(page.Files, f)
	}
	return page, nil
}

// documents keeps documents of one kind in memory.
type documents struct {
	declared.Store
	all map[string]declared.Document
	err error
}

func (d *documents) Documents(context.Context, declared.Kind) ([]declared.Document, error) {
	var all []declared.Document
	for _, one := range d.all {
		all = append(all, one)
	}
	return all, d.err
}

func (d *documents) choose(t *testing.T, name, file string) {
	t.Helper()
	body, err := json.Marshal(Choice{Active: file})
	if err != nil {
		t.Fatal(err)
	}
	d.all[name] = declared.Document{Kind: declared.VendorPack, ID: name, Body: body, Revision: d.all[name].Revision + 1}
}

// loadPack loads a pack with one template.
func loadPack(t *testing.T, template string) *pack.Pack {
	t.Helper()
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	p, err := pack.Load(t.Context(), fstest.MapFS{"acme/pack.yaml": {Data: []byte(manifest)}, "acme/phone.cfg.tmpl": {Data: []byte(template)}}, "acme", catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func newShelf(t *testing.T, log io.Writer) (*Shelf, *library, *documents) {
	t.Helper()
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	l, d := &library{files: map[string]files.File{}, content: map[string][]byte{}}, &documents{all: map[string]declared.Document{}}
	s, err := New(t.Context(), Options{
		BuiltIn: []*pack.Pack{loadPack(t, "a = 1\n")}, Catalogue: catalogue, Documents: d, Files: l, Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, l, d
}

func inForce(t *testing.T, s *Shelf) string {
	t.Helper()
	p, ok := s.Registry().Pack("acme")
	if !ok {
		t.Fatal("there is no pack acme")
	}
	source, _ := p.Source("phone.cfg.tmpl")
	return strings.TrimSpace(string(source))
}

func add(t *testing.T, s *Shelf, template string) Upload {
	t.Helper()
	_, u, err := s.Edit(t.Context(), loadPack(t, "a = 1\n"), map[string]*string{"phone.cfg.tmpl": &template}, "test")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTheChosenVersionIsInForceAndTheProgramsOwnOtherwise(t *testing.T) {
	s, _, d := newShelf(t, io.Discard)
	u := add(t, s, "a = 2\n")
	before := s.Revision()
	if inForce(t, s) != "a = 1" || s.Active("acme") != BuiltIn || !s.HasBuiltIn("acme") || s.HasBuiltIn("zeta") {
		t.Errorf("before a choice %q, %s", inForce(t, s), s.Active("acme"))
	}
	d.choose(t, "acme", u.File.Name)
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if inForce(t, s) != "a = 2" || s.Active("acme") != u.Version || s.Revision() == before || len(s.Problems()) != 0 {
		t.Errorf("chosen is %q, %s, %v", inForce(t, s), s.Active("acme"), s.Problems())
	}
	d.choose(t, "acme", "")
	if err := s.Refresh(t.Context()); err != nil || inForce(t, s) != "a = 1" || s.Revision() != before {
		t.Errorf("rolled back to %q (%v)", inForce(t, s), err)
	}
}

func TestAVersionThatCannotBeLoadedLeavesTheLastGoodOne(t *testing.T) {
	var log bytes.Buffer
	s, l, d := newShelf(t, &log)
	good, bad := add(t, s, "a = 2\n"), add(t, s, "a = 3\n")
	d.choose(t, "acme", good.File.Name)
	if err := s.Refresh(t.Context()); err != nil || inForce(t, s) != "a = 2" {
		t.Fatalf("in force is %q (%v)", inForce(t, s), err)
	}
	clear(s.loaded) // As on another node, which did not take the upload.
	l.broken = true
	d.choose(t, "acme", bad.File.Name)
	for range 3 {
		if err := s.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if p := s.Problems(); inForce(t, s) != "a = 2" || len(p) != 1 || p[0].Pack != "acme" || p[0].File != bad.File.Name || p[0].Message == "" {
		t.Errorf("in force is %q, problems are %v", inForce(t, s), p)
	}
	if n := strings.Count(log.String(), "cannot load a vendor pack"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, log.String())
	}
	// It is tried again without a change.
	l.broken = false
	if err := s.Refresh(t.Context()); err != nil || inForce(t, s) != "a = 3" || len(s.Problems()) != 0 {
		t.Errorf("in force is %q, problems are %v (%v)", inForce(t, s), s.Problems(), err)
	}
}

func TestAChoiceOfWhatIsNotThereIsAProblem(t *testing.T) {
	s, _, d := newShelf(t, io.Discard)
	for _, file := range []string{"pack-acme-000000000000.zip", "firmware.bin", "pack-zeta-000000000000.zip", "../x"} {
		d.choose(t, "acme", file)
		if err := s.Refresh(t.Context()); err != nil || len(s.Problems()) != 1 || inForce(t, s) != "a = 1" {
			t.Errorf("%s: %v, %v", file, s.Problems(), err)
		}
	}
	d.all["acme"] = declared.Document{ID: "acme", Body: json.RawMessage(`{"active":7}`), Revision: 99}
	if err := s.Refresh(t.Context()); err != nil || len(s.Problems()) != 1 {
		t.Errorf("a document of another shape: %v, %v", s.Problems(), err)
	}
	d.err = errors.New("store is gone")
	if err := s.Refresh(t.Context()); err == nil || inForce(t, s) != "a = 1" {
		t.Errorf("without the store %v", err)
	}
	if _, err := New(t.Context(), Options{}); err == nil {
		t.Error("a shelf of nothing")
	}
}

func TestAnUploadIsCheckedAndStoredOnce(t *testing.T) {
	s, l, _ := newShelf(t, io.Discard)
	template := "a = {{.nope}}\n"
	var wrong pack.Errors
	if _, _, err := s.Edit(t.Context(), loadPack(t, "a = 1\n"), map[string]*string{"phone.cfg.tmpl": &template}, "test"); !errors.As(err, &wrong) {
		t.Errorf("a missing key: %v", err)
	}
	if _, _, err := s.Add(t.Context(), strings.NewReader("no zip"), "test"); !errors.As(err, &wrong) {
		t.Errorf("no zip: %v", err)
	}
	if _, _, err := s.Add(t.Context(), io.LimitReader(zeros{}, MaxZip+2), "test"); !errors.Is(err, files.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	var outside bytes.Buffer
	w := zip.NewWriter(&outside)
	for name, text := range map[string]string{"pack.yaml": manifest, "phone.cfg.tmpl": "a = 1\n", "../evil": "x"} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Add(t.Context(), &outside, "test"); !errors.As(err, &wrong) {
		t.Errorf("a path out of the folder: %v", err)
	}
	if len(l.files) != 0 {
		t.Errorf("stored %v", l.files)
	}
	first, second := add(t, s, "a = 2\n"), add(t, s, "a = 2\n")
	if first.Version != second.Version || len(l.files) != 1 || first.File.Type != FileType {
		t.Errorf("uploads are %+v and %+v", first, second)
	}
	if all, err := s.Uploads(t.Context(), "acme"); err != nil || len(all) != 1 || all[0].Version != first.Version {
		t.Errorf("listed %v (%v)", all, err)
	}
	if all, err := s.Uploads(t.Context(), "zeta"); err != nil || len(all) != 0 {
		t.Errorf("listed %v (%v)", all, err)
	}
}

func TestAnUploadInWhichASettingHasTwoRoadsOrNoneIsRefused(t *testing.T) {
	s, l, _ := newShelf(t, io.Discard)
	mapping := "version: 1\nsplit: true\ndiscover: [Time.]\nparameters:\n  - {setting: time.ntp.primary, path: Time.NTPServer1}\n"
	template := "ntp = {{.time.ntp.primary}}\n"
	_, _, err := s.Edit(t.Context(), loadPack(t, "a = 1\n"), map[string]*string{"cwmp.yaml": &mapping, "phone.cfg.tmpl": &template}, "test")
	for _, want := range []string{"phone.cfg.tmpl: time.ntp.primary goes by both roads", "phone.cfg.tmpl: time.zone goes by no road"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if len(l.files) != 0 {
		t.Errorf("stored %v", l.files)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestPacksAsTheyWouldBe(t *testing.T) {
	s, _, _ := newShelf(t, io.Discard)
	other := s.With(loadPack(t, "a = 9\n"))
	p, ok := other.Pack("acme")
	source, _ := p.Source("phone.cfg.tmpl")
	if !ok || string(source) != "a = 9\n" || inForce(t, s) != "a = 1" {
		t.Errorf("with it %q, in force %q", source, inForce(t, s))
	}
	if got := s.Without("acme").Packs(); len(got) != 0 {
		t.Errorf("without it there are %v", got)
	}
	if _, err := s.Version(t.Context(), "zeta", BuiltIn); !errors.Is(err, ErrNotFound) {
		t.Errorf("a pack that is not there: %v", err)
	}
}

func TestNamesOfFilesAreReadAsTheyAreWritten(t *testing.T) {
	for name, want := range map[string][2]string{
		FileName("acme", "0123456789ab"):        {"acme", "0123456789ab"},
		FileName("cisco-mpp-x", "0123456789ab"): {"cisco-mpp-x", "0123456789ab"},
		"pack-acme-0123456789AB.zip":            {},
		"pack-acme-0123456789ab.zip.zip":        {},
		"pack--0123456789ab.zip":                {},
	} {
		name, version, ok := ParseFileName(name)
		if name != want[0] || version != want[1] || ok != (want[0] != "") {
			t.Errorf("%s, %s, %t; want %v", name, version, ok, want)
		}
	}
}
