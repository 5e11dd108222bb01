package pack_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	_ "time/tzdata"

	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// zipped returns files as a zip, below a folder.
func zipped(t testing.TB, files fstest.MapFS, folder string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, file := range files {
		header := &zip.FileHeader{Name: folder + name, Method: zip.Deflate}
		header.SetMode(file.Mode | 0o644)
		entry, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(file.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func loadZip(t testing.TB, data []byte) (*pack.Pack, error) {
	t.Helper()
	return pack.LoadZip(t.Context(), bytes.NewReader(data), int64(len(data)), catalogue(t))
}

func TestAZipIsReadAsItsFolderIs(t *testing.T) {
	for _, folder := range []string{"", "tiny-1.0/"} {
		p, err := loadZip(t, zipped(t, tinyFiles(t, map[string]string{".DS_Store": "x", "testdata/golden/x": "y"}), folder))
		if err != nil {
			t.Fatal(err)
		}
		if p.Revision() != tiny(t).Revision() {
			t.Errorf("in %q, the zip has another revision than the folder", folder)
		}
		if err := p.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestAZipThatCannotBeIsRefused(t *testing.T) {
	files := func(name string, file *fstest.MapFile) fstest.MapFS {
		all := tinyFiles(t, nil)
		all[name] = file
		return all
	}
	many := tinyFiles(t, nil)
	for i := range pack.MaxFiles {
		many["static/"+strings.Repeat("x", i+1)] = &fstest.MapFile{}
	}
	bombs := tinyFiles(t, nil)
	for i := range 9 {
		bombs["static/"+strings.Repeat("x", i+1)] = &fstest.MapFile{Data: make([]byte, pack.MaxFileBytes)}
	}
	tests := map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"a path that leaves":  {files("../x.tmpl", &fstest.MapFile{}), `the zip's entry "../x.tmpl" leaves its folder`},
		"an absolute path":    {files("/etc/x.tmpl", &fstest.MapFile{}), `leaves its folder`},
		"a turned path":       {files(`..\x.tmpl`, &fstest.MapFile{}), `leaves its folder`},
		"a drive":             {files(`C:x.tmpl`, &fstest.MapFile{}), `leaves its folder`},
		"a path with a dot":   {files(`a/./x.tmpl`, &fstest.MapFile{}), `leaves its folder`},
		"a link":              {files("static/leak", &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("/etc/passwd")}), "static/leak: is a link"},
		"a large file":        {files("static/large", &fstest.MapFile{Data: make([]byte, pack.MaxFileBytes+1)}), "static/large: is larger than"},
		"many files":          {many, "has more than 500 files"},
		"many bytes":          {bombs, "has more than 500 files or 33554432 bytes"},
		"deep folders":        {files(strings.Repeat("d/", 12)+"x", &fstest.MapFile{}), "folders may be 8 deep"},
		"no manifest":         {fstest.MapFS{"x.tmpl": {}}, "pack.yaml: a pack needs this file"},
		"nothing":             {fstest.MapFS{}, "pack.yaml: a pack needs this file"},
		"two folders":         {fstest.MapFS{"a/pack.yaml": {}, "b/pack.yaml": {}}, "pack.yaml: a pack needs this file"},
		"a template too long": {files("pack.yaml", &fstest.MapFile{Data: bytes.Repeat([]byte("# x\n"), 70_000)}), "pack.yaml: is larger than"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := loadZip(t, zipped(t, test.files, ""))
			if got := wrong(t, err); !strings.Contains(got[0], test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestWhatIsNoZipIsRefused(t *testing.T) {
	good := zipped(t, tinyFiles(t, nil), "")
	for name, data := range map[string][]byte{"nothing": {}, "a text": []byte("name: tiny"), "a part": good[:len(good)/2]} {
		if _, err := loadZip(t, data); !errors.As(err, new(pack.Errors)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := pack.LoadZip(t.Context(), bytes.NewReader(nil), pack.MaxZip+1, catalogue(t)); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pack.LoadZip(ctx, bytes.NewReader(good), int64(len(good)), catalogue(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// FuzzLoadZip shows that no zip stops the reader, and that what it refuses is said.
func FuzzLoadZip(f *testing.F) {
	f.Add(zipped(f, tinyFiles(f, nil), ""))
	f.Add(zipped(f, fstest.MapFS{"../x": {}}, ""))
	f.Add([]byte("PK\x05\x06"))
	c := catalogue(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := pack.LoadZip(t.Context(), bytes.NewReader(data), int64(len(data)), c)
		if err == nil && len(p.Models) == 0 {
			t.Error("a pack without models was read")
		}
	})
}

// FuzzManifest shows that no manifest stops the reader.
func FuzzManifest(f *testing.F) {
	f.Add(manifest(f))
	for _, seed := range []string{"", "name: x", "[", "a: &a [*a]", "models: [{}]", "defaults: {<<: *x}", "---\n---\n", "name: !!binary x", "? [a]\n: b", "files: [~]"} {
		f.Add(seed)
	}
	c := catalogue(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"pack.yaml": text}), ".", c)
		if err == nil && (p.Name == "" || len(p.Files) == 0) {
			t.Errorf("%q was read as a pack", text)
		}
		if err != nil && !errors.As(err, new(pack.Errors)) {
			t.Errorf("%q: got %v", text, err)
		}
	})
}

// FuzzTemplate shows that no template stops the reader or the renderer, or takes longer
// than it may.
func FuzzTemplate(f *testing.F) {
	for _, name := range []string{"phone.tmpl", "common.tmpl", "book.tmpl"} {
		f.Add(string(tinyFiles(f, nil)[name].Data))
	}
	f.Add("{{range 999999999}}{{end}}")
	f.Add("{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}")
	f.Add("{{$x := \"a\"}}{{range 99}}{{$x = print $x $x}}{{end}}")
	f.Add("{{break}}{{continue}}{{range seq 1 9}}{{break}}{{else}}{{continue}}{{end}}")
	f.Add("{{printf \"%[1]*d\" 5}}{{slice .owner 1 2}}{{index .accounts 0}}")
	c := catalogue(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"phone.tmpl": text + " "}), ".", c)
		if err != nil {
			return
		}
		content, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", map[string]string{"account.1.user": "200"}))
		if err == nil && len(content) > pack.MaxOutput {
			t.Errorf("%d bytes were written", len(content))
		}
	})
}
