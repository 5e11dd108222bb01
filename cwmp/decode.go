package cwmp

import "strings"

// Decode reads one envelope. The character encoding is that of the byte order
// mark, else of the XML declaration, else UTF-8; use DecodeWithContentType where
// there is an HTTP header to go by as well.
//
// It returns ErrEmpty, ErrEmptyBody or a *DecodeError. A message that CWMP does
// not define is no error but an *Unknown.
func Decode(body []byte, limits Limits) (*Envelope, error) {
	return DecodeWithContentType(body, "", limits)
}

// DecodeWithContentType is Decode for a body that came with a Content-Type header,
// whose charset parameter counts (RFC 7303, 3). Where header and XML declaration
// contradict each other, UTF-8 wins if the body is valid UTF-8, and the other one
// if it is not. Errors as in Decode.
func DecodeWithContentType(body []byte, contentType string, limits Limits) (*Envelope, error) {
	text, err := prepare(body, contentType)
	if err != nil {
		return nil, err
	}
	limits = limits.withDefaults()
	document, plain := readStream(text, limits)
	if !plain {
		if document, err = readTree(text, limits); err != nil {
			return nil, err
		}
	}
	envelope, err := document.envelope()
	if err != nil {
		return nil, err
	}
	if unknown, ok := envelope.Message.(*Unknown); ok && strings.HasPrefix(unknown.Name, vendorPrefix) {
		unknown.keepContent(text, limits)
	}
	return envelope, nil
}
