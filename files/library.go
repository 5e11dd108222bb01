package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// DefaultMaxSize is the largest file unless Options say otherwise: 2 GiB.
const DefaultMaxSize = 2 << 30

// Options are what a Library needs.
type Options struct {
	// Store and Content must be set.
	Store   Store
	Content Content
	// MaxSize is the largest file in bytes; DefaultMaxSize if zero.
	MaxSize int64
	// MaxUpload is the largest file that a device may send, in bytes;
	// DefaultMaxUpload if zero.
	MaxUpload int64
	// MaxPerDevice is how many files that a device sent are kept, the newest;
	// DefaultMaxPerDevice if zero.
	MaxPerDevice int
	// SweepInterval is the time between two looks of Run; ten minutes if zero.
	SweepInterval time.Duration
	// OrphanAge is how long content that no file refers to is left alone, as it
	// may belong to an upload under way; one hour if zero.
	OrphanAge time.Duration
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Logger is slog.Default() if nil.
	Logger *slog.Logger
}

// Library adds, finds, removes and offers files. It is safe for concurrent use.
type Library struct {
	store         Store
	content       Content
	maxSize       int64
	maxUpload     int64
	maxPerDevice  int
	sweepInterval time.Duration
	orphanAge     time.Duration
	now           func() time.Time
	logger        *slog.Logger
}

// NewLibrary returns a Library over the Store and the Content of o.
func NewLibrary(o Options) (*Library, error) {
	if o.Store == nil || o.Content == nil {
		return nil, errors.New("files: a library needs a store and content")
	}
	if o.MaxSize < 0 || o.MaxUpload < 0 || o.MaxPerDevice < 0 || o.SweepInterval < 0 || o.OrphanAge < 0 {
		return nil, errors.New("files: limits of a library must not be negative")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Library{
		store: o.Store, content: o.Content, now: o.Now, logger: o.Logger,
		maxSize:       orDefault(o.MaxSize, DefaultMaxSize),
		maxUpload:     orDefault(o.MaxUpload, DefaultMaxUpload),
		maxPerDevice:  orDefault(o.MaxPerDevice, DefaultMaxPerDevice),
		sweepInterval: orDefault(o.SweepInterval, 10*time.Minute),
		orphanAge:     orDefault(o.OrphanAge, time.Hour),
	}, nil
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// moment returns the time as it is kept: UTC, whole milliseconds.
func (l *Library) moment() time.Time { return l.now().UTC().Truncate(time.Millisecond) }

// Add stores what r reads as the file that f describes, and returns it with
// Size, SHA256, Content and CreatedAt, which Add sets whatever f holds. The
// content goes to disk as it is read.
//
// It returns a FieldError for a description that cannot be, ErrExists if the
// name is taken, when Add begins or meanwhile, ErrTooLarge once r exceeds the
// largest size, and the error of r. Nothing of the file is left behind then.
func (l *Library) Add(ctx context.Context, f File, r io.Reader) (File, error) {
	if err := f.Validate(); err != nil {
		return File{}, err
	}
	if err := l.checkFree(ctx, f.Name); err != nil {
		return File{}, err
	}
	if err := l.receive(ctx, &f, r, l.maxSize); err != nil {
		return File{}, fmt.Errorf("add file %s: %w", f.Name, err)
	}
	f.CreatedAt = l.moment()
	if err := l.store.PutFile(ctx, f); err != nil {
		l.forget(ctx, f, err)
		return File{}, fmt.Errorf("add file %s: %w", f.Name, err)
	}
	return f, nil
}

func (l *Library) checkFree(ctx context.Context, name string) error {
	switch _, err := l.store.File(ctx, name); {
	case err == nil:
		return fmt.Errorf("add file %s: %w", name, ErrExists)
	case errors.Is(err, ErrNotFound):
		return nil
	default:
		return fmt.Errorf("add file %s: %w", name, err)
	}
}

// copyBuffer is the size of the one buffer that an upload holds in memory.
const copyBuffer = 64 << 10

// receive streams r, at most limit bytes, to new content and notes in f what came.
func (l *Library) receive(ctx context.Context, f *File, r io.Reader, limit int64) error {
	writer, err := l.content.Create(ctx)
	if err != nil {
		return err
	}
	defer writer.Abort()
	hash := sha256.New()
	// One byte more than allowed is read, to tell a file of the largest size from
	// one beyond it.
	limited := io.LimitReader(&contextReader{ctx: ctx, reader: r}, limit+1)
	size, err := io.CopyBuffer(io.MultiWriter(writer, hash), limited, make([]byte, copyBuffer))
	if err != nil {
		return fmt.Errorf("receive content: %w", err)
	}
	if size > limit {
		return fmt.Errorf("%w: at most %d bytes", ErrTooLarge, limit)
	}
	if f.Content, err = writer.Commit(); err != nil {
		return err
	}
	f.Size, f.SHA256 = size, hex.EncodeToString(hash.Sum(nil))
	return nil
}

// contextReader ends with its context.
type contextReader struct {
	ctx    context.Context
	reader io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.reader.Read(p)
}

// forget removes the content of a file whose description was refused. After any
// other error than ErrExists the description may have been stored all the same,
// and the content is left for RunOnce, which knows.
func (l *Library) forget(ctx context.Context, f File, cause error) {
	if errors.Is(cause, ErrExists) {
		l.removeContent(ctx, f)
	}
}

// removeContent removes content that no file refers to any more. A failure is
// only logged: RunOnce removes it later.
func (l *Library) removeContent(ctx context.Context, f File) {
	if err := l.content.Remove(context.WithoutCancel(ctx), f.Content); err != nil {
		l.logger.WarnContext(ctx, "cannot remove content now, it is swept later", logkeys.File, f.Name, logkeys.Error, err)
	}
}

// Get returns a file, or ErrNotFound.
func (l *Library) Get(ctx context.Context, name string) (File, error) {
	if CheckName(name) != nil {
		return File{}, ErrNotFound
	}
	return l.store.File(ctx, name)
}

// List returns a page of files in order of name.
func (l *Library) List(ctx context.Context, list List) (Page, error) {
	return l.store.ListFiles(ctx, list)
}

// Delete removes a file and returns what it was, or ErrNotFound. A device that
// is fetching it gets it whole; who comes later does not find it, whatever was
// offered before.
func (l *Library) Delete(ctx context.Context, name string) (File, error) {
	if CheckName(name) != nil {
		return File{}, ErrNotFound
	}
	f, err := l.store.DeleteFile(ctx, name)
	if err != nil {
		return File{}, err
	}
	l.removeContent(ctx, f)
	return f, nil
}

// Open returns a file and its content, which the caller closes, or ErrNotFound.
func (l *Library) Open(ctx context.Context, name string) (File, io.ReadSeekCloser, error) {
	f, err := l.Get(ctx, name)
	if err != nil {
		return File{}, nil, err
	}
	content, err := l.OpenContent(ctx, f)
	if err != nil {
		return File{}, nil, err
	}
	return f, content, nil
}

// OpenContent opens the content of a file that was found before, or returns
// ErrNotFound if it was deleted since. The caller closes it.
func (l *Library) OpenContent(ctx context.Context, f File) (io.ReadSeekCloser, error) {
	return l.content.Open(ctx, f.Content)
}
