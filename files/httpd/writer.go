package httpd

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// chunk is how much is sent under one write deadline. A device must take this
// much, beyond what the system buffers for it, in every IdleTimeout.
const chunk = 64 << 10

// writer counts what is sent, keeps the first error, and extends the write
// deadline of the connection as bytes flow. It keeps the way from file to socket
// that the http package offers as io.ReaderFrom.
type writer struct {
	http.ResponseWriter
	controller  *http.ResponseController
	idleTimeout time.Duration
	now         func() time.Time

	// status is zero until the header is written.
	status int
	// bytes is the length of the body so far.
	bytes int64
	// err is the first error of sending.
	err error
}

func newWriter(w http.ResponseWriter, idleTimeout time.Duration, now func() time.Time) *writer {
	return &writer{ResponseWriter: w, controller: http.NewResponseController(w), idleTimeout: idleTimeout, now: now}
}

// Unwrap lets http.ResponseController find the connection.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *writer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) {
	written := 0
	for {
		part := p[written:min(written+chunk, len(p))]
		if err := w.extend(); err != nil {
			return written, err
		}
		n, err := w.ResponseWriter.Write(part)
		written += n
		if err := w.sent(int64(n), err); err != nil {
			return written, err
		}
		if written == len(p) {
			return written, nil
		}
	}
}

// ReadFrom implements io.ReaderFrom: it sends src in chunks, each with a
// deadline of its own. The http package hands over an *io.LimitedReader around
// the file, and sees the same again, so that it recognises the file.
func (w *writer) ReadFrom(src io.Reader) (int64, error) {
	limited, ok := src.(*io.LimitedReader)
	if !ok {
		limited = &io.LimitedReader{R: src, N: 1<<63 - 1}
	}
	var total int64
	for limited.N > 0 {
		if err := w.extend(); err != nil {
			return total, err
		}
		part := min(chunk, limited.N)
		n, err := io.Copy(w.ResponseWriter, &io.LimitedReader{R: limited.R, N: part})
		total += n
		limited.N -= n
		if err := w.sent(n, err); err != nil || n < part {
			return total, err
		}
	}
	return total, nil
}

// extend sets the deadline for what is sent next. A ResponseWriter without
// deadlines is served without.
func (w *writer) extend() error {
	err := w.controller.SetWriteDeadline(w.now().Add(w.idleTimeout))
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return w.sent(0, err)
}

func (w *writer) sent(n int64, err error) error {
	w.bytes += n
	if w.err == nil {
		w.err = err
	}
	return err
}
