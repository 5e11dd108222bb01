package provisioners

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Fetch is one request for a file, as it was answered.
type Fetch struct {
	// ID orders fetches: 26 lower-case base32 characters that begin with the time.
	ID string
	// Device is empty for a phone that is not known.
	Device device.ID
	At     time.Time
	// Protocol is "http", "https" or "tftp".
	Protocol string
	Method   string
	// Path is as the phone sent it, at most 512 bytes; what opens files in it is
	// replaced.
	Path      string
	Address   string
	UserAgent string
	// Status is the one of HTTP (RFC 9110), also for TFTP: 200, 304, 403, 404, 500.
	Status int
	Bytes  int64
	// Complete says that all of the answer was sent.
	Complete bool
	// Digest is the SHA-256 of the content in hex, empty if there was none.
	Digest string
	// Detail says in words why it was refused.
	Detail string
}

// Stranger is a phone that asked for files and is not known: the latest request of it.
type Stranger struct {
	// ID is "mac-" and the MAC without colons, else "serial-" and the serial number,
	// else "address-" and the address.
	ID           string
	MAC          string
	SerialNumber string
	Address      string
	UserAgent    string
	// Vendor pack and model as far as the request told them.
	Pack     string
	Model    string
	Protocol string
	Path     string
	First    time.Time
	Last     time.Time
	Requests int64
}

// Bounds of what is kept of requests.
const (
	// MaxStrangers is how many strangers are kept; the longest silent go first.
	MaxStrangers = 10_000
	// MaxFetches bounds one AppendFetches.
	MaxFetches = 500
)

// FetchStore keeps what phones asked for. Every method is one atomic operation on one
// record, but AppendFetches, which may store a part and fail.
type FetchStore interface {
	// AppendFetches stores fetches; one whose ID is stored already is left as it is. The
	// error wraps device.ErrInvalid for more than MaxFetches.
	AppendFetches(ctx context.Context, fetches []Fetch) error
	// ListFetches returns a page of fetches, newest first. The error wraps
	// device.ErrInvalid for a limit out of bounds.
	ListFetches(ctx context.Context, l FetchList) ([]Fetch, error)
	// DeleteFetches removes up to limit fetches before the given time, oldest first,
	// and returns how many.
	DeleteFetches(ctx context.Context, before time.Time, limit int) (int, error)
	// NoteStranger stores what is known of a stranger: First stays as it was, Last is the
	// later one, Requests adds up, what is empty in s stays.
	NoteStranger(ctx context.Context, s Stranger) error
	// ListStrangers returns a page of strangers, the latest first and the greater ID of
	// equal ones: those whose (Last, ID) comes after the given one in that order; the
	// zero Stranger begins. The limit is 1 to 1000, else the error wraps
	// device.ErrInvalid.
	ListStrangers(ctx context.Context, after Stranger, limit int) ([]Stranger, error)
	// Stranger returns one, or ErrNotFound.
	Stranger(ctx context.Context, id string) (Stranger, error)
	// DeleteStranger removes one, or returns ErrNotFound.
	DeleteStranger(ctx context.Context, id string) error
	// DeleteStrangers removes up to limit of those beyond the keep latest, and of those
	// silent since before, and returns how many.
	DeleteStrangers(ctx context.Context, keep int, before time.Time, limit int) (int, error)
}

// FetchList asks for fetches.
type FetchList struct {
	// Scope limits the list to devices of a subtree, as they are now; unknown phones
	// are in the list of the zero Scope only.
	Scope device.Scope
	// Device limits it to one device; empty for all.
	Device device.ID
	// Failed limits it to those whose Status is 400 or above.
	Failed bool
	// After continues after the fetch of this ID; empty begins.
	After string
	// Limit bounds the answer: 1 to 1000.
	Limit int
}
