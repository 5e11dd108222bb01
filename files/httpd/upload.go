package httpd

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// take receives what a device sends (TR-069 A.4.1.5). Whether it may is known
// before its body is asked for, so that one that expects 100-continue (RFC 9110
// section 10.1.1) sends nothing in vain.
func (h *handler) take(w *writer, r *http.Request) {
	token, ok := files.SplitUploadPath(r.URL.EscapedPath())
	if !ok {
		h.answerUpload(w, http.StatusNotFound, resultNotFound)
		return
	}
	if r.Header.Get("Content-Range") != "" {
		// A part of a file must not be taken for the whole (RFC 9110 section 14.5).
		h.answerUpload(w, http.StatusBadRequest, resultRange)
		return
	}
	start := h.now()
	body := &patientReader{reader: r.Body, controller: w.controller, idleTimeout: h.idleTimeout, now: h.now}
	f, err := h.library.Accept(r.Context(), token, body)
	h.metrics.bytesIn.Add(float64(body.bytes))
	w.extend() // What is left to write begins now.
	switch {
	case err == nil:
		h.reportUpload(r, f, body.bytes, h.now().Sub(start))
		h.answerUpload(w, http.StatusCreated, resultStored)
	case errors.Is(err, files.ErrNotFound):
		h.answerUpload(w, http.StatusNotFound, resultNotFound)
	case errors.Is(err, files.ErrTooLarge):
		h.logUpload(r, err)
		h.answerUpload(w, http.StatusRequestEntityTooLarge, resultTooLarge)
	case body.err != nil:
		h.logUpload(r, body.err)
		h.answerUpload(w, http.StatusBadRequest, brokenUpload(body.err))
	default:
		h.logUpload(r, err)
		w.Header().Set("Retry-After", h.retryAfter)
		h.answerUpload(w, http.StatusServiceUnavailable, resultError)
	}
}

// brokenUpload names how an upload ended whose body did not come.
func brokenUpload(err error) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return resultStalled
	}
	return resultAborted
}

// answerUpload answers an upload with a status and no body.
func (h *handler) answerUpload(w *writer, status int, result string) {
	if status != http.StatusCreated {
		// What is left of the body is not read.
		w.Header().Set("Connection", "close")
	}
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
	h.metrics.received.WithLabelValues(result).Inc()
}

func (h *handler) reportUpload(r *http.Request, f files.File, size int64, took time.Duration) {
	attrs := append(h.about(r, files.Resolved{File: f, Device: f.Device, Task: f.Task}),
		slog.Int64(logkeys.Size, size), slog.Duration(logkeys.Duration, took))
	h.logger.LogAttrs(r.Context(), slog.LevelInfo, "file received", attrs...)
}

func (h *handler) logUpload(r *http.Request, err error) {
	h.logger.LogAttrs(r.Context(), slog.LevelWarn, "cannot receive file",
		slog.String(logkeys.Method, r.Method), slog.String(logkeys.Address, h.clientAddress(r).String()), slog.String(logkeys.Error, err.Error()))
}

// patientReader reads a body however long it takes, as long as it goes on. It
// counts what it reads, and keeps the error that ended it.
type patientReader struct {
	reader      io.Reader
	controller  *http.ResponseController
	idleTimeout time.Duration
	now         func() time.Time

	bytes int64
	err   error
}

func (p *patientReader) Read(b []byte) (int, error) {
	err := p.controller.SetReadDeadline(p.now().Add(p.idleTimeout))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		p.err = err
		return 0, err
	}
	n, err := p.reader.Read(b)
	p.bytes += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		p.err = err
	}
	return n, err
}
