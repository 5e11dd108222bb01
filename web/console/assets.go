package console

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// assetsDir is where Vite puts the files whose names have a hash of what is in
// them.
const assetsDir = "assets/"

// encoding is a way to compress, with the suffix of the files that the build
// compressed in it.
type encoding struct{ name, suffix string }

// encodings are those that the build makes, the smallest first.
func encodings() []encoding { return []encoding{{"br", ".br"}, {"gzip", ".gz"}} }

// isFile reports whether the file may be asked for. Compressed copies and hidden
// files may not.
func isFile(files fs.FS, name string) bool {
	if strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	for _, e := range encodings() {
		if strings.HasSuffix(name, e.suffix) {
			return false
		}
	}
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}

// serveAsset writes a file, compressed if the browser takes that and the build
// made it.
func serveAsset(w http.ResponseWriter, r *http.Request, files fs.FS, name string) error {
	f, used, err := openSmallest(files, name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		http.Error(w, "The file cannot be read.", http.StatusInternalServerError)
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		http.Error(w, "The file cannot be read.", http.StatusInternalServerError)
		return fmt.Errorf("read %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", cacheControl(name))
	h.Set("Vary", "Accept-Encoding")
	if used == "" {
		return serveContent(w, r, f, info)
	}
	// Ranges of a compressed copy would be of no use.
	h.Set("Content-Encoding", used)
	return copyContent(w, r, f, info)
}

func openSmallest(files fs.FS, name, accepted string) (f fs.File, used string, err error) {
	for _, e := range encodings() {
		if !accepts(accepted, e.name) {
			continue
		}
		f, err := files.Open(name + e.suffix)
		if err == nil {
			return f, e.name, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, "", fmt.Errorf("open %s: %w", name+e.suffix, err)
		}
	}
	f, err = files.Open(name)
	if err != nil {
		return nil, "", fmt.Errorf("open %s: %w", name, err)
	}
	return f, "", nil
}

func serveContent(w http.ResponseWriter, r *http.Request, f fs.File, info fs.FileInfo) error {
	content, ok := f.(io.ReadSeeker)
	if !ok {
		return copyContent(w, r, f, info)
	}
	// Files of a binary have no time.
	http.ServeContent(w, r, info.Name(), time.Time{}, content)
	return nil
}

func copyContent(w http.ResponseWriter, r *http.Request, f fs.File, info fs.FileInfo) error {
	w.Header().Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(w, f); err != nil && r.Context().Err() == nil {
		return fmt.Errorf("send %s: %w", info.Name(), err)
	}
	return nil
}

// contentType does not ask the system, whose tables differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func cacheControl(name string) string {
	if strings.HasPrefix(name, assetsDir) {
		return "public, max-age=31536000, immutable"
	}
	return "public, max-age=3600"
}
