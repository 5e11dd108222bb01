package delivery

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"
)

// answer is a file that was found.
type answer struct {
	// name is without folders.
	name        string
	contentType string
	// digest is the SHA-256 of the content in hex.
	digest   string
	modified time.Time
	size     int64
	content  io.ReadSeekCloser
	// held and fileHeld are device.Fetched.Held and FileHeld of a phone that took the
	// file; empty if it does not carry settings.
	held, fileHeld string
	// onlineFor is how long the phone counts as online after this request, 0 for the
	// default.
	onlineFor time.Duration
}

// made is the content of a file in memory. Nobody changes it.
type made struct {
	content []byte
	digest  string
}

func newMade(content []byte) made {
	sum := sha256.Sum256(content)
	return made{content: content, digest: hex.EncodeToString(sum[:])}
}

// answer returns what is in memory as an answer.
func (m made) answer(name, contentType string) *answer {
	return &answer{name: name, contentType: contentType, digest: m.digest, size: int64(len(m.content)), content: inMemory{bytes.NewReader(m.content)}}
}

type inMemory struct{ *bytes.Reader }

// Close implements io.Closer.
func (inMemory) Close() error { return nil }
