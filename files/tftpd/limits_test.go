package tftpd_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/tftpd"
)

func TestTheOpenerIsToldWhoAsksAndWhere(t *testing.T) {
	for address, host := range map[string]string{"127.0.0.1:0": "127.0.0.1", "0.0.0.0:0": "127.0.0.1", "[::]:0": "127.0.0.1", "[::1]:0": "[::1]"} {
		f := newFixtureAt(t, address, nil)
		p := f.phone(t)
		if strings.Contains(address, "::1") {
			p = f.phone6(t)
		} else {
			p.server.IP = p.conn.LocalAddr().(interface{ AddrPort() netip.AddrPort }).AddrPort().Addr().AsSlice()
		}
		p.send(read(`\short`))
		p.receive()
		asked := f.opener.first()
		want := host + address[strings.LastIndex(address, ":"):]
		want = strings.TrimSuffix(want, "0") + port(f)
		if asked.Protocol != "tftp" || asked.Method != "GET" || asked.Path != `\short` || !asked.Address.IsLoopback() || asked.At.IsZero() || asked.Host != want {
			t.Errorf("%s: %+v, want host %s", address, asked, want)
		}
	}
}

func TestAPhoneIsAnsweredFromTheAddressThatItAsked(t *testing.T) {
	f := newFixtureAt(t, "0.0.0.0:0", nil)
	p := f.phone(t)
	p.server.IP = netip.MustParseAddr("127.0.0.7").AsSlice()
	p.send(read("short"))
	p.receive()
	if got := p.server.IP.String(); got != "127.0.0.7" {
		t.Errorf("the answer came from %s", got)
	}
}

func TestTransfersAreBounded(t *testing.T) {
	for name, change := range map[string]func(*tftpd.Options){
		"in all":          func(o *tftpd.Options) { o.MaxTransfers = 1 },
		"for one address": func(o *tftpd.Options) { o.MaxPerAddress = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, func(o *tftpd.Options) { o.Timeout = 5 * time.Second; change(o) })
			first, second := f.phone(t), f.phone(t)
			first.send(read("short"))
			first.receive()
			second.send(read("short"))
			f.counted(t, "busy")
			second.silent(50 * time.Millisecond)
			if !strings.Contains(f.log.String(), "too many TFTP transfers") {
				t.Errorf("log: %s", f.log)
			}
			first.send(ack(1))
			<-f.opener.ended
			f.counted(t, "complete")
			time.Sleep(20 * time.Millisecond) // The place is given back after it is counted.
			second.send(read("short"))
			if got := second.receive(); got != data(1, contents()["short"]) {
				t.Errorf("got %q", got)
			}
			f.lint(t)
		})
	}
}

func TestAFileBeyondTheLimitIsNotSent(t *testing.T) {
	f := newFixture(t, func(o *tftpd.Options) { o.MaxSize = 511 })
	p := f.phone(t)
	p.send(read("block"))
	if got, want := p.receive(), failure(0, "file is too large for TFTP"); got != want {
		t.Errorf("got %q", got)
	}
	if ended := <-f.opener.ended; ended != (files.Ended{Status: 200}) {
		t.Errorf("%+v", ended)
	}
	f = newFixture(t, nil)
	p = f.phone(t)
	p.send("\x00\x01large\x00netascii\x00")
	if got, want := p.receive(), failure(0, "files of more than 1048576 bytes are only sent in mode octet"); got != want {
		t.Errorf("got %q", got)
	}
}

func TestATransferThatTakesTooLongIsEnded(t *testing.T) {
	f := newFixture(t, func(o *tftpd.Options) { o.MaxTime = 50 * time.Millisecond; o.Timeout = 5 * time.Second })
	p := f.phone(t)
	p.send(read("blocks"))
	p.receive()
	if got, want := p.receive(), failure(0, "try again later"); got != want {
		t.Errorf("got %q", got)
	}
	f.counted(t, "cut")
	if !strings.Contains(f.log.String(), "took too long") {
		t.Errorf("log: %s", f.log)
	}
}

func TestShutdownWaitsForTransfers(t *testing.T) {
	f := newFixture(t, func(o *tftpd.Options) { o.Timeout = 5 * time.Second })
	p := f.phone(t)
	p.send(read("short"))
	p.receive()
	down := make(chan error)
	go func() { down <- f.server.Shutdown(t.Context()) }()
	select {
	case err := <-down:
		t.Fatalf("Shutdown did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	p.send(ack(1))
	if err := <-down; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if ended := <-f.opener.ended; !ended.Complete {
		t.Errorf("%+v", ended)
	}
}

func TestShutdownCutsWhatTakesTooLong(t *testing.T) {
	f := newFixture(t, func(o *tftpd.Options) { o.Timeout = 5 * time.Second })
	var calls atomic.Int32
	opens := make(chan struct{})
	f.opener.mu.Lock()
	f.opener.wait = func(ctx context.Context) error {
		if calls.Add(1) == 1 {
			return nil
		}
		close(opens)
		<-ctx.Done()
		return ctx.Err()
	}
	f.opener.mu.Unlock()
	sending, opening := f.phone(t), f.phone(t)
	sending.send(read("short"))
	sending.receive()
	opening.send(read("short"))
	<-opens
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := f.server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown: %v", err)
	}
	for _, p := range []*phone{sending, opening} {
		if got, want := p.receive(), failure(0, "try again later"); got != want {
			t.Errorf("got %q", got)
		}
	}
	if ended := <-f.opener.ended; ended.Complete {
		t.Errorf("%+v", ended)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	server, err := tftpd.New(tftpd.Options{Opener: &opener{}})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := tftpd.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error)
	go func() { ran <- server.Run(ctx, conn) }()
	cancel()
	if err := <-ran; err != nil {
		t.Errorf("Run: %v", err)
	}
	if _, err := conn.Write(nil); err == nil {
		t.Error("the socket is still open")
	}
	if conn, err = tftpd.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if err := server.Run(t.Context(), conn); err != nil {
		t.Errorf("Run after the end: %v", err)
	}
}

func TestNewRefusesWhatCannotBe(t *testing.T) {
	f := newFixture(t, nil)
	for name, options := range map[string]tftpd.Options{
		"no opener":              {},
		"negative transfers":     {Opener: f.opener, MaxTransfers: -1},
		"a negative timeout":     {Opener: f.opener, Timeout: -1},
		"blocks that are small":  {Opener: f.opener, MaxBlockSize: 511},
		"blocks that are large":  {Opener: f.opener, MaxBlockSize: 65465},
		"a window too large":     {Opener: f.opener, MaxWindow: 65536},
		"metrics that are taken": {Opener: f.opener, Registerer: f.registry},
	} {
		if _, err := tftpd.New(options); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if _, err := tftpd.Listen(t.Context(), "256.0.0.1:69"); err == nil {
		t.Error("an address that cannot be is listened on")
	}
}
