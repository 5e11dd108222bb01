package cwmp

import "strings"

// SOAP fault codes (SOAP 1.1, 4.4.1), without a prefix.
const (
	SOAPClient          = "Client"
	SOAPServer          = "Server"
	SOAPMustUnderstand  = "MustUnderstand"
	SOAPVersionMismatch = "VersionMismatch"
)

// Fault is a SOAP fault, with the CWMP fault that it carries (TR-069 3.5, A.5). It
// may be sent in place of any response.
type Fault struct {
	// SOAPCode is a SOAP fault code without its prefix: one of the SOAP
	// constants, or what the device wrote. Encode writes Client or Server,
	// as goes with Code, where it is empty.
	SOAPCode string
	// SOAPString is the text of the SOAP fault. Encode writes "CWMP fault"
	// where it is empty.
	SOAPString string
	// Detail says that there is a CWMP fault; Code, String and
	// ParameterFaults are zero without.
	Detail bool
	// Code is the CWMP fault code; 0 if there is none, or none that is a
	// number.
	Code int
	// String is the text of the CWMP fault; may be empty.
	String string
	// ParameterFaults says what was wrong with which parameter, in answer to
	// a SetParameterValues.
	ParameterFaults []SetParameterValuesFault
}

// SetParameterValuesFault is what was wrong with one parameter (TR-069 A.3.2.1).
type SetParameterValuesFault struct {
	ParameterName string
	Code          int
	String        string
}

// NewFault returns the CWMP fault with the code, with text, or with the text of
// FaultText if text is empty.
func NewFault(code int, text string) *Fault {
	if text == "" {
		text = FaultText(code)
	}
	return &Fault{SOAPCode: soapCode(code), SOAPString: faultString, Detail: true, Code: code, String: text}
}

// MustUnderstandFault returns the SOAP fault that answers a header that was marked
// mustUnderstand and is not known (SOAP 1.1, 4.2.3). It has no CWMP detail.
func MustUnderstandFault(header string) *Fault {
	return &Fault{SOAPCode: SOAPMustUnderstand, SOAPString: "Header not understood: " + header}
}

const faultString = "CWMP fault"

// Method returns "Fault".
func (*Fault) Method() string { return "Fault" }

func (m *Fault) decode(e *element) {
	m.SOAPCode = normalSOAPCode(e.childFold("faultcode").token())
	m.SOAPString = e.childFold("faultstring").value()
	detail := e.childFold("detail")
	fault := detail.child("Fault")
	if fault == nil && detail.child("FaultCode") != nil {
		// The CWMP fault without the element that should hold it.
		fault = detail
	}
	if fault == nil {
		return
	}
	m.Detail = true
	m.Code, m.String = fault.fault()
	for c := fault.first; c != nil; c = c.next {
		if c.local != "SetParameterValuesFault" {
			continue
		}
		p := SetParameterValuesFault{ParameterName: c.child("ParameterName").token()}
		p.Code, p.String = c.fault()
		m.ParameterFaults = append(m.ParameterFaults, p)
	}
}

// normalSOAPCode cuts off the prefix and mends the case of a SOAP fault code.
func normalSOAPCode(code string) string {
	code = trim(code[strings.LastIndexByte(code, ':')+1:])
	for _, known := range []string{SOAPClient, SOAPServer, SOAPMustUnderstand, SOAPVersionMismatch} {
		if strings.EqualFold(code, known) {
			return known
		}
	}
	return code
}

func (m *Fault) encode(w *writer) {
	code, text := m.SOAPCode, m.SOAPString
	if code == "" {
		code = soapCode(m.Code)
	}
	if text == "" {
		text = faultString
	}
	w.text("faultcode", prefixEnvelope+":"+code)
	w.text("faultstring", text)
	if !m.Detail && m.Code == 0 {
		return
	}
	w.open("detail")
	w.open(prefixCWMP + ":Fault")
	w.number("FaultCode", int64(m.Code))
	w.text("FaultString", m.String)
	for _, p := range m.ParameterFaults {
		w.open("SetParameterValuesFault")
		w.text("ParameterName", p.ParameterName)
		w.number("FaultCode", int64(p.Code))
		w.text("FaultString", p.String)
		w.close("SetParameterValuesFault")
	}
	w.close(prefixCWMP + ":Fault")
	w.close("detail")
}
