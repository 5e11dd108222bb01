package pack_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// tinyWith loads the tiny pack with another template of a format.
func tinyWith(t testing.TB, format, template string) *pack.Pack {
	t.Helper()
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{
		"phone.tmpl": template,
		"pack.yaml":  manifest(t, "template: phone.tmpl, format: keyvalue", "template: phone.tmpl, format: "+format),
	}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFunctionsDoWhatTheGuideSays(t *testing.T) {
	tests := map[string]string{
		`{{yes "true"}} {{yes ""}} {{no "false"}} {{no ""}}`:                                                               "true false true false",
		`{{pick "a" "a" "1" "b" "2"}}{{pick "c" "a" "1"}}{{pick "c" "a" "1" "z"}}`:                                         "1z",
		`{{default "d" ""}} {{default "d" "x"}}`:                                                                           "d x",
		`{{add 1 "2"}} {{sub "5" 7}} {{mul 3 4}} {{div 7 2}} {{atoi "42"}}`:                                                "3 -2 12 3 42",
		`{{minutes "3600"}} {{hours "7200"}}`:                                                                              "60 2",
		`{{range seq 2 4}}{{.}},{{end}}{{range seq 3 2}}x{{end}}`:                                                          "2,3,4,",
		`{{lower "AbC"}} {{upper "abc"}} {{quote "a\"b"}}`:                                                                 `abc ABC "a'b"`,
		`{{trimPrefix "SIP-T46S" "SIP-"}} {{trimSuffix "a.cfg" ".cfg"}}`:                                                   "T46S a",
		`{{contains "abc" "b"}} {{hasPrefix "abc" "b"}} {{hasSuffix "abc" "c"}}`:                                           "true false true",
		`{{replace "a-b-c" "-" ":"}} {{join (split "a,b" ",") "+"}} {{len (split "" ",")}}`:                                "a:b:c a+b 0",
		`{{join (list "a" 1) "/"}} {{(dict "a" "b").a}}`:                                                                   "a/1 b",
		`{{print "a" 1 "b"}} {{printf "%03d|%-4s|%x" "7" "ab" 255}} {{"7" | printf "%02d"}}`:                               "a1b 007|ab  |ff 07",
		`{{host "https://h.example:8443/a b"}} {{port "https://h.example"}} {{port "tftp://h"}} {{path "http://h/a/b?c"}}`: "h.example 443 69 /a/b",
		`{{host "h.example:5060"}} {{port "h.example:5060"}} {{host ""}}`:                                                  "h.example 5060 ",
		`{{host "http://[2001:db8::1]:80/"}}`:                                                                              "2001:db8::1",
		`{{with zone "America/St_Johns"}}{{.Hours}} {{.POSIX}}{{end}}`:                                                     "-3:30 NST3:30NDT,M3.2.0,M11.1.0",
		`{{vendor "colour"}}{{vendor "none"}}`:                                                                             "red",
		`{{raw "a"}}{{$x := "b"}}{{$x}}{{if and "a" "b"}}c{{end}}{{eq .model.name "T-200"}}`:                               "abctrue",
		`{{.model.var.code}} {{.model.code}} {{.model.lines}} {{.device.macColons}}`:                                       "08 08 6 02:aa:bb:11:22:33",
	}
	for template, want := range tests {
		p := tinyWith(t, "text", template)
		data := phone(t, p, "T-200", map[string]string{"vendor.tiny.colour": "red", "vendor.other.colour": "blue"})
		if got := render(t, p, "phone.tmpl", data); got != want {
			t.Errorf("%s: got %q, want %q", template, got, want)
		}
	}
}

func TestErrorsOfFunctionsHoldNoValues(t *testing.T) {
	for _, template := range []string{
		"{{add .admin.password 1}}", "{{zone .admin.password}}", "{{atoi .admin.password}}", "{{host .admin.password}}",
		"{{seq .admin.password 2}}", "{{minutes .admin.password}}", "{{printf \"%d\" .admin.password}}", "{{join .admin.password \",\"}}",
		"{{index .accounts .admin.password}}", "{{.admin.password.x}}", "{{template \"a\" .admin.password}}{{define \"a\"}}{{.x}}{{end}}",
		"{{dict .admin}}", "{{slice .admin.password 100}}", "{{lt .admin.password 1}}", "{{len 1}}{{.admin.password}}",
	} {
		p := tinyWith(t, "text", template)
		data := phone(t, p, "T-200", map[string]string{"admin.password": "h%zz://very-secret"})
		_, err := p.Render(t.Context(), p.Files[1], data)
		if err == nil || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s: got %v", template, err)
		}
	}
}

func TestRenderEndsWithItsTime(t *testing.T) {
	p := tinyWith(t, "text", "{{range 9223372036854775807}}{{end}}")
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := p.Render(ctx, p.Files[1], phone(t, p, "T-200", nil))
	if !errors.Is(err, pack.ErrTime) || err.Error() != "phone.tmpl:1: takes longer than 2 seconds" {
		t.Errorf("got %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := p.Render(ended, p.Files[1], phone(t, p, "T-200", nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAFailedRenderingLeavesNothingToTheNext(t *testing.T) {
	p := tinyWith(t, "text", "{{define \"a\"}}{{.owner}}{{if eq .owner \"fails\"}}{{fail \"no\"}}{{end}}{{end}}{{template \"a\" .}}")
	for range 200 {
		if _, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", map[string]string{"owner": "fails"})); err == nil {
			t.Fatal("the template does not fail")
		}
		if got := render(t, p, "phone.tmpl", phone(t, p, "T-200", map[string]string{"owner": "x"})); got != "x" {
			t.Fatalf("got %q", got)
		}
	}
}

func TestRenderingsAtTheSameTimeDoNotMix(t *testing.T) {
	p := tiny(t)
	var wait sync.WaitGroup
	for i := range 8 {
		name := strings.Repeat(string(rune('a'+i)), 50)
		data := phone(t, p, "T-200", map[string]string{"account.1.user": name})
		wait.Go(func() {
			for range 50 {
				content, err := p.Render(t.Context(), p.Files[1], data)
				if err != nil || !strings.Contains(string(content), "account.1.user = "+name+"\n") {
					t.Errorf("got %s, %v", content, err)
				}
			}
		})
	}
	wait.Wait()
}

func TestLineEndsAndLengthsAreThoseOfTheFile(t *testing.T) {
	text := "# Panasonic SIP Phone Standard Format File # DO NOT CHANGE THIS LINE!\nNAME=\"{{range .accounts}}{{.label}}{{end}}\"\n"
	p := tinyWith(t, "panasonic", text)
	got := render(t, p, "phone.tmpl", phone(t, p, "T-200", map[string]string{"account.1.label": "a\"b\r\nc"}))
	if want := strings.ReplaceAll(text, "\n", "\r\n"); got != strings.Replace(want, "{{range .accounts}}{{.label}}{{end}}", "a'b  c", 1) {
		t.Errorf("got %q", got)
	}
	_, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", map[string]string{"account.1.label": strings.Repeat("x", 600)}))
	if err == nil || !strings.Contains(err.Error(), "phone.tmpl: line 2 of {mac}.cfg has 607 bytes, and may have 537") {
		t.Errorf("got %v", err)
	}
}

func TestOnlyFilesOfTheDirectorySeeIt(t *testing.T) {
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"phone.tmpl": "n = {{len .directory}}\n"}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	data := phone(t, p, "T-200", nil)
	data.SetDirectory([]provisioners.Contact{{Name: "A & B", Number: "201"}})
	if got := render(t, p, "phone.tmpl", data); got != "n = 0\n" {
		t.Errorf("got %q", got)
	}
	if got := render(t, p, "book.tmpl", data); !strings.Contains(got, "<entry name='A &amp; B'>201</entry>") {
		t.Errorf("got %q", got)
	}
}

func TestAModelOfAnotherPackIsRefused(t *testing.T) {
	p := tiny(t)
	data := phone(t, p, "T-200", nil)
	data["model"] = map[string]any{"name": "T-300"}
	if _, err := p.Render(t.Context(), p.Files[1], data); err == nil || !strings.Contains(err.Error(), `no model "T-300"`) {
		t.Errorf("got %v", err)
	}
}

func TestWindowsLineEndsInTemplatesAreLineEnds(t *testing.T) {
	p := tinyWith(t, "text", "a\r\nb\r\n")
	if got := render(t, p, "phone.tmpl", phone(t, p, "T-200", nil)); got != "a\nb\n" {
		t.Errorf("got %q", got)
	}
}

func BenchmarkRender(b *testing.B) {
	p, err := pack.Load(b.Context(), os.DirFS("testdata"), "tiny", catalogue(b))
	if err != nil {
		b.Fatal(err)
	}
	data := phone(b, p, "T-200", map[string]string{"account.1.user": "200", "key.1.type": "blf", "key.1.value": "201"})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Render(b.Context(), p.Files[1], data); err != nil {
			b.Fatal(err)
		}
	}
}

func TestABrokenFileIsAnErrorAndNotGiven(t *testing.T) {
	for format, template := range map[string]string{
		"xml": "<r>{{range .accounts}}{{raw .displayName}}{{end}}</r>", "keyvalue": "{{range .accounts}}{{raw .displayName}}\n{{end}}",
		"json": "{\"a\": \"{{range .accounts}}{{raw .displayName}}{{end}}\"}",
	} {
		p := tinyWith(t, format, template)
		for name, whole := range map[string]bool{"a = 1": true, "<b> \"": false} {
			content, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", map[string]string{"account.1.displayName": name, "account.1.user": "200"}))
			if (err == nil) != (whole || format == "keyvalue") || err != nil && (content != nil || !strings.HasPrefix(err.Error(), "phone.tmpl: {mac}.cfg: ") || strings.Contains(err.Error(), name)) {
				t.Errorf("%s: %q gives %q, %v", format, name, content, err)
			}
		}
	}
	p := tinyWith(t, "keyvalue", "{{range .accounts}}{{.displayName}}\n{{end}}")
	_, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", map[string]string{"account.1.displayName": "Ada", "account.1.user": "200"}))
	if err == nil || err.Error() != `phone.tmpl: {mac}.cfg: line 1 has no key and "="` {
		t.Errorf("got %v", err)
	}
}
