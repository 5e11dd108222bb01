package tftpd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
)

// The operations of RFC 1350 section 5 and RFC 2347.
const (
	operationRead   = 1
	operationWrite  = 2
	operationData   = 3
	operationACK    = 4
	operationError  = 5
	operationOptACK = 6
)

// The error codes of RFC 1350 and RFC 2347.
const (
	codeUndefined  = 0
	codeNotFound   = 1
	codeAccess     = 2
	codeIllegal    = 4
	codeUnknownTID = 5
)

const (
	// headerLength is that of a data packet.
	headerLength = 4
	// maxRequest bounds a request (RFC 2347 allows 512 octets), maxOptions what it
	// may ask for.
	maxRequest = 1024
	maxOptions = 16
)

var (
	errNotRequest = errors.New("packet is not a request")
	errMalformed  = errors.New("malformed request")
)

// request is a read or write request.
type request struct {
	write bool
	name  string
	// mode is in lower case.
	mode string
	// options are in the order in which they were asked for, the first of a name.
	options []option
}

// option is an option of RFC 2347; its name is in lower case.
type option struct{ name, value string }

// parseRequest reads a request. The NUL after its last text may miss, and NULs may
// follow, as in packets of a fixed length. It returns errNotRequest for another
// packet and errMalformed.
func parseRequest(packet []byte) (request, error) {
	if len(packet) < 2 {
		return request{}, errNotRequest
	}
	operation := binary.BigEndian.Uint16(packet)
	if operation != operationRead && operation != operationWrite {
		return request{}, errNotRequest
	}
	if len(packet) > maxRequest {
		return request{}, errMalformed
	}
	texts := strings.Split(strings.TrimRight(string(packet[2:]), "\x00"), "\x00")
	if len(texts) < 2 || texts[0] == "" || texts[1] == "" {
		return request{}, errMalformed
	}
	r := request{write: operation == operationWrite, name: texts[0], mode: strings.ToLower(texts[1])}
	r.options = parseOptions(texts[2:])
	return r, nil
}

// parseOptions reads pairs of name and value. What makes no pair is left out.
func parseOptions(texts []string) []option {
	var options []option
	seen := map[string]bool{}
	for i := 0; i+1 < len(texts) && len(options) < maxOptions; i += 2 {
		name := strings.ToLower(texts[i])
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		options = append(options, option{name: name, value: texts[i+1]})
	}
	return options
}

// errorPacket is an error with a text for people.
func errorPacket(code uint16, text string) []byte {
	packet := binary.BigEndian.AppendUint16([]byte{0, operationError}, code)
	return append(append(packet, text...), 0)
}

// optionPacket acknowledges options.
func optionPacket(options []option) []byte {
	packet := []byte{0, operationOptACK}
	for _, o := range options {
		packet = append(append(packet, o.name...), 0)
		packet = append(append(packet, o.value...), 0)
	}
	return packet
}

// peerError is an error that the phone sent.
type peerError struct {
	code uint16
	text string
}

func (e *peerError) Error() string { return "the phone ended it: " + e.text }

// maxErrorText bounds what is kept of the text of an error.
const maxErrorText = 100

// parseError reads an error packet.
func parseError(packet []byte) *peerError {
	e := &peerError{}
	if len(packet) < headerLength {
		return e
	}
	e.code = binary.BigEndian.Uint16(packet[2:])
	text, _, _ := bytes.Cut(packet[headerLength:], []byte{0})
	e.text = strings.ToValidUTF8(string(text[:min(len(text), maxErrorText)]), "?")
	return e
}
