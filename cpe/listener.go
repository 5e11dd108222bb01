package cpe

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/icholy/digest"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// ConnectionRequestListener waits for connection requests (TR-069 3.2.2) for any
// number of devices, each with a path of its own. While a device is stopped or
// rebooting, its connections are reset without an answer.
type ConnectionRequestListener struct {
	listener net.Listener
	server   *http.Server
	done     chan struct{}
	secret   []byte

	mu      sync.RWMutex
	devices map[string]*Device
}

const (
	connectionRequestRealm = "phone"
	nonceLifetime          = time.Minute
	connectionRequestLimit = 10 * time.Second
	headerLimit            = 8 << 10
)

// ListenConnectionRequests opens a listener on a TCP address. Close it when its
// devices are done.
func ListenConnectionRequests(address string) (*ConnectionRequestListener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cpe: listen for connection requests: %w", err)
	}
	l := &ConnectionRequestListener{
		listener: listener,
		done:     make(chan struct{}),
		secret:   make([]byte, 16),
		devices:  make(map[string]*Device),
	}
	if _, err := rand.Read(l.secret); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	l.server = &http.Server{
		Handler:           l,
		ReadHeaderTimeout: connectionRequestLimit,
		ReadTimeout:       connectionRequestLimit,
		IdleTimeout:       connectionRequestLimit,
		MaxHeaderBytes:    headerLimit,
	}
	go func() {
		defer close(l.done)
		_ = l.server.Serve(listener)
	}()
	return l, nil
}

// Addr is the address that is listened on.
func (l *ConnectionRequestListener) Addr() net.Addr { return l.listener.Addr() }

// Close stops listening and closes every connection.
func (l *ConnectionRequestListener) Close() error {
	err := l.server.Close()
	<-l.done
	return err
}

func (l *ConnectionRequestListener) register(d *Device) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.devices[d.path] = d
}

func (l *ConnectionRequestListener) unregister(d *Device) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.devices[d.path] == d {
		delete(l.devices, d.path)
	}
}

// ServeHTTP answers one connection request.
func (l *ConnectionRequestListener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.RLock()
	d := l.devices[r.URL.Path]
	l.mu.RUnlock()
	switch {
	case d == nil:
		http.NotFound(w, r)
		return
	case !d.Up():
		reset(w)
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	username, password := d.connectionRequestCredentials()
	now := d.config.Clock.Now()
	if username != "" && !l.authorized(r, username, password, now) {
		challenge := digest.Challenge{
			Realm: connectionRequestRealm, Nonce: l.nonce(now), QOP: []string{"auth"}, Algorithm: "MD5",
		}
		d.config.manner.demand(&challenge)
		w.Header().Set("WWW-Authenticate", challenge.String())
		if d.config.Quirks.DropAfterChallenge {
			dropChallenged(w)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if !d.connectionRequested() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// reset closes the connection of a request without an answer, as a host that is
// gone would.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

// dropChallenged answers 401 and closes the connection without having said so.
func dropChallenged(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(connection, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: "+w.Header().Get("WWW-Authenticate")+"\r\n\r\n")
	_ = connection.Close()
}

// nonce returns a nonce that authorized knows again for nonceLifetime.
func (l *ConnectionRequestListener) nonce(now time.Time) string {
	stamp := fmt.Sprintf("%08x", uint32(now.Unix()))
	mac := hmac.New(sha256.New, l.secret)
	mac.Write([]byte(stamp))
	return stamp + hex.EncodeToString(mac.Sum(nil)[:12])
}

func (l *ConnectionRequestListener) validNonce(nonce string, now time.Time) bool {
	if len(nonce) != 32 {
		return false
	}
	seconds, err := strconv.ParseUint(nonce[:8], 16, 32)
	issued := time.Unix(int64(seconds), 0)
	return err == nil && !issued.Before(now.Add(-nonceLifetime)) && hmac.Equal([]byte(l.nonce(issued)), []byte(nonce))
}

func (l *ConnectionRequestListener) authorized(r *http.Request, username, password string, now time.Time) bool {
	given, err := digest.ParseCredentials(r.Header.Get("Authorization"))
	if err != nil || given.Username != username || given.Realm != connectionRequestRealm || !l.validNonce(given.Nonce, now) {
		return false
	}
	if given.URI != r.RequestURI && !strings.HasSuffix(given.URI, r.RequestURI) {
		return false
	}
	challenge := &digest.Challenge{Realm: given.Realm, Nonce: given.Nonce, Algorithm: given.Algorithm, Opaque: given.Opaque}
	if given.QOP != "" {
		challenge.QOP = []string{given.QOP}
	}
	want, err := digest.Digest(challenge, digest.Options{
		Method: r.Method, URI: given.URI, Count: given.Nc, Cnonce: given.Cnonce,
		Username: username, Password: password,
	})
	return err == nil && hmac.Equal([]byte(want.Response), []byte(given.Response))
}

// connectionRequestPath is the path of a device's ConnectionRequestURL: not to be
// guessed, and the same after a restart.
func (d *Device) connectionRequestPath() string {
	id := d.config.Identity
	sum := sha256.Sum256([]byte("connection request\x00" + id.OUI + "\x00" + id.ProductClass + "\x00" + id.SerialNumber + "\x00" + id.MAC))
	return "/" + hex.EncodeToString(sum[:12])
}

// connectionRequestURL is empty where the device does not listen. The caller holds
// mu.
func (d *Device) connectionRequestURL() string {
	if d.listener == nil {
		return ""
	}
	host, port, err := net.SplitHostPort(d.listener.Addr().String())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() && d.localHost != "" {
		host = d.localHost
	}
	return "http://" + net.JoinHostPort(host, port) + d.path
}

func (d *Device) connectionRequestCredentials() (username, password string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.get("ManagementServer.ConnectionRequestUsername"), d.get("ManagementServer.ConnectionRequestPassword")
}

// connectionRequested notes a connection request; false if the device is too busy.
func (d *Device) connectionRequested() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inSession && d.config.Quirks.BusyConnectionRequests {
		return false
	}
	d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventConnectionRequest})
	// A connection request does not wait for the next retry.
	d.retryAt = time.Time{}
	d.poke()
	return true
}

// listen makes the device reachable for connection requests until stop is called.
func (d *Device) listen() (stop func(), err error) {
	l := d.config.ConnectionRequests
	own := l == nil
	if own && d.config.ConnectionRequestListen == "" {
		return func() {}, nil
	}
	if own {
		if l, err = ListenConnectionRequests(d.config.ConnectionRequestListen); err != nil {
			return nil, err
		}
	}
	l.register(d)
	d.mu.Lock()
	d.listener = l
	d.mu.Unlock()
	return func() {
		l.unregister(d)
		d.mu.Lock()
		d.listener = nil
		d.mu.Unlock()
		if own {
			_ = l.Close()
		}
	}, nil
}
