package console

import (
	_ "embed"
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

// noncePlaceholder stands in index.html where each answer has its nonce.
const noncePlaceholder = "DIALTONE_NONCE"

//go:embed unbuilt.html
var unbuilt string

// page is index.html.
type page struct {
	text string
	// err says why it cannot be read.
	err error
}

// readPage reads index.html; without one the page says that the console was not
// built.
func readPage(files fs.FS) page {
	text, err := fs.ReadFile(files, indexName)
	if errors.Is(err, fs.ErrNotExist) {
		return page{text: unbuilt}
	}
	return page{text: string(text), err: err}
}

func (p page) serve(w http.ResponseWriter, r *http.Request, nonce string) {
	if p.err != nil {
		http.Error(w, "The console cannot be read.", http.StatusInternalServerError)
		return
	}
	text := strings.ReplaceAll(p.text, noncePlaceholder, nonce)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	// It names the hashed files of this version.
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		// A reader who left is nobody's fault.
		_, _ = w.Write([]byte(text))
	}
}
