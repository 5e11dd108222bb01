package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
)

// errContent says that the content of a file is not what its record says.
var errContent = errors.New("the content of a file is damaged")

// filePage is how many files are listed at a time.
const filePage = 500

// eachFile calls each with every file of a store.
func eachFile(ctx context.Context, s files.Store, each func(files.File) error) error {
	list := files.List{PageSize: filePage}
	for {
		page, err := s.ListFiles(ctx, list)
		if err != nil {
			return fmt.Errorf("list files: %w", err)
		}
		for _, f := range page.Files {
			if err := each(f); err != nil {
				return err
			}
		}
		if page.NextPageToken == "" {
			return nil
		}
		list.PageToken = page.NextPageToken
	}
}

// copyContents copies the content of every file and returns under which names
// it is kept now, by the names of the files. It goes before the records: an
// export should not stand still while gigabytes are copied.
func copyContents(ctx context.Context, s files.Store, from, to files.Content) (map[string]string, error) {
	names := make(map[string]string)
	err := eachFile(ctx, s, func(f files.File) (err error) {
		names[f.Name], err = copyContent(ctx, f, from, to)
		return err
	})
	return names, err
}

func copyContent(ctx context.Context, f files.File, from, to files.Content) (name string, err error) {
	writer, err := to.Create(ctx)
	if err != nil {
		return "", fmt.Errorf("copy file %s: %w", f.Name, err)
	}
	defer writer.Abort()
	if err := readContent(ctx, f, from, writer); err != nil {
		return "", fmt.Errorf("copy file %s: %w", f.Name, err)
	}
	if name, err = writer.Commit(); err != nil {
		return "", fmt.Errorf("copy file %s: %w", f.Name, err)
	}
	return name, nil
}

// readContent writes the content of a file to w and returns an error that wraps
// errContent if it is not there or has another size or checksum.
func readContent(ctx context.Context, f files.File, from files.Content, w io.Writer) error {
	content, err := from.Open(ctx, f.Content)
	if errors.Is(err, files.ErrNotFound) {
		return fmt.Errorf("%w: it is missing", errContent)
	}
	if err != nil {
		return err
	}
	defer content.Close()
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(w, hash), contextReader{ctx, content})
	if err != nil {
		return err
	}
	if size != f.Size || hex.EncodeToString(hash.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%w: its size or checksum is not that of the record", errContent)
	}
	return nil
}

// contextReader ends with its context.
type contextReader struct {
	ctx  context.Context
	next io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.next.Read(p)
}

// compareContents reads the content of every file and holds it to its record.
func compareContents(ctx context.Context, s files.Store, content files.Content) error {
	return eachFile(ctx, s, func(f files.File) error {
		if err := readContent(ctx, f, content, io.Discard); err != nil {
			return fmt.Errorf("compare file %s: %w", f.Name, err)
		}
		return nil
	})
}

// renamedContents exports files with the names under which their content is kept
// in another place.
type renamedContents struct {
	store.Copier
	names map[string]string
}

// Export implements store.Copier.
func (c renamedContents) Export(ctx context.Context, each func(store.Record) error) error {
	return c.Copier.Export(ctx, func(r store.Record) error {
		if r.File == nil {
			return each(r)
		}
		name, ok := c.names[r.File.Name]
		if !ok {
			return fmt.Errorf("file %s was added while the store was copied", r.File.Name)
		}
		f := *r.File
		f.Content = name
		return each(store.Record{File: &f})
	})
}
