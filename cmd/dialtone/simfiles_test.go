package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// yealinkFiles serves a file to the Yealink phone 001565000001 and to no other.
func yealinkFiles(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/001565000001.cfg" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, "#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.user_name = 41\naccount.1.password = hidden-41\nlinekey.1.type = 16\nlinekey.1.value = 42\n")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestSimSaysWhatFilePhonesHold(t *testing.T) {
	url := yealinkFiles(t)
	for _, c := range []struct {
		args         []string
		code         int
		has, hasNone string
	}{
		{[]string{"--starts", "2"}, 0, `account 1  user "41"`, "hidden-41"},
		{[]string{"--passwords"}, 0, `password "hidden-41"`, "failed  "},
		{[]string{"--count", "2"}, 1, "2 phones, 1 failed; 8 requests", "hidden-41"},
		{[]string{"--mac", "00:15:65:00:00:02"}, 1, "none of the phone's files", "user"},
		{[]string{"--vendor", "snom"}, 1, "snom 000413000001: 2 requests", "user"},
	} {
		var out, errors bytes.Buffer
		code := run(context.Background(), append([]string{"sim", "--files", url}, c.args...), &out, &errors)
		if code != c.code || !strings.Contains(out.String(), c.has) || strings.Contains(out.String(), c.hasNone) {
			t.Errorf("%v: exit code %d, want %d with %q and without %q:\n%s%s", c.args, code, c.code, c.has, c.hasNone, out.String(), errors.String())
		}
	}
}

func TestSimSaysWhatFilePhonesHoldInJSON(t *testing.T) {
	var out bytes.Buffer
	if code := run(context.Background(), []string{"sim", "--files", yealinkFiles(t), "--json"}, &out, io.Discard); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	decoder := json.NewDecoder(&out)
	var result filephone.Result
	if err := decoder.Decode(&result); err != nil {
		t.Fatal(err)
	}
	if result.MAC != "001565000001" || result.Held.Accounts[0].User != "41" || result.Held.Accounts[0].Password != "" || len(result.Requests) != 4 {
		t.Errorf("%+v", result)
	}
	var end struct{ Summary filephone.Summary }
	if err := decoder.Decode(&end); err != nil || end.Summary.Phones != 1 || end.Summary.Failed != 0 {
		t.Errorf("%+v, error %v", end, err)
	}
}

func TestSimWantsEitherAnACSOrFiles(t *testing.T) {
	for _, args := range [][]string{{}, {"--acs", "http://localhost/", "--files", "http://localhost/"}, {"--files", "http://localhost/", "--vendor", "acme"}} {
		if code := run(context.Background(), append([]string{"sim"}, args...), io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: exit code %d, want 2", args, code)
		}
	}
}
