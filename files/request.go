package files

import (
	"context"
	"crypto/x509"
	"io"
	"net/netip"
	"net/url"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Request is what a phone asks for, whichever protocol it speaks.
type Request struct {
	// Protocol is "http", "https" or "tftp".
	Protocol string
	// Method is "GET" or "HEAD"; "GET" for TFTP.
	Method string
	// Host is the one that the phone spoke to, with its port if it named one; empty if
	// unknown.
	Host string
	// Path is decoded and as the phone sent it: a leading slash may miss, slashes may
	// be doubled or turned.
	Path      string
	Query     url.Values
	UserAgent string
	// Address is where the request came from.
	Address netip.Addr
	// Certificate is the client's, verified; nil if there was none.
	Certificate *x509.Certificate
	At          time.Time
}

// Opened is the answer to a Request. The caller closes Content, and calls Ended once.
type Opened struct {
	// Name is the file's, without folders.
	Name        string
	ContentType string
	// ETag is quoted (RFC 9110 8.8.3). A phone that sends it back in If-None-Match is
	// answered 304.
	ETag     string
	Modified time.Time
	Size     int64
	Content  io.ReadSeekCloser
	// Ended is told what became of the answer. It is never nil and does not block.
	Ended func(Ended)
}

// Ended says what became of an answer.
type Ended struct {
	// Status is the one of HTTP: 200, 206, 304; 200 for TFTP.
	Status int
	Bytes  int64
	// Complete says that the phone got all of it, or has it already (304, HEAD counts
	// as not).
	Complete bool
}

// Opener opens what phones ask for by path. It returns ErrNotFound, or ErrForbidden
// for what may not go where the request came from; every refusal is recorded by the
// Opener itself.
type Opener interface {
	OpenRequest(ctx context.Context, r Request) (Opened, error)
}

// ProfileOpener makes the file with a device's own settings, for a Download. It returns
// ErrNotFound if the device has none, or ErrForbidden; every refusal is recorded by it.
type ProfileOpener interface {
	// Open makes the file as the settings are at that moment. The Path of the request
	// has no token in it.
	Open(ctx context.Context, id device.ID, r Request) (Opened, error)
}
