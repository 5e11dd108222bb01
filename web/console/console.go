package console

import (
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

//go:embed all:dist
var embedded embed.FS

const indexName = "index.html"

// Options are what a console is made of.
type Options struct {
	// Files are the files that Vite built; nil for those in the binary.
	Files fs.FS
	// Secure says whether the browser came by HTTPS, perhaps to a proxy in front;
	// nil if the request itself says it. Such answers have the browser come by
	// HTTPS only, from then on.
	Secure func(*http.Request) bool
	Logger *slog.Logger
}

// Built reports whether the console is in the binary.
func Built() bool { return hasIndex(builtIn()) }

func builtIn() fs.FS {
	files, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // The name is a constant that fs.ValidPath takes.
	}
	return files
}

func hasIndex(files fs.FS) bool {
	_, err := fs.Stat(files, indexName)
	return err == nil
}

type console struct {
	files  fs.FS
	index  page
	secure func(*http.Request) bool
	logger *slog.Logger
}

// New returns the handler of everything that a browser may ask for outside of the
// REST interface: the files of the console, and its index.html for the paths of
// its pages.
func New(o Options) http.Handler {
	c := &console{files: o.Files, secure: o.Secure, logger: o.Logger}
	if c.files == nil {
		c.files = builtIn()
	}
	if c.secure == nil {
		c.secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	c.index = readPage(c.files)
	return c
}

// ServeHTTP implements http.Handler.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	nonce := newNonce()
	setHeaders(w.Header(), nonce, c.secure(r))
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "The console is only read: use GET.", http.StatusMethodNotAllowed)
	case name != indexName && isFile(c.files, name):
		if err := serveAsset(w, r, c.files, name); err != nil {
			c.logger.WarnContext(r.Context(), "cannot serve a file of the console", slog.String(logkeys.Path, name), slog.Any(logkeys.Error, err))
		}
	case isNavigation(r, name):
		c.index.serve(w, r, nonce)
	default:
		http.Error(w, "There is no such file.", http.StatusNotFound)
	}
}

// isNavigation reports whether a browser opens a page. Scripts and styles of an
// earlier version must not get a page in their place, nor programs that look for
// an interface where there is none.
func isNavigation(r *http.Request, name string) bool {
	if strings.HasPrefix(name+"/", assetsDir) || strings.HasPrefix(name+"/", "api/") {
		return false
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" && mode != "navigate" {
		return false
	}
	return acceptsHTML(r.Header.Values("Accept"))
}

func acceptsHTML(accept []string) bool {
	for field := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, _, _ := strings.Cut(field, ";")
		if strings.EqualFold(strings.TrimSpace(mediaType), "text/html") {
			return true
		}
	}
	return false
}
