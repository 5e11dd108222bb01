package tftpd

import (
	"strconv"
	"time"
)

// The ranges of the options (RFC 2348, 2349, 7440), and what holds without them.
const (
	defaultBlockSize = 512
	minBlockSize     = 8
	maxBlockSize     = 65464
	maxWindow        = 65535
	// maxAskedTimeout is the longest timeout that a phone may ask for, in seconds:
	// the RFC knows 255, which would hold a place for too long.
	maxAskedTimeout = 30
)

// terms are what a transfer goes by.
type terms struct {
	blockSize int
	window    int
	// timeout is what the phone asked for, 0 if it did not.
	timeout time.Duration
	// accepted are the options to acknowledge, in the order asked for.
	accepted []option
}

// negotiate returns the terms for what was asked. An option that is not known or out
// of its range is not acknowledged, which refuses it (RFC 2347).
func (o *Options) negotiate(asked []option, size int64) terms {
	t := terms{blockSize: defaultBlockSize, window: 1}
	for _, option := range asked {
		value, ok := t.take(option, o, size)
		if ok {
			option.value = value
			t.accepted = append(t.accepted, option)
		}
	}
	return t
}

// take applies one option and returns the value to acknowledge.
func (t *terms) take(asked option, o *Options, size int64) (value string, ok bool) {
	n, err := strconv.Atoi(asked.value)
	if err != nil {
		return "", false
	}
	switch {
	case asked.name == "blksize" && n >= minBlockSize && n <= maxBlockSize:
		t.blockSize = min(n, o.MaxBlockSize)
		return strconv.Itoa(t.blockSize), true
	case asked.name == "windowsize" && n >= 1 && n <= maxWindow:
		t.window = min(n, o.MaxWindow)
		return strconv.Itoa(t.window), true
	case asked.name == "timeout" && n >= 1 && n <= maxAskedTimeout:
		t.timeout = time.Duration(n) * time.Second
		return strconv.Itoa(n), true
	case asked.name == "tsize" && n >= 0:
		return strconv.FormatInt(size, 10), true
	}
	return "", false
}
