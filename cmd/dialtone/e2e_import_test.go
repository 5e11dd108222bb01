//go:build e2e

package main

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestAListOfAstLinuxIsBroughtInBesideARunningServerAndReachesPhonesAndAsterisk(t *testing.T) {
	asterisk := t.TempDir()
	s := serve(t, "--pbx-dir", asterisk, "--pbx-reload", "touch "+filepath.Join(asterisk, "reloaded"))
	_, args := astLinux(t)
	args = append(args, "--data-dir", s.DataDir, "--group", "acme/south", "--make-groups", "--registrar", "192.0.2.10", "--model", "yealink=SIP-T46S")
	dry := runDialtone(t, args...)
	if dry.Code != 0 || strings.Count(dry.Stdout, "created") != 2 || !strings.Contains(dry.Stderr, "dry run") {
		t.Fatalf("dry run: exit code %d: %s%s", dry.Code, dry.Stdout, dry.Stderr)
	}
	c := s.Client("admin")
	if got := string(c.Get("exports/phones").Body); strings.Contains(got, "00:04:13") {
		t.Fatalf("the dry run stored %s", got)
	}
	for _, want := range []string{"2 created", "2 unchanged"} {
		if done := runDialtone(t, slices.Concat(args, []string{"--apply"})...); done.Code != 0 || !strings.Contains(done.Stderr, want) {
			t.Fatalf("exit code %d: %s%s, want %s", done.Code, done.Stdout, done.Stderr, want)
		}
	}
	if log := string(c.Get("audit").Body); !strings.Contains(log, "import/massdeployment") {
		t.Errorf("the audit log says %s", log)
	}

	if applied := c.Post("pbx/apply", nil); applied.Status != http.StatusOK || !strings.Contains(string(applied.Body), `"reloaded":true`) {
		t.Fatalf("the PBX: status %d: %s", applied.Status, applied.Body)
	}
	readText(t, asterisk, "reloaded")
	password := regexp.MustCompile(`(?m)^password=(\S{16,})$`).FindAllStringSubmatch(readText(t, asterisk, "dialtone-pjsip.conf"), -1)
	if len(password) != 2 {
		t.Fatalf("Asterisk is told %s", readText(t, asterisk, "dialtone-pjsip.conf"))
	}
	for i, path := range []string{"000413113321.xml", "001565224412.cfg"} {
		response, err := http.Get("http://" + s.Files + "/" + path)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(response.Body)
		if err = errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		if response.StatusCode != http.StatusOK || !strings.Contains(text, password[i][1]) || !strings.Contains(text, "192.0.2.10") {
			t.Errorf("the phone is given %s: %s", response.Status, text)
		}
	}

	// What the server gives away is what it takes.
	table := filepath.Join(t.TempDir(), "phones.csv")
	writeFile(t, table, string(c.Get("exports/phones?secrets=true").Body))
	if again := runDialtone(t, "import", table, "--data-dir", s.DataDir); again.Code != 0 || !strings.Contains(again.Stderr, "0 created, 0 changed, 2 unchanged, 0 refused") {
		t.Errorf("the CSV once more: exit code %d: %s%s", again.Code, again.Stdout, again.Stderr)
	}
}
