//go:build e2e

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// marked is a server in which everything secret is marked.
type marked struct {
	*marks
	t      *testing.T
	server *server
	admin  *client
	// shown asks for what is shown once by purpose: its answers are not searched.
	shown *client
	// tokens are those of the roles.
	tokens map[string]string
	phone  *cpe.Device
	id     string
	bulk   string
	// link is the URL of a file with which the phone was sent for it.
	link atomic.Value
}

func TestNothingSecretIsInAnyOutputOrAtRest(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"basic", "digest"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			m := startMarked(t, scheme)
			m.watch()
			m.arrive()
			m.tasksThatSucceed()
			m.tasksThatFail()
			m.downloads()
			m.strangers()
			m.badMessages()
			m.badRequests()
			m.people()
			m.signInsElsewhere()
			m.connectionRequests()
			m.settings()
			m.readAll()
			m.searchAll()
		})
	}
}

func startMarked(t *testing.T, scheme string) *marked {
	m := &marked{marks: newMarks(), t: t, tokens: make(map[string]string)}
	clientSecret := filepath.Join(t.TempDir(), "client-secret")
	writeFile(t, clientSecret, m.plant("client secret for the OpenID provider")+"\n")
	provider := m.leakyProvider()
	m.server = newServer(t, "--log-level", "debug", "--cwmp-auth", scheme, "--cwmp-basic-without-tls", "--metrics-token", m.plant("metrics token"), "--task-attempts", "1",
		"--openid-issuer", provider, "--openid-client-id", "dialtone", "--openid-client-secret-file", clientSecret, "--openid-role", "*=viewer")
	m.server.Start()
	m.add(t, "password of the first administrator", m.server.firstPassword())
	key, err := os.ReadFile(filepath.Join(m.server.DataDir, "secrets.key"))
	if err != nil {
		t.Fatal(err)
	}
	m.add(t, "key of the secrets", strings.TrimSpace(string(key)))
	for _, role := range []string{"admin", "operator", "viewer"} {
		m.tokens[role] = m.server.Token(role)
		m.add(t, "token of "+role, m.tokens[role])
	}
	m.admin, m.shown = m.server.ClientWith(m.tokens["admin"]), m.server.ClientWith(m.tokens["admin"])
	m.shown.answers = newTranscript()
	return m
}

// watch follows the events, and orders that all sessions are traced.
func (m *marked) watch() {
	m.admin.follow(m.t.Context(), "")
	m.admin.Post("traceOrders", object{"filter": `oui = "000E08"`, "minutes": 10, "reason": "marks"}).Want(http.StatusCreated)
}

// readAll reads what each role may read, and more.
func (m *marked) readAll() {
	filled := m.admin.whatThereIs(m.bulk, []string{"acme"}, []string{"admin", "sam", "eve"})
	read := map[string]int{}
	for role, token := range m.tokens {
		read[role] = m.server.ClientWith(token).crawl(m.t, filled)
	}
	read["nobody"] = m.server.ClientWith("").crawl(m.t, filled)
	if read["admin"] < 60 || read["admin"] <= read["viewer"] || read["viewer"] <= read["nobody"] {
		m.t.Errorf("so many answers were read by role: %v", read)
	}
	m.server.ClientWith(m.places["metrics token"]).Get("/metrics").Want(http.StatusOK)
	for _, path := range []string{"/api/docs", "/healthz", "/readyz"} {
		m.admin.Get(path).Want(http.StatusOK)
	}
	traced := m.admin.Get("devices/" + m.id + "/trace/export").Want(http.StatusOK)
	if !strings.Contains(string(traced.Body), "AuthPassword") {
		m.t.Error("the trace has no message with a password: nothing of it was tested")
	}
	for _, args := range [][]string{
		{"audit", "export", "--data-dir", m.server.DataDir}, {"token", "list", "--data-dir", m.server.DataDir}, {"user", "list", "--data-dir", m.server.DataDir},
		append(m.server.arguments(), "--print-config"),
	} {
		result := runDialtone(m.t, args...)
		m.absentFrom(m.t, "dialtone "+strings.Join(args[:2], " "), []byte(result.Stdout+result.Stderr))
	}
}

// searchAll looks for the marks in the log, the answers, and what is kept.
func (m *marked) searchAll() {
	m.absentFromFolder(m.t, m.server.DataDir, "secrets.key")
	m.server.Restart()
	m.admin.Get("tasks").Want(http.StatusOK)
	m.server.Stop()
	m.absentFromFolder(m.t, m.server.DataDir, "secrets.key")
	log := strings.Replace(m.server.Log.String(), "  password: "+m.places["password of the first administrator"], "", 1)
	if !strings.Contains(log, `"level":"DEBUG"`) && !strings.Contains(log, `"level":"debug"`) {
		m.t.Error("the log has nothing of level debug: nothing was tested")
	}
	m.absentFrom(m.t, "the log", []byte(log))
	m.absentFrom(m.t, "an answer", []byte(m.server.Answers.String()))
	if len(m.places) < 60 {
		m.t.Errorf("only %d secrets were planted", len(m.places))
	}
}
