package tftpd

import (
	"strings"
	"testing"
)

func FuzzARequestIsReadOrRefused(f *testing.F) {
	for _, packet := range []string{
		"", "\x00", "\x00\x01", "\x00\x01a\x00octet\x00", "\x00\x02a\x00NetASCII\x00blksize\x001428\x00tsize\x000\x00",
		"\x00\x01\x00\x00", "\x00\x01a\x00octet\x00blksize\x00", "\x00\x01a\x00octet\x00\x00\x00\x00", "\x00\x05\x00\x01no\x00", "\x00\x04\x00\x01",
	} {
		f.Add([]byte(packet))
	}
	options := Options{MaxBlockSize: 1428, MaxWindow: 16}
	f.Fuzz(func(t *testing.T, packet []byte) {
		r, err := parseRequest(packet)
		if err != nil {
			return
		}
		if r.name == "" || r.mode == "" || r.mode != strings.ToLower(r.mode) || len(r.name) > maxRequest || len(r.options) > maxOptions {
			t.Fatalf("%+v", r)
		}
		if strings.Contains(r.name, "\x00") {
			t.Fatalf("the name has a NUL: %q", r.name)
		}
		terms := options.negotiate(r.options, 1234)
		if terms.blockSize < minBlockSize || terms.blockSize > 1428 || terms.window < 1 || terms.window > 16 || terms.timeout < 0 {
			t.Fatalf("%+v", terms)
		}
		if n := len(optionPacket(terms.accepted)); n > maxRequest {
			t.Fatalf("an acknowledgement of %d bytes", n)
		}
		_ = parseError(packet)
	})
}
