package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tinyPack returns a copy of the tests' pack, in which a file has another content.
func tinyPack(t *testing.T, file, content string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "tiny")
	if err := os.CopyFS(folder, os.DirFS("../../provisioners/pack/testdata/tiny")); err != nil {
		t.Fatal(err)
	}
	if file != "" {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func packRun(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), append([]string{"pack"}, args...), &out, &err)
	return code, out.String(), err.String()
}

func TestPackCheckSaysWhatIsWrongWithFileAndLine(t *testing.T) {
	good := tinyPack(t, "", "")
	if code, out, _ := packRun(t, "check", good); code != 0 || !strings.Contains(out, "Tiny phones version 1, 2 models, 4 files") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if _, out, _ := packRun(t, "check", good); !strings.Contains(out, "note  "+good+": no file shows account.N.enabled, ") {
		t.Errorf("nothing is said of the settings that are left out: %s", out)
	}
	bad := tinyPack(t, "phone.tmpl", "a = 1\nb = {{.nothing}}\n")
	code, out, stderr := packRun(t, "check", good, bad)
	if code != 1 || !strings.Contains(out, filepath.Join(bad, "phone.tmpl")+":2: ") || !strings.Contains(stderr, "not every pack is in order") {
		t.Errorf("exit code %d: %s%s", code, out, stderr)
	}
	if code, _, stderr := packRun(t, "check", filepath.Join(good, "none")); code != 1 || !strings.Contains(stderr, "none") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if code, _, stderr := packRun(t, "check", "nobody"); code != 1 || !strings.Contains(stderr, "there is no such folder, zip or pack") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	noZip := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(noZip, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := packRun(t, "check", noZip); code != 1 || !strings.Contains(out, "this is no zip") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestPackCheckFindsASettingThatGoesByBothRoads(t *testing.T) {
	folder := tinyPack(t, "phone.tmpl", "ntp = {{.time.ntp.primary}}\n")
	mapping := "version: 1\nsplit: true\ndiscover: [Time.]\nparameters:\n  - {setting: time.ntp.primary, path: Time.NTPServer1}\n"
	if err := os.WriteFile(filepath.Join(folder, "cwmp.yaml"), []byte(mapping), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, _ := packRun(t, "check", folder)
	if code != 1 || !strings.Contains(out, filepath.Join(folder, "phone.tmpl: time.ntp.primary goes by both roads")) {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestPackRenderWritesTheFilesOfAPhone(t *testing.T) {
	folder := tinyPack(t, "", "")
	settings := filepath.Join(t.TempDir(), "settings.yaml")
	text := "account.1.user: 0200\naccount.1.password: s3cret\naccount.1.displayName: Ada\naccount.1.codecs: [g722, pcma]\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{"render", "--pack", folder, "--model", "T200", "--settings", settings}
	code, out, stderr := packRun(t, flags...)
	for _, want := range []string{
		"==> tiny08.cfg <==\n", "==> 020000112233.cfg <==\n", "account.1.user = 0200\n", "account.1.password = s3cret\n", "==> books/020000112233-T-200.xml <==\n",
	} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, no %q in %s%s", code, want, out, stderr)
		}
	}
	code, out, stderr = packRun(t, append(flags, "--mac", "02AABB-445566", "--file", "02aabb445566.cfg")...)
	if code != 0 || !strings.HasPrefix(out, "# 02aabb445566\n") || strings.Contains(out, "==>") {
		t.Errorf("exit code %d: %s%s", code, out, stderr)
	}
}

func TestPackRenderRefusesWhatCannotBe(t *testing.T) {
	folder := tinyPack(t, "", "")
	settings := filepath.Join(t.TempDir(), "settings.yaml")
	write := func(text string) {
		if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]struct {
		settings string
		flags    []string
		want     string
	}{
		"an unknown setting":   {"account.1.user: a\naccount.1.usr: b\n", nil, settings + ":2: account.1.usr"},
		"a setting as a map":   {"account.1.user: {a: b}\n", nil, settings + ":1: account.1.user"},
		"a secret of bad type": {"account.1.password: [very-secret]\n", nil, settings + ":1: account.1.password"},
		"no YAML":              {"[", nil, settings},
		"an unknown model":     {"", []string{"--model", "T-900"}, `--model: the pack tiny has no model "T-900"`},
		"an unknown file":      {"", []string{"--file", "x"}, "--file: the model T-200 has the files tiny08.cfg, "},
		"a MAC that is none":   {"", []string{"--mac", "1"}, "--mac: "},
		"an address of nobody": {"", []string{"--url", "x"}, "--url: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			write(test.settings)
			flags := append([]string{"render", "--pack", folder, "--settings", settings, "--model", "T200"}, test.flags...)
			code, _, stderr := packRun(t, flags...)
			if code != 1 || !strings.Contains(stderr, test.want) || strings.Contains(stderr, "very-secret") {
				t.Errorf("exit code %d: %s, want %s", code, stderr, test.want)
			}
		})
	}
}

func TestPackListNamesWhatTheProgramHolds(t *testing.T) {
	if code, out, stderr := packRun(t, "list"); code != 0 || !strings.HasPrefix(out, "PACK") {
		t.Errorf("exit code %d: %s%s", code, out, stderr)
	}
}
