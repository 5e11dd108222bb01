package httpd

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/files"
)

// Library finds what is asked for; *files.Library is one.
type Library interface {
	// Resolve returns the file of that name in the folder of that token, or
	// files.ErrNotFound.
	Resolve(ctx context.Context, token, name string) (files.Resolved, error)
	// OpenContent opens the content of a file, or returns files.ErrNotFound. The
	// caller closes it.
	OpenContent(ctx context.Context, f files.File) (io.ReadSeekCloser, error)
	// Accept stores what a device sends to the place of that token, or returns
	// files.ErrNotFound, before it reads if there is no such place, or
	// files.ErrTooLarge.
	Accept(ctx context.Context, token string, r io.Reader) (files.File, error)
}

// Options are what a handler needs.
type Options struct {
	// Library must be set.
	Library Library
	// MaxTransfers is how many requests are served at once, the rest being told
	// to come back; DefaultMaxTransfers if zero.
	MaxTransfers int
	// IdleTimeout is how long a transfer may make no progress before its
	// connection is closed; DefaultIdleTimeout if zero.
	IdleTimeout time.Duration
	// RetryAfter is when a device is told to come back if there are too many
	// transfers; DefaultRetryAfter if zero. It is sent in whole seconds.
	RetryAfter time.Duration
	// ClientAddress finds the address that a request comes from, for the log; the
	// peer's if nil.
	ClientAddress func(*http.Request) netip.Addr
	// Now is the machine's clock; time.Now if nil.
	Now func() time.Time
	// Logger is slog.Default() if nil.
	Logger *slog.Logger
	// Registerer is where the metrics go; they go nowhere if it is nil.
	Registerer prometheus.Registerer
}

// What Options hold unless they say otherwise.
const (
	DefaultMaxTransfers = 4096
	DefaultIdleTimeout  = time.Minute
	DefaultRetryAfter   = 30 * time.Second
)

type handler struct {
	library     Library
	idleTimeout time.Duration
	retryAfter  string
	now         func() time.Time
	logger      *slog.Logger
	metrics     *metrics
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
		library: o.Library, now: o.Now, logger: o.Logger, metrics: metrics, clientAddress: o.ClientAddress,
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
	serve, allowed := h.find, []string{http.MethodGet, http.MethodHead}
	if strings.HasPrefix(r.URL.EscapedPath(), files.UploadPathPrefix) {
		serve, allowed = h.take, []string{http.MethodPut, http.MethodPost}
	}
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
	content, err := h.library.OpenContent(r.Context(), found.File)
	if err != nil {
		h.fail(w, r, found, err)
		return
	}
	defer content.Close()
	if err := checkSize(content, found.File); err != nil {
		h.fail(w, r, found, err)
		return
	}
	h.serve(w, r, found, content)
}

// checkSize refuses content that is not what was uploaded: a device must not be
// given half a firmware as a whole one.
func checkSize(content io.Seeker, f files.File) error {
	size, err := content.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size != f.Size {
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
