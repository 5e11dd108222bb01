package httpd_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/filestest"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const phone = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

// fixture is a files listener on loopback over a real folder.
type fixture struct {
	library  *files.Library
	store    *filestest.Store
	folder   string
	server   *httptest.Server
	registry *prometheus.Registry
	log      *buffer
	// closed gets every connection that the server has closed.
	closed chan net.Conn
}

func newFixture(t testing.TB, change func(*httpd.Options)) *fixture {
	t.Helper()
	f := &fixture{store: filestest.NewStore(), folder: t.TempDir(), registry: prometheus.NewRegistry(), log: new(buffer), closed: make(chan net.Conn, 1000)}
	f.library = newLibrary(t, f.store, f.folder)
	options := httpd.Options{
		Library: f.library, Registerer: f.registry,
		Logger: slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&options)
	}
	handler, err := httpd.New(options)
	if err != nil {
		t.Fatal(err)
	}
	f.server = httptest.NewUnstartedServer(handler)
	httpd.Configure(f.server.Config, options.IdleTimeout)
	f.server.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			f.closed <- c
		}
	}
	f.server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(f.log, nil), slog.LevelError)
	f.server.Start()
	t.Cleanup(f.server.Close)
	return f
}

func newLibrary(t testing.TB, store files.Store, folder string) *files.Library {
	t.Helper()
	content, err := files.OpenDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = content.Close() })
	library, err := files.NewLibrary(files.Options{Store: store, Content: content, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// add adds a file and returns it and an offer of it.
func (f *fixture) add(t testing.TB, name string, content io.Reader) (files.File, files.Offer) {
	t.Helper()
	file, err := f.library.Add(t.Context(), files.File{Name: name}, content)
	if err != nil {
		t.Fatal(err)
	}
	return file, offer(t, f.library, name)
}

func offer(t testing.TB, library *files.Library, name string) files.Offer {
	t.Helper()
	offer, err := library.Offer(t.Context(), files.OfferRequest{Device: phone, Task: "task1", Name: name, Expires: time.Now().Add(24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return offer
}

func (f *fixture) request(t testing.TB, method, path string, header ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// do sends a request and returns the response and its body.
func (f *fixture) do(t testing.TB, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	response, err := f.server.Client().Do(f.request(t, method, path, header...))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// dial opens a connection that the test closes.
func (f *fixture) dial(t testing.TB) net.Conn {
	t.Helper()
	var dialer net.Dialer
	c, err := dialer.DialContext(t.Context(), "tcp", f.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// raw sends bytes as they are and returns everything that comes back until the
// server closes the connection.
func (f *fixture) raw(t testing.TB, request string) string {
	t.Helper()
	c := f.dial(t)
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func parse(t testing.TB, answer string) *http.Response {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
	if err != nil {
		t.Fatalf("%v: %q", err, answer)
	}
	return response
}

// served returns how many requests were counted with that result.
func (f *fixture) served(t testing.TB, result string) float64 {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "dialtone_files_served_total" {
			continue
		}
		for _, metric := range family.GetMetric() {
			if metric.GetLabel()[0].GetValue() == result {
				return metric.GetCounter().GetValue()
			}
		}
	}
	return 0
}

// gauge returns the value of a metric that has no labels.
func (f *fixture) gauge(t testing.TB, name string) float64 {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == name {
			metric := family.GetMetric()[0]
			return metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

func (f *fixture) lint(t testing.TB) {
	t.Helper()
	problems, err := testutil.GatherAndLint(f.registry)
	if err != nil || len(problems) != 0 {
		t.Errorf("metrics: %v, %v", problems, err)
	}
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// libraryFunc is a Library whose Resolve is the function.
type libraryFunc struct {
	httpd.Library
	resolve func(ctx context.Context) error
}

func (l libraryFunc) Resolve(ctx context.Context, token, name string) (files.Resolved, error) {
	if err := l.resolve(ctx); err != nil {
		return files.Resolved{}, err
	}
	return l.Library.Resolve(ctx, token, name)
}
