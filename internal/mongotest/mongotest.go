// Package mongotest gives tests a database that speaks MongoDB's protocol: the
// one that DIALTONE_TEST_MONGODB_URI names, else the stand-in of
// store/mongo/standin, which it builds and starts.
package mongotest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Variables of the environment.
const (
	// URIVariable names a real MongoDB to test against; its databases whose
	// names begin with "dialtonetest" are made and dropped.
	URIVariable = "DIALTONE_TEST_MONGODB_URI"
	// StandinVariable names the stand-in's program, if it is built already.
	StandinVariable = "DIALTONE_STANDIN"
)

// Real reports whether the tests run against a real MongoDB.
func Real() bool { return os.Getenv(URIVariable) != "" }

// shared is the server that the tests of one process share: starting one takes
// longer than most tests.
type shared struct {
	once   sync.Once
	server *Server
	err    error
}

// URI returns the address of an empty database of a server that the tests of
// this process share. The database is dropped when the test ends.
func URI(t testing.TB) string {
	t.Helper()
	if uri := os.Getenv(URIVariable); uri != "" {
		return withDatabase(t, uri)
	}
	everybody.once.Do(func() {
		data, err := os.MkdirTemp(fastFolder(), "dialtone-standin-")
		if err != nil {
			everybody.err = err
			return
		}
		everybody.server, everybody.err = start(data, "127.0.0.1:0", "-remove")
	})
	if everybody.err != nil {
		t.Fatal("start the stand-in for MongoDB: ", everybody.err)
	}
	return withDatabase(t, "mongodb://"+everybody.server.Address)
}

// everybody outlives each test; the stand-in ends with the process, as its
// standard input is closed then.
var everybody shared

func withDatabase(t testing.TB, uri string) string {
	t.Helper()
	name := "dialtonetest" + strings.ToLower(bson.NewObjectID().Hex())
	parts := strings.SplitN(uri, "?", 2)
	base := strings.TrimSuffix(parts[0], "/")
	if scheme, rest, _ := strings.Cut(base, "://"); strings.Contains(rest, "/") {
		host, _, _ := strings.Cut(rest, "/")
		base = scheme + "://" + host
	}
	made := base + "/" + name
	if len(parts) == 2 {
		made += "?" + parts[1]
	}
	t.Cleanup(func() { drop(t, made, name) })
	return made
}

func drop(t testing.TB, uri, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Errorf("connect to drop database: %v", err)
		return
	}
	defer client.Disconnect(ctx)
	if err := client.Database(name).Drop(ctx); err != nil {
		t.Logf("drop database %s: %v", name, err)
	}
}

// Server is a stand-in that a test has for itself, to stop and start it.
type Server struct {
	// Address is where it listens; it stays the same after Start.
	Address string

	data    string
	command *exec.Cmd
	stdin   io.Closer
	exited  chan struct{}
}

// Own starts a stand-in for one test. It is stopped when the test ends.
func Own(t testing.TB) *Server {
	t.Helper()
	data, err := os.MkdirTemp(fastFolder(), "dialtone-standin-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	s, err := start(data, "127.0.0.1:0")
	if err != nil {
		t.Fatal("start the stand-in for MongoDB: ", err)
	}
	t.Cleanup(s.Stop)
	return s
}

// fastFolder returns a folder in memory for data that only a test wants, the
// usual one where there is none.
func fastFolder() string {
	const memory = "/dev/shm"
	if info, err := os.Stat(memory); err == nil && info.IsDir() {
		return memory
	}
	return ""
}

// URI returns the address of a database of the server.
func (s *Server) URI(database string) string { return "mongodb://" + s.Address + "/" + database }

// Stop kills the server, as a crash would. Its data stays.
func (s *Server) Stop() {
	if s.command.ProcessState != nil {
		return
	}
	_ = s.command.Process.Kill()
	<-s.exited
	_ = s.stdin.Close()
}

// Start starts a server that was stopped, on the same address and data.
func (s *Server) Start() error {
	again, err := start(s.data, s.Address)
	if err != nil {
		return err
	}
	*s = *again
	return nil
}

const startTimeout = 30 * time.Second

func start(data, address string, more ...string) (*Server, error) {
	program, err := standin()
	if err != nil {
		return nil, err
	}
	command := exec.Command(program, append([]string{"-data", data, "-listen", address}, more...)...)
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &Server{data: data, command: command, stdin: stdin, exited: make(chan struct{})}
	lines := make(chan string, 1)
	go func() {
		defer close(s.exited)
		line, _ := bufio.NewReader(stdout).ReadString('\n')
		lines <- line
		_ = command.Wait()
	}()
	select {
	case line := <-lines:
		listening, found := strings.CutPrefix(strings.TrimSpace(line), "listening ")
		if !found {
			<-s.exited
			return nil, fmt.Errorf("it ended at once: %v", command.ProcessState)
		}
		s.Address = listening
		return s, nil
	case <-time.After(startTimeout):
		_ = command.Process.Kill()
		return nil, errors.New("it did not listen in time")
	}
}

// standin returns the path of the stand-in's program, built if it has to be.
func standin() (string, error) {
	built.once.Do(func() {
		if built.path = os.Getenv(StandinVariable); built.path != "" {
			return
		}
		built.path, built.err = build()
	})
	return built.path, built.err
}

var built struct {
	once sync.Once
	path string
	err  error
}

func build() (string, error) {
	output, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	bin := filepath.Join(filepath.Dir(strings.TrimSpace(string(output))), "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return "", err
	}
	// Tests of several packages may build at once, and one may run what another
	// built: a rename disturbs neither.
	path, fresh := filepath.Join(bin, "standin"), filepath.Join(bin, fmt.Sprintf("standin-%d", os.Getpid()))
	command := exec.Command("go", "run", "./build", "-o", fresh)
	command.Dir = filepath.Join(filepath.Dir(bin), "store", "mongo", "standin")
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if text, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, text)
	}
	if err := os.Rename(fresh, path); err != nil {
		return "", err
	}
	return path, nil
}
