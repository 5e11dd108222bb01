package httpd

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// open asks the Opener for a file and serves it.
func (h *handler) open(w *writer, r *http.Request) {
	start := h.now()
	opened, err := h.opener.OpenRequest(r.Context(), h.asked(r, start))
	h.answer(w, r, files.Resolved{}, opened, err, start)
}

// openProfile has the file with a device's own settings made and serves it. What is told
// of the request does not hold the token.
func (h *handler) openProfile(w *writer, r *http.Request, found files.Resolved) {
	if h.profiles == nil {
		h.refuse(w, http.StatusNotFound, resultNotFound)
		return
	}
	start := h.now()
	asked := h.asked(r, start)
	asked.Path = "/" + found.File.Name
	opened, err := h.profiles.Open(r.Context(), found.Device, asked)
	h.answer(w, r, found, opened, err, start)
}

// answer answers with what was opened, or with why it was not. Found is to whom it was
// offered, the zero value if it was asked for by its path.
func (h *handler) answer(w *writer, r *http.Request, found files.Resolved, opened files.Opened, err error, start time.Time) {
	switch {
	case errors.Is(err, files.ErrNotFound):
		h.refuse(w, http.StatusNotFound, resultNotFound)
	case errors.Is(err, files.ErrForbidden):
		h.refuse(w, http.StatusForbidden, resultForbidden)
	case err != nil:
		h.failOpened(w, r, found, err)
	default:
		found.File.Name = opened.Name
		h.give(w, r, found, opened, start)
	}
}

// asked returns what the Opener is told of a request.
func (h *handler) asked(r *http.Request, at time.Time) files.Request {
	protocol := "http"
	if h.secure(r) {
		protocol = "https"
	}
	return files.Request{
		Protocol: protocol, Method: r.Method, Host: r.Host, Path: r.URL.Path, Query: r.URL.Query(),
		UserAgent: r.UserAgent(), Address: h.clientAddress(r), Certificate: h.certificate(r), At: at,
	}
}

// certificate returns the verified certificate of the client, nil if there is none.
func (h *handler) certificate(r *http.Request) *x509.Certificate {
	if r.TLS != nil && len(r.TLS.VerifiedChains) != 0 {
		return r.TLS.VerifiedChains[0][0]
	}
	return h.proxyCertificate(r)
}

// give serves a file that was opened, and tells what became of it.
func (h *handler) give(w *writer, r *http.Request, found files.Resolved, opened files.Opened, start time.Time) {
	defer func() { opened.Ended(ended(w, opened.Size, r)) }()
	defer opened.Content.Close()
	if err := checkSize(opened.Content, opened.Size); err != nil {
		h.failOpened(w, r, found, fmt.Errorf("read what was opened: %w", err))
		return
	}
	header := w.Header()
	header.Set("Content-Type", orDefault(opened.ContentType, "application/octet-stream"))
	header.Set("X-Content-Type-Options", "nosniff")
	// What is made for one phone is no other's, and may be another the next time.
	header.Set("Cache-Control", "private, no-cache")
	if opened.ETag != "" {
		header.Set("ETag", opened.ETag)
	}
	http.ServeContent(w, r, opened.Name, opened.Modified, opened.Content)
	h.report(r, found, w, h.now().Sub(start))
}

// failOpened answers a request that ought to have been served. Only the log says
// why.
func (h *handler) failOpened(w *writer, r *http.Request, found files.Resolved, err error) {
	if r.Context().Err() == nil {
		h.logger.LogAttrs(r.Context(), slog.LevelError, "cannot make file", append(h.about(r, found), slog.String(logkeys.Error, err.Error()))...)
	}
	h.comeBack(w, resultError)
}

// ended says what became of an answer to a request for a file of that size.
func ended(w *writer, size int64, r *http.Request) files.Ended {
	e := files.Ended{Status: w.status, Bytes: w.bytes}
	if w.err != nil || short(w) && r.Method != http.MethodHead {
		return e
	}
	switch w.status {
	case http.StatusNotModified:
		e.Complete = true
	case http.StatusOK:
		e.Complete = r.Method != http.MethodHead
	case http.StatusPartialContent:
		e.Complete = r.Method != http.MethodHead && hasAll(w.Header().Get("Content-Range"), size, r.Header.Get("If-Range") != "")
	}
	return e
}

// hasAll reports whether a phone that got that range has all of a file: it is the
// whole of it, or the end, and the phone said by If-Range that it has the beginning.
func hasAll(contentRange string, size int64, hasBeginning bool) bool {
	var first, last int64
	if _, err := fmt.Sscanf(contentRange, "bytes %d-%d/", &first, &last); err != nil {
		return false
	}
	return last == size-1 && (first == 0 || hasBeginning)
}
