package mongo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// contentReader reads content chunk by chunk. Each is asked for by itself, so
// that a slow reader leaves nothing open at the server.
type contentReader struct {
	content  content
	ctx      context.Context
	document contentDocument
	offset   int64
	// data is the chunk that is held, part its number.
	data   []byte
	part   int64
	closed bool
}

func (r *contentReader) Read(p []byte) (int, error) {
	if r.closed {
		return 0, fmt.Errorf("read content: %w", fs.ErrClosed)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if r.offset >= r.document.Size {
		return 0, io.EOF
	}
	size := int64(r.document.ChunkSize)
	if part := r.offset / size; r.data == nil || part != r.part {
		if err := r.fetch(part); err != nil {
			return 0, fmt.Errorf("read content: %w", err)
		}
	}
	n := copy(p, r.data[r.offset-r.part*size:])
	r.offset += int64(n)
	return n, nil
}

// errIncomplete says that stored content is not what was committed.
var errIncomplete = errors.New("a part of it is missing")

func (r *contentReader) fetch(part int64) error {
	var chunk contentChunk
	err := r.content.do(r.ctx, "readContent", func(ctx context.Context) (err error) {
		chunk, err = findOne[contentChunk](ctx, r.content.database.Collection(contentChunkCollection), byID(chunkName(r.document.Name, part)), errIncomplete)
		return err
	})
	if err != nil {
		return err
	}
	size := int64(r.document.ChunkSize)
	if want := min(size, r.document.Size-part*size); int64(len(chunk.Data)) != want {
		return fmt.Errorf("%w: part %d has %d bytes, not %d", errIncomplete, part, len(chunk.Data), want)
	}
	r.data, r.part = chunk.Data, part
	return nil
}

// Seek reads nothing.
func (r *contentReader) Seek(offset int64, whence int) (int64, error) {
	if r.closed {
		return 0, fmt.Errorf("seek content: %w", fs.ErrClosed)
	}
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.offset
	case io.SeekEnd:
		offset += r.document.Size
	default:
		return 0, fmt.Errorf("seek content: %w", fs.ErrInvalid)
	}
	if offset < 0 {
		return 0, fmt.Errorf("seek content: %w", fs.ErrInvalid)
	}
	r.offset = offset
	return offset, nil
}

func (r *contentReader) Close() error {
	if r.closed {
		return fmt.Errorf("close content: %w", fs.ErrClosed)
	}
	r.closed, r.data = true, nil
	return nil
}
