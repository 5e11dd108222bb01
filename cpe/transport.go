package cpe

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	// maxResponse bounds a body from the ACS, in bytes.
	maxResponse = 16 << 20
	// maxRedirects is how many redirects in a row are followed (TR-069 3.4.2).
	maxRedirects = 5
	userAgent    = "Dialtone-CPE"
)

// readers are used again by the sessions that follow: ten thousand devices need as
// many buffers as they have sessions at once.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 4096) }}

// transport is the HTTP of one session: a connection, its cookies and what is known
// of authentication. net/http's client would cost two goroutines a connection.
type transport struct {
	device     *Device
	target     *url.URL
	connection net.Conn
	reader     *bufio.Reader
	cookies    []*http.Cookie
	login      login
	requests   int
	stop       func() bool
	// early is an answer that came before the body was sent; left is a connection
	// that is no longer used and still open.
	early *http.Response
	left  net.Conn
}

// response is one HTTP response, read to its end.
type response struct {
	status int
	header http.Header
	body   []byte
}

// post sends a body, follows redirects and answers a request for credentials, and
// returns the response that is for the session to look at.
func (t *transport) post(ctx context.Context, message cwmp.Message, body []byte) (*response, error) {
	redirects := 0
	for challenged := 0; ; {
		r, err := t.exchange(ctx, message, body)
		if err != nil {
			return nil, err
		}
		switch r.status {
		case http.StatusUnauthorized:
			challenged++
			if challenged > 2 || !t.login.challenge(r.header, challenged) {
				return nil, &SessionError{Reason: ReasonAuthentication, Status: r.status}
			}
			if t.device.config.Quirks.ConnectionAfterChallenge {
				t.close()
			}
		case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			redirects++
			if redirects > maxRedirects {
				return nil, &SessionError{Reason: ReasonProtocol, Err: errors.New("too many redirects")}
			}
			if err := t.redirect(r.header.Get("Location")); err != nil {
				return nil, err
			}
			challenged = 0
		default:
			return r, nil
		}
	}
}

// redirect turns to another URL for the rest of the session; cookies and
// authentication start anew there.
func (t *transport) redirect(location string) error {
	target, err := t.target.Parse(location)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return &SessionError{Reason: ReasonProtocol, Err: errors.New("redirect without an http or https Location")}
	}
	if target.Host != t.target.Host || target.Scheme != t.target.Scheme {
		t.close()
		t.cookies = nil
		t.login = login{username: t.login.username, password: t.login.password, quirks: t.login.quirks}
	}
	t.target = target
	return nil
}

// exchange is one request and its response.
func (t *transport) exchange(ctx context.Context, message cwmp.Message, body []byte) (*response, error) {
	if t.device.config.Quirks.ConnectionPerRequest && t.requests > 0 {
		t.leave()
	}
	if t.connection == nil {
		if err := t.connect(ctx); err != nil {
			return nil, err
		}
	}
	t.requests++
	// The system's clock: a deadline is for the network, not for the device.
	_ = t.connection.SetDeadline(time.Now().Add(t.device.config.RequestTimeout))
	if ctx.Err() != nil {
		// The context may have ended between its watch and this deadline.
		_ = t.connection.SetDeadline(time.Unix(1, 0))
	}
	if err := t.write(t.newPost(message, body)); err != nil {
		return nil, t.broken(ctx, err)
	}
	r, keep, err := t.read()
	if err != nil {
		return nil, t.broken(ctx, err)
	}
	if !keep {
		t.close()
	}
	return r, nil
}

func (t *transport) connect(ctx context.Context) error {
	address := t.target.Host
	if t.target.Port() == "" {
		address = net.JoinHostPort(t.target.Hostname(), map[string]string{"http": "80", "https": "443"}[t.target.Scheme])
	}
	dialContext, cancel := context.WithTimeout(ctx, t.device.config.RequestTimeout)
	defer cancel()
	connection, err := t.device.config.Dial(dialContext, "tcp", address)
	if err == nil && t.target.Scheme == "https" {
		connection, err = t.handshake(dialContext, connection)
	}
	if err != nil {
		if ctx.Err() != nil {
			return &SessionError{Reason: ReasonStopped, Err: ctx.Err()}
		}
		return &SessionError{Reason: ReasonConnect, Err: err}
	}
	t.connection = connection
	t.stop = context.AfterFunc(ctx, func() { _ = connection.SetDeadline(time.Unix(1, 0)) })
	t.reader = readers.Get().(*bufio.Reader)
	t.reader.Reset(connection)
	t.device.connectedFrom(connection.LocalAddr())
	return nil
}

func (t *transport) handshake(ctx context.Context, connection net.Conn) (net.Conn, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if t.device.config.TLS != nil {
		config = t.device.config.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = t.target.Hostname()
	}
	secured := tls.Client(connection, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	return secured, nil
}

// close ends the connection; the session may go on with another.
func (t *transport) close() {
	if t.left != nil {
		_ = t.left.Close()
		t.left = nil
	}
	if t.connection == nil {
		return
	}
	t.stop()
	_ = t.connection.Close()
	t.reader.Reset(nil)
	readers.Put(t.reader)
	t.connection, t.reader = nil, nil
}

// broken tells why reading or writing failed.
func (t *transport) broken(ctx context.Context, err error) error {
	t.close()
	reason := ReasonConnection
	switch {
	case ctx.Err() != nil:
		reason, err = ReasonStopped, ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		reason = ReasonTimeout
	}
	return &SessionError{Reason: reason, Err: err}
}

// requestMethod is what http.ReadResponse has to know of the request.
var requestMethod = &http.Request{Method: http.MethodPost}

// read reads a response to its end; keep says that the connection can be used again.
func (t *transport) read() (r *response, keep bool, err error) {
	for {
		answer := t.early
		if t.early = nil; answer == nil {
			if answer, err = http.ReadResponse(t.reader, requestMethod); err != nil {
				return nil, false, err
			}
		}
		if answer.StatusCode < 200 {
			continue
		}
		body, err := readBody(answer)
		if err != nil {
			return nil, false, err
		}
		t.keepCookies(answer)
		return &response{status: answer.StatusCode, header: answer.Header, body: body}, !answer.Close, nil
	}
}

func readBody(answer *http.Response) ([]byte, error) {
	if answer.ContentLength == 0 || answer.StatusCode == http.StatusNoContent {
		return nil, nil
	}
	if answer.ContentLength > maxResponse {
		return nil, fmt.Errorf("a body of %d bytes is over the limit of %d", answer.ContentLength, maxResponse)
	}
	var b bytes.Buffer
	if answer.ContentLength > 0 {
		b.Grow(int(answer.ContentLength) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(answer.Body, maxResponse+1))
	if err == nil && n > maxResponse {
		err = fmt.Errorf("a body is over the limit of %d bytes", maxResponse)
	}
	return b.Bytes(), err
}

// connectedFrom learns the device's own address from a connection.
func (d *Device) connectedFrom(address net.Addr) {
	host, _, err := net.SplitHostPort(address.String())
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.localHost = host
}
