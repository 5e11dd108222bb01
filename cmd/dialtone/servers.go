package main

import (
	"context"
	"crypto/tls"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/files/httpd"
	"github.com/dialtone-acs/dialtone/internal/admission"
)

// Names of the CWMP listeners: policies know by them where a request came in.
const (
	cwmpListener   = "cwmp"
	legacyListener = "cwmp-legacy"
)

// Timeouts of the CWMP and web listeners. A device answers within seconds and may
// think for a while between two requests.
const (
	writeTimeout = 2 * time.Minute
	idleTimeout  = 2 * time.Minute
)

// listeners returns all listeners: cwmp, files and web first.
func (h *house) listeners() ([]*listener, error) {
	errorLog := slog.NewLogLogger(h.logger.Handler(), slog.LevelDebug)
	all := []*listener{
		{name: cwmpListener, address: h.options.CwmpAddr, tls: h.options.CWMPTLS, server: h.cwmpServer(cwmpListener, errorLog)},
		{name: "files", address: h.options.FilesAddr, tls: h.options.FilesTLS, server: h.filesServer(errorLog)},
		{name: "web", address: h.options.WebAddr, tls: h.options.WebTLS, server: h.webServer(errorLog)},
	}
	if h.options.CwmpLegacyTLSAddr != "" {
		all = append(all, &listener{name: legacyListener, address: h.options.CwmpLegacyTLSAddr, tls: h.options.legacyTLS(), suites: legacyTLS(), server: h.cwmpServer(legacyListener, errorLog)})
	}
	if h.options.ACMEHTTPAddr != "" {
		all = append(all, &listener{name: "acme", address: h.options.ACMEHTTPAddr, server: h.challengeServer(errorLog)})
	}
	for _, l := range all {
		if h.options.serves(l.name, l.tls) {
			l.certifier = h.certifier
		}
		if err := h.bound(l); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// bound gives a listener its limits and metrics.
func (h *house) bound(l *listener) error {
	l.proxies = h.options.TrustedProxies
	exempt := append(append(trustedProxies{}, h.options.TrustedProxies...), h.options.LimitsExempt...)
	l.connections = admission.NewConnections(admission.ConnectionsOptions{
		Limit: h.options.MaxConnections, PerAddress: h.options.MaxAddressOpen, Exempt: exempt.contain, Refused: h.arrivals.refused(l.name),
	})
	l.understood = &understood{refused: h.arrivals.refusedRequests.WithLabelValues(l.name).Inc}
	if l.tls.TLSCert != "" {
		l.reports = &certificateReports{listener: l.name, file: l.tls.TLSCert, expires: h.arrivals.expires(l.name), logger: h.logger}
	}
	return h.arrivals.shows(l.name, l.connections)
}

func (h *house) cwmpServer(name string, errorLog *log.Logger) *http.Server {
	s := h.cwmpServerOf(h.cwmp, name, errorLog)
	s.ConnContext = h.cwmp.ConnContext
	return s
}

func (h *house) cwmpServerOf(handler http.Handler, name string, errorLog *log.Logger) *http.Server {
	header := h.options.HeaderTime
	return &http.Server{
		Handler: handler, ErrorLog: errorLog,
		BaseContext:       func(net.Listener) context.Context { return acs.WithListener(context.Background(), name) },
		ReadHeaderTimeout: header, ReadTimeout: header + h.options.BodyTime, WriteTimeout: max(writeTimeout, header+h.options.BodyTime), IdleTimeout: idleTimeout,
		MaxHeaderBytes: int(h.options.MaxHeaderBytes), TLSNextProto: noHTTP2(),
	}
}

func (h *house) filesServer(errorLog *log.Logger) *http.Server {
	s := &http.Server{Handler: h.files, ErrorLog: errorLog, TLSNextProto: noHTTP2()}
	httpd.Configure(s, 0)
	return s
}

// webServer has no deadlines for bodies and answers: uploads and event streams
// last, and the API sets what it needs.
func (h *house) webServer(errorLog *log.Logger) *http.Server {
	return &http.Server{Handler: h.web(), ErrorLog: errorLog, ReadHeaderTimeout: h.options.HeaderTime, IdleTimeout: idleTimeout, MaxHeaderBytes: int(h.options.MaxHeaderBytes)}
}

func (h *house) challengeServer(errorLog *log.Logger) *http.Server {
	const short = 15 * time.Second
	return &http.Server{Handler: h.certifier.challenges(), ErrorLog: errorLog, ReadTimeout: short, WriteTimeout: short, IdleTimeout: short, MaxHeaderBytes: 8 << 10}
}

// noHTTP2 is for servers of devices, which speak HTTP/1.1; HTTP/2 would only be
// another way in.
func noHTTP2() map[string]func(*http.Server, *tls.Conn, http.Handler) {
	return map[string]func(*http.Server, *tls.Conn, http.Handler){}
}
