package cwmp

import "strings"

// envelope makes sense of a document: one SOAP 1.1 envelope, at most one Header,
// then one Body, and in it one message.
func (d *document) envelope() (*Envelope, error) {
	root := d.root
	if root.local != "Envelope" {
		return nil, decodeError(Structure, root.local, "root element, want Envelope")
	}
	if root.space != namespaceEnvelope {
		return nil, decodeError(SOAPVersion, root.local, "namespace of the envelope, want SOAP 1.1")
	}
	header, body, err := parts(root)
	if err != nil {
		return nil, err
	}
	envelope := &Envelope{}
	notUnderstood, err := envelope.readHeader(header)
	if err != nil {
		return nil, err
	}
	if body.children > 1 {
		return nil, decodeError(Structure, body.last.local, "second message in the SOAP Body")
	}
	envelope.Namespace = d.namespaceOf(header, body)
	if notUnderstood != "" {
		err := decodeError(MustUnderstand, notUnderstood, "header not understood")
		err.ID, err.HasID, err.Namespace = envelope.ID, envelope.HasID, envelope.Namespace
		return nil, err
	}
	if body.first == nil {
		if trim(body.text) != "" {
			return nil, decodeError(Structure, "", "text in the SOAP Body, want a message")
		}
		return nil, ErrEmptyBody
	}
	message := messageFor(body.first)
	message.decode(body.first)
	envelope.Message = message
	return envelope, nil
}

// parts finds Header and Body. Other elements are allowed after the Body (SOAP 1.1,
// 4.1.1) and mean nothing here.
func parts(root *element) (header, body *element, err error) {
	for c := root.first; c != nil; c = c.next {
		if c.space != namespaceEnvelope {
			continue
		}
		switch {
		case c.local == "Header" && header != nil:
			return nil, nil, decodeError(Structure, c.local, "element given twice")
		case c.local == "Header" && body != nil:
			return nil, nil, decodeError(Structure, c.local, "element after the Body")
		case c.local == "Header":
			header = c
		case c.local == "Body" && body != nil:
			return nil, nil, decodeError(Structure, c.local, "element given twice")
		case c.local == "Body":
			body = c
		}
	}
	if body == nil {
		return nil, nil, decodeError(Structure, "", "envelope without a SOAP Body")
	}
	return header, body, nil
}

// readHeader takes over the CWMP headers and returns the name of the first one
// that had to be understood and is not.
func (e *Envelope) readHeader(header *element) (notUnderstood string, err error) {
	if header == nil {
		return "", nil
	}
	for c := header.first; c != nil; c = c.next {
		known := isCWMP(c.space)
		switch {
		case known && c.local == "ID":
			if e.HasID {
				return "", decodeError(Structure, c.local, "header given twice")
			}
			e.ID, e.HasID = c.value(), true
		case known && c.local == "HoldRequests":
			e.HoldRequests = c.boolean()
			e.HoldRequestsOver = !e.HoldRequests
		case known && c.local == "NoMoreRequests":
			e.NoMoreRequests = c.boolean()
		case known && c.local == "SessionTimeout":
			e.SessionTimeout = c.unsigned()
		case known && c.local == "SupportedCWMPVersions":
			e.SupportedCWMPVersions = versionList(c.token())
		case known && c.local == "UseCWMPVersion":
			e.UseCWMPVersion = c.token()
		case notUnderstood == "" && c.mustUnderstand && !c.forOthers:
			notUnderstood = c.local
		}
	}
	return notUnderstood, nil
}

const (
	maxVersions      = 32
	maxVersionLength = 16
)

// versionList reads the versions in a SupportedCWMPVersions header, which commas
// stand between.
func versionList(text string) []string {
	var versions []string
	for version := range strings.SplitSeq(text, ",") {
		version = trim(version)
		if version != "" && len(version) <= maxVersionLength && len(versions) < maxVersions {
			versions = append(versions, version)
		}
	}
	return versions
}

// HeaderOutOfPlace returns the name of the first header that a device must not send
// with this message, or empty: HoldRequests and UseCWMPVersion are for an ACS to send
// (TR-069 3.5), and SessionTimeout and SupportedCWMPVersions go with an Inform only.
// An ACS that is strict answers FaultACSInvalidArguments.
func (e *Envelope) HeaderOutOfPlace() string {
	_, inform := e.Message.(*Inform)
	switch {
	case e.HoldRequests || e.HoldRequestsOver:
		return "HoldRequests"
	case e.UseCWMPVersion != "":
		return "UseCWMPVersion"
	case e.SessionTimeout != 0 && !inform:
		return "SessionTimeout"
	case len(e.SupportedCWMPVersions) > 0 && !inform:
		return "SupportedCWMPVersions"
	}
	return ""
}

// namespaceOf returns the CWMP namespace that the sender used: that of the message,
// else of the ID header, else the first one declared.
func (d *document) namespaceOf(header, body *element) string {
	message := body.first
	if message != nil && IsNamespace(message.space) {
		return clone(message.space)
	}
	if message != nil && message.local == methodFault {
		if fault := message.childFold("detail").child("Fault"); fault != nil && IsNamespace(fault.space) {
			return clone(fault.space)
		}
	}
	if header != nil {
		for c := header.first; c != nil; c = c.next {
			if IsNamespace(c.space) {
				return clone(c.space)
			}
		}
	}
	return clone(d.namespace)
}
