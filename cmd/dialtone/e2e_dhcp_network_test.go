//go:build e2e && linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// What the test that runs inside the phones' namespace is told: its own end of the wire,
// and the namespace of the DHCP servers at the other.
const (
	phonesVariable  = "E2E_DHCP_PHONES"
	serversVariable = "E2E_DHCP_SERVERS"
)

// Addresses of the server on its end of the wire. Phones get theirs from its subnet.
const (
	dhcpServer4 = "10.9.0.1"
	dhcpServer6 = "2001:db8:9::1"
)

// dhcpNetwork is a wire between two network namespaces.
type dhcpNetwork struct {
	ip string
	// phones and servers name the interface at each end; the latter is also the name of
	// the servers' namespace.
	phones, servers string
}

// insideDHCPNetwork runs the test once more in a namespace of phones that has a wire to
// one of servers, and returns nil; inside, it returns the network.
func insideDHCPNetwork(t *testing.T) *dhcpNetwork {
	t.Helper()
	ip := neededProgram(t, "ip", "iproute2")
	if phones := os.Getenv(phonesVariable); phones != "" {
		return &dhcpNetwork{ip: ip, phones: phones, servers: os.Getenv(serversVariable)}
	}
	// Names of interfaces are short, and namespaces of other tests are beside.
	n := &dhcpNetwork{ip: ip, phones: fmt.Sprintf("dtp%d", os.Getpid()), servers: fmt.Sprintf("dts%d", os.Getpid())}
	n.make(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	inside := exec.CommandContext(ctx, ip, "netns", "exec", n.phones, os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v", "-test.timeout", "3m")
	inside.Env = append(os.Environ(), phonesVariable+"="+n.phones, serversVariable+"="+n.servers)
	output, err := inside.CombinedOutput()
	if err != nil || !bytes.Contains(output, []byte("--- PASS: "+t.Name()+" ")) {
		t.Fatalf("inside the namespace: %v\n%s", err, tail(string(output), 20_000))
	}
	t.Logf("inside the namespace:\n%s", tail(string(output), 6000))
	return nil
}

// make makes both namespaces and the wire.
func (n *dhcpNetwork) make(t *testing.T) {
	t.Helper()
	for i, name := range []string{n.phones, n.servers} {
		if output, err := exec.Command(n.ip, "netns", "add", name).CombinedOutput(); err != nil {
			if i > 0 {
				t.Fatalf("ip netns add: %v: %s", err, output)
			}
			t.Skipf("no network namespace can be made here (that takes the rights of root): %v: %s", err, output)
		}
		t.Cleanup(func() {
			if output, err := exec.Command(n.ip, "netns", "delete", name).CombinedOutput(); err != nil {
				t.Errorf("remove the network namespace: %v: %s", err, output)
			}
		})
	}
	n.run(t, "link", "add", n.phones, "netns", n.phones, "type", "veth", "peer", "name", n.servers, "netns", n.servers)
	n.run(t, "-n", n.servers, "address", "add", dhcpServer4+"/24", "dev", n.servers)
	n.run(t, "-n", n.servers, "-6", "address", "add", dhcpServer6+"/64", "dev", n.servers, "nodad")
	n.run(t, "-n", n.phones, "address", "add", "10.9.0.2/24", "dev", n.phones)
	for _, end := range []string{n.phones, n.servers} {
		n.run(t, "-n", end, "link", "set", "lo", "up")
		n.run(t, "-n", end, "link", "set", end, "up")
	}
	for _, end := range []string{n.phones, n.servers} {
		n.waitForLink(t, end)
	}
}

// waitForLink waits until one end of the wire is up and has made sure that nobody else has
// its address of IPv6: before, servers do not listen.
func (n *dhcpNetwork) waitForLink(t *testing.T, end string) {
	t.Helper()
	var output []byte
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		output, _ = exec.Command(n.ip, "-n", end, "address", "show", "dev", end).CombinedOutput() // What it says is looked at.
		if bytes.Contains(output, []byte("state UP")) && bytes.Contains(output, []byte("inet6 fe80")) && !bytes.Contains(output, []byte("tentative")) {
			return
		}
	}
	t.Fatalf("the wire is not up: %s", output)
}

func (n *dhcpNetwork) run(t *testing.T, arguments ...string) {
	t.Helper()
	if output, err := exec.Command(n.ip, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", strings.Join(arguments, " "), err, output)
	}
}

// serverLog keeps what a server says.
type serverLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *serverLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *serverLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// serve starts a DHCP server in its namespace and stops it at the end of the test. What
// it says is shown if the test fails.
func (n *dhcpNetwork) serve(t *testing.T, environment []string, program string, arguments ...string) {
	t.Helper()
	output := &serverLog{}
	command := exec.Command(n.ip, append([]string{"netns", "exec", n.servers, program}, arguments...)...)
	command.Env = append(os.Environ(), environment...)
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		// `ip netns exec` becomes the program, so this is the server.
		_ = command.Process.Signal(syscall.SIGTERM) // It may have ended.
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = command.Process.Kill() // As above.
			<-ended
		}
		if t.Failed() {
			t.Logf("%s says:\n%s", program, tail(output.String(), 6000))
		}
	})
	select {
	case err := <-ended:
		ended <- err
		t.Fatalf("%s ended: %v\n%s", program, err, tail(output.String(), 6000))
	case <-time.After(300 * time.Millisecond):
	}
}
