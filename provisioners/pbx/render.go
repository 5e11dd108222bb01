package pbx

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

//go:embed asterisk/*.tmpl
var builtIn embed.FS

// BuiltIn returns the templates that come with the program, for Asterisk.
func BuiltIn() fs.FS {
	sub, err := fs.Sub(builtIn, "asterisk")
	if err != nil {
		panic(err) // The folder is named above.
	}
	return sub
}

// File is one file for the PBX.
type File struct {
	Name string
	// Text holds passwords.
	Text secret.Text
}

// Templates make files for a PBX. They are safe for concurrent use.
type Templates struct{ all []*template.Template }

// maxFile bounds one file, in bytes.
const maxFile = 256 << 20

// ReadTemplates reads every template of a folder, "NAME.tmpl" for the file NAME. It
// returns an error that names file and line for one that cannot be used, and for a
// folder without any.
func ReadTemplates(folder fs.FS) (*Templates, error) {
	names, err := fs.Glob(folder, "*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read PBX templates: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("read PBX templates: no *.tmpl is there")
	}
	slices.Sort(names)
	t := &Templates{}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("read PBX templates: %w", err)
		}
		parsed, err := template.New(path.Base(name)).Option("missingkey=error").Funcs(functions()).Parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("read PBX templates: %w", err)
		}
		t.all = append(t.all, parsed)
	}
	return t, nil
}

// functions are what templates may call beside those of text/template.
func functions() template.FuncMap {
	return template.FuncMap{
		"value":  value,
		"codecs": codecs,
		"reveal": func(s secret.Text) string { return value(s.Reveal()) },
		"join":   strings.Join,
	}
}

// value makes a text one that Asterisk reads as it is: in one line, without a comment.
func value(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	return strings.ReplaceAll(text, ";", `\;`)
}

// codecs returns the names that Asterisk has for codecs; those that it does not know
// are left out.
func codecs(names []string) string {
	known := map[string]string{"g722": "g722", "pcmu": "ulaw", "pcma": "alaw", "g729": "g729", "opus": "opus", "ilbc": "ilbc", "g726": "g726"}
	var all []string
	for _, name := range names {
		if asterisk, ok := known[name]; ok {
			all = append(all, asterisk)
		}
	}
	return strings.Join(all, ",")
}

// Render makes the files for these endpoints.
func (t *Templates) Render(endpoints []Endpoint) ([]File, error) {
	var files []File
	for _, parsed := range t.all {
		var text bytes.Buffer
		if err := parsed.Execute(&limited{buffer: &text}, map[string]any{"Endpoints": endpoints}); err != nil {
			return nil, fmt.Errorf("render for the PBX: %w", err)
		}
		files = append(files, File{Name: strings.TrimSuffix(parsed.Name(), ".tmpl"), Text: secret.NewText(text.String())})
	}
	return files, nil
}

// limited is a buffer that takes at most maxFile bytes.
type limited struct{ buffer *bytes.Buffer }

func (l *limited) Write(b []byte) (int, error) {
	if l.buffer.Len()+len(b) > maxFile {
		return 0, fmt.Errorf("file is larger than %d bytes", maxFile)
	}
	return l.buffer.Write(b)
}
