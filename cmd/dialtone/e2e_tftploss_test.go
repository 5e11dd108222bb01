//go:build e2e

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pin/tftp/v3"
)

// How many phones fetch over TFTP, and how many of those with each real client; the
// rest use the library.
const (
	tftpPhones  = 200
	tftpClients = 20
	// tftpTries is how often a phone asks for a file that it was not given.
	tftpTries = 3
)

// insideVariable says that the test runs inside the namespace that it made.
const insideVariable = "E2E_LOSSY_NETWORK"

// lossRule drops 5 % of all datagrams as they come in: on the one interface of the
// namespace that is both ways. TCP, by which the test speaks to the server, loses none.
const lossRule = `table inet loss {
	chain arriving {
		type filter hook input priority 0;
		meta l4proto udp numgen random mod 100 < 5 counter drop
	}
}
`

// neededProgram returns where a program is, or skips the test: it fails where
// everything must hold.
func neededProgram(t *testing.T, name, debian string) string {
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

// TestPhonesFetchOverTFTPOnANetworkThatLosesPackets runs itself once more in a network
// namespace of its own, with the server and all phones.
func TestPhonesFetchOverTFTPOnANetworkThatLosesPackets(t *testing.T) {
	ip, nft := neededProgram(t, "ip", "iproute2"), neededProgram(t, "nft", "nftables")
	neededProgram(t, "tftp", "tftp-hpa")
	neededProgram(t, "atftp", "atftp")
	if os.Getenv(insideVariable) != "" {
		fetchWithLoss(t, nft)
		return
	}
	name := fmt.Sprintf("dialtone-%d", os.Getpid())
	if output, err := exec.Command(ip, "netns", "add", name).CombinedOutput(); err != nil {
		t.Skipf("no network namespace can be made here (that takes the rights of root): %v: %s", err, output)
	}
	t.Cleanup(func() {
		if output, err := exec.Command(ip, "netns", "delete", name).CombinedOutput(); err != nil {
			t.Errorf("remove the network namespace: %v: %s", err, output)
		}
	})
	// A host that has loopback addresses only resolves none for some clients.
	for _, arguments := range [][]string{{"link", "set", "lo", "up"}, {"address", "add", "192.0.2.1/32", "dev", "lo"}} {
		if output, err := exec.Command(ip, append([]string{"-n", name}, arguments...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	inside := exec.CommandContext(ctx, ip, "netns", "exec", name, os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v", "-test.timeout", "3m")
	inside.Env = append(os.Environ(), insideVariable+"=1")
	output, err := inside.CombinedOutput()
	if err != nil || !bytes.Contains(output, []byte("--- PASS: "+t.Name())) {
		t.Fatalf("inside the namespace: %v\n%s", err, tail(string(output), 20_000))
	}
	t.Logf("inside the namespace:\n%s", tail(string(output), 4000))
}

// fetchWithLoss compares what phones get at once on a lossy network with what each got
// alone on a good one.
func fetchWithLoss(t *testing.T, nft string) {
	s := serve(t, "--tftp-addr", "127.0.0.1:0", "--log-level", "warn")
	operator := s.Client("operator")
	phones := newLoadPhones(tftpPhones)
	addLoadPhones(t, operator, phones)
	alone := make([][][]byte, len(phones))
	forEach(phones, 1, func(i int, p loadPhone) {
		alone[i] = p.fetchTFTP(t, i, s.TFTP, libraryClient)
		if last := alone[i][len(alone[i])-1]; !bytes.Contains(last, []byte(p.password)) {
			t.Errorf("phone %d: its file lacks its password: %d bytes", i, len(last))
		}
	})
	operator.waitProvisioned("converged", len(phones))
	operator.setLog(logAfter)
	operator.waitProvisioned("pending", len(phones))
	load := exec.Command(nft, "-f", "-")
	load.Stdin = strings.NewReader(lossRule)
	if output, err := load.CombinedOutput(); err != nil {
		t.Fatalf("nft: %v: %s", err, output)
	}
	clients := map[int]tftpClient{0: debianClient(neededProgram(t, "tftp", "tftp-hpa"), t.TempDir()), 1: atftpClient(neededProgram(t, "atftp", "atftp"), t.TempDir())}
	begun := time.Now()
	forEach(phones, len(phones), func(i int, p loadPhone) {
		client := clients[i/tftpClients]
		if client == nil {
			client = libraryClient
		}
		for n, got := range p.fetchTFTP(t, i, s.TFTP, client) {
			if want := bytes.ReplaceAll(alone[i][n], []byte(logBefore), []byte(logAfter)); !bytes.Equal(got, want) {
				t.Errorf("phone %d, %s: %d bytes differ from the %d that it got alone", i, p.paths[n], len(got), len(want))
			}
		}
	})
	took := time.Since(begun)
	t.Logf("%d phones in %.1f s; %s datagrams were lost; load average %s", len(phones), took.Seconds(), lostDatagrams(t, nft), loadAverage())
	// Of a phone whose last acknowledgement got lost the server does not know that it has
	// its file, until it fetches the next time.
	if output, err := exec.Command(nft, "flush", "ruleset").CombinedOutput(); err != nil {
		t.Fatalf("nft: %v: %s", err, output)
	}
	forEach(phones, 20, func(i int, p loadPhone) { p.fetchTFTP(t, i, s.TFTP, libraryClient) })
	operator.waitProvisioned("converged", len(phones))
}

// lostDatagrams is how many the rule has dropped, which must be some.
func lostDatagrams(t *testing.T, nft string) string {
	t.Helper()
	output, err := exec.Command(nft, "list", "ruleset").CombinedOutput()
	found := regexp.MustCompile(`counter packets (\d+)`).FindSubmatch(output)
	if err != nil || found == nil || string(found[1]) == "0" {
		t.Fatalf("no datagram was lost: %v: %s", err, output)
	}
	return string(found[1])
}

// tftpClient gets one file. Number tells the phones apart.
type tftpClient func(number int, address, path string) ([]byte, error)

// fetchTFTP gets all files in order.
func (p loadPhone) fetchTFTP(t *testing.T, number int, address string, get tftpClient) [][]byte {
	all := make([][]byte, len(p.paths))
	for i, path := range p.paths {
		content, err := get(number, address, path)
		for tries := 1; err != nil && tries < tftpTries; tries++ {
			content, err = get(number, address, path) // As a phone does.
		}
		if err != nil {
			t.Errorf("phone %d, %s: %v", number, path, err)
		}
		all[i] = content
	}
	return all
}

func libraryClient(number int, address, path string) ([]byte, error) {
	client, err := tftp.NewClient(address)
	if err != nil {
		return nil, err
	}
	client.SetTimeout(time.Second)
	client.SetRetries(20)
	client.SetBlockSize([]int{512, 1024, 1428}[number%3])
	transfer, err := client.Receive(path, "octet")
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	_, err = transfer.WriteTo(&content)
	return content.Bytes(), err
}

// debianClient is tftp-hpa.
func debianClient(program, folder string) tftpClient {
	return func(number int, address, path string) ([]byte, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(folder, fmt.Sprintf("%d-%s", number, filepath.Base(path)))
		return runTFTP(file, program, "-4", "-m", "octet", host, port, "-c", "get", path, file)
	}
}

// atftpClient is atftp with the options of RFC 2347 to 2349 and 7440.
func atftpClient(program, folder string) tftpClient {
	return func(number int, address, path string) ([]byte, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(folder, fmt.Sprintf("%d-%s", number, filepath.Base(path)))
		return runTFTP(file, program, "--option", "timeout 1", "--option", "blksize 1024", "--option", "tsize enable", "--option", "windowsize 4",
			"--get", "-r", path, "-l", file, host, port)
	}
}

// runTFTP runs a client that writes a file. An empty file is one that was not sent: no
// phone has such.
func runTFTP(file, program string, arguments ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = os.Remove(file) // There is none at the first try.
	output, err := exec.CommandContext(ctx, program, arguments...).CombinedOutput()
	content, missing := os.ReadFile(file)
	if len(content) == 0 {
		err = errors.Join(err, missing, errors.New("nothing was sent"))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(program), err, output)
	}
	return content, nil
}
