package pbx

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files")

func accounts() []Account {
	return []Account{
		{User: "201", Password: secret.NewText("semi;colon"), DisplayName: "Front \"Desk\"\nexten => x; <1>", MAC: "00:04:13:11:33:21"},
		{User: "acc_301", AuthUser: "auth301", Password: secret.NewText("p301"), DisplayName: "Alice", Number: "301", Voicemail: "301",
			SRTP: "required", Codecs: []string{"opus", "pcma", "amrwb"}, DTMF: "info", MAC: "00:15:65:22:44:12"},
		{User: "acc_301", AuthUser: "auth301", Password: secret.NewText("p301"), DisplayName: "Alice", Number: "301", MAC: "00:15:65:22:44:13"},
		{User: "302", Password: secret.NewText("p302"), SRTP: "optional", DTMF: "inband", MAC: "00:15:65:22:44:14"},
	}
}

func endpoints(t *testing.T) []Endpoint {
	t.Helper()
	all, err := Endpoints(accounts())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheFilesForAsteriskAreTheGoldenOnes(t *testing.T) {
	templates, err := ReadTemplates(BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	files, err := templates.Render(endpoints(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 {
		t.Errorf("%d files", len(files))
	}
	for _, f := range files {
		golden := filepath.Join("testdata", f.Name)
		if *update {
			if err := os.WriteFile(golden, []byte(f.Text.Reveal()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if f.Text.Reveal() != string(want) {
			t.Errorf("%s is\n%s\nwant\n%s", f.Name, f.Text.Reveal(), want)
		}
	}
}

func TestPhonesThatShareAnAccountMakeOneEndpoint(t *testing.T) {
	all := endpoints(t)
	if len(all) != 3 || all[2].User != "acc_301" || all[2].Phones != 2 || all[0].Number != "201" {
		t.Errorf("endpoints are %+v", all)
	}
	other := append(accounts(), Account{User: "201", Password: secret.NewText("another"), MAC: "00:15:65:22:44:99"})
	var conflict *ConflictError
	if _, err := Endpoints(other); !errors.As(err, &conflict) || conflict.OtherMAC != "00:04:13:11:33:21" || strings.Contains(err.Error(), "another") {
		t.Errorf("two passwords: %v", err)
	}
}

func TestNamesThatWouldBeSomethingElseInAFileAreRefused(t *testing.T) {
	for _, user := range []string{"", "a b", "a\nb", "[a]", "a;b", "a,b", "a(b)", `a"`, "a=b", "a\x7f"} {
		if _, err := Endpoints([]Account{{User: user, MAC: "00:04:13:11:33:21"}}); err == nil {
			t.Errorf("user %q is taken", user)
		}
	}
}

func TestTemplatesThatCannotBeUsedAreRefusedByFileAndLine(t *testing.T) {
	for name, text := range map[string]string{"syntax": "a\n{{range}}", "function": "a\n{{nothing 1}}"} {
		if _, err := ReadTemplates(fstest.MapFS{"x.conf.tmpl": {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), "x.conf.tmpl:2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadTemplates(fstest.MapFS{}); err == nil {
		t.Error("no templates are taken")
	}
	templates, err := ReadTemplates(fstest.MapFS{"x.conf.tmpl": {Data: []byte("\n{{.Nothing}}")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := templates.Render(nil); err == nil || !strings.Contains(err.Error(), "x.conf.tmpl:2") {
		t.Errorf("a missing key: %v", err)
	}
}

func TestFilesAreReplacedAndTheCommandRunsOnlyAfterAChange(t *testing.T) {
	dir := t.TempDir()
	w := Writer{Dir: dir, Reload: "echo run >> " + filepath.Join(dir, "ran")}
	write := func(text string) Written {
		t.Helper()
		done, err := w.Write(t.Context(), []File{{"a.conf", secret.NewText(text)}, {"b.conf", secret.NewText("same")}})
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	if done := write("1"); len(done.Changed) != 2 || !done.Reloaded {
		t.Errorf("at first %+v", done)
	}
	if done := write("1"); len(done.Changed) != 0 || done.Reloaded {
		t.Errorf("unchanged %+v", done)
	}
	if done := write("2"); len(done.Changed) != 1 || done.Changed[0] != "a.conf" || !done.Reloaded {
		t.Errorf("changed %+v", done)
	}
	if ran, err := os.ReadFile(filepath.Join(dir, "ran")); err != nil || string(ran) != "run\nrun\n" {
		t.Errorf("ran %q, %v", ran, err)
	}
	info, err := os.Stat(filepath.Join(dir, "a.conf"))
	if err != nil || info.Mode().Perm() != fileMode {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".dialtone-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestACommandThatFailsOrHangsIsReported(t *testing.T) {
	for _, c := range []struct{ name, command, want string }{
		{"fails", "echo no such module; exit 3", "no such module"},
		{"hangs", "sleep 60", "killed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := Writer{Dir: t.TempDir(), Reload: c.command, Timeout: 300 * time.Millisecond}
			done, err := w.Write(t.Context(), []File{{"a.conf", secret.NewText("1")}})
			if err == nil || !strings.Contains(err.Error(), c.want) || done.Reloaded || len(done.Changed) != 1 {
				t.Errorf("%+v, %v", done, err)
			}
		})
	}
}

func TestNoFileIsWrittenOutsideTheFolder(t *testing.T) {
	w := Writer{Dir: t.TempDir()}
	for _, name := range []string{"", "../x", "/x", "a/b", ".."} {
		if _, err := w.Write(t.Context(), []File{{name, secret.NewText("1")}}); err == nil {
			t.Errorf("%q is written", name)
		}
	}
}
