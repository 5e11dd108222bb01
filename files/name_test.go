package files_test

import (
	"errors"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
)

func TestCheckName(t *testing.T) {
	for _, test := range []struct {
		name, input, message string
	}{
		{name: "a firmware image passes", input: "sip88xx.12-0-3MPP0001-143.loads"},
		{name: "plus and underscore pass", input: "ca_bundle+2.pem"},
		{name: "a single letter passes", input: "x"},
		{name: "128 characters pass", input: strings.Repeat("a", 128)},
		{name: "an empty name is refused", input: "", message: "must not be empty"},
		{name: "129 characters are refused", input: strings.Repeat("a", 129), message: "at most 128 characters"},
		{name: "a hidden file is refused", input: ".htaccess", message: "begin with a dot"},
		{name: "the parent folder is refused", input: "..", message: "begin with a dot"},
		{name: "two dots inside are refused", input: "a..b", message: "two dots"},
		{name: "a slash is refused", input: "a/b", message: `must not hold '/'`},
		{name: "a backslash is refused", input: `a\b`, message: `must not hold '\\'`},
		{name: "a percent sign is refused", input: "a%2fb", message: `must not hold '%'`},
		{name: "a space is refused", input: "a b", message: `must not hold ' '`},
		{name: "a NUL is refused", input: "a\x00", message: `must not hold '\x00'`},
		{name: "a line end is refused", input: "a\n", message: `must not hold '\n'`},
		{name: "a question mark is refused", input: "a?b", message: `must not hold '?'`},
		{name: "a quotation mark is refused", input: `a"b`, message: `must not hold '"'`},
		{name: "a letter beyond ASCII is refused", input: "größe", message: `must not hold 'ö'`},
		{name: "what is not UTF-8 is refused", input: "a\xff", message: "must not hold"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := files.CheckName(test.input)
			if test.message == "" {
				if err != nil {
					t.Fatalf("CheckName(%q) = %v", test.input, err)
				}
				return
			}
			if !errors.Is(err, files.ErrName) || !strings.Contains(err.Error(), test.message) {
				t.Fatalf("CheckName(%q) = %v, want ErrName with %q", test.input, err, test.message)
			}
		})
	}
}

// token is a token by form.
const token = "abcdefghijklmnopqrstuvwx23"

func FuzzCheckName(f *testing.F) {
	for _, seed := range []string{"fw.bin", "..", "a/../b", "%2e%2e", `..\x`, "a\x00b", "CON", "a.", "ä", "+", "-rf"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if files.CheckName(name) != nil {
			return
		}
		if !filepath.IsLocal(name) || path.Base(path.Clean("/folder/"+name)) != name || path.Dir(path.Clean("/folder/"+name)) != "/folder" {
			t.Fatalf("%q leaves its folder", name)
		}
		location := &url.URL{Scheme: "http", Host: "h", Path: files.PathPrefix + token + "/" + name}
		if got := location.String(); got != "http://h"+files.PathPrefix+token+"/"+name {
			t.Fatalf("%q needs escaping: %s", name, got)
		}
		if gotToken, gotName, ok := files.SplitPath(location.EscapedPath()); !ok || gotToken != token || gotName != name {
			t.Fatalf("SplitPath of %q = %q, %q, %v", name, gotToken, gotName, ok)
		}
	})
}
