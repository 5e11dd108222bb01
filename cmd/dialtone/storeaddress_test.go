package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/internal/mongotest"
)

func TestAnAddressIsShownWithItsSecretsMasked(t *testing.T) {
	for _, c := range []struct{ name, address, want string }{
		{"a password", "mongodb://u:hunter2@a:1,b:2/db?replicaSet=rs0", "mongodb://u:***@a:1,b:2/db?replicaSet=rs0"},
		{"no password", "mongodb://u@a/db", "mongodb://u@a/db"},
		{"no user", "mongodb://a/db", "mongodb://a/db"},
		{"a name service", "mongodb+srv://u:hunter2@a/db", "mongodb+srv://u:***@a/db"},
		{"a password that is not encoded", "mongodb://u:hunter2@x/hunter2?hunter2@a/db", "mongodb://u:***@a/db"},
		{"options that hold secrets", "mongodb://a/?tlsCertificateKeyFilePassword=hunter2&appName=x&authMechanismProperties=AWS_SESSION_TOKEN:hunter2", "mongodb://a/?tlsCertificateKeyFilePassword=***&appName=x&authMechanismProperties=***"},
		{"the embedded store", "sqlite:/var/lib/x.db", "sqlite:/var/lib/x.db"},
		{"none", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newStoreAddress(c.address)
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("x", "store", a)
			asYAML, err := yaml.Marshal(map[string]any{"store": a})
			if err != nil {
				t.Fatal(err)
			}
			asJSON, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			for how, text := range map[string]string{
				"%v": fmt.Sprint(a), "%+v": fmt.Sprintf("%+v", dataOptions{Store: a}), "%#v": fmt.Sprintf("%#v", dataOptions{Store: a}),
				"log": log.String(), "YAML": string(asYAML), "JSON": string(asJSON),
			} {
				if strings.Contains(text, "hunter2") {
					t.Errorf("%s shows %s", how, text)
				}
			}
			if got := a.String(); got != c.want {
				t.Errorf("shown as %s, want %s", got, c.want)
			}
			if a.Reveal() != c.address {
				t.Errorf("revealed as %s", a.Reveal())
			}
		})
	}
}

func TestThePasswordOfTheStoreIsNeverPrinted(t *testing.T) {
	const address = "mongodb://u:hunter2@127.0.0.1:1/db?serverSelectionTimeoutMS=100"
	file := filepath.Join(t.TempDir(), "dialtone.yaml")
	if err := os.WriteFile(file, []byte("store: '"+address+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	for _, c := range []struct {
		name string
		env  string
		args []string
		code int
		want string
	}{
		{"printed from a flag", "", []string{"serve", "--print-config", "--store", address}, 0, "store: mongodb://u:***@127.0.0.1:1/db"},
		{"printed from the environment", address, []string{"serve", "--print-config"}, 0, "store: mongodb://u:***@127.0.0.1:1/db"},
		{"printed from a file", "", []string{"--config", file, "serve", "--print-config"}, 0, "store: mongodb://u:***@127.0.0.1:1/db"},
		{"help", address, []string{"serve", "--help"}, 0, "--store"},
		{"a start that fails", address, []string{"serve", "--data-dir", data}, 1, "--store: mongo: server not reached: no answer from 127.0.0.1:1"},
		{"doctor", address, []string{"doctor", "--data-dir", data, "--cwmp-addr", "127.0.0.1:0", "--files-addr", "127.0.0.1:0", "--web-addr", "127.0.0.1:0"}, 1, "FAIL  store: mongo: server not reached: no answer from 127.0.0.1:1"},
		{"token", address, []string{"token", "list"}, 1, "server not reached"},
		{"an argument in the wrong place", "", []string{"serve", address}, 2, "unexpected argument mongodb://u:***@127.0.0.1:1"},
		{"a password that is not encoded", "mongodb://u:hunter2/hunter2@h/", []string{"token", "list"}, 1, "--store: a user name or password"},
		{"a password with an escape that is none", "mongodb://u:hunter2%zz@h/", []string{"token", "list"}, 1, "--store: a user name or password"},
		{"a port that is none", "mongodb://u:hunter2@h:port/", []string{"token", "list"}, 1, "--store: mongo: invalid address"},
		{"an option of the driver that is refused", "mongodb://u:hunter2@h/?w=1", []string{"token", "list"}, 1, "option w must be majority"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.env != "" {
				t.Setenv("DIALTONE_STORE", c.env)
			}
			var out bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if code := run(ctx, c.args, &out, &out); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if text := out.String(); strings.Contains(text, "hunter2") || !strings.Contains(text, c.want) {
				t.Errorf("%q is wanted, and no password, in\n%s", c.want, text)
			}
		})
	}
}

func TestThePasswordOfTheStoreStandsInOnePlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("hunter2\n")
	for _, c := range []struct{ name, store, want string }{
		{"given twice", "mongodb://u:p@h/", "give one of them"},
		{"given twice, empty", "mongodb://u:@h/", "give one of them"},
		{"no user", "mongodb://h/", "names no user"},
		{"the embedded store", "", "only the store of a MongoDB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := dataOptions{Store: newStoreAddress(c.store), StorePasswordFile: file}.checkStore()
			if err == nil || !strings.Contains(err.Error(), "--store-password-file") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one with %q", err, c.want)
			}
		})
	}
	o := dataOptions{Store: newStoreAddress("mongodb://u@h/"), StorePasswordFile: file}
	if err := o.checkStore(); err != nil {
		t.Error(err)
	}
	for text, want := range map[string]string{"hunter2\n": "hunter2", "hunter2\r\n": "hunter2", " hunter2 ": " hunter2 ", "": "", "\n": "", "a\nb\n": "", strings.Repeat("x", maxSecretFile+1): ""} {
		write(text)
		got, err := o.storePassword()
		if got.Reveal() != want || (err == nil) != (want != "") || err != nil && text != "" && strings.Contains(err.Error(), "xxx") {
			t.Errorf("a file with %.10q: %q, %v", text, got.Reveal(), err)
		}
	}
	o.StorePasswordFile += ".missing"
	if _, err := o.storePassword(); err == nil {
		t.Error("a file that is missing is no error")
	}
}

func TestDoctorLooksAtAMongoDBAndExportSaysWhatToUseInstead(t *testing.T) {
	uri := mongotest.URI(t)
	var out bytes.Buffer
	code := run(t.Context(), []string{"doctor", "--data-dir", t.TempDir(), "--store", uri, "--cwmp-addr", "127.0.0.1:0", "--files-addr", "127.0.0.1:0", "--web-addr", "127.0.0.1:0"}, &out, &out)
	if text := out.String(); code != 0 || !strings.Contains(text, "ok    store: MongoDB ") || !strings.Contains(text, "can be read and written, no data yet") {
		t.Errorf("exit code %d:\n%s", code, text)
	}
	out.Reset()
	code = run(t.Context(), []string{"export", "--store", uri, "--backup", filepath.Join(t.TempDir(), "b")}, &out, &out)
	if text := out.String(); code == 0 || !strings.Contains(text, "mongodump") || !strings.Contains(text, "dialtone store copy") {
		t.Errorf("exit code %d:\n%s", code, text)
	}
}
