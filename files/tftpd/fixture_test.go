package tftpd_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/tftpd"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noise returns the same bytes for the same seed.
func noise(seed byte, size int) []byte {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(content)
	return content
}

// opener gives files by their whole path.
type opener struct {
	files map[string][]byte
	// wait, if not nil, is called before each answer.
	wait func(ctx context.Context) error

	mu    sync.Mutex
	asked []files.Request
	ended chan files.Ended
}

func (o *opener) OpenRequest(ctx context.Context, r files.Request) (files.Opened, error) {
	o.mu.Lock()
	o.asked = append(o.asked, r)
	wait, content := o.wait, o.files[r.Path]
	o.mu.Unlock()
	if wait != nil {
		if err := wait(ctx); err != nil {
			return files.Opened{}, err
		}
	}
	switch r.Path {
	case "forbidden.cfg":
		return files.Opened{}, fmt.Errorf("open: %w", files.ErrForbidden)
	case "broken.cfg":
		return files.Opened{}, errors.New("the store is away")
	}
	if content == nil {
		return files.Opened{}, fmt.Errorf("open: %w", files.ErrNotFound)
	}
	size := int64(len(content))
	if r.Path == "shorter" {
		size += 1000
	}
	return files.Opened{Name: r.Path, Size: size, Content: unclosed{bytes.NewReader(content)}, Ended: o.end}, nil
}

// end keeps what became of an answer for the test, which may not want it.
func (o *opener) end(e files.Ended) {
	select {
	case o.ended <- e:
	default:
	}
}

func (o *opener) put(name string, content []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files[name] = content
}

func (o *opener) first() files.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked[0]
}

type unclosed struct{ *bytes.Reader }

func (unclosed) Close() error { return nil }

// fixture is a server on loopback.
type fixture struct {
	opener   *opener
	server   *tftpd.Server
	address  *net.UDPAddr
	registry *prometheus.Registry
	log      *buffer
	// ran gets what Run returned.
	ran chan error
}

func newFixture(t testing.TB, change func(*tftpd.Options)) *fixture {
	t.Helper()
	return newFixtureAt(t, "127.0.0.1:0", change)
}

func newFixtureAt(t testing.TB, address string, change func(*tftpd.Options)) *fixture {
	t.Helper()
	f := &fixture{
		opener:   &opener{files: contents(), ended: make(chan files.Ended, 1000)},
		registry: prometheus.NewRegistry(), log: new(buffer), ran: make(chan error, 1),
	}
	options := tftpd.Options{
		Opener: f.opener, Registerer: f.registry, Timeout: 400 * time.Millisecond, Retries: 2,
		Logger: slog.New(slog.NewTextHandler(f.log, nil)),
	}
	if change != nil {
		change(&options)
	}
	var err error
	if f.server, err = tftpd.New(options); err != nil {
		t.Fatal(err)
	}
	conn, err := tftpd.Listen(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	f.address = net.UDPAddrFromAddrPort(netip.MustParseAddrPort(conn.LocalAddr().String()))
	go func() { f.ran <- f.server.Run(context.WithoutCancel(t.Context()), conn) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = f.server.Shutdown(ctx)
		if err := <-f.ran; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return f
}

func contents() map[string][]byte {
	return map[string][]byte{
		"empty":   {},
		"short":   []byte("0123456789"),
		"text":    []byte("a = 1\nb = 2\r\n"),
		"block":   noise(1, 512),
		"blocks":  noise(2, 512*5),
		"odd":     noise(3, 512*9+77),
		"large":   noise(4, 3<<20),
		"shorter": noise(5, 100),
	}
}

// served returns how many requests were counted with that result.
func (f *fixture) served(t testing.TB, result string) float64 {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == "dialtone_tftp_served_total" && metric.GetLabel()[0].GetValue() == result {
				return metric.GetCounter().GetValue()
			}
		}
	}
	return 0
}

// counted waits until a request was counted with that result.
func (f *fixture) counted(t testing.TB, result string) {
	t.Helper()
	for range 500 {
		if f.served(t, result) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("nothing is counted as %s: %s", result, f.log)
}

func (f *fixture) lint(t testing.TB) {
	t.Helper()
	problems, err := testutil.GatherAndLint(f.registry)
	if err != nil || len(problems) != 0 {
		t.Errorf("metrics: %v, %v", problems, err)
	}
}

// phone is a socket that speaks TFTP by hand.
type phone struct {
	t    testing.TB
	conn *net.UDPConn
	// server is where the last packet came from; the listening socket before.
	server *net.UDPAddr
}

func (f *fixture) phone(t testing.TB) *phone {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	server := *f.address
	return &phone{t: t, conn: conn, server: &server}
}

// send sends a packet: text in which \0 is a NUL.
func (p *phone) send(packet string) {
	p.t.Helper()
	if _, err := p.conn.WriteToUDP([]byte(packet), p.server); err != nil {
		p.t.Fatal(err)
	}
}

// receive returns the next packet.
func (p *phone) receive() string {
	p.t.Helper()
	packet, err := p.wait(5 * time.Second)
	if err != nil {
		p.t.Fatalf("no packet: %v", err)
	}
	return packet
}

func (p *phone) wait(patience time.Duration) (string, error) {
	if err := p.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	buffer := make([]byte, 1<<16)
	n, from, err := p.conn.ReadFromUDP(buffer)
	if err == nil {
		p.server = from
	}
	return string(buffer[:n]), err
}

// silent fails if a packet comes.
func (p *phone) silent(patience time.Duration) {
	p.t.Helper()
	if packet, err := p.wait(patience); err == nil {
		p.t.Fatalf("packet %.40q came", packet)
	}
}

func read(name string, options ...string) string {
	return "\x00\x01" + name + "\x00octet\x00" + strings.Join(append(options, ""), "\x00")
}

func ack(block int) string { return "\x00\x04" + string([]byte{byte(block >> 8), byte(block)}) }

func data(block int, content []byte) string {
	return "\x00\x03" + string([]byte{byte(block >> 8), byte(block)}) + string(content)
}

func failure(code int, text string) string {
	return "\x00\x05\x00" + string([]byte{byte(code)}) + text + "\x00"
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
