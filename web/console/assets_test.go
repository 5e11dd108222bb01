package console_test

import (
	"net/http"
	"testing"
	"testing/fstest"
)

func TestHashedAssetsAreKeptForever(t *testing.T) {
	h := handler(built())
	for path, want := range map[string]string{
		"/assets/main-1a2b.js": "public, max-age=31536000, immutable",
		"/assets/small-3c.css": "public, max-age=31536000, immutable",
		"/favicon.svg":         "public, max-age=3600",
	} {
		response, _ := get(t, h, path)
		if got := response.Header.Get("Cache-Control"); response.StatusCode != http.StatusOK || got != want {
			t.Errorf("%s: status %d, Cache-Control %q", path, response.StatusCode, got)
		}
	}
}

func TestAssetsHaveTheTypeOfTheirName(t *testing.T) {
	h := handler(built())
	for path, want := range map[string]string{
		"/assets/main-1a2b.js": "text/javascript; charset=utf-8",
		"/assets/small-3c.css": "text/css; charset=utf-8",
		"/favicon.svg":         "image/svg+xml",
	} {
		for _, encoding := range []string{"", "br"} {
			response, _ := get(t, h, path, "Accept-Encoding", encoding)
			if got := response.Header.Get("Content-Type"); got != want {
				t.Errorf("%s in %q: %q", path, encoding, got)
			}
		}
	}
}

func TestTheBrowserGetsTheSmallestCopyThatItTakes(t *testing.T) {
	tests := []struct{ accept, encoding, body string }{
		{"", "", "plain script"},
		{"gzip, deflate, br, zstd", "br", "br script"},
		{"gzip", "gzip", "gz script"},
		{"GZIP;q=0.5", "gzip", "gz script"},
		{"br;q=0, gzip", "gzip", "gz script"},
		{"br; q=0.0, gzip;q=0", "", "plain script"},
		{"*", "br", "br script"},
		{"br;q=0, *", "gzip", "gz script"},
		{"*;q=0", "", "plain script"},
		{"identity", "", "plain script"},
		{"br;q=x", "", "plain script"},
	}
	for _, test := range tests {
		response, body := get(t, handler(built()), "/assets/main-1a2b.js", "Accept-Encoding", test.accept)
		if got := response.Header.Get("Content-Encoding"); got != test.encoding || body != test.body {
			t.Errorf("%q: encoding %q, body %q", test.accept, got, body)
		}
		if got := response.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("%q: Vary %q", test.accept, got)
		}
	}
}

func TestAnAssetWithoutCopiesIsSentAsItIs(t *testing.T) {
	response, body := get(t, handler(built()), "/assets/small-3c.css", "Accept-Encoding", "br, gzip")
	if body != "a{}" || response.Header.Get("Content-Encoding") != "" || response.Header.Get("Content-Length") != "3" {
		t.Errorf("body %q, header %v", body, response.Header)
	}
}

func TestAnIndexThatCannotBeReadIsAnError(t *testing.T) {
	// A directory in place of the file.
	response, _ := get(t, handler(fstest.MapFS{"index.html/file": {Data: []byte("x")}}), "/", "Accept", browserAccept)
	if response.StatusCode != http.StatusInternalServerError {
		t.Errorf("status %d", response.StatusCode)
	}
}
