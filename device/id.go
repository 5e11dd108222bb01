package device

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
)

// ID is Dialtone's own name of a device: 26 lower-case base32 characters (RFC
// 4648, no padding), opaque, stable for the life of the record, safe in a URL.
type ID string

// idLength is the length of 128 random bits in base32 without padding.
const idLength = 26

const idAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

// NewID returns a fresh random ID.
func NewID() ID {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // crypto/rand.Read never fails; it ends the program instead.
	return ID(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])))
}

// ParseID checks that text has the form of an ID. It returns an error that
// wraps ErrInvalid otherwise.
func ParseID(text string) (ID, error) {
	if len(text) != idLength || strings.Trim(text, idAlphabet) != "" {
		return "", fmt.Errorf("%w: device id must be %d characters of a-z and 2-7", ErrInvalid, idLength)
	}
	return ID(text), nil
}
