package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// form returns a multipart body of fields in order, and its media type. The
// value of a field named file becomes a part with a file name.
func form(t *testing.T, fields ...string) (body, mediaType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		var part io.Writer
		var err error
		if fields[i] == "file" {
			part, err = w.CreateFormFile("file", "from-the-part.bin")
		} else {
			part, err = w.CreateFormField(fields[i])
		}
		check(t, err)
		_, err = io.WriteString(part, fields[i+1])
		check(t, err)
	}
	check(t, w.Close())
	return b.String(), w.FormDataContentType()
}

func TestAFileIsUploadedShownAndDeleted(t *testing.T) {
	h := newHouse(t)
	body, mediaType := form(t, "name", "fw+1.loads", "type", "1 Firmware Upgrade Image", "oui", "00562B", "productClass", "CP", "version", "12.0",
		"siblings", "a.sbn", "siblings", "b.sbn", "file", "content")
	a := h.do(http.MethodPost, "/api/v1/files", h.operator, body, "Content-Type", mediaType).want(http.StatusCreated)
	f := as[api.File](a)
	sum := sha256.Sum256([]byte("content"))
	if f.Name != "fw+1.loads" || f.Size != 7 || f.SHA256 != hex.EncodeToString(sum[:]) || len(f.Siblings) != 2 || !strings.HasPrefix(f.CreatedBy, "token:") {
		t.Errorf("stored %s", a.body)
	}
	for _, path := range []string{a.header.Get("Location"), "/api/v1/files/fw%2B1%2Eloads"} {
		if got := as[api.File](h.do(http.MethodGet, path, h.viewer, "").want(http.StatusOK)); got.SHA256 != f.SHA256 {
			t.Errorf("%s shows %+v", path, got)
		}
	}
	h.do(http.MethodPost, "/api/v1/files", h.operator, body, "Content-Type", mediaType).problem(http.StatusConflict, "duplicate")
	if page := as[api.Page[api.File]](h.do(http.MethodGet, "/api/v1/files?filter=version%20%3D%20%2212.0%22", h.viewer, "")); len(page.Items) != 1 || *page.TotalSize != 1 {
		t.Errorf("listed %+v", page)
	}
	h.do(http.MethodDelete, "/api/v1/files/fw+1.loads", h.operator, "").want(http.StatusNoContent)
	for _, name := range []string{"fw+1.loads", "..%2F..%2Fkey", ".hidden"} {
		h.do(http.MethodGet, "/api/v1/files/"+name, h.viewer, "").problem(http.StatusNotFound, "not-found")
		h.do(http.MethodDelete, "/api/v1/files/"+name, h.operator, "").problem(http.StatusNotFound, "not-found")
	}
}

func TestBadUploadsNameTheFieldAndLeaveNothing(t *testing.T) {
	h := newHouse(t)
	for location, fields := range map[string][]string{
		"body.file":         {"name", "x.bin"},
		"body.version":      {"file", "content", "version", "too late"},
		"body.name":         {"name", "a/b", "file", "content"},
		"body.colour":       {"colour", "red", "file", "content"},
		"body.type":         {"type", "Firmware", "file", "content"},
		"body.oui":          {"oui", "00562B", "oui", "00562C", "file", "content"},
		"body.siblings[0]":  {"siblings", "../x", "file", "content"},
		"body.productClass": {"productClass", strings.Repeat("x", 2000), "file", "content"},
	} {
		body, mediaType := form(t, fields...)
		h.do(http.MethodPost, "/api/v1/files", h.operator, body, "Content-Type", mediaType).invalid(location)
	}
	body, mediaType := form(t, "file", "content")
	h.do(http.MethodPost, "/api/v1/files", h.operator, body[:len(body)-20], "Content-Type", mediaType).problem(http.StatusBadRequest, "malformed")
	h.do(http.MethodPost, "/api/v1/files", h.operator, body, "Content-Type", "application/octet-stream").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	h.do(http.MethodPost, "/api/v1/files", h.operator, body, "Content-Type", "multipart/form-data").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	if page := as[api.Page[api.File]](h.do(http.MethodGet, "/api/v1/files", h.viewer, "")); len(page.Items) != 0 {
		t.Errorf("%d files are there all the same", len(page.Items))
	}
	if as[api.File](h.do(http.MethodPost, "/api/v1/files", h.operator, body, "Content-Type", mediaType).want(http.StatusCreated)).Name != "from-the-part.bin" {
		t.Error("the name of the part is not taken")
	}
}

// zeros yields n zero bytes and notes the highest use of the heap meanwhile.
type zeros struct {
	left    int64
	highest *atomic.Uint64
	calls   int
}

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	if z.calls++; z.calls%256 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		z.highest.Store(max(z.highest.Load(), m.HeapAlloc))
	}
	n := int(min(int64(len(p)), z.left))
	clear(p[:n])
	z.left -= int64(n)
	return n, nil
}

func TestALargeUploadIsNeverHeldInMemory(t *testing.T) {
	const size = 100 << 20
	h := newHouse(t)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var highest atomic.Uint64
	start := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.bin\"\r\n\r\n"
	body := io.MultiReader(strings.NewReader(start), &zeros{left: size, highest: &highest}, strings.NewReader("\r\n--b--\r\n"))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/api/v1/files", body)
	check(t, err)
	request.Header.Set("Authorization", "Bearer "+h.operator)
	request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	response, err := h.server.Client().Do(request)
	check(t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	check(t, err)
	if response.StatusCode != http.StatusCreated || !strings.Contains(string(raw), fmt.Sprintf(`"size":%d`, size)) {
		t.Fatalf("status %d: %s", response.StatusCode, raw)
	}
	if grown := int64(highest.Load()) - int64(before.HeapAlloc); highest.Load() == 0 || grown > 32<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

func TestAFileThatIsTooLargeIsRefused(t *testing.T) {
	h := newHouse(t)
	var highest atomic.Uint64
	start := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.bin\"\r\n\r\n"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/api/v1/files",
		io.MultiReader(strings.NewReader(start), &zeros{left: 200<<20 + 1, highest: &highest}, strings.NewReader("\r\n--b--\r\n")))
	check(t, err)
	request.Header.Set("Authorization", "Bearer "+h.operator)
	request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	response, err := h.server.Client().Do(request)
	check(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestWhatADeviceSentIsForThoseWhoMaySeeTheDevice(t *testing.T) {
	h := newHouse(t)
	north, south := h.phone("1", "acme/north"), h.phone("2", "acme/south")
	for _, f := range []files.File{{Name: "upload-n", Device: north, Task: "t"}, {Name: "upload-s", Device: south}, {Name: "fw.bin"}} {
		_, err := h.files.Add(t.Context(), f, strings.NewReader("<html>"+f.Name))
		check(t, err)
	}
	limited := h.token(users.Viewer, "acme/south")
	for _, c := range []struct {
		who, path string
		names     string
	}{
		{h.viewer, "/api/v1/files", "fw.bin upload-n upload-s"},
		{h.viewer, "/api/v1/files?device=" + string(north), "upload-n"},
		{limited, "/api/v1/files", "fw.bin"},
		{limited, "/api/v1/files?device=" + string(south), "upload-s"},
		{limited, "/api/v1/files?filter=name%20%3D%20%22upload-n%22", ""},
	} {
		var names []string
		for _, f := range as[api.Page[api.File]](h.do(http.MethodGet, c.path, c.who, "").want(http.StatusOK)).Items {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != c.names {
			t.Errorf("%s: %q, want %q", c.path, got, c.names)
		}
	}
	h.do(http.MethodGet, "/api/v1/files?device="+string(north), limited, "").problem(http.StatusNotFound, "not-found")
	for _, path := range []string{"/api/v1/files/upload-n", "/api/v1/files/upload-n/content", "/api/v1/files/none/content"} {
		h.do(http.MethodGet, path, limited, "").problem(http.StatusNotFound, "not-found")
	}
	for _, name := range []string{"upload-s", "fw.bin"} {
		a := h.do(http.MethodGet, "/api/v1/files/"+name+"/content", limited, "").want(http.StatusOK)
		if string(a.body) != "<html>"+name || a.header.Get("Content-Disposition") != `attachment; filename="`+name+`"` ||
			a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%q, %v", a.body, a.header)
		}
	}
	if f := as[api.File](h.do(http.MethodGet, "/api/v1/files/upload-n", h.viewer, "").want(http.StatusOK)); f.Device != string(north) || f.Task != "t" {
		t.Errorf("shown %+v", f)
	}
}
