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
// creation. The order of IDs is the order of creation: exactly so among the open
// tasks of one device and among those that one node creates, else as far as the
// clocks of the nodes agree.
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

func idEncoding() *base32.Encoding {
	return base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding)
}

func encodeID(raw [16]byte) ID { return ID(idEncoding().EncodeToString(raw[:])) }

func decodeID(id ID) (raw [16]byte, err error) {
	if _, err := ParseID(string(id)); err != nil {
		return raw, err
	}
	decoded, err := idEncoding().DecodeString(string(id))
	if err != nil {
		return raw, fmt.Errorf("%w: task id: %w", ErrInvalid, err)
	}
	copy(raw[:], decoded)
	return raw, nil
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
		fresh = stepOn(s.last, uint64(binary.BigEndian.Uint32(fresh[12:])|1))
	}
	s.last = fresh
	return encodeID(fresh)
}

// after returns an ID greater than floor: the fresh one if it is, else one a
// random step above the floor. The step has 62 random bits, so that two nodes
// that step on from the same floor do not meet.
func after(floor, fresh ID) ID {
	if fresh > floor {
		return fresh
	}
	raw, err := decodeID(floor)
	if err != nil {
		return fresh // No ID that this program made: it has no time to come after.
	}
	random := newRaw(time.Time{})
	return encodeID(stepOn(raw, binary.BigEndian.Uint64(random[8:])>>2|1))
}

// stepOn returns the ID of which the number is greater by step.
func stepOn(raw [16]byte, step uint64) [16]byte {
	high, low := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	if low+step < low {
		high++
	}
	binary.BigEndian.PutUint64(raw[:8], high)
	binary.BigEndian.PutUint64(raw[8:], low+step)
	return raw
}

// ParseID checks that text has the form of an ID. The error wraps ErrInvalid.
func ParseID(text string) (ID, error) {
	if len(text) != idLength || strings.Trim(text, idAlphabet) != "" {
		return "", fmt.Errorf("%w: task id must be %d characters of 0-9 and a-v", ErrInvalid, idLength)
	}
	return ID(text), nil
}
