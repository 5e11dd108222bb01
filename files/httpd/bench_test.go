package httpd_test

import (
	"io"
	"net/http"
	"testing"
)

func BenchmarkDownload(b *testing.B) {
	f := newFixture(b, nil)
	const size = 64 << 20
	path := f.addSparse(b, size)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		response, err := f.server.Client().Do(f.request(b, http.MethodGet, path))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, response.Body); err != nil || n != size {
			b.Fatalf("%d bytes, %v", n, err)
		}
		if err := response.Body.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
