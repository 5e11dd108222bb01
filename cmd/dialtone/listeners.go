package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dialtone-acs/dialtone/internal/admission"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/reload"
)

// listener is one address with what answers there.
type listener struct {
	name    string
	address string
	tls     tlsOptions
	// suites are the versions and suites of TLS; nil for those of today.
	suites *tls.Config
	// certifier gets the certificate where there are no files of it; nil for none.
	certifier *certifier
	// certificates are those of the files, once listen was called; nil for none.
	certificates *reload.Source
	// reports is told of those certificates.
	reports reload.Observer
	proxies trustedProxies
	// connections bounds what is open; nil for no bound.
	connections *admission.Connections
	// understood counts what no handler saw; nil for nobody.
	understood *understood
	server     *http.Server
	open       net.Listener
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
	all, err := h.listeners()
	if err != nil {
		return err
	}
	var addresses []string
	for _, l := range all {
		if err := l.listen(ctx); err != nil {
			closeAll(all)
			return err
		}
		addresses = append(addresses, l.open.Addr().String())
	}
	tftp, err := h.openTFTP(ctx)
	if err != nil {
		closeAll(all)
		return err
	}
	if tftp != nil {
		addresses = append(addresses, tftp.LocalAddr().String())
	}
	leave := h.join(ctx)
	defer leave()
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	var workers sync.WaitGroup
	for _, work := range h.workers() {
		workers.Go(func() { work(background) })
	}
	failed := make(chan error, len(all)+1)
	if tftp != nil {
		workers.Go(func() { failed <- h.settings.tftp.Run(background, tftp) })
	}
	for _, l := range all {
		if l.certificates != nil {
			workers.Go(func() { l.certificates.Watch(background) })
		}
		workers.Go(func() { failed <- l.serve() })
	}
	ready(addresses)
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
	if h.settings.tftp != nil {
		stopping.Go(func() { h.stopTFTP(ctx) })
	}
	stopping.Wait()
	h.cwmp.Close(ctx)
}

// workers returns what runs beside the listeners; each ends with its context.
func (h *house) workers() []func(context.Context) {
	return append(h.settings.workers(), h.cwmp.Run, h.access.Run, h.quirks.Run, h.orders.Run, h.traces.Run, h.waker.Run, h.feed.Run, h.history.Run, h.node.Lead(choresLease, h.chores))
}

func (l *listener) listen(ctx context.Context) error {
	config, err := l.secure()
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
	if l.connections != nil {
		open = l.connections.Listen(open)
	}
	l.inFlight, l.served = newInFlight(), make(chan struct{})
	l.server.ConnState = l.inFlight.note
	if l.understood != nil {
		l.understood.watch(l.server)
		l.server.ConnState = func(c net.Conn, state http.ConnState) { l.inFlight.note(c, state); l.understood.note(c, state) }
	}
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

// secure returns the TLS configuration, nil without TLS.
func (l *listener) secure() (_ *tls.Config, err error) {
	if l.tls.TLSCert == "" {
		if l.certifier == nil {
			return nil, nil
		}
		return l.certifier.config(l.name), nil
	}
	suites := l.suites
	if suites == nil {
		suites = modernTLS()
	}
	if l.tls.ClientCA != "" {
		suites.ClientAuth, suites.VerifyConnection = l.tls.clientAuth(), checkChain
	}
	l.certificates, err = reload.Open(reload.Options{Files: l.tls.files(), Base: suites, Observer: l.reports, Now: time.Now})
	if err != nil {
		return nil, err
	}
	return l.certificates.Config(), nil
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
