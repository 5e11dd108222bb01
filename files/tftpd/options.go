package tftpd

import (
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/files"
)

// Options are what a Server needs.
type Options struct {
	// Opener must be set.
	Opener files.Opener
	// MaxTransfers is how many transfers there may be at once, MaxPerAddress how many
	// for one address; a request beyond is not answered. DefaultMaxTransfers and
	// DefaultMaxPerAddress if zero.
	MaxTransfers  int
	MaxPerAddress int
	// MaxSize is the largest file that is sent, in bytes; DefaultMaxSize if zero.
	MaxSize int64
	// MaxBlockSize is the largest block in bytes that a phone gets, from 512;
	// DefaultMaxBlockSize if zero. A larger one than the network's packets is cut
	// into pieces of which none may be lost.
	MaxBlockSize int
	// MaxWindow is how many blocks may be sent before one answer; DefaultMaxWindow if
	// zero.
	MaxWindow int
	// Timeout is how long the first answer is waited for, DefaultTimeout if zero;
	// Retries how often a block is sent again, DefaultRetries if zero.
	Timeout time.Duration
	Retries int
	// MaxTime bounds a transfer in all; DefaultMaxTime if zero.
	MaxTime time.Duration
	// Now is the machine's clock; time.Now if nil.
	Now func() time.Time
	// Logger is slog.Default() if nil.
	Logger *slog.Logger
	// Registerer is where the metrics go; they go nowhere if it is nil.
	Registerer prometheus.Registerer
}

// What Options hold unless they say otherwise.
const (
	DefaultMaxTransfers  = 1024
	DefaultMaxPerAddress = 256
	DefaultMaxSize       = 512 << 20
	// DefaultMaxBlockSize fits into an Ethernet packet also with IPv6 or in a tunnel.
	DefaultMaxBlockSize = 1428
	DefaultMaxWindow    = 16
	DefaultTimeout      = time.Second
	DefaultRetries      = 6
	DefaultMaxTime      = time.Hour
)

// complete returns the options with what they leave out.
func (o Options) complete() (Options, error) {
	if o.Opener == nil {
		return o, errors.New("files/tftpd: an opener is needed")
	}
	if min(o.MaxTransfers, o.MaxPerAddress, o.MaxBlockSize, o.MaxWindow, o.Retries) < 0 || min(o.Timeout, o.MaxTime) < 0 || o.MaxSize < 0 {
		return o, errors.New("files/tftpd: limits must not be negative")
	}
	o.MaxTransfers = orDefault(o.MaxTransfers, DefaultMaxTransfers)
	o.MaxPerAddress = orDefault(o.MaxPerAddress, DefaultMaxPerAddress)
	o.MaxSize = orDefault(o.MaxSize, DefaultMaxSize)
	o.MaxBlockSize = orDefault(o.MaxBlockSize, DefaultMaxBlockSize)
	o.MaxWindow = orDefault(o.MaxWindow, DefaultMaxWindow)
	o.Timeout = orDefault(o.Timeout, DefaultTimeout)
	o.Retries = orDefault(o.Retries, DefaultRetries)
	o.MaxTime = orDefault(o.MaxTime, DefaultMaxTime)
	o.Logger = orDefault(o.Logger, slog.Default())
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxBlockSize < defaultBlockSize || o.MaxBlockSize > maxBlockSize || o.MaxWindow > maxWindow {
		return o, errors.New("files/tftpd: blocks must be from 512 to 65464 bytes, windows up to 65535 blocks")
	}
	return o, nil
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
