package httpd

import (
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/files"
)

type handler struct {
	library Library
	// opener, profiles, secure and proxyCertificate are those of Options; opener and
	// profiles may be nil.
	opener           files.Opener
	profiles         files.ProfileOpener
	secure           func(*http.Request) bool
	proxyCertificate func(*http.Request) *x509.Certificate
	idleTimeout      time.Duration
	retryAfter       string
	now              func() time.Time
	logger           *slog.Logger
	metrics          *metrics
	// clientAddress is Options.ClientAddress.
	clientAddress func(*http.Request) netip.Addr
	// slots holds one element for every request that is being served.
	slots chan struct{}
}

// New returns the handler of the files listener. It is meant to have a listener
// of its own, prepared by Configure: it sets the write deadline of connections.
// An error says that an option is missing or negative, or that the metrics are
// registered already.
func New(o Options) (http.Handler, error) {
	if o.Library == nil {
		return nil, errors.New("files/httpd: a library is needed")
	}
	if o.MaxTransfers < 0 || o.IdleTimeout < 0 || o.RetryAfter < 0 {
		return nil, errors.New("files/httpd: limits must not be negative")
	}
	metrics, err := newMetrics(o.Registerer)
	if err != nil {
		return nil, err
	}
	h := &handler{
		library: o.Library, opener: o.Opener, profiles: o.Profiles, secure: o.Secure, proxyCertificate: o.ProxyCertificate,
		now: o.Now, logger: o.Logger, metrics: metrics, clientAddress: o.ClientAddress,
		idleTimeout: orDefault(o.IdleTimeout, DefaultIdleTimeout),
		slots:       make(chan struct{}, orDefault(o.MaxTransfers, DefaultMaxTransfers)),
	}
	seconds := (orDefault(o.RetryAfter, DefaultRetryAfter) + time.Second - 1) / time.Second
	h.retryAfter = strconv.Itoa(int(seconds))
	if h.now == nil {
		h.now = time.Now
	}
	if h.logger == nil {
		h.logger = slog.Default()
	}
	if h.clientAddress == nil {
		h.clientAddress = peerAddress
	}
	if h.secure == nil {
		h.secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	if h.proxyCertificate == nil {
		h.proxyCertificate = func(*http.Request) *x509.Certificate { return nil }
	}
	return h, nil
}

// peerAddress returns the address of the peer, the zero value if there is none.
func peerAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap()
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w := newWriter(rw, h.idleTimeout, h.now)
	defer func() { h.metrics.bytes.Add(float64(w.bytes)) }()
	w.extend()
	serve, allowed := h.way(r.URL.EscapedPath())
	if !slices.Contains(allowed, r.Method) {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		h.refuse(w, http.StatusMethodNotAllowed, resultMethod)
		return
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		h.comeBack(w, resultBusy)
		return
	}
	h.metrics.inFlight.Inc()
	defer h.metrics.inFlight.Dec()
	serve(w, r)
}

// way returns what serves a path, as it was sent, and by which methods. Nothing is
// made of a path before: who fetches and puts what was offered names it exactly, and
// the rest is as odd as phones are.
func (h *handler) way(path string) (serve func(*writer, *http.Request), methods []string) {
	switch {
	case strings.HasPrefix(path, files.UploadPathPrefix):
		return h.take, []string{http.MethodPut, http.MethodPost}
	case h.opener == nil || strings.HasPrefix(path, files.PathPrefix):
		return h.find, []string{http.MethodGet, http.MethodHead}
	default:
		return h.open, []string{http.MethodGet, http.MethodHead}
	}
}

// find looks for what is asked for and serves it.
func (h *handler) find(w *writer, r *http.Request) {
	token, name, ok := files.SplitPath(r.URL.EscapedPath())
	if !ok {
		h.refuse(w, http.StatusNotFound, resultNotFound)
		return
	}
	found, err := h.library.Resolve(r.Context(), token, name)
	if errors.Is(err, files.ErrNotFound) {
		h.refuse(w, http.StatusNotFound, resultNotFound)
		return
	}
	if err != nil {
		h.fail(w, r, files.Resolved{File: files.File{Name: name}}, err)
		return
	}
	if found.Profile {
		h.openProfile(w, r, found)
		return
	}
	content, err := h.library.OpenContent(r.Context(), found.File)
	if err != nil {
		h.fail(w, r, found, err)
		return
	}
	defer content.Close()
	if err := checkSize(content, found.File.Size); err != nil {
		h.fail(w, r, found, err)
		return
	}
	h.serve(w, r, found, content)
}

// checkSize refuses content that is not what was uploaded: a device must not be
// given half a firmware as a whole one.
func checkSize(content io.Seeker, want int64) error {
	size, err := content.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size != want {
		return errors.New("content on disk has another size than the file that was added")
	}
	return nil
}

func (h *handler) serve(w *writer, r *http.Request, found files.Resolved, content io.ReadSeeker) {
	f, start := found.File, h.now()
	header := w.Header()
	header.Set("Content-Type", "application/octet-stream")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Disposition", `attachment; filename="`+f.Name+`"`)
	header.Set("Cache-Control", "private")
	header.Set("ETag", `"`+f.SHA256+`"`)
	http.ServeContent(w, r, f.Name, f.CreatedAt, content)
	h.report(r, found, w, h.now().Sub(start))
}

// fail answers a request that ought to have been served. Only the log says why.
// Content that is not there is logged too: either the file was deleted just now,
// or the folder of content lost it.
func (h *handler) fail(w *writer, r *http.Request, found files.Resolved, err error) {
	if r.Context().Err() == nil {
		h.logFailure(r, found, err)
	}
	if errors.Is(err, files.ErrNotFound) {
		h.refuse(w, http.StatusNotFound, resultNotFound)
		return
	}
	h.comeBack(w, resultError)
}

func (h *handler) comeBack(w *writer, result string) {
	w.Header().Set("Retry-After", h.retryAfter)
	h.refuse(w, http.StatusServiceUnavailable, result)
}

// refuse answers with a status and no body.
func (h *handler) refuse(w *writer, status int, result string) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
	h.metrics.served.WithLabelValues(result).Inc()
}
