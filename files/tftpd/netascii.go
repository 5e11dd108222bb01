package tftpd

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// maxNetASCII is the largest file that is converted, in bytes.
const maxNetASCII = 1 << 20

// errNetASCII is returned for a file that is too large to be converted.
var errNetASCII = fmt.Errorf("files of more than %d bytes are only sent in mode octet", maxNetASCII)

// netASCII returns content in the form of mode netascii (RFC 764): a line feed is sent
// as carriage return and line feed, a carriage return as one with NUL.
func netASCII(content io.Reader, size int64) (*bytes.Reader, error) {
	if size > maxNetASCII {
		return nil, errNetASCII
	}
	raw, err := io.ReadAll(io.LimitReader(content, size))
	if err != nil {
		return nil, fmt.Errorf("convert to netascii: %w", err)
	}
	text := strings.NewReplacer("\n", "\r\n", "\r", "\r\x00").Replace(string(raw))
	return bytes.NewReader([]byte(text)), nil
}
