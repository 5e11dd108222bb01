package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Server is the files.Opener of phones. Run must be running for its requests to be
// recorded. It is safe for concurrent use.
type Server struct {
	options  Options
	logger   *slog.Logger
	metrics  *metrics
	cache    *cache
	recorder *recorder
	// rendering holds one element for every file that is being rendered.
	rendering chan struct{}
	issuer    *issuer
	// profileKey is that of the hashes of profiles.
	profileKey []byte
}

var _ files.Opener = (*Server)(nil)

// New returns a Server. An error says that an option is missing or cannot be, that no key
// can be derived, or that the metrics are registered already.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.complete()
	key, err := o.Keeper.Derive(profilePurpose)
	if err != nil {
		return nil, fmt.Errorf("delivery of files: derive the key of profiles: %w", err)
	}
	m, err := newMetrics(o.Registerer)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: o, logger: o.Logger, metrics: m, cache: newCache(o.CacheBytes, o.Now), rendering: make(chan struct{}, o.MaxRenders),
		issuer: newIssuer(&o), profileKey: key,
	}
	s.recorder = newRecorder(&s.options, m)
	return s, nil
}

// Run records requests until the context ends, and then those that still wait.
func (s *Server) Run(ctx context.Context) { s.recorder.run(ctx) }

// OpenRequest implements files.Opener. Every request of a phone is recorded, whatever
// its answer; what no pack knows and names no phone is only counted.
func (s *Server) OpenRequest(ctx context.Context, r files.Request) (files.Opened, error) {
	a := s.read(r)
	answer, err := s.find(ctx, a)
	if err != nil {
		s.refused(ctx, a, err)
		return files.Opened{}, err
	}
	return s.opened(a, answer), nil
}

// opened returns an answer as the listeners give it.
func (s *Server) opened(a *asked, answer *answer) files.Opened {
	return files.Opened{
		Name: answer.name, ContentType: answer.contentType, ETag: `"` + answer.digest + `"`, Modified: answer.modified,
		Size: answer.size, Content: answer.content,
		Ended: func(e files.Ended) { s.ended(a, answer, e) },
	}
}

// find finds the answer to a request. The error is a *refusal where it says so.
func (s *Server) find(ctx context.Context, a *asked) (*answer, error) {
	if err := s.identify(ctx, a); err != nil {
		return nil, err
	}
	if a.known {
		if err := s.settleModel(a); err != nil {
			return nil, err
		}
	}
	if name, ok := firmwareName(a.Path); ok {
		return s.firmware(ctx, a, name)
	}
	if a.pack != nil {
		return s.ofDevice(ctx, a)
	}
	return s.ofModel(ctx, a)
}

// refusal is why a request is not answered with a file.
type refusal struct {
	// detail is for people; it holds no secret.
	detail string
	// cause is files.ErrForbidden or files.ErrNotFound.
	cause error
}

func (r *refusal) Error() string { return r.detail }

// Unwrap returns files.ErrForbidden or files.ErrNotFound.
func (r *refusal) Unwrap() error { return r.cause }

func forbidden(format string, args ...any) error {
	return &refusal{detail: fmt.Sprintf(format, args...), cause: files.ErrForbidden}
}

func notFound(format string, args ...any) error {
	return &refusal{detail: fmt.Sprintf(format, args...), cause: files.ErrNotFound}
}

// refused records a request that is not answered with a file. One that was given up by
// who asked is none.
func (s *Server) refused(ctx context.Context, a *asked, err error) {
	status, result, detail := 500, resultError, "the file cannot be made: the server's log says why"
	var why *refusal
	switch {
	case errors.As(err, &why) && errors.Is(err, files.ErrForbidden):
		status, result, detail = 403, resultForbidden, why.detail
	case errors.As(err, &why):
		status, result, detail = 404, resultNotFound, why.detail
	case ctx.Err() != nil:
		return
	}
	if !a.known && !a.isPhone() {
		s.metrics.requests.WithLabelValues(resultUnknown).Inc()
		return
	}
	s.metrics.requests.WithLabelValues(result).Inc()
	level := slog.LevelDebug
	if status != 404 {
		level = slog.LevelWarn
	}
	s.logger.LogAttrs(ctx, level, "file refused", slog.String(logkeys.Device, string(a.device.ID)), slog.String(logkeys.Path, shorten(a.Path, maxFetchPath)),
		slog.String(logkeys.Address, a.Address.String()), slog.Int(logkeys.Status, status), slog.String(logkeys.Error, err.Error()))
	s.recorder.note(a.record(fetched{status: status, detail: detail}))
}

// ended records a request that was answered with a file.
func (s *Server) ended(a *asked, given *answer, e files.Ended) {
	s.metrics.requests.WithLabelValues(resultGiven).Inc()
	if !a.known && !a.isPhone() {
		return
	}
	f := fetched{status: e.Status, bytes: e.Bytes, complete: e.Complete, digest: given.digest, onlineFor: given.onlineFor}
	if e.Complete {
		f.held, f.fileHeld = given.held, given.fileHeld
	}
	s.recorder.note(a.record(f))
}
