package acs

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

const (
	// sessionRandom is how many random bytes a session id has.
	sessionRandom = 12
	// sessionSigned is how many bytes of signature follow them.
	sessionSigned = 4
)

// sessionIDs makes the ids of sessions. They are signed, so that a stranger who
// makes one up is turned away before the store is asked for it.
type sessionIDs struct {
	key []byte
	// others sign the ids of other nodes, while keys are replaced.
	others [][]byte
}

// fresh returns a new id: 32 characters of hex, as some devices keep no
// more.
func (i sessionIDs) fresh() string {
	raw := make([]byte, sessionRandom, sessionRandom+sessionSigned)
	_, _ = rand.Read(raw) // crypto/rand.Read never fails; it ends the program instead.
	return hex.EncodeToString(append(raw, signature(i.key, raw)...))
}

// genuine reports whether an id was made with one of the keys.
func (i sessionIDs) genuine(id string) bool {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != sessionRandom+sessionSigned {
		return false
	}
	signed := func(key []byte) bool { return hmac.Equal(raw[sessionRandom:], signature(key, raw[:sessionRandom])) }
	return signed(i.key) || slices.ContainsFunc(i.others, signed)
}

func signature(key, raw []byte) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write(raw)
	return h.Sum(nil)[:sessionSigned]
}

// sessionName returns what logs call a session: the beginning of its id, which is
// its cookie and opens it as long as it lasts.
func sessionName(id string) string {
	const shown = 12
	return id[:min(len(id), shown)]
}
