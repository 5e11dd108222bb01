package tftpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

var (
	// errTooLong ends a transfer after Options.MaxTime, errReplaced one whose phone
	// began another.
	errTooLong  = errors.New("the transfer took too long")
	errReplaced = errors.New("the phone began anew")
)

// serve finds what is asked for and sends it.
func (s *Server) serve(ctx context.Context, a arrival, asked request, r *running) {
	conn, err := a.open()
	if err != nil {
		s.logger.Error("cannot serve file", logkeys.Address, a.peer.Addr().String(), logkeys.Error, err)
		s.metrics.served.WithLabelValues(resultError).Inc()
		return
	}
	defer conn.Close()
	start := s.options.Now()
	opened, err := s.options.Opener.OpenRequest(ctx, files.Request{
		Protocol: "tftp", Method: "GET", Host: host(s.address(), a.local), Path: asked.name, Address: a.peer.Addr().WithZone(""), At: start,
	})
	if err != nil {
		s.refuse(ctx, conn, a, err)
		return
	}
	s.give(ctx, conn, a, asked, r, opened, start)
}

// address returns that of the listening socket.
func (s *Server) address() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn.LocalAddr()
}

// refuse answers a request for what is not there, may not be given, or failed. Only
// the log says why.
func (s *Server) refuse(ctx context.Context, conn *net.UDPConn, a arrival, err error) {
	code, text, result := uint16(codeUndefined), "try again later", resultError
	switch {
	case errors.Is(err, files.ErrNotFound):
		code, text, result = codeNotFound, "file not found", resultNotFound
	case errors.Is(err, files.ErrForbidden):
		code, text, result = codeAccess, "access violation", resultForbidden
	case ctx.Err() != nil:
		result = resultCut
	default:
		s.logger.Error("cannot make file", logkeys.Address, a.peer.Addr().String(), logkeys.Error, err)
	}
	_, _ = conn.WriteToUDPAddrPort(errorPacket(code, text), a.peer)
	s.metrics.served.WithLabelValues(result).Inc()
}

// give sends a file that was opened, and tells what became of it.
func (s *Server) give(ctx context.Context, conn *net.UDPConn, a arrival, asked request, r *running, opened files.Opened, start time.Time) {
	defer opened.Content.Close()
	t := &r.transfer
	t.conn, t.peer, t.patience, t.retries = conn, a.peer, s.options.Timeout, s.options.Retries
	err := s.prepare(t, asked, opened)
	if err == nil {
		err = t.run(ctx)
	}
	opened.Ended(files.Ended{Status: 200, Bytes: t.bytes(), Complete: err == nil})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	result := outcome(err)
	if text := farewell(err); text != "" {
		_, _ = conn.WriteToUDPAddrPort(errorPacket(codeUndefined, text), a.peer)
	}
	s.metrics.served.WithLabelValues(result).Inc()
	s.metrics.bytes.Add(float64(t.bytes()))
	s.metrics.repeated.Add(float64(t.repeated))
	s.report(ctx, a, opened.Name, t, result, err, s.options.Now().Sub(start))
}

// errTooLarge is returned for a file beyond Options.MaxSize.
var errTooLarge = errors.New("file is too large for TFTP")

// prepare gives a transfer its content and terms.
func (s *Server) prepare(t *transfer, asked request, opened files.Opened) error {
	t.content, t.size, t.blockSize = opened.Content, opened.Size, defaultBlockSize
	if opened.Size > s.options.MaxSize {
		return errTooLarge
	}
	if asked.mode == "netascii" {
		text, err := netASCII(opened.Content, opened.Size)
		if err != nil {
			return err
		}
		t.content, t.size = text, text.Size()
	}
	if _, err := t.content.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read content: %w", err)
	}
	t.terms = s.options.negotiate(asked.options, t.size)
	return nil
}

// outcome names how a transfer ended.
func outcome(err error) string {
	var peer *peerError
	switch {
	case err == nil:
		return resultComplete
	case errors.As(err, &peer):
		return resultAborted
	case errors.Is(err, errSilent):
		return resultStalled
	case errors.Is(err, errReplaced):
		return resultReplaced
	case errors.Is(err, errTooLong), errors.Is(err, context.Canceled):
		return resultCut
	case errors.Is(err, errTooLarge), errors.Is(err, errNetASCII):
		return resultTooLarge
	}
	return resultError
}

// farewell is what a phone is told of the end of its transfer, or "".
func farewell(err error) string {
	switch outcome(err) {
	case resultTooLarge:
		return err.Error()
	case resultCut, resultError:
		return "try again later"
	}
	return ""
}

func (s *Server) report(ctx context.Context, a arrival, name string, t *transfer, result string, err error, took time.Duration) {
	level, attrs := slog.LevelInfo, []slog.Attr{
		slog.String(logkeys.File, name), slog.String(logkeys.Address, a.peer.Addr().String()), slog.String(logkeys.Outcome, result),
		slog.Int64(logkeys.Size, t.bytes()), slog.Duration(logkeys.Duration, took),
	}
	if err != nil {
		if result != resultAborted && result != resultReplaced {
			level = slog.LevelWarn // The phone chose those two.
		}
		attrs = append(attrs, slog.String(logkeys.Error, err.Error()))
	}
	s.logger.LogAttrs(context.WithoutCancel(ctx), level, "file requested over TFTP", attrs...)
}
