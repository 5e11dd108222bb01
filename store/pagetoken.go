package store

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"

	"github.com/dialtone-acs/dialtone/device"
)

// MaxPageSize bounds a page of every list.
const MaxPageSize = 1000

// CheckPageSize returns an error that wraps device.ErrInvalid for a page of no rows or
// of more than MaxPageSize.
func CheckPageSize(size int) error {
	if size < 1 || size > MaxPageSize {
		return fmt.Errorf("%w: page size %d, must be between 1 and %d", device.ErrInvalid, size, MaxPageSize)
	}
	return nil
}

// PageToken returns the opaque form of the place where a page ended: place is its
// encoding, and order names the list and its order, to which the token is bound.
func PageToken(order string, place []byte) string {
	raw := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(place)), orderHash(order))
	return base64.RawURLEncoding.EncodeToString(append(raw, place...))
}

// PagePlace returns the place that a token of the same order holds. The error wraps
// device.ErrInvalid.
func PagePlace(order, token string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < 8 || binary.BigEndian.Uint64(raw) != orderHash(order) {
		return nil, PageTokenFault()
	}
	return raw[8:], nil
}

// PageTokenFault returns the error of a token whose place cannot be read; it wraps
// device.ErrInvalid.
func PageTokenFault() error {
	return fmt.Errorf("%w: pageToken is not one of this list and order", device.ErrInvalid)
}

func orderHash(order string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(order)) // A hash never fails.
	return h.Sum64()
}

// AppendPageText appends text to the encoding of a place, with its length before it.
func AppendPageText(place []byte, text string) []byte {
	return append(binary.AppendUvarint(place, uint64(len(text))), text...)
}

// ReadPageText reads what AppendPageText appended, and returns how many bytes of the
// place it takes, 0 or less if it is damaged.
func ReadPageText(place []byte) (text string, size int) {
	length, size := binary.Uvarint(place)
	if size <= 0 || length > uint64(len(place)-size) {
		return "", 0
	}
	end := size + int(length)
	return string(place[size:end]), end
}
