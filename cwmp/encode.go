package cwmp

import (
	"errors"
	"fmt"
	"strings"
)

// Encode writes an envelope in UTF-8, with the XML declaration, in the shape that
// the pickiest known devices read: five prefixes declared on the Envelope, the
// method element qualified and all inside it unqualified, elements in the order of
// the schema and none left out, booleans as 0 and 1.
//
// It returns a *TextError, which names the field, if a text holds a character that
// XML cannot carry, and other errors for an Envelope without a message, with a
// message of another package, or with a Namespace that is not CWMP.
func Encode(e *Envelope) ([]byte, error) {
	message, ok := e.Message.(codec)
	if !ok {
		if e.Message == nil {
			return nil, errors.New("cwmp: encode: no message")
		}
		return nil, fmt.Errorf("cwmp: encode: message type %T is none of this package", e.Message)
	}
	namespace := e.Namespace
	if namespace == "" {
		namespace = NamespaceV1_0
	}
	if !IsNamespace(namespace) {
		return nil, fmt.Errorf("cwmp: encode: Namespace: want %sN", namespacePrefix)
	}
	w := &writer{method: message.Method(), buf: make([]byte, 0, sizeHint(e.Message))}
	w.raw(envelopeOpen)
	w.raw(namespace)
	w.raw(`">`)
	encodeHeader(w, e)
	w.raw("<SOAP-ENV:Body>")
	encodeBody(w, message, namespace)
	w.raw("</SOAP-ENV:Body></SOAP-ENV:Envelope>\n")
	if w.err != nil {
		return nil, w.err
	}
	return w.buf, nil
}

const envelopeOpen = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
	`<SOAP-ENV:Envelope xmlns:SOAP-ENV="` + namespaceEnvelope +
	`" xmlns:SOAP-ENC="` + namespaceEncoding +
	`" xmlns:xsd="` + namespaceSchema +
	`" xmlns:xsi="` + namespaceInstance +
	`" xmlns:cwmp="`

// hasHeader reports whether the envelope needs a SOAP Header.
func (e *Envelope) hasHeader() bool {
	return e.HasID || e.HoldRequests || e.HoldRequestsOver || e.NoMoreRequests || e.SessionTimeout != 0 ||
		len(e.SupportedCWMPVersions) > 0 || e.UseCWMPVersion != ""
}

func encodeHeader(w *writer, e *Envelope) {
	if !e.hasHeader() {
		return
	}
	w.raw("<SOAP-ENV:Header>")
	if e.HasID {
		w.raw(`<cwmp:ID SOAP-ENV:mustUnderstand="1">`)
		w.escape("ID header", "", e.ID)
		w.raw("</cwmp:ID>")
	}
	switch {
	case e.HoldRequests:
		w.raw(`<cwmp:HoldRequests SOAP-ENV:mustUnderstand="1">1</cwmp:HoldRequests>`)
	case e.HoldRequestsOver:
		w.raw(`<cwmp:HoldRequests SOAP-ENV:mustUnderstand="1">0</cwmp:HoldRequests>`)
	}
	if e.NoMoreRequests {
		w.raw(`<cwmp:NoMoreRequests SOAP-ENV:mustUnderstand="1">1</cwmp:NoMoreRequests>`)
	}
	if e.SessionTimeout != 0 {
		w.raw(`<cwmp:SessionTimeout SOAP-ENV:mustUnderstand="0">`)
		w.raw(fmt.Sprint(e.SessionTimeout))
		w.raw("</cwmp:SessionTimeout>")
	}
	if len(e.SupportedCWMPVersions) > 0 {
		w.raw(`<cwmp:SupportedCWMPVersions SOAP-ENV:mustUnderstand="0">`)
		w.escape("SupportedCWMPVersions header", "", strings.Join(e.SupportedCWMPVersions, ","))
		w.raw("</cwmp:SupportedCWMPVersions>")
	}
	if e.UseCWMPVersion != "" {
		w.raw(`<cwmp:UseCWMPVersion SOAP-ENV:mustUnderstand="1">`)
		w.escape("UseCWMPVersion header", "", e.UseCWMPVersion)
		w.raw("</cwmp:UseCWMPVersion>")
	}
	w.raw("</SOAP-ENV:Header>")
}

func encodeBody(w *writer, message codec, namespace string) {
	name := prefixCWMP + ":" + message.Method()
	switch m := message.(type) {
	case *Fault:
		name = prefixEnvelope + ":" + m.Method()
	case *Unknown:
		encodeUnknown(w, m, namespace)
		return
	case *VendorRPC:
		encodeVendor(w, m)
		return
	}
	w.open(name)
	message.encode(w)
	w.close(name)
}

// prefixForeign is the prefix of an element in a namespace that is not CWMP's.
const prefixForeign = "ns"

// encodeUnknown writes an element in the namespace it had, with the content that was
// kept.
func encodeUnknown(w *writer, m *Unknown, namespace string) {
	if !isName(m.Name) {
		w.fail(errors.New("cwmp: encode: Unknown.Name: want an XML name without a prefix"))
		return
	}
	if err := checkContent(m.Content); err != nil {
		w.fail(fmt.Errorf("cwmp: encode: Unknown.Content: %w", err))
		return
	}
	name := m.Name
	switch m.Namespace {
	case "":
	case namespace:
		name = prefixCWMP + ":" + name
	default:
		name = prefixForeign + ":" + name
	}
	w.raw("<" + name)
	if m.Namespace != "" && m.Namespace != namespace {
		w.raw(" xmlns:" + prefixForeign + `="`)
		w.escapeAttribute("Unknown.Namespace", m.Namespace)
		w.raw(`"`)
	}
	if m.Content == "" {
		w.raw("/>")
		return
	}
	w.raw(">")
	w.raw(m.Content)
	w.close(name)
}

// sizeHint guesses the length of a message's text, so that the buffer seldom has
// to grow.
func sizeHint(m Message) int {
	const envelope, parameter = 768, 160
	switch m := m.(type) {
	case *Inform:
		return envelope + 512 + parameter*len(m.ParameterList)
	case *GetParameterValuesResponse:
		return envelope + parameter*len(m.ParameterList)
	case *SetParameterValues:
		return envelope + parameter*len(m.ParameterList)
	case *GetParameterNamesResponse:
		return envelope + parameter*len(m.ParameterList)
	case *VendorRPC:
		return envelope + len(m.Body)
	case *Unknown:
		return envelope + len(m.Content)
	case *GetParameterValues:
		return envelope + parameter/2*len(m.ParameterNames)
	}
	return envelope + 256
}
