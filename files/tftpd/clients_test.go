package tftpd_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pin/tftp/v3"

	"github.com/dialtone-acs/dialtone/files/tftpd"
)

func port(f *fixture) string { return strconv.Itoa(f.address.Port) }

func (f *fixture) phone6(t testing.TB) *phone {
	t.Helper()
	conn, err := net.ListenUDP("udp6", &net.UDPAddr{IP: net.IPv6loopback})
	if err != nil {
		t.Skipf("this machine has no IPv6: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &phone{t: t, conn: conn, server: f.address}
}

func TestTheClientOfTheLibraryGetsEveryFile(t *testing.T) {
	f := newFixture(t, nil)
	for name, want := range contents() {
		if name == "shorter" || name == "text" {
			continue
		}
		for _, size := range []int{0, 1024, 8192} {
			client, err := tftp.NewClient(f.address.String())
			if err != nil {
				t.Fatal(err)
			}
			client.SetBlockSize(size)
			client.RequestTSize(size != 0)
			writer, err := client.Receive(name, "octet")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if n, ok := writer.(tftp.IncomingTransfer).Size(); size != 0 && (!ok || n != int64(len(want))) {
				t.Errorf("%s: size %d, %v", name, n, ok)
			}
			var got bytes.Buffer
			if _, err := writer.WriteTo(&got); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s in blocks of %d: %d bytes, %v", name, size, got.Len(), err)
			}
		}
	}
	client, err := tftp.NewClient(f.address.String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Receive("missing", "octet"); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("missing: %v", err)
	}
	if _, err := client.Send("short", "octet"); err == nil {
		t.Error("a file could be written")
	}
}

// program returns the path of a client, and skips the test where it is missing but
// for the machine that checks changes.
func program(t *testing.T, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing: install %s", name, debian)
	}
	t.Skipf("%s is missing: apt-get install %s", name, debian)
	return ""
}

func run(t *testing.T, folder, path string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), path, arguments...)
	command.Dir = folder
	output, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(output)
}

func TestTheClientOfDebianGetsEveryFile(t *testing.T) {
	path := program(t, "tftp", "tftp-hpa")
	f, folder := newFixture(t, nil), t.TempDir()
	for name, want := range contents() {
		if name == "shorter" {
			continue
		}
		for _, mode := range []string{"octet", "netascii"} {
			if mode == "netascii" && name != "text" {
				continue
			}
			output := run(t, folder, path, "-4", "-m", mode, "127.0.0.1", port(f), "-c", "get", name)
			got, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s in mode %s: %d bytes, %v: %s", name, mode, len(got), err, output)
			}
		}
	}
	if output := run(t, folder, path, "-4", "127.0.0.1", port(f), "-c", "get", "missing"); !strings.Contains(output, "file not found") {
		t.Errorf("missing: %s", output)
	}
	if output := run(t, folder, path, "-4", "127.0.0.1", port(f), "-c", "put", "short"); !strings.Contains(output, "cannot be written") {
		t.Errorf("put: %s", output)
	}
}

func TestAtftpGetsEveryFileWithEveryOption(t *testing.T) {
	path := program(t, "atftp", "atftp")
	f, folder := newFixture(t, nil), t.TempDir()
	for _, options := range [][]string{
		nil,
		{"--option", "blksize 1400"},
		{"--option", "tsize enable"},
		{"--option", "timeout 2"},
		{"--option", "windowsize 8"},
		{"--option", "blksize 1024", "--option", "tsize enable", "--option", "timeout 2", "--option", "windowsize 16"},
	} {
		for name, want := range contents() {
			if name == "shorter" || name == "text" {
				continue
			}
			file := filepath.Join(folder, name)
			_ = os.Remove(file)
			output := run(t, folder, path, append(options, "--get", "-r", name, "-l", name, "127.0.0.1", port(f))...)
			if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s with %v: %d bytes, %v: %s", name, options, len(got), err, output)
			}
		}
	}
}

// fetch gets a file as a phone does, with packets of both ways lost where lost says
// so. It returns an error if the server gives up.
func (p *phone) fetch(name string, blockSize, window int, lost func() bool) ([]byte, error) {
	request := read(name, "blksize", strconv.Itoa(blockSize), "windowsize", strconv.Itoa(window))
	listening, answer := p.server, request
	var content []byte
	next, since := 1, 0
	for tries := 0; tries < 200; {
		if !lost() {
			p.send(answer)
		}
		packet, err := p.wait(50 * time.Millisecond)
		for err == nil && lost() {
			packet, err = p.wait(50 * time.Millisecond)
		}
		for ; err == nil; packet, err = p.wait(50 * time.Millisecond) {
			tries = 0
			if packet[1] == 5 {
				return nil, fmt.Errorf("error %q", packet)
			}
			if packet[1] == 6 {
				answer = ack(0)
				break
			}
			if int(binary.BigEndian.Uint16([]byte(packet[2:]))) != next&0xffff {
				answer, since = ack((next-1)&0xffff), 0
				break
			}
			content = append(content, packet[4:]...)
			answer = ack(next & 0xffff)
			next++
			if len(packet)-4 < blockSize {
				p.send(answer) // The last one is not lost: the server would not know.
				return content, nil
			}
			if since++; since == window {
				since = 0
				break
			}
			if lost() {
				_, _ = p.wait(50 * time.Millisecond)
			}
		}
		if err != nil {
			tries++
			since = 0
		}
		if answer == request {
			p.server = listening
		}
	}
	return nil, errors.New("given up")
}

func TestPhonesGetTheirFilesOnALineThatLosesPackets(t *testing.T) {
	f := newFixture(t, func(o *tftpd.Options) { o.Timeout = 50 * time.Millisecond; o.Retries = 20 })
	want := contents()["odd"]
	var all sync.WaitGroup
	for i := range 100 {
		p := f.phone(t)
		source := rand.New(rand.NewPCG(uint64(i), 1))
		all.Go(func() {
			got, err := p.fetch("odd", 512, []int{1, 4}[i%2], func() bool { return source.IntN(100) < 5 })
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("phone %d: %d bytes, %v", i, len(got), err)
			}
		})
	}
	all.Wait()
	for range 100 {
		if ended := <-f.opener.ended; !ended.Complete {
			t.Errorf("%+v", ended)
		}
	}
	f.lint(t)
}

func BenchmarkTransfers(b *testing.B) {
	f := newFixture(b, nil)
	for b.Loop() {
		p := f.phone(b)
		if got, err := p.fetch("odd", 1428, 4, func() bool { return false }); err != nil || len(got) == 0 {
			b.Fatal(err)
		}
		_ = p.conn.Close()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}
