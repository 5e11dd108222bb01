package httpd

import (
	"context"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
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
	// Opener gives the files of all other paths; they are not found if it is nil.
	Opener files.Opener
	// Profiles makes the files with devices' own settings that were offered; they are not
	// found if it is nil.
	Profiles files.ProfileOpener
	// Secure says whether a request came over TLS, be it to a proxy before this
	// server; whether it came so to this server if nil.
	Secure func(*http.Request) bool
	// ProxyCertificate returns the verified client certificate that a trusted proxy
	// passes on with a request, or nil; it is asked where the connection itself has
	// none. May be nil.
	ProxyCertificate func(*http.Request) *x509.Certificate
	// MaxTransfers is how many requests are served at once, the rest being told
	// to come back; DefaultMaxTransfers if zero.
	MaxTransfers int
	// IdleTimeout is how long a transfer may make no progress before its
	// connection is closed; DefaultIdleTimeout if zero.
	IdleTimeout time.Duration
	// RetryAfter is when a device is told to come back if there are too many
	// transfers; DefaultRetryAfter if zero. It is sent in whole seconds.
	RetryAfter time.Duration
	// ClientAddress finds the address that a request comes from, for the log and the
	// Opener; the peer's if nil.
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
