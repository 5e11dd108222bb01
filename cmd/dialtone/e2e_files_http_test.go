//go:build e2e

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// TestAnUnchangedFileIsAnswered304 starts phones twice that send If-None-Match.
func TestAnUnchangedFileIsAnswered304(t *testing.T) {
	t.Parallel()
	s := serve(t)
	operator := s.Client("admin")
	operator.makeCustomer()
	for _, v := range filephone.Vendors() {
		mac := macOf(v, 0x400001)
		added := operator.addFilePhone(v, mac)
		phone := filePhone(t, v, mac, s.FilesURL(), true)
		taken := map[string]bool{}
		for _, r := range fetch(t, phone).Requests {
			taken[r.URL] = r.Status == http.StatusOK
		}
		operator.converge(added.ID)
		outcome := fetch(t, phone)
		unchanged := 0
		for _, r := range outcome.Requests {
			if taken[r.URL] && r.Status != http.StatusNotModified {
				t.Errorf("%s: the second %s is answered %d, want 304", v, r.URL, r.Status)
			}
			if r.Status == http.StatusNotModified {
				unchanged++
			}
		}
		if unchanged == 0 || outcome.Changed {
			t.Errorf("%s: second time %+v, changed %v", v, outcome.Requests, outcome.Changed)
		}
		checkHeld(t, phone, wantedAccounts("old.example.net", "old.example.net"))
		operator.converge(added.ID)
		operator.put("devices/"+added.ID, declare("account.1.displayName", "Changed"))
		if outcome := fetch(t, phone); !outcome.Changed || phone.Held().Accounts[0].DisplayName != "Changed" {
			t.Errorf("%s: after a change %+v, holds %+v", v, outcome.Requests, phone.Held().Accounts)
		}
	}
}

// TestFilesWithSecretsGoToTheNamedNetworksOnly asks from an address that is in none.
func TestFilesWithSecretsGoToTheNamedNetworksOnly(t *testing.T) {
	t.Parallel()
	s := serve(t, "--files-allow", "10.20.0.0/16")
	if !strings.Contains(s.Log.String(), "10.20.0.0/16") {
		t.Error("the start-up log does not say who is given files with secrets")
	}
	operator := s.Client("admin")
	operator.makeCustomer()
	for _, v := range filephone.Vendors() {
		mac := macOf(v, 0x500001)
		added := operator.addFilePhone(v, mac)
		phone := filePhone(t, v, mac, s.FilesURL(), false)
		outcome, err := phone.Start(t.Context())
		var status *filephone.StatusError
		if !errors.As(err, &status) || status.Status != http.StatusForbidden {
			t.Errorf("%s: error %v after %+v, want status 403", v, err, outcome.Requests)
		}
		if held := phone.Held(); len(held.Accounts) > 0 || held.AdminPassword != "" {
			t.Errorf("%s: holds %+v", v, held)
		}
		operator.Eventually("the refusal is recorded", func() bool {
			for _, f := range listAll[fetchRecord](operator, "devices/"+added.ID+"/fetches") {
				if f.Status == http.StatusForbidden && f.Detail != "" {
					return true
				}
			}
			return false
		})
		if state := operator.fileDevice(added.ID).Provisioning.State; state == "converged" {
			t.Errorf("%s: is %s", v, state)
		}
	}
}

// TestCurlFetchesEveryKindOfFile fetches all files of a phone of every vendor as the
// API lists them, in the ways in which phones write names.
func TestCurlFetchesEveryKindOfFile(t *testing.T) {
	t.Parallel()
	curlBinary(t)
	s := newServer(t)
	// The API makes the files as if they were asked for there.
	s.Flags = append(s.Flags, "--files-url", s.FilesURL())
	s.Start()
	operator := s.Client("admin")
	operator.makeCustomer()
	operator.put("groups/"+customer, declare("phonebook.1.name", "Company"), declare("phonebook.1.url", "company"))
	for _, v := range filephone.Vendors() {
		mac := macOf(v, 0x600001)
		added := operator.addFilePhone(v, mac)
		var files listed[deviceFileRecord]
		operator.Get("devices/" + added.ID + "/files").Want(http.StatusOK).Decode(&files)
		if len(files.Items) < 2 {
			t.Errorf("%s: the API lists %+v", v, files)
		}
		for _, f := range files.Items {
			if f.Static {
				continue
			}
			if f.Problem != "" || f.Size == 0 {
				t.Errorf("%s: %+v", v, f)
			}
			curlFile(t, s, operator, added.ID, mac, f)
		}
	}
}

// deviceFileRecord is a file of a device.
type deviceFileRecord struct {
	Name, ContentType, SHA256, Problem string
	Size                               int
	Secrets, Static, Generic           bool
}

// credentialPattern finds the phone's credential for CWMP, which the API never shows.
var credentialPattern = regexp.MustCompile(`(<ACS_(?:Username|Password) ua="na">)[^<]*<`)

// curlFile fetches one file, and compares it with what the API says of it.
func curlFile(t *testing.T, s *server, c *client, device, mac string, f deviceFileRecord) {
	t.Helper()
	// A name without MAC address belongs to nobody unless the query tells whose it is.
	query := ""
	if !strings.Contains(strings.ToLower(f.Name), mac) {
		query = "?mac=" + mac
	}
	url := s.FilesURL() + f.Name + query
	status, header, body := curlGet(t, url)
	sent := len(body)
	body = credentialPattern.ReplaceAll(body, []byte("${1}********<"))
	if status != http.StatusOK || len(body) != f.Size {
		t.Errorf("%s: status %d with %d bytes, want %d", url, status, len(body), f.Size)
		return
	}
	if sum := sha256.Sum256(body); f.SHA256 != "" && hex.EncodeToString(sum[:]) != f.SHA256 {
		t.Errorf("%s: is not the file that the API tells of", url)
	}
	if f.Secrets {
		var revealed struct{ Content string }
		c.Post("devices/"+device+"/files/"+strings.ReplaceAll(f.Name, "/", "%2F")+"/reveal", object{}).Want(http.StatusOK).Decode(&revealed)
		if revealed.Content != string(body) {
			t.Errorf("%s: is not the file that the API reveals", url)
		}
	}
	if media := header["content-type"]; !strings.HasPrefix(media, f.ContentType) {
		t.Errorf("%s: content type %q, want %q", url, media, f.ContentType)
	}
	if status, _, rest := curlGet(t, url, "--header", "If-None-Match: "+header["etag"]); status != http.StatusNotModified || len(rest) != 0 {
		t.Errorf("%s: with its ETag %q status %d", url, header["etag"], status)
	}
	if status, head, rest := curlGet(t, url, "--head"); status != http.StatusOK || len(rest) != 0 || head["content-length"] != fmt.Sprint(sent) {
		t.Errorf("%s: HEAD has status %d, length %s", url, status, head["content-length"])
	}
	for _, odd := range []string{s.FilesURL() + "/" + f.Name + query, s.FilesURL() + strings.ToUpper(f.Name) + query} {
		if status, _, other := curlGet(t, odd, "--path-as-is"); status != http.StatusOK || len(other) == 0 {
			t.Errorf("%s: status %d with %d bytes", odd, status, len(other))
		}
	}
}

// curlGet lets curl fetch a URL, and returns what it was answered; the names of headers
// are in lower case.
func curlGet(t *testing.T, url string, flags ...string) (status int, header map[string]string, body []byte) {
	t.Helper()
	folder := t.TempDir()
	out, heads := filepath.Join(folder, "body"), filepath.Join(folder, "headers")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	args := append([]string{"--silent", "--show-error", "--globoff", "--dump-header", heads, "--output", out, "--write-out", "%{http_code}"}, flags...)
	written, err := exec.CommandContext(ctx, curlBinary(t), append(args, strings.ReplaceAll(url, " ", "%20"))...).Output()
	if err != nil {
		t.Fatalf("curl %s: %v", url, err)
	}
	if _, err := fmt.Sscan(string(written), &status); err != nil {
		t.Fatalf("curl wrote %q: %v", written, err)
	}
	header = map[string]string{}
	raw, err := os.ReadFile(heads)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			header[strings.ToLower(name)] = strings.TrimSpace(value)
		}
	}
	body, _ = os.ReadFile(out) // There is none for an answer without a body.
	if len(flags) > 0 && flags[0] == "--head" {
		body = nil // curl writes the headers there.
	}
	return status, header, body
}
