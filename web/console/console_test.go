package console_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/web/console"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":               {},
		"index.html":             {Data: []byte(`<meta property="csp-nonce" nonce="DIALTONE_NONCE"><div id="root"></div>`)},
		"favicon.svg":            {Data: []byte("<svg/>")},
		"assets/main-1a2b.js":    {Data: []byte("plain script")},
		"assets/main-1a2b.js.br": {Data: []byte("br script")},
		"assets/main-1a2b.js.gz": {Data: []byte("gz script")},
		"assets/small-3c.css":    {Data: []byte("a{}")},
	}
}

func handler(files fstest.MapFS) http.Handler {
	return console.New(console.Options{Files: files, Logger: slog.New(slog.DiscardHandler)})
}

// get asks with pairs of header names and values.
func get(t *testing.T, h http.Handler, path string, header ...string) (*http.Response, string) {
	t.Helper()
	return ask(t, h, http.MethodGet, path, header...)
}

func ask(t *testing.T, h http.Handler, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	response := w.Result()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestPathsOfPagesAnswerIndex(t *testing.T) {
	h := handler(built())
	for _, path := range []string{"/", "/index.html", "/system", "/devices/ABC/parameters", "/devices/a.b.c", "/apiary"} {
		response, body := get(t, h, path, "Accept", browserAccept, "Sec-Fetch-Mode", "navigate")
		if response.StatusCode != http.StatusOK || !strings.Contains(body, `id="root"`) {
			t.Errorf("%s: status %d, body %q", path, response.StatusCode, body)
		}
		if got := response.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
}

func TestWhatIsNoPageIsNotFound(t *testing.T) {
	h := handler(built())
	tests := map[string]struct {
		path   string
		header []string
	}{
		"an asset of another version": {"/assets/main-9z.js", []string{"Accept", browserAccept}},
		"a directory":                 {"/assets/", []string{"Accept", browserAccept}},
		"a compressed copy":           {"/assets/main-1a2b.js.br", nil},
		"a hidden file":               {"/.gitkeep", nil},
		"an unknown script":           {"/main.js", []string{"Accept", "*/*", "Sec-Fetch-Mode", "no-cors"}},
		"a call from a page":          {"/system", []string{"Accept", browserAccept, "Sec-Fetch-Mode", "cors"}},
		"a program's call":            {"/system", []string{"Accept", "application/json"}},
		"no wish at all":              {"/system", nil},
		"an unknown interface":        {"/api/v9/devices", []string{"Accept", browserAccept}},
		"a way out":                   {"/../../etc/passwd", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			response, body := get(t, h, test.path, test.header...)
			if response.StatusCode != http.StatusNotFound || strings.Contains(body, "root") {
				t.Errorf("status %d, body %q", response.StatusCode, body)
			}
			if response.Header.Get("Content-Security-Policy") == "" {
				t.Error("no policy")
			}
		})
	}
}

var nonceAttribute = regexp.MustCompile(`nonce="([A-Z0-9]{26})"`)

func TestEveryPageHasANonceOfItsOwn(t *testing.T) {
	h := handler(built())
	seen := map[string]bool{}
	for range 5 {
		response, body := get(t, h, "/", "Accept", browserAccept)
		match := nonceAttribute.FindStringSubmatch(body)
		if match == nil {
			t.Fatalf("no nonce in %q", body)
		}
		nonce := match[1]
		if seen[nonce] {
			t.Fatalf("the nonce %s came twice", nonce)
		}
		seen[nonce] = true
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "style-src 'self' 'nonce-"+nonce+"';") {
			t.Errorf("the policy %q has another nonce than the page, %s", policy, nonce)
		}
	}
}

func TestEveryAnswerHasTheStrictHeaders(t *testing.T) {
	want := map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security":    "",
	}
	for name, files := range map[string]fstest.MapFS{"built": built(), "not built": {".gitkeep": {}}} {
		for _, path := range []string{"/", "/assets/main-1a2b.js", "/nothing.js"} {
			response, _ := get(t, handler(files), path, "Accept", browserAccept)
			for header, value := range want {
				if got := response.Header.Get(header); got != value {
					t.Errorf("%s, %s: %s is %q, not %q", name, path, header, got, value)
				}
			}
			policy := response.Header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
				if !strings.Contains(policy, part) {
					t.Errorf("%s, %s: the policy %q lacks %q", name, path, policy, part)
				}
			}
			if strings.Contains(policy, "unsafe") || response.Header.Get("Permissions-Policy") == "" {
				t.Errorf("%s, %s: policy %q, permissions %q", name, path, policy, response.Header.Get("Permissions-Policy"))
			}
		}
	}
}

func TestWhoCameByHTTPSKeepsTo(t *testing.T) {
	response, _ := get(t, handler(built()), "https://acs.example/", "Accept", browserAccept)
	if got := response.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("by TLS: %q", got)
	}
	behindProxy := console.New(console.Options{
		Files: built(), Logger: slog.New(slog.DiscardHandler), Secure: func(*http.Request) bool { return true },
	})
	response, _ = get(t, behindProxy, "/", "Accept", browserAccept)
	if got := response.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("behind a proxy: %q", got)
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		response, _ := ask(t, handler(built()), method, "/", "Accept", browserAccept)
		if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, response.StatusCode, response.Header.Get("Allow"))
		}
	}
}

func TestHEADAnswersWithoutABody(t *testing.T) {
	for _, path := range []string{"/", "/assets/main-1a2b.js", "/favicon.svg"} {
		response, body := ask(t, handler(built()), http.MethodHead, path, "Accept", browserAccept, "Accept-Encoding", "br")
		if response.StatusCode != http.StatusOK || body != "" || response.Header.Get("Content-Length") == "" {
			t.Errorf("%s: status %d, body %q, length %q", path, response.StatusCode, body, response.Header.Get("Content-Length"))
		}
	}
}

func TestWithoutABuildThePageSaysSo(t *testing.T) {
	h := handler(fstest.MapFS{".gitkeep": {}})
	response, body := get(t, h, "/system", "Accept", browserAccept)
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
	for _, part := range []string{"not in this binary", "make build", `href="/api/docs"`} {
		if !strings.Contains(body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	match := nonceAttribute.FindStringSubmatch(body)
	if match == nil || !strings.Contains(response.Header.Get("Content-Security-Policy"), match[1]) {
		t.Error("the policy does not allow the page's own style")
	}
	if response, _ := get(t, h, "/assets/main-1a2b.js"); response.StatusCode != http.StatusNotFound {
		t.Errorf("an asset: status %d", response.StatusCode)
	}
}

func TestBuiltTellsWhatTheBinaryShows(t *testing.T) {
	h := console.New(console.Options{Logger: slog.New(slog.DiscardHandler)})
	_, body := get(t, h, "/", "Accept", browserAccept)
	if says := !strings.Contains(body, "not in this binary"); says != console.Built() {
		t.Errorf("Built is %t, and the page begins with %.200q", console.Built(), body)
	}
}
