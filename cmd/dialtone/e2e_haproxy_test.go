//go:build e2e

package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// haproxy is HAProxy with the configuration that is delivered, before one node.
type haproxy struct {
	CWMP, Files, Web string
	// Secure is Web over HTTPS, as the configuration says how to add it.
	Secure string
	// Certificates are those of Secure.
	Certificates *certificates
}

// startHAProxy runs HAProxy until the test ends.
func startHAProxy(t *testing.T, s *server) haproxy {
	t.Helper()
	program := tool(t, "haproxy")
	raw, err := os.ReadFile(filepath.Join(root, "deploy/haproxy/haproxy.cfg"))
	if err != nil {
		t.Fatal(err)
	}
	free := &server{tb: t}
	free.reserve()
	b := haproxy{CWMP: free.CWMP, Files: free.Files, Web: free.Web}
	free.reserve()
	b.Secure, b.Certificates = free.Files, newCertificates(t)
	_, webPort, _ := net.SplitHostPort(s.Web)
	config := strings.NewReplacer(
		"maxconn 20000", "maxconn 200", // More than a test machine may have files open.
		"bind :7547\n", "bind "+b.CWMP+"\n", "bind :7567\n", "bind "+b.Files+"\n", "bind :8080\n", "bind "+b.Web+"\n    bind "+b.Secure+" ssl crt "+pemOf(t, b.Certificates)+" alpn h2,http/1.1\n", "127.0.0.1:8404", free.Web,
		"dialtone1:7547", s.CWMP, "dialtone1:7567", s.Files, "dialtone1:8080", s.Web, "check port 8080", "check port "+webPort,
		// Nobody listens where the second node would: its requests go to the first.
		"dialtone2:7547", free.CWMP, "dialtone2:7567", free.CWMP, "dialtone2:8080", free.CWMP,
	).Replace(string(raw))
	path := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	log := newTranscript()
	command := exec.Command(program, "-db", "-f", path)
	command.Stdout, command.Stderr, command.WaitDelay = log, log, time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		if t.Failed() {
			t.Logf("HAProxy wrote:\n%s", tail(log.String(), 8<<10))
		}
	})
	return b
}

// pemOf returns a file with the certificate and its key, as HAProxy wants them.
func pemOf(t *testing.T, c *certificates) string {
	t.Helper()
	var all []byte
	for _, name := range []string{c.CertFile, c.KeyFile} {
		part, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, part...)
	}
	path := filepath.Join(t.TempDir(), "both.pem")
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// from returns a transport whose connections come from an address of this
// machine.
func from(t *testing.T, address string) *http.Transport {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}, Timeout: 5 * time.Second}
	transport := &http.Transport{DialContext: dialer.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// TestBehindHAProxyEverybodyIsSeenByTheirOwnAddress puts the delivered
// configuration between: the PROXY protocol for phones, X-Forwarded-For for the
// API. What clients claim themselves is not believed.
func TestBehindHAProxyEverybodyIsSeenByTheirOwnAddress(t *testing.T) {
	s := serve(t, "--trusted-proxies", "127.0.0.1/32")
	b := startHAProxy(t, s)
	c := s.Client("admin")
	c.base, c.http.Transport = "http://"+b.Web, from(t, "127.0.0.3")
	c.Eventually("the balancer finds the node", func() bool {
		got, err := c.Try(context.Background(), http.MethodGet, "/readyz", nil)
		return err == nil && got.Status == http.StatusOK
	})

	phone := &rawDevice{tb: t, url: "http://" + b.CWMP + "/", http: &http.Client{Transport: from(t, "127.0.0.2"), Timeout: 30 * time.Second}}
	c.Eventually("an Inform reaches the node", func() bool {
		status, _, err := phone.try(strings.NewReader(informOf("BALANCED")), "X-Forwarded-For", "203.0.113.9")
		return err == nil && status == http.StatusOK
	})
	records := listAll[deviceRecord](c, "devices", "filter", "serialNumber = BALANCED")
	if len(records) != 1 {
		t.Fatalf("devices: %+v", records)
	}
	var record struct{ Address string }
	c.Get("devices/" + records[0].ID).Want(http.StatusOK).Decode(&record)
	if record.Address != "127.0.0.2" {
		t.Errorf("the phone is seen at %s, want 127.0.0.2", record.Address)
	}

	c.Post("tokens", object{"name": "x", "role": "viewer"}, "X-Forwarded-For", "203.0.113.9").Want(http.StatusCreated)
	var audit struct {
		Items []struct{ Operation, Address string }
	}
	c.Get("audit?pageSize=1").Want(http.StatusOK).Decode(&audit)
	if len(audit.Items) != 1 || audit.Items[0].Address != "127.0.0.3" {
		t.Errorf("the audit log has %+v, want the address 127.0.0.3", audit.Items)
	}

	files := &http.Client{Transport: from(t, "127.0.0.2"), Timeout: 30 * time.Second}
	answered, err := files.Get("http://" + b.Files + "/no-such-token/file")
	if err != nil {
		t.Fatal(err)
	}
	_ = answered.Body.Close()
	if answered.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is not there: %s", answered.Status)
	}
	if got := c.Get("/metrics"); got.Status != http.StatusForbidden {
		t.Errorf("metrics through the balancer: %d", got.Status)
	}
}

// TestBehindHAProxyTheServerKnowsWhoCameByHTTPS signs in both ways: the cookie, and
// what the console tells the browser, follow how the client came to the balancer,
// not what it claims.
func TestBehindHAProxyTheServerKnowsWhoCameByHTTPS(t *testing.T) {
	s := serve(t, "--trusted-proxies", "127.0.0.1/32")
	b := startHAProxy(t, s)
	signIn := object{"name": "admin", "password": s.firstPassword()}
	for _, way := range []struct {
		base, claim, cookie string
		secure              bool
	}{
		{"http://" + b.Web, "https", "dialtone=", false},
		{"https://" + b.Secure, "http", "__Host-dialtone=", true},
	} {
		c := s.ClientWith("")
		c.base, c.http.Transport = way.base, &http.Transport{TLSClientConfig: b.Certificates.Client()}
		t.Cleanup(c.http.CloseIdleConnections)
		c.Eventually("the balancer finds the node", func() bool {
			got, err := c.Try(context.Background(), http.MethodGet, "/readyz", nil)
			return err == nil && got.Status == http.StatusOK
		})
		got := c.Post("signIn", signIn, "X-Forwarded-Proto", way.claim)
		if cookie := got.Header.Get("Set-Cookie"); got.Status != http.StatusOK || !strings.HasPrefix(cookie, way.cookie) || strings.Contains(cookie, "; Secure") != way.secure {
			t.Errorf("%s: %d, the cookie is %q", way.base, got.Status, cookie)
		}
		page := c.Do(http.MethodGet, "/", nil, "Accept", "text/html", "X-Forwarded-Proto", way.claim)
		if strict := page.Header.Get("Strict-Transport-Security"); page.Status != http.StatusOK || (strict != "") != way.secure {
			t.Errorf("%s: %d, Strict-Transport-Security is %q", way.base, page.Status, strict)
		}
	}
}
