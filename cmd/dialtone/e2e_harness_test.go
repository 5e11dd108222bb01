//go:build e2e

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binaryVariable names the binary under test.
const binaryVariable = "DIALTONE_BINARY"

// How long the harness waits for what a healthy server does at once.
const (
	startPatience   = 30 * time.Second
	stopPatience    = 30 * time.Second
	commandPatience = 60 * time.Second
)

// TestMain builds the binary if the environment names none, so that one
// `go test -tags e2e` is enough.
func TestMain(m *testing.M) {
	if os.Getenv(binaryVariable) != "" {
		os.Exit(m.Run())
	}
	folder, err := os.MkdirTemp("", "dialtone-e2e-*")
	if err == nil {
		err = buildBinary(filepath.Join(folder, "dialtone"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		_ = os.RemoveAll(folder)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

func buildBinary(path string) error {
	build := exec.Command("go", "build", "-trimpath", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the binary: %w\n%s", err, output)
	}
	return os.Setenv(binaryVariable, path)
}

// server is one `dialtone serve` on a data folder of its own. It may be stopped,
// killed and started again; the addresses stay the same.
type server struct {
	tb testing.TB
	// DataDir, Store, Flags and Env may be changed before Start. Env holds NAME=value.
	DataDir string
	// Store is the address of its store, empty for the embedded one.
	Store string
	Flags []string
	Env   []string
	// CWMP, Files and Web are the addresses of the listeners.
	CWMP, Files, Web string
	// TFTP is the address of that listener; empty without --tftp-addr.
	TFTP string
	// Certificates turns TLS on for all listeners.
	Certificates *certificates
	// Log is what all runs wrote to standard error.
	Log *transcript
	// Answers is every body that a client of this server was answered.
	Answers *transcript

	command *exec.Cmd
	exited  chan struct{}
}

// newServer returns a server that does not run yet, with free ports on the
// loopback address. What is left of it at the end of the test is killed.
func newServer(tb testing.TB, flags ...string) *server {
	tb.Helper()
	s := &server{tb: tb, DataDir: filepath.Join(tb.TempDir(), "data"), Flags: flags, Log: newTranscript(), Answers: newTranscript()}
	s.reserve()
	tb.Cleanup(func() {
		s.Kill()
		if tb.Failed() {
			tb.Logf("standard error of the server, its end:\n%s", tail(s.Log.String(), 16<<10))
		}
	})
	return s
}

// serve returns a server that is ready.
func serve(tb testing.TB, flags ...string) *server {
	tb.Helper()
	s := newServer(tb, flags...)
	s.Start()
	return s
}

// reserve chooses free ports. They must be known before the start: the URL of a
// Download has the port that the files listener is configured with.
func (s *server) reserve() {
	s.tb.Helper()
	for _, address := range []*string{&s.CWMP, &s.Files, &s.Web} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.tb.Fatal(err)
		}
		*address = l.Addr().String()
		defer func() { _ = l.Close() }()
	}
}

func (s *server) arguments() []string {
	args := []string{
		"serve", "--data-dir", s.DataDir, "--cwmp-addr", s.CWMP, "--files-addr", s.Files, "--web-addr", s.Web,
		"--connreq-allow", "127.0.0.0/8",
	}
	if s.Certificates != nil {
		for _, listener := range []string{"cwmp", "files", "web"} {
			args = append(args, "--"+listener+"-tls-cert", s.Certificates.CertFile, "--"+listener+"-tls-key", s.Certificates.KeyFile)
		}
	}
	return append(append(args, s.storeArguments()...), s.Flags...)
}

func (s *server) storeArguments() []string {
	if s.Store == "" {
		return nil
	}
	return []string{"--store", s.Store}
}

// readyLine is what serve prints once all listeners are open.
var readyLine = regexp.MustCompile(`(?m)^dialtone \S+ ready: cwmp (\S+), files (\S+), web ([^\s,]+)(?:, tftp (\S+))?$`)

// Start runs the server and returns once it is ready.
func (s *server) Start() {
	s.tb.Helper()
	if err := s.TryStart(); err != nil {
		s.tb.Fatalf("start the server: %v", err)
	}
}

// TryStart is Start for a test in which the server may refuse to run: the error
// has what it wrote.
func (s *server) TryStart() error {
	if s.command != nil {
		return errors.New("it runs already")
	}
	run := newTranscript()
	command := exec.Command(os.Getenv(binaryVariable), s.arguments()...)
	command.Env = append(cleanEnvironment(), s.Env...)
	command.Stderr = io.MultiWriter(s.Log, run)
	command.WaitDelay = time.Second
	if err := command.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() { _ = command.Wait(); close(exited) }()
	s.command, s.exited = command, exited
	timeout := time.After(startPatience)
	for {
		changed := run.Changed()
		if found := readyLine.FindStringSubmatch(run.String()); found != nil {
			s.CWMP, s.Files, s.Web, s.TFTP = found[1], found[2], found[3], found[4]
			return nil
		}
		select {
		case <-changed:
		case <-exited:
			s.command = nil
			return fmt.Errorf("%s: %s", command.ProcessState, run.String())
		case <-timeout:
			s.Kill()
			return fmt.Errorf("not ready within %s: %s", startPatience, run.String())
		}
	}
}

// cleanEnvironment is the test's own without options of the program.
func cleanEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "DIALTONE_") })
}

// PID is the process id of the server that runs.
func (s *server) PID() int { return s.command.Process.Pid }

// Running reports whether the process lives.
func (s *server) Running() bool {
	if s.command == nil {
		return false
	}
	select {
	case <-s.exited:
		return false
	default:
		return true
	}
}

// Kill ends the server at once (SIGKILL), if it runs.
func (s *server) Kill() {
	if s.command == nil {
		return
	}
	_ = s.command.Process.Kill()
	<-s.exited
	s.command = nil
}

// Stop asks the server to end (SIGTERM), which must succeed in time.
func (s *server) Stop() {
	s.tb.Helper()
	if s.command == nil {
		s.tb.Fatal("stop the server: it does not run")
	}
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		s.tb.Fatalf("stop the server: %v", err)
	}
	select {
	case <-s.exited:
	case <-time.After(stopPatience):
		s.Kill()
		s.tb.Fatalf("the server did not end within %s of SIGTERM", stopPatience)
	}
	code := s.command.ProcessState.ExitCode()
	s.command = nil
	if code != 0 {
		s.tb.Fatalf("the server ended with exit code %d, want 0", code)
	}
}

// Restart kills the server and starts it again on the same data and addresses.
func (s *server) Restart() {
	s.tb.Helper()
	s.Kill()
	s.Start()
}

// CWMPURL is where phones inform.
func (s *server) CWMPURL() string { return s.scheme() + "://" + s.CWMP + "/" }

// WebURL is the base of the API's URLs.
func (s *server) WebURL() string { return s.scheme() + "://" + s.Web }

func (s *server) scheme() string {
	if s.Certificates != nil {
		return "https"
	}
	return "http"
}

// Token makes an API token beside the running server.
func (s *server) Token(role string) string {
	s.tb.Helper()
	args := append([]string{"token", "create", "--data-dir", s.DataDir, "--name", "e2e " + role, "--role", role}, s.storeArguments()...)
	result := runDialtone(s.tb, args...)
	if result.Code != 0 {
		s.tb.Fatalf("token create: exit code %d: %s", result.Code, result.Stderr)
	}
	return strings.TrimSpace(result.Stdout)
}

// commandResult is a run of the binary that ended.
type commandResult struct {
	Stdout, Stderr string
	Code           int
}

// runDialtone runs the binary to its end.
func runDialtone(tb testing.TB, args ...string) commandResult {
	tb.Helper()
	return runDialtoneWith(tb, nil, args...)
}

// runDialtoneWith is runDialtone with environment variables.
func runDialtoneWith(tb testing.TB, env map[string]string, args ...string) commandResult {
	tb.Helper()
	return runDialtoneFor(tb, commandPatience, env, io.Discard, args...)
}

// runDialtoneFor is runDialtoneWith for a command that takes longer. Watch gets
// its standard error as it comes.
func runDialtoneFor(tb testing.TB, patience time.Duration, env map[string]string, watch io.Writer, args ...string) commandResult {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, os.Getenv(binaryVariable), args...)
	command.Env = cleanEnvironment()
	for _, name := range slices.Sorted(maps.Keys(env)) {
		command.Env = append(command.Env, name+"="+env[name])
	}
	command.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, io.MultiWriter(&stderr, watch)
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		tb.Fatalf("dialtone %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return commandResult{Stdout: stdout.String(), Stderr: stderr.String(), Code: command.ProcessState.ExitCode()}
}

// transcript collects what is written to it, and tells of every change.
type transcript struct {
	mutex   sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{})} }

// Write implements io.Writer.
func (t *transcript) Write(p []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	close(t.changed)
	t.changed = make(chan struct{})
	return t.text.Write(p)
}

// String returns all that was written.
func (t *transcript) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.text.String()
}

// Changed returns a channel that is closed by the next Write.
func (t *transcript) Changed() <-chan struct{} {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.changed
}

func tail(text string, size int) string {
	if len(text) <= size {
		return text
	}
	return "… " + text[len(text)-size:]
}
