package api

import (
	"errors"
	"io"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
)

// FuzzMultipartUpload reads whatever may come as the body of an upload: fields within
// their bounds, or a problem that says what is wrong.
func FuzzMultipartUpload(f *testing.F) {
	part := func(disposition, content string) string {
		return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n"
	}
	f.Add(part(`name="type"`, "1 Firmware Upgrade Image") + part(`name="siblings"`, "a.bin") + part(`name="file"; filename="fw.bin"`, "content") + "--b--\r\n")
	f.Add(part(`name="file"`, "") + part(`name="name"`, "late") + "--b--\r\n")
	f.Add(part(`name="type"; name="oui"`, strings.Repeat("x", maxField+1)))
	f.Add("--b\r\n\r\n--b--")
	f.Add("--b")
	f.Fuzz(func(t *testing.T, body string) {
		u := upload{parts: multipart.NewReader(strings.NewReader(body), "b"), file: files.File{}}
		content, err := u.fields()
		if err != nil {
			var p *Problem
			if !errors.As(err, &p) || p.Status < 400 || p.Status > 499 {
				t.Fatalf("%q: %v is no problem of the client", body, err)
			}
			return
		}
		for _, text := range append([]string{u.file.Type, u.file.OUI, u.file.ProductClass, u.file.Version}, u.file.Siblings...) {
			if len(text) > maxField {
				t.Fatalf("a field of %d bytes", len(text))
			}
		}
		if len(u.file.Siblings) > maxFields {
			t.Fatalf("%d siblings", len(u.file.Siblings))
		}
		n, _ := io.Copy(io.Discard, content)
		if n > int64(len(body)) {
			t.Fatalf("%d bytes of content of a body of %d", n, len(body))
		}
	})
}
