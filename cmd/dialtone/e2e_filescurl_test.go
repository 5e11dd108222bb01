//go:build e2e

package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// staticPack is a vendor pack with a file that is given as it is.
var staticPack = map[string]string{
	"pack.yaml": `name: acme
title: Acme
vendor: Acme
version: 1
ouis: ["0a0b0c"]
userAgents: ['^Acme (?P<model>\w+) (?P<firmware>[0-9.]+)']
models:
  - {name: A1, title: Acme A1, lines: 1, keys: 0}
files:
  - {name: '{mac}.cfg', template: phone.cfg.tmpl, format: keyvalue, contentType: text/plain, secrets: true, confirms: true}
static:
  - {name: 'ring.bin', source: static/ring.bin, contentType: application/octet-stream}
`,
	"phone.cfg.tmpl":  "mac = {{.device.mac}}\n{{range .accounts}}user.{{.n}} = {{.user}}\n{{end}}",
	"static/ring.bin": "ring, ring",
}

// curled is what curl got.
type curled struct {
	status int
	body   string
	header string
}

// curl fetches a path as it is written.
func curl(t *testing.T, s *server, path string, flags ...string) curled {
	t.Helper()
	folder := t.TempDir()
	body, header := filepath.Join(folder, "body"), filepath.Join(folder, "header")
	args := append([]string{"--silent", "--show-error", "--path-as-is", "--max-time", "30", "--output", body, "--dump-header", header, "--write-out", "%{http_code}"}, flags...)
	written, err := exec.CommandContext(t.Context(), curlBinary(t), append(args, "http://"+s.Files+path)...).Output()
	if err != nil {
		t.Fatalf("curl %s: %v", path, err)
	}
	var got curled
	if _, err := fmt.Sscan(string(written), &got.status); err != nil {
		t.Fatalf("curl wrote %q: %v", written, err)
	}
	raw, _ := os.ReadFile(body) // There is none for an answer without a body.
	head, _ := os.ReadFile(header)
	got.body, got.header = string(raw), string(head)
	return got
}

// putPack uploads a vendor pack and puts it in force.
func (c *client) putPack(name string, content map[string]string) {
	c.tb.Helper()
	var raw bytes.Buffer
	archive := zip.NewWriter(&raw)
	for path, text := range content {
		w, err := archive.Create(path)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			c.tb.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		c.tb.Fatal(err)
	}
	var made struct {
		Versions []struct{ Version string }
	}
	c.Do(http.MethodPost, "packs", &raw, "Content-Type", "application/zip").Want(http.StatusCreated).Decode(&made)
	for _, v := range made.Versions {
		if v.Version != "builtIn" {
			c.Post("packs/"+name+"/activate", object{"version": v.Version}).Want(http.StatusOK)
			return
		}
	}
	c.tb.Fatalf("pack %s has no version", name)
}

func TestCurlFetchesFilesHoweverAPhoneAsks(t *testing.T) {
	t.Parallel()
	curlBinary(t)
	s := serve(t, "--log-level", "warn")
	admin := s.Client("admin")
	phones := newLoadPhones(4)
	addLoadPhones(t, admin, phones)
	admin.putPack("acme", staticPack)
	firmware := admin.upload("phone-1.2.rom", firmwareType, noise(1, megabyte))
	admin.Post("lines", object{"group": "customer", "number": "4711", "displayName": "Ada Lovelace", "listed": true}).Want(http.StatusCreated)
	for _, p := range phones {
		agent := []string{"--user-agent", p.agent}
		own := p.paths[len(p.paths)-1]
		want := curl(t, s, "/"+own, agent...)
		if want.status != http.StatusOK || !strings.Contains(want.body, p.password) {
			t.Fatalf("%s: %d: %s", own, want.status, want.body)
		}
		for _, path := range []string{"//" + own, "/provisioning//" + own, "/" + strings.ToUpper(own), "/" + strings.ToLower(own), "/./" + own} {
			if got := curl(t, s, path, agent...); got.status != http.StatusOK || got.body != want.body {
				t.Errorf("%s: %d, %d bytes, want %d", path, got.status, len(got.body), len(want.body))
			}
		}
		if got := curl(t, s, "/"+own, append(agent, "--head")...); got.status != http.StatusOK || !strings.Contains(got.header, fmt.Sprintf("Content-Length: %d\r\n", len(want.body))) {
			t.Errorf("HEAD %s: %d:\n%s", own, got.status, got.header)
		}
		if got := curl(t, s, "/"+own, append(agent, "--range", "5-20")...); got.status != http.StatusPartialContent || got.body != want.body[5:21] {
			t.Errorf("part of %s: %d, %q", own, got.status, got.body)
		}
		for _, path := range p.paths {
			if got := curl(t, s, "/"+path, agent...); got.status != http.StatusOK || got.body == "" {
				t.Errorf("%s: %d, %d bytes", path, got.status, len(got.body))
			}
		}
	}
	for path, c := range map[string]struct{ agent, holds string }{
		"/0015650000fe-license.cfg":     {"Acme", ""},
		"/y000000000066.cfg":            {"Yealink SIP-T46S 66.86.0.15 0015650000fe", "#!version"},
		"/000000000000.cfg":             {fileVendors[1].agent, "<?xml"},
		"/snomD785.htm":                 {fileVendors[2].agent, "<?xml"},
		"/cfgGRP2614.xml":               {"Grandstream Model HW GRP2614 SW 1.0.5.36 DevId c074ad0000fe", "<?xml"},
		"/ring.bin":                     {"Acme A1 1.0", "ring, ring"},
		"/001565000001-directory.xml":   {phones[0].agent, "Ada Lovelace"},
		"/0004f2000002-directory.xml":   {phones[1].agent, "4711"},
		"/000413000003-directory.xml":   {phones[2].agent, "Ada Lovelace"},
		"/c074ad000004/phonebook.xml":   {phones[3].agent, "Lovelace"},
		"/Firmware//no-such-file-1.rom": {phones[0].agent, ""},
	} {
		got := curl(t, s, path, "--user-agent", strings.ReplaceAll(c.agent, "{bare}", "0015650000fe"))
		if c.holds == "" && got.status != http.StatusNotFound || c.holds != "" && (got.status != http.StatusOK || !strings.Contains(got.body, c.holds)) {
			t.Errorf("%s: %d: %s", path, got.status, tail(got.body, 500))
		}
		if strings.Contains(got.body, "pass-of-") || strings.Contains(got.body, "the-admin-password") {
			t.Errorf("%s holds a secret: %s", path, got.body)
		}
	}
	got := curl(t, s, "/firmware/phone-1.2.rom")
	if sum := sha256.Sum256([]byte(got.body)); got.status != http.StatusOK || hex.EncodeToString(sum[:]) != firmware {
		t.Errorf("firmware: %d, %d bytes", got.status, len(got.body))
	}
}
