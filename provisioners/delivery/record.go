package delivery

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Bounds of what is recorded of a request, in bytes.
const (
	maxFetchPath = 512
	maxUserAgent = 256
	maxFileName  = 128
	maxDetail    = 256
	maxSerial    = 64
	maxVersion   = 64
)

// fetched is what became of a request.
type fetched struct {
	status   int
	bytes    int64
	complete bool
	digest   string
	detail   string
	// held and fileHeld are device.Fetched.Held and FileHeld.
	held, fileHeld string
	onlineFor      time.Duration
}

// record is what is stored of a request.
type record struct {
	fetch provisioners.Fetch
	// contact is for the device, stranger for a phone that is not known.
	contact  device.Fetched
	stranger *provisioners.Stranger
}

// record returns what is stored of a request.
func (a *asked) record(f fetched) record {
	r := record{fetch: provisioners.Fetch{
		ID: newID(a.At), Device: a.device.ID, At: a.At, Protocol: a.Protocol, Method: a.Method, Path: shorten(a.Path, maxFetchPath),
		Address: a.address(), UserAgent: shorten(a.UserAgent, maxUserAgent),
		Status: f.status, Bytes: f.bytes, Complete: f.complete, Digest: f.digest, Detail: shorten(f.detail, maxDetail),
	}}
	if !a.known {
		r.stranger = a.stranger()
		return r
	}
	if f.onlineFor == 0 {
		f.onlineFor = 2*defaultInterval + onlineGrace
	}
	r.contact = device.Fetched{
		At: a.At, Address: r.fetch.Address, File: shorten(a.file(), maxFileName), UserAgent: r.fetch.UserAgent,
		SoftwareVersion: shorten(a.firmwareVersion(), maxVersion), Held: f.held, FileHeld: f.fileHeld, OnlineUntil: a.At.Add(f.onlineFor),
	}
	return r
}

// shorten returns a text as it may be stored and shown: valid, without control
// characters, and not longer than that many bytes.
func shorten(text string, limit int) string {
	text = text[:min(len(text), limit)]
	text = strings.ToValidUTF8(text, "")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

func plainMAC(mac string) string { return strings.ReplaceAll(mac, ":", "") }

// newID returns a fresh ID of a fetch: 48 bits of milliseconds and 80 random bits in
// base32hex (RFC 4648 section 7), whose alphabet keeps the order of the bytes.
func newID(at time.Time) string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(at.UnixMilli())<<16)
	_, _ = rand.Read(raw[6:]) // crypto/rand.Read never fails; it ends the program instead.
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:]))
}
