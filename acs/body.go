package acs

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

var (
	// errTooLarge is returned for a body beyond Options.MaxBody: 413.
	errTooLarge = errors.New("body is too large")
	// errEncoding is returned for a Content-Encoding that is not read: 415. A
	// device that compresses turns it off then.
	errEncoding = errors.New("content encoding is not supported")
	// errBroken is returned for a body that ends early or cannot be inflated:
	// 400.
	errBroken = errors.New("body is broken")
)

// readBody reads a request's body, inflated, never more than limit bytes of
// either form.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, errTooLarge
	}
	raw := http.MaxBytesReader(w, r.Body, limit)
	switch strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))) {
	case "", "identity":
		return readAll(raw, limit, r.ContentLength)
	case "gzip", "x-gzip":
		inflated, err := gzip.NewReader(raw)
		if err != nil {
			return nil, bodyError(err)
		}
		return readAll(inflated, limit, -1)
	case "deflate":
		inflated, err := zlib.NewReader(raw)
		if err != nil {
			return nil, bodyError(err)
		}
		return readAll(inflated, limit, -1)
	default:
		return nil, errEncoding
	}
}

func readAll(body io.Reader, limit, size int64) ([]byte, error) {
	var buffer bytes.Buffer
	if size > 0 {
		buffer.Grow(int(size) + bytes.MinRead) // Room for the read that finds the end.
	}
	n, err := buffer.ReadFrom(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, bodyError(err)
	}
	if n > limit {
		return nil, errTooLarge
	}
	return buffer.Bytes(), nil
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	return fmt.Errorf("%w: %w", errBroken, err)
}
