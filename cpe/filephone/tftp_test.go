package filephone

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// tftpShelf is a TFTP server that may misbehave.
type tftpShelf struct {
	URL   string
	files map[string]string
	// plain has the server know no options.
	plain bool
	// lose drops the n-th packet that is to be sent, from 1.
	lose func(n int64) bool
	// twice sends each block twice.
	twice bool
	// code is the error for files that there are not.
	code byte

	sent  atomic.Int64
	socks net.PacketConn
}

func newTFTPShelf(t *testing.T, files map[string]string) *tftpShelf {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &tftpShelf{URL: "tftp://" + socket.LocalAddr().String() + "/p", files: files, code: 1, socks: socket, lose: func(int64) bool { return false }}
	t.Cleanup(func() { _ = socket.Close() })
	return s
}

// serve answers requests until the socket is closed.
func (s *tftpShelf) serve() {
	buffer := make([]byte, 2048)
	for {
		n, from, err := s.socks.ReadFrom(buffer)
		if err != nil {
			return
		}
		if n > 2 && buffer[1] == readRequest {
			fields := bytes.Split(bytes.Clone(buffer[2:n]), []byte{0})
			go s.transfer(from, strings.TrimPrefix(string(fields[0]), "p/"))
		}
	}
}

// transfer sends a file from a port of its own, packet by packet.
func (s *tftpShelf) transfer(to net.Addr, name string) {
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return
	}
	defer func() { _ = socket.Close() }()
	content, found := s.files[name]
	if !found {
		_, _ = socket.WriteTo([]byte{0, failure, 0, s.code, 'n', 'o', 0}, to)
		return
	}
	size := plainBlock
	if !s.plain {
		size = 1000
		if !s.exchange(socket, to, []byte("\x00\x06blksize\x001000\x00"), 0) {
			return
		}
	}
	for block := uint16(1); ; block++ {
		part := content[:min(size, len(content))]
		content = content[len(part):]
		packet := append(binary.BigEndian.AppendUint16([]byte{0, data}, block), part...)
		if !s.exchange(socket, to, packet, block) || len(part) < size {
			return
		}
	}
}

// exchange sends a packet until it is acknowledged.
func (s *tftpShelf) exchange(socket net.PacketConn, to net.Addr, packet []byte, block uint16) bool {
	buffer := make([]byte, 64)
	for range 10 {
		if !s.lose(s.sent.Add(1)) {
			_, _ = socket.WriteTo(packet, to)
			if s.twice {
				_, _ = socket.WriteTo(packet, to)
			}
		}
		_ = socket.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		for {
			n, _, err := socket.ReadFrom(buffer)
			if err != nil {
				break
			}
			if n == 4 && buffer[1] == acknowledge && binary.BigEndian.Uint16(buffer[2:]) == block {
				return true
			}
			if n >= 4 && buffer[1] == failure {
				return false
			}
		}
	}
	return false
}

func tftpPhone(t *testing.T, v Vendor, url string) *Phone {
	t.Helper()
	p, err := New(Config{Vendor: v, MAC: v.OUI() + "112233", Files: url, Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPhoneHoldsTheSameOverTFTP(t *testing.T) {
	for name, adjust := range map[string]func(*tftpShelf){
		"with options":               func(*tftpShelf) {},
		"without options":            func(s *tftpShelf) { s.plain = true },
		"a quarter is lost":          func(s *tftpShelf) { s.lose = func(n int64) bool { return n*7919%101 < 25 } },
		"every packet is sent twice": func(s *tftpShelf) { s.twice = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := newTFTPShelf(t, example(t, Yealink))
			adjust(s)
			go s.serve()
			p := tftpPhone(t, Yealink, s.URL)
			start(t, p)
			if got, want := p.Held(), exampleHeld(Yealink, ""); !reflect.DeepEqual(got, want) {
				t.Errorf("holds %+v\nwant  %+v", got, want)
			}
		})
	}
}

func TestAFileOfWholeBlocksEndsOverTFTP(t *testing.T) {
	for _, size := range []int{0, plainBlock, 2 * plainBlock, 3*plainBlock - 1} {
		content := "#!version:1.0.0.1\n#" + strings.Repeat("x", max(0, size-19))
		if size == 0 {
			content = ""
		}
		s := newTFTPShelf(t, map[string]string{"001565112233.cfg": content})
		s.plain = true
		go s.serve()
		outcome, err := tftpPhone(t, Yealink, s.URL).Start(context.Background())
		last := outcome.Requests[len(outcome.Requests)-1]
		if last.Bytes != len(content) || size > 0 && err != nil {
			t.Errorf("%d bytes: %+v, error %v", size, last, err)
		}
	}
}

func TestWhatATFTPServerRefusesIsToldApart(t *testing.T) {
	for code, want := range map[byte]int{2: 403, 4: 500} {
		s := newTFTPShelf(t, nil)
		s.code = code
		go s.serve()
		var status *StatusError
		if _, err := tftpPhone(t, Snom, s.URL).Start(context.Background()); !errors.As(err, &status) || status.Status != want {
			t.Errorf("code %d: error %v, want status %d", code, err, want)
		}
	}
	s := newTFTPShelf(t, nil)
	go s.serve()
	if _, err := tftpPhone(t, Snom, s.URL).Start(context.Background()); !errors.Is(err, ErrNoFile) {
		t.Errorf("error %v, want ErrNoFile", err)
	}
}

func TestAPhoneStopsAFirmwareImageOverTFTPAfterItsHead(t *testing.T) {
	files := example(t, Yealink)
	s := newTFTPShelf(t, files)
	files["001565112233.cfg"] += "static.firmware.url = " + s.URL + "/big.rom\n"
	files["big.rom"] = strings.Repeat("x", 1<<20)
	go s.serve()
	outcome := start(t, tftpPhone(t, Yealink, s.URL))
	if last := outcome.Requests[len(outcome.Requests)-1]; last.Bytes != imageHead || last.Status != 200 {
		t.Errorf("last request %+v", last)
	}
	if n := s.sent.Load(); n > 100 {
		t.Errorf("%d packets were sent", n)
	}
}

func TestAPhoneGivesASilentTFTPServerUp(t *testing.T) {
	s := newTFTPShelf(t, nil)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := tftpPhone(t, Snom, s.URL).Start(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 5*time.Second {
		t.Errorf("error %v after %s", err, time.Since(begin))
	}
	p, err := New(Config{Vendor: Snom, MAC: "000413112233", Files: s.URL, Timeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Start(context.Background()); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("error %v", err)
	}
}
