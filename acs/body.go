package acs

import (
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/admission"
)

var (
	// errTooLarge is returned for a body beyond Options.MaxBody, errInflated for
	// one that inflates beyond what it may: 413.
	errTooLarge = errors.New("body is too large")
	errInflated = errors.New("body inflates to too much")
	// errEncoding is returned for a Content-Encoding that is not read: 415. A
	// device that compresses turns it off then.
	errEncoding = errors.New("content encoding is not supported")
	// errBroken is returned for a body that ends early or cannot be inflated:
	// 400.
	errBroken = errors.New("body is broken")
	// errSlow is returned for a body that does not come in time: 408.
	errSlow = errors.New("body is too slow")
	// errMemory is returned where the bodies of all requests take as much memory
	// as they may: 503.
	errMemory = errors.New("bodies take too much memory")
)

// bodies reads the bodies of requests.
type bodies struct {
	limit  int64
	load   Load
	memory *admission.Budget
}

// body is a body that was read. Its memory is counted until release.
type body struct {
	bytes  []byte
	held   int64
	memory *admission.Budget
}

func (b *body) release() {
	b.memory.Give(b.held)
	b.held = 0
}

// read reads a request's body, inflated. The caller releases it, also after an
// error.
func (b *bodies) read(w http.ResponseWriter, r *http.Request) (*body, error) {
	read := &body{memory: b.memory}
	if r.ContentLength > b.limit {
		return read, errTooLarge
	}
	if r.ContentLength == 0 {
		return read, nil
	}
	raw := newPacedReader(w, http.MaxBytesReader(w, r.Body, b.limit), b.load)
	var err error
	switch strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))) {
	case "", "identity":
		err = read.fill(raw, b.limit, r.ContentLength)
	case "gzip", "x-gzip":
		err = read.inflate(raw, b.load.MaxInflated, func() (io.Reader, error) { return gzip.NewReader(raw) })
	case "deflate":
		err = read.inflate(raw, b.load.MaxInflated, func() (io.Reader, error) { return zlib.NewReader(raw) })
	default:
		return read, errEncoding
	}
	if err != nil {
		return read, bodyError(err)
	}
	raw.end()
	return read, nil
}

const (
	// firstRead is how much room a body gets before any of it came, whatever its
	// length is said to be.
	firstRead = 64 << 10
	// inflateFree is what any body may inflate to, and inflateRatio how many times
	// its own size beyond that.
	inflateFree  = 1 << 20
	inflateRatio = 100
)

// fill reads the body, whose size is negative if it is not known, into memory that
// grows as the bytes come.
func (b *body) fill(from io.Reader, limit, size int64) error {
	room := int64(4 << 10)
	if size >= 0 {
		room = min(size+1, firstRead) // Room for the read that finds the end.
	}
	for {
		if err := b.grow(min(room, limit+1)); err != nil {
			return err
		}
		n, err := from.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case int64(len(b.bytes)) > limit:
			return errTooLarge
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if len(b.bytes) == cap(b.bytes) {
			room = 2 * int64(cap(b.bytes))
		}
	}
}

// grow makes room for so many bytes in all.
func (b *body) grow(room int64) error {
	if room <= int64(cap(b.bytes)) {
		return nil
	}
	if !b.memory.Take(room - b.held) {
		return errMemory
	}
	b.held = room
	grown := make([]byte, len(b.bytes), room)
	copy(grown, b.bytes)
	b.bytes = grown
	return nil
}

func (b *body) inflate(raw *pacedReader, limit int64, open func() (io.Reader, error)) error {
	inflated, err := open()
	if err != nil {
		return err
	}
	err = b.fill(&boundedInflation{from: inflated, raw: raw}, limit, -1)
	if errors.Is(err, errTooLarge) {
		return errInflated
	}
	return err
}

// boundedInflation ends a body that inflates to far more than its size.
type boundedInflation struct {
	from     io.Reader
	raw      *pacedReader
	inflated int64
}

// Read implements io.Reader.
func (i *boundedInflation) Read(p []byte) (int, error) {
	n, err := i.from.Read(p)
	i.inflated += int64(n)
	if i.inflated > inflateFree && i.inflated > inflateRatio*i.raw.count {
		return n, errInflated
	}
	return n, err
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSlow
	case errors.Is(err, errTooLarge), errors.Is(err, errInflated), errors.Is(err, errMemory):
		return err
	}
	return fmt.Errorf("%w: %w", errBroken, err)
}
