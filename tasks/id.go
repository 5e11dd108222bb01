package tasks

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"
)

// ID names a task: 26 characters of 0-9 and a-v that begin with the time of its
// creation, so that the order of IDs is the order of creation.
type ID string

const (
	idLength   = 26
	idAlphabet = "0123456789abcdefghijklmnopqrstuv"
)

// NewID returns a fresh ID for a task created at now: 48 bits of milliseconds
// and 80 random bits in base32hex (RFC 4648 section 7), whose alphabet keeps
// the order of the bytes.
func NewID(now time.Time) ID { return encodeID(newRaw(now)) }

func newRaw(now time.Time) [16]byte {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(raw[6:]) // crypto/rand.Read never fails; it ends the program instead.
	return raw
}

func encodeID(raw [16]byte) ID {
	return ID(base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding).EncodeToString(raw[:]))
}

// idSource makes the IDs of one process: each greater than the one before, also
// within a millisecond and when the clock is set back, so that tasks run in the
// order in which they were asked for.
type idSource struct {
	mu   sync.Mutex
	last [16]byte
}

func (s *idSource) next(now time.Time) ID {
	fresh := newRaw(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes.Compare(fresh[:6], s.last[:6]) <= 0 {
		// The same moment, or an earlier one: the last ID and a random step on.
		step := binary.BigEndian.Uint32(fresh[12:]) | 1
		fresh = s.last
		low := binary.BigEndian.Uint64(fresh[8:])
		if low+uint64(step) < low {
			binary.BigEndian.PutUint64(fresh[:8], binary.BigEndian.Uint64(fresh[:8])+1)
		}
		binary.BigEndian.PutUint64(fresh[8:], low+uint64(step))
	}
	s.last = fresh
	return encodeID(fresh)
}

// ParseID checks that text has the form of an ID. The error wraps ErrInvalid.
func ParseID(text string) (ID, error) {
	if len(text) != idLength || strings.Trim(text, idAlphabet) != "" {
		return "", fmt.Errorf("%w: task id must be %d characters of 0-9 and a-v", ErrInvalid, idLength)
	}
	return ID(text), nil
}
