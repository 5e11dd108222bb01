package mapping_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// FuzzParse reads any text: it is a mapping that can be worked with, or its faults are on
// lines that it has.
func FuzzParse(f *testing.F) {
	f.Add(acme)
	f.Add("version: 1\ndiscover: [Time.]\nparameters:\n  - {setting: time.zone, path: Time.Zone}\n")
	f.Add("version: 1\nparameters: [&a {path: *a}]")
	f.Add("places: {a: '{a}', b: [ 'A.1.', '{a}2.']}\nlayouts: [{account: {x: '{b}{n}.'}}]")
	c := catalogue(f)
	in := fixedLines().input(f, append(two(), "time.zone=Europe/Berlin", "account.1.codecs=g722", "vendor.acme.Device.Time.NTPServer1=x")...)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := mapping.Parse([]byte(text), c)
		if problems, ok := errors.AsType[mapping.Problems](err); ok {
			for _, p := range problems {
				if p.Line < 0 || p.Line > lineEnds(text)+1 || p.Message == "" {
					t.Errorf("line %d: %q", p.Line, p.Message)
				}
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		r, err := m.Resolve(in)
		if err != nil && !errors.Is(err, mapping.ErrTooMany) {
			t.Fatal(err)
		}
		eachPathIsOnceFuzzed(t, r)
	})
}

// lineEnds counts what YAML takes for the end of a line.
func lineEnds(text string) (n int) {
	for _, c := range text {
		if strings.ContainsRune("\n\r\u0085\u2028\u2029", c) {
			n++
		}
	}
	return n
}

func eachPathIsOnceFuzzed(t *testing.T, r mapping.Resolved) {
	seen := map[string]bool{}
	for _, p := range r.Parameters {
		if seen[p.Path] || !strings.HasPrefix(p.Path, "Device.") {
			t.Errorf("%s is there twice, or has no root", p.Path)
		}
		seen[p.Path] = true
	}
}
