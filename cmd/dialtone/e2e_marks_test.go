//go:build e2e

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// marks are texts that stand for secrets, by the place where each was planted.
type marks struct {
	places map[string]string
}

func newMarks() *marks { return &marks{places: make(map[string]string)} }

// plant returns a new text for a place. It passes for a password, and no other
// text begins with it.
func (m *marks) plant(place string) string {
	mark := fmt.Sprintf("MARKED-xyz-%03d-end", len(m.places)+1)
	m.places[place] = mark
	return mark
}

// add notes a secret that the server, or its test, made in another way.
func (m *marks) add(tb testing.TB, place, text string) {
	tb.Helper()
	if len(text) < 6 {
		tb.Fatalf("%s is %d bytes long: too short to be looked for", place, len(text))
	}
	m.places[place] = text
}

// foundIn names the places whose text is in an output: as it is, in other letters,
// in hexadecimal digits, escaped as in a URL, or in base64 wherever it may begin
// there.
func (m *marks) foundIn(output []byte) []string {
	lower := bytes.ToLower(output)
	var found []string
	for _, place := range slices.Sorted(maps.Keys(m.places)) {
		mark := m.places[place]
		inLower := []string{mark, hex.EncodeToString([]byte(mark)), url.QueryEscape(mark)}
		holds := slices.ContainsFunc(inLower, func(form string) bool { return bytes.Contains(lower, []byte(strings.ToLower(form))) })
		if holds || slices.ContainsFunc(base64Forms(mark), func(form string) bool { return bytes.Contains(output, []byte(form)) }) {
			found = append(found, place)
		}
	}
	return found
}

// base64Forms are what a text looks like in base64 after 0, 1 or 2 other bytes,
// without the letters that its neighbours have a part in.
func base64Forms(text string) []string {
	forms := make([]string, 0, 6)
	for before := range 3 {
		padded := append(make([]byte, before), text...)
		whole := len(padded) / 3 * 3
		skip := []int{0, 2, 3}[before]
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			forms = append(forms, encoding.EncodeToString(padded[:whole])[skip:])
		}
	}
	return forms
}

// absentFrom reports each mark that an output has.
func (m *marks) absentFrom(t *testing.T, name string, output []byte) {
	t.Helper()
	for _, place := range m.foundIn(output) {
		t.Errorf("%s has the secret of: %s (%s)", name, place, m.around(output, place))
	}
}

// around is what stands beside a mark that was found as it is.
func (m *marks) around(output []byte, place string) string {
	at := bytes.Index(bytes.ToLower(output), bytes.ToLower([]byte(m.places[place])))
	if at < 0 {
		return "encoded"
	}
	return fmt.Sprintf("%.300q", output[max(0, at-150):])
}

// absentFromFolder looks into every file of a folder but those of the names, which
// hold secrets by purpose.
func (m *marks) absentFromFolder(t *testing.T, folder string, but ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || slices.Contains(but, entry.Name()) {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		m.absentFrom(t, "the file "+entry.Name(), content)
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files of the data were read: %v", files, err)
	}
}

func TestMarksAreFoundInEveryForm(t *testing.T) {
	t.Parallel()
	m := newMarks()
	mark := m.plant("here")
	for name, output := range map[string]string{
		"as it is": "x" + mark + "y", "in other letters": strings.ToUpper(mark), "in hexadecimal digits": hex.EncodeToString([]byte("ab" + mark)),
		"of Basic": base64.StdEncoding.EncodeToString([]byte("u:" + mark)), "of Basic, a name longer": base64.StdEncoding.EncodeToString([]byte("us:" + mark)),
		"of Basic, two longer": base64.URLEncoding.EncodeToString([]byte("use:" + mark + "??")),
	} {
		if len(m.foundIn([]byte(output))) != 1 {
			t.Errorf("%s: %s is not found in %s", name, mark, output)
		}
	}
	if found := m.foundIn([]byte("MARKED-xyz-002-end")); len(found) != 0 {
		t.Errorf("%v is found where it is not", found)
	}
}
