package httpd

import (
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// report counts and logs a request for a file that was found.
func (h *handler) report(r *http.Request, found files.Resolved, w *writer, took time.Duration) {
	result := outcome(r, w)
	h.metrics.served.WithLabelValues(result).Inc()
	attrs := append(h.about(r, found),
		slog.String(logkeys.Outcome, result), slog.Int(logkeys.Status, w.status),
		slog.Int64(logkeys.Size, w.bytes), slog.Duration(logkeys.Duration, took))
	level := slog.LevelInfo
	if w.err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String(logkeys.Error, w.err.Error()))
	}
	h.logger.LogAttrs(r.Context(), level, "file requested", attrs...)
}

func (h *handler) logFailure(r *http.Request, found files.Resolved, err error) {
	attrs := append(h.about(r, found), slog.String(logkeys.Error, err.Error()))
	h.logger.LogAttrs(r.Context(), slog.LevelError, "cannot serve file", attrs...)
}

func (h *handler) about(r *http.Request, found files.Resolved) []slog.Attr {
	return []slog.Attr{
		slog.String(logkeys.Device, string(found.Device)), slog.String(logkeys.Task, found.Task),
		slog.String(logkeys.File, found.File.Name), slog.String(logkeys.Method, r.Method),
		slog.String(logkeys.Address, h.clientAddress(r).String()),
	}
}

// outcome names how a request for a file ended.
func outcome(r *http.Request, w *writer) string {
	switch {
	case errors.Is(w.err, os.ErrDeadlineExceeded):
		return resultStalled
	case w.err != nil:
		return resultAborted
	case w.status == http.StatusNotModified:
		return resultNotModified
	case w.status >= http.StatusInternalServerError:
		return resultError
	case w.status >= http.StatusBadRequest:
		return resultCondition
	case r.Method == http.MethodHead:
		return resultHead
	case short(w):
		return resultAborted
	case w.status == http.StatusPartialContent:
		return resultPartial
	}
	return resultComplete
}

// short reports whether less was sent than the header promised.
func short(w *writer) bool {
	promised, err := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64)
	return err == nil && w.bytes < promised
}
