//go:build e2e

package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var adminPassword = regexp.MustCompile(`(?m)^  password: (\S+)$`)

func TestTheFirstRunMakesAnAdministratorAndTellsThePasswordOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	found := adminPassword.FindAllStringSubmatch(s.Log.String(), -1)
	if len(found) != 1 || len(found[0][1]) < 16 {
		t.Fatalf("the first start shows %d passwords, want one of 16 characters or more", len(found))
	}
	s.Stop()
	s.Start()
	if again := adminPassword.FindAllString(s.Log.String(), -1); len(again) != 1 {
		t.Errorf("after the second start the log has %d passwords, want the one of the first start", len(again))
	}
	if strings.Count(s.Log.String(), found[0][1]) != 1 {
		t.Error("the password stands in the log more than once")
	}
	s.Stop()
}

func TestATokenIsPrintedAloneAndIsValidAtOnceBesideARunningServer(t *testing.T) {
	t.Parallel()
	s := serve(t)
	created := runDialtone(t, "token", "create", "--data-dir", s.DataDir, "--name", "alone", "--role", "viewer")
	if created.Code != 0 || created.Stderr != "" || strings.Count(created.Stdout, "\n") != 1 || strings.Contains(strings.TrimSpace(created.Stdout), " ") {
		t.Fatalf("token create: %+v, want one word on standard output, nothing on standard error", created)
	}
	token := strings.TrimSpace(created.Stdout)
	s.ClientWith(token).Get("devices").Want(http.StatusOK)
	s.ClientWith(token).Post("devices", object{"mac": "00:0e:08:00:00:01"}).Problem(http.StatusForbidden, "forbidden")
	s.ClientWith("").Get("devices").Problem(http.StatusUnauthorized, "unauthenticated")
	s.ClientWith(token+"x").Get("devices").Problem(http.StatusUnauthorized, "unauthenticated")

	listed := runDialtone(t, "token", "list", "--data-dir", s.DataDir)
	if listed.Code != 0 || strings.Contains(listed.Stdout, token) {
		t.Fatalf("token list: exit code %d, shows the token: %t", listed.Code, strings.Contains(listed.Stdout, token))
	}
	row := regexp.MustCompile(`(?m)^(\S+)\s+alone\s`).FindStringSubmatch(listed.Stdout)
	if row == nil {
		t.Fatalf("token list does not name the token: %s", listed.Stdout)
	}
	if deleted := runDialtone(t, "token", "delete", "--data-dir", s.DataDir, row[1]); deleted.Code != 0 {
		t.Fatalf("token delete: %+v", deleted)
	}
	client := s.ClientWith(token)
	client.Eventually("the deleted token is refused", func() bool { return client.Get("devices").Status == http.StatusUnauthorized })
}

func TestProbesMetricsAndTheDescriptionOfTheAPIAnswerWithoutAToken(t *testing.T) {
	t.Parallel()
	anybody := serve(t).ClientWith("")
	for path, want := range map[string]string{
		"/healthz": "alive", "/readyz": "ready", "/metrics": "dialtone_", "/api/openapi.json": `"openapi":"3.1`, "/api/docs": "<html",
	} {
		if got := anybody.Get(path).Want(http.StatusOK); !strings.Contains(string(got.Body), want) {
			t.Errorf("%s: has no %q: %s", path, want, tail(string(got.Body), 300))
		}
	}
}

func TestASecondServerOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	first := serve(t)
	second := newServer(t)
	second.DataDir = first.DataDir
	err := second.TryStart()
	if err == nil {
		t.Fatal("a second server runs on the same data folder")
	}
	if !regexp.MustCompile(`(?i)(in use|another|already)`).MatchString(err.Error()) {
		t.Errorf("the message does not say that the data is in use: %v", err)
	}
	first.ClientWith("").Get("/readyz").Want(http.StatusOK)
}

func TestAPortThatIsTakenIsNamed(t *testing.T) {
	t.Parallel()
	first := serve(t)
	second := newServer(t)
	second.Web = first.Web
	if err := second.TryStart(); err == nil || !strings.Contains(err.Error(), first.Web) || !strings.Contains(err.Error(), "web listener") {
		t.Errorf("start on a port that is taken: %v, want an error that names the listener and its address", err)
	}
}

func TestPrintConfigShowsFlagsOverEnvironmentOverFileAndMasksSecrets(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "dialtone.yaml")
	writeFile(t, file, "max-body: 1MB\nmax-sessions: 111\ntask-attempts: 2\nconnreq-allow: [10.0.0.0/8, 192.0.2.0/24]\nmetrics-token: marked-metrics-token\n")
	env := map[string]string{"DIALTONE_MAX_SESSIONS": "222", "DIALTONE_TASK_ATTEMPTS": "3"}
	got := runDialtoneWith(t, env, "serve", "--config", file, "--task-attempts", "4", "--print-config")
	if got.Code != 0 {
		t.Fatalf("print-config: exit code %d: %s", got.Code, got.Stderr)
	}
	for _, want := range []string{"max-body: 1MB", "max-sessions: 222", "task-attempts: 4", "- 10.0.0.0/8", "- 192.0.2.0/24", "metrics-token: '[secret]'", "data-dir:", "log-level: info"} {
		if !strings.Contains(got.Stdout, want) {
			t.Errorf("print-config has no %q:\n%s", want, got.Stdout)
		}
	}
	if strings.Contains(got.Stdout+got.Stderr, "marked-metrics-token") {
		t.Error("print-config shows the secret")
	}
}

func TestWhatCannotBeAnOptionIsRefusedByName(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	unknown := filepath.Join(folder, "unknown.yaml")
	writeFile(t, unknown, "max-bodies: 1MB\n")
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"a key of the file that is no flag": {[]string{"serve", "--config", unknown, "--print-config"}, "max-bodies"},
		"a file that is not there":          {[]string{"serve", "--config", filepath.Join(folder, "absent.yaml"), "--print-config"}, "absent.yaml"},
		"a flag that is none":               {[]string{"serve", "--max-bodies", "1MB"}, "--max-bodies"},
		"a size that is none":               {[]string{"serve", "--max-body", "big", "--print-config"}, "--max-body"},
		"a store that is not known":         {[]string{"serve", "--data-dir", folder, "--store", "redis://x"}, "--store"},
		"an interval that is negative":      {[]string{"serve", "--data-dir", folder, "--inform-interval=-1s"}, "--inform-interval"},
		"a certificate without its key":     {[]string{"serve", "--data-dir", folder, "--web-tls-cert", "x.pem"}, "--web-tls-key"},
		"a role that cannot be one":         {[]string{"token", "create", "--data-dir", folder, "--name", "x", "--role", "The King"}, "--role"},
	} {
		t.Run(name, func(t *testing.T) {
			got := runDialtone(t, test.args...)
			if got.Code == 0 || !strings.Contains(got.Stderr, test.want) {
				t.Errorf("exit code %d, standard error %q; want a failure that names %s", got.Code, tail(got.Stderr, 500), test.want)
			}
		})
	}
}

func TestDoctorTellsWhatIsInOrderAndWhatIsNot(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	args := append([]string{"doctor"}, s.arguments()[1:]...)
	if before := runDialtone(t, args...); before.Code != 0 || strings.Contains(before.Stdout, "FAIL") {
		t.Errorf("doctor before the first start: %+v", before)
	}
	s.Start()
	if beside := runDialtone(t, args...); beside.Code != 1 || !strings.Contains(beside.Stdout, "FAIL  cwmp listener") || !strings.Contains(beside.Stdout, "ok    store") {
		t.Errorf("doctor beside a running server: %+v, want it to name the listeners that are taken", beside)
	}
}

func TestABackupOfARunningServerServes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("admin")
	phone := s.startPhone(t, "BACKUP01", nil)
	before := c.arrive(phone)

	folder := t.TempDir()
	copied := filepath.Join(folder, "copy.db")
	if got := runDialtone(t, "export", "--data-dir", s.DataDir, "--backup", copied); got.Code != 0 {
		t.Fatalf("export: %+v", got)
	}
	if again := runDialtone(t, "export", "--data-dir", s.DataDir, "--backup", copied); again.Code == 0 {
		t.Error("export overwrites a file that exists")
	}
	key, err := os.ReadFile(filepath.Join(s.DataDir, "secrets.key"))
	if err != nil {
		t.Fatal(err)
	}
	restored := newServer(t)
	if err := os.MkdirAll(restored.DataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(restored.DataDir, "secrets.key"), string(key))
	restored.Flags = []string{"--store", "sqlite:" + copied}
	restored.Start()
	if adminPassword.MatchString(restored.Log.String()) {
		t.Error("the restored server made a first user again")
	}
	after := restored.ClientWith(c.token).Device(phone)
	if after.ID != before.ID || after.Model != before.Model {
		t.Errorf("the restored server has the device %+v, want %+v", after, before)
	}
	restored.Stop()
	s.Stop()
}

func TestVersionIsPrinted(t *testing.T) {
	t.Parallel()
	if got := runDialtone(t, "version"); got.Code != 0 || !regexp.MustCompile(`^dialtone \S+\n$`).MatchString(got.Stdout) {
		t.Errorf("version: %+v", got)
	}
}

func TestAnOrderlyStopDoesNotWaitForPhonesThatAreSilentNorForThoseWhoWaitForThem(t *testing.T) {
	t.Parallel()
	s := serve(t, "--no-onboarding")
	c := s.Client("operator")
	silent := s.rawDevice(t)
	if status, _ := silent.post(informOf("SILENT01")); status != http.StatusOK {
		t.Fatalf("Inform: status %d", status)
	}
	id := listAll[deviceRecord](c, "devices")[0].ID
	events := c.follow(t.Context(), "?kinds=task")
	waited := make(chan answer, 1)
	go func() {
		got, err := c.Try(context.Background(), http.MethodPost, "devices/"+id+"/tasks", object{"kind": "reboot"}, "Prefer", "wait=100")
		if err != nil {
			t.Error(err)
		}
		waited <- got
	}()
	<-events // The task is queued: the answer waits for its end.
	begun := time.Now()
	s.Stop()
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("the stop took %s", took)
	}
	if got := <-waited; got.Status != http.StatusAccepted {
		t.Errorf("who waited for a task got status %d, want 202", got.Status)
	}
	s.Start()
	if open := listAll[taskRecord](c, "tasks", "filter", `state = "queued"`); len(open) != 1 {
		t.Errorf("%d tasks are queued after the next start, want the one", len(open))
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
