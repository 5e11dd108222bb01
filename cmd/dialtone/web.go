package main

import (
	"net/http"
	"strings"

	"github.com/dialtone-acs/dialtone/web/console"
)

// web answers the web listener: the API and its probes under their paths, the
// console everywhere else.
func (h *house) web() http.Handler {
	pages := console.New(console.Options{Secure: trustedProxies(h.options.TrustedProxies).secure, Logger: h.logger})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ofAPI(r.URL.Path) {
			h.api.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// ofAPI reports whether a path is the API's.
func ofAPI(path string) bool {
	switch path {
	case "/api", "/healthz", "/readyz", "/metrics":
		return true
	default:
		return strings.HasPrefix(path, "/api/")
	}
}
