package httpd_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/filestest"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

// pipes is a listener whose connections are net.Pipe: nothing is buffered and
// deadlines follow the clock of the test.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { close(l.closed); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// servePipe serves content on one pipe inside a bubble of synctest, and returns
// the device's end after it has asked for the file.
func servePipe(t *testing.T, content []byte, log io.Writer) net.Conn {
	t.Helper()
	library := newLibrary(t, filestest.NewStore(), t.TempDir())
	if _, err := library.Add(t.Context(), files.File{Name: "fw.bin"}, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	handler, err := httpd.New(httpd.Options{Library: library, Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	listener := &pipes{connections: make(chan net.Conn, 1), closed: make(chan struct{})}
	server := &http.Server{Handler: handler}
	httpd.Configure(server, 0)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	device, served := net.Pipe()
	listener.connections <- served
	t.Cleanup(func() { _ = device.Close(); _ = server.Close(); <-done })
	if _, err := io.WriteString(device, "GET "+offer(t, library, "fw.bin").Path+" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return device
}

func TestATransferThatMovesMayTakeHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		content := noise(3, 8<<20)
		start, log := time.Now(), new(buffer)
		device := bufio.NewReaderSize(servePipe(t, content, log), 16)
		response, err := http.ReadResponse(device, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		for got.Len() < len(content) {
			time.Sleep(50 * time.Second) // On the clock of the test.
			if _, err := io.CopyN(&got, response.Body, min(64<<10, int64(len(content)-got.Len()))); err != nil {
				t.Fatalf("after %v and %d bytes: %v", time.Since(start), got.Len(), err)
			}
		}
		if !bytes.Equal(content, got.Bytes()) {
			t.Error("another content arrived")
		}
		if took := time.Since(start); took < time.Hour {
			t.Errorf("the transfer took only %v", took)
		}
		synctest.Wait()
		if !strings.Contains(log.String(), "outcome=complete") {
			t.Errorf("log: %s", log)
		}
	})
}

func TestATransferThatStallsIsEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := new(buffer)
		device := servePipe(t, noise(4, 1<<20), log)
		if _, err := io.CopyN(io.Discard, device, 300<<10); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		time.Sleep(httpd.DefaultIdleTimeout - time.Second)
		synctest.Wait()
		if log.String() != "" {
			t.Fatalf("ended after %v: %s", time.Since(start), log)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !strings.Contains(log.String(), "outcome=stalled") {
			t.Fatalf("log after %v: %s", time.Since(start), log)
		}
		if _, err := io.Copy(io.Discard, device); err != nil {
			t.Errorf("the connection is not closed: %v", err)
		}
	})
}

func TestAPhoneThatStopsReadingIsCutOff(t *testing.T) {
	f := newFixture(t, func(o *httpd.Options) { o.IdleTimeout = 100 * time.Millisecond })
	_, offer := f.add(t, "fw.bin", bytes.NewReader(noise(5, 32<<20)))
	c := f.dial(t)
	if _, err := io.WriteString(c, "GET "+offer.Path+" HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-f.closed
	if f.served(t, "stalled") != 1 {
		t.Errorf("not counted as stalled: %s", f.log)
	}
	if strings.Contains(f.log.String(), offer.Token) {
		t.Errorf("log: %s", f.log)
	}
}

// addSparse adds a file of zeros that takes no room on disk.
func (f *fixture) addSparse(t testing.TB, size int64) string {
	t.Helper()
	file, _ := f.add(t, "seed.bin", strings.NewReader(""))
	if err := os.Truncate(filepath.Join(f.folder, file.Content), size); err != nil {
		t.Fatal(err)
	}
	file.Name, file.Size = "fw.bin", size
	if err := f.store.PutFile(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	return offer(t, f.library, "fw.bin").Path
}

func TestADownloadIsNotHeldInMemory(t *testing.T) {
	f := newFixture(t, nil)
	const size = 200 << 20
	path := f.addSparse(t, size)
	f.do(t, http.MethodHead, path) // Whatever is allocated once is.
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	response, err := f.server.Client().Do(f.request(t, http.MethodGet, path))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, response.Body)
	took := time.Since(start)
	_ = response.Body.Close()
	runtime.ReadMemStats(&after)
	if err != nil || n != size {
		t.Fatalf("%d bytes, %v", n, err)
	}
	allocated := after.TotalAlloc - before.TotalAlloc
	t.Logf("a download of %d MiB in %v allocated %d kB in all, server and client", size>>20, took, allocated>>10)
	// Under the race detector pools of buffers forget, hence the room.
	if allocated > size/4 {
		t.Errorf("a download of %d bytes allocated %d", size, allocated)
	}
}

func TestTheBoundOnWhatIsBufferedReachesThroughTLS(t *testing.T) {
	server := &http.Server{}
	called := false
	httpd.Configure(server, time.Second)
	if server.WriteTimeout != time.Second || server.ReadHeaderTimeout == 0 || server.IdleTimeout == 0 || server.MaxHeaderBytes == 0 {
		t.Errorf("limits: %+v", server)
	}
	conn := &sized{set: func(bytes int) error { called = bytes > 0; return errors.New("not on this system") }}
	server.ConnContext(t.Context(), tls.Server(conn, &tls.Config{MinVersion: tls.VersionTLS12}))
	if !called {
		t.Error("the connection inside TLS has no bound")
	}
}

// sized is a connection whose send buffer has a size.
type sized struct {
	net.Conn
	set func(bytes int) error
}

func (c *sized) SetWriteBuffer(bytes int) error { return c.set(bytes) }
