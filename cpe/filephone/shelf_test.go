package filephone

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// shelf is a server that has some files, under a folder, and remembers who asked.
type shelf struct {
	URL string

	mutex sync.Mutex
	files map[string]string
	// refused are names that are answered with a status.
	refused map[string]int
	asked   []asked
}

// asked is a request that a shelf got.
type asked struct {
	name, userAgent, ifNoneMatch, user string
	status                             int
}

// newShelf returns a server with files; SERVER in them is its URL.
func newShelf(t *testing.T, files map[string]string) *shelf {
	t.Helper()
	s := &shelf{files: map[string]string{}, refused: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL + "/p"
	for name, content := range files {
		s.put(name, content)
	}
	return s
}

func (s *shelf) put(name, content string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.files[name] = strings.ReplaceAll(content, "SERVER", s.URL)
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	name := strings.TrimPrefix(r.URL.Path, "/p/")
	user, _, _ := r.BasicAuth()
	entry := asked{name: name, userAgent: r.UserAgent(), ifNoneMatch: r.Header.Get("If-None-Match"), user: user, status: http.StatusOK}
	content, found := s.files[name]
	etag := `"` + name + "-" + content[:min(len(content), 20)] + `"`
	etag = strings.Map(func(c rune) rune {
		if c < ' ' {
			return -1
		}
		return c
	}, etag)
	switch {
	case s.refused[name] != 0:
		entry.status = s.refused[name]
	case !found:
		entry.status = http.StatusNotFound
	case entry.ifNoneMatch == etag:
		entry.status = http.StatusNotModified
	}
	s.asked = append(s.asked, entry)
	w.Header().Set("ETag", etag)
	w.WriteHeader(entry.status)
	if entry.status == http.StatusOK {
		_, _ = w.Write([]byte(content))
	}
}

// names are the names that were asked for, each with its status if that is not 200.
func (s *shelf) names() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var all []string
	for _, a := range s.asked {
		name := a.name
		if a.status != http.StatusOK {
			name += " " + http.StatusText(a.status)
		}
		all = append(all, name)
	}
	return all
}

// forget forgets who asked.
func (s *shelf) forget() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.asked = nil
}

// example reads the example files of a vendor.
func example(t *testing.T, v Vendor) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("testdata", string(v)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join("testdata", string(v), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(content)
	}
	return files
}

// phoneOf returns a phone of a vendor whose files are on a shelf.
func phoneOf(t *testing.T, v Vendor, url string) *Phone {
	t.Helper()
	p, err := New(Config{Vendor: v, MAC: v.OUI() + "112233", Files: url})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func start(t *testing.T, p *Phone) Outcome {
	t.Helper()
	outcome, err := p.Start(context.Background())
	if err != nil {
		t.Fatalf("%s: %v after %v", p.Vendor(), err, outcome.Requests)
	}
	return outcome
}

func wantNames(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("asked for\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
