package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dialtone-acs/dialtone/files/httpd"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// listener is one address with what answers there.
type listener struct {
	name    string
	address string
	tls     tlsOptions
	proxies trustedProxies
	server  *http.Server
	open    net.Listener
	// inFlight is kept by the server.
	inFlight *inFlight
	// served is closed once serve has accepted the last connection.
	served chan struct{}
}

// serve opens the listeners, joins the other nodes, calls ready with the
// addresses, and serves until the context ends; then it stops in order: no new
// requests, those in flight are finished, sessions are given up, the workers end,
// and the node leaves the others.
func (h *house) serve(ctx context.Context, ready func(addresses []string)) error {
	all := h.listeners()
	var addresses []string
	for _, l := range all {
		if err := l.listen(ctx); err != nil {
			closeAll(all)
			return err
		}
		addresses = append(addresses, l.open.Addr().String())
	}
	leave := h.join(ctx)
	defer leave()
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	var workers sync.WaitGroup
	for _, work := range h.workers() {
		workers.Go(func() { work(background) })
	}
	failed := make(chan error, len(all))
	for _, l := range all {
		workers.Go(func() { failed <- l.serve() })
	}
	ready(addresses)
	var err error
	select {
	case <-ctx.Done():
		h.logger.Info("stopping")
	case err = <-failed:
	}
	h.stop(all)
	stopBackground()
	workers.Wait()
	return err
}

// stop ends the listeners and the sessions. Idle connections are closed at once,
// requests in flight have until stopTimeout.
func (h *house) stop(all []*listener) {
	h.closing.set()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	h.api.Close()
	var stopping sync.WaitGroup
	for _, l := range all {
		stopping.Go(func() {
			if err := l.stop(ctx); err != nil {
				h.logger.Warn("requests were cut off", logkeys.Listener, l.name, logkeys.Error, err)
				_ = l.server.Close()
			}
		})
	}
	stopping.Wait()
	h.cwmp.Close(ctx)
}

// workers returns what runs beside the listeners; each ends with its context.
func (h *house) workers() []func(context.Context) {
	return []func(context.Context){h.cwmp.Run, h.waker.Run, h.feed.Run, h.history.Run, h.node.Lead(choresLease, h.chores)}
}

// Timeouts of the CWMP and web listeners. A device answers within seconds and
// may think for a while between two requests; a body may be megabytes on a slow
// line.
const (
	readHeaderTimeout = 15 * time.Second
	readTimeout       = 2 * time.Minute
	writeTimeout      = 2 * time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
)

func (h *house) listeners() []*listener {
	errorLog := slog.NewLogLogger(h.logger.Handler(), slog.LevelDebug)
	cwmp := &http.Server{
		Handler: h.cwmp, ConnContext: h.cwmp.ConnContext, ErrorLog: errorLog,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		// Devices speak HTTP/1.1; HTTP/2 would only be another way in.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	files := &http.Server{Handler: h.files, ErrorLog: errorLog, TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}}
	httpd.Configure(files, 0)
	// Uploads and event streams last: the API sets what deadlines it needs.
	web := &http.Server{Handler: h.web(), ErrorLog: errorLog, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes}
	proxies := trustedProxies(h.options.TrustedProxies)
	return []*listener{
		{name: "cwmp", address: h.options.CwmpAddr, tls: h.options.CWMPTLS, proxies: proxies, server: cwmp},
		{name: "files", address: h.options.FilesAddr, tls: h.options.FilesTLS, proxies: proxies, server: files},
		{name: "web", address: h.options.WebAddr, tls: h.options.WebTLS, proxies: proxies, server: web},
	}
}

func (l *listener) listen(ctx context.Context) error {
	config, err := l.tls.config()
	if err != nil {
		return fmt.Errorf("%s listener: %w", l.name, err)
	}
	var lc net.ListenConfig
	open, err := lc.Listen(ctx, "tcp", l.address)
	if err != nil {
		return fmt.Errorf("%s listener: %w", l.name, err)
	}
	if tcp, ok := open.(*net.TCPListener); ok {
		open = &lastAccept{TCPListener: tcp}
	}
	l.inFlight, l.served = newInFlight(), make(chan struct{})
	l.server.ConnState = l.inFlight.note
	l.open = l.proxies.listen(open) // A proxy sends its header before the handshake.
	if config != nil {
		l.open = tls.NewListener(l.open, config)
	}
	return nil
}

// stop takes no further connection, answers the requests that are there, and ends
// the server. It returns an error if the context ended before that.
func (l *listener) stop(ctx context.Context) error {
	_ = l.open.Close() // Serve reports it.
	l.server.SetKeepAlivesEnabled(false)
	select {
	case <-l.served: // All connections are known now.
	case <-ctx.Done():
	}
	l.inFlight.wait(ctx)
	return l.server.Shutdown(ctx)
}

// serve answers requests until the listener is closed.
func (l *listener) serve() error {
	defer close(l.served)
	if err := l.server.Serve(l.open); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("%s listener: %w", l.name, err)
	}
	return nil
}

func closeAll(all []*listener) {
	for _, l := range all {
		if l.open != nil {
			_ = l.open.Close()
		}
	}
}

// config returns the TLS configuration, nil without TLS.
func (o tlsOptions) config() (*tls.Config, error) {
	if o.TLSCert == "" {
		return nil, nil
	}
	certificate, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("load certificate: %w", err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	if o.ClientCA == "" {
		return config, nil
	}
	pem, err := os.ReadFile(o.ClientCA)
	if err != nil {
		return nil, fmt.Errorf("read client CA: %w", err)
	}
	config.ClientCAs = x509.NewCertPool()
	if !config.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("client CA %s has no certificate", o.ClientCA)
	}
	config.ClientAuth = tls.RequireAndVerifyClientCert
	return config, nil
}

// readiness says whether the server is to be given requests.
type readiness struct{ closing atomic.Bool }

func (r *readiness) set() { r.closing.Store(true) }

func (r *readiness) check() error {
	if r.closing.Load() {
		return errors.New("the server is stopping")
	}
	return nil
}
