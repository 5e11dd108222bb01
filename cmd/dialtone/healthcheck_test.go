package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestTheHealthCheckAnswersWithItsExitCode(t *testing.T) {
	var status atomic.Int32
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(int(status.Load()))
		_, _ = w.Write([]byte(`{"status":"said"}` + "\n"))
	})
	plain, secured := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer secured.Close()
	for _, c := range []struct {
		name   string
		status int32
		args   []string
		code   int
		want   string
	}{
		{"ready", 200, []string{"--url", plain.URL}, 0, `{"status":"said"}`},
		{"not ready", 503, []string{"--url", plain.URL}, 1, `503 Service Unavailable: {"status":"said"}`},
		{"another place", 302, []string{"--url", plain.URL}, 1, "302 Found"},
		{"nobody listens", 200, []string{"--url", "http://" + closed(t)}, 1, "connection refused"},
		{"a certificate that is not known", 200, []string{"--url", secured.URL}, 1, "certificate"},
		{"a certificate that need not be known", 200, []string{"--url", secured.URL, "--insecure"}, 0, `{"status":"said"}`},
		{"no URL", 200, []string{"--url", "localhost:8080"}, 1, "--url"},
		{"no time", 200, []string{"--url", plain.URL, "--timeout=-1s"}, 1, "deadline"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status.Store(c.status)
			var out bytes.Buffer
			if code := run(t.Context(), append([]string{"healthcheck"}, c.args...), &out, &out); code != c.code || !strings.Contains(out.String(), c.want) {
				t.Errorf("exit code %d: %s, want %d and %q", code, out.String(), c.code, c.want)
			}
		})
	}
}

// closed is an address where nobody listens.
func closed(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(nil)
	defer s.Close()
	return s.Listener.Addr().String()
}
