package cwmp

// Message is one CWMP message: a request, a response or a fault. The concrete
// types are pointers to the structs of this package (*Inform, *InformResponse,
// *Fault, *Unknown and so on).
type Message interface {
	// Method is the local name of the element in the SOAP Body: "Inform",
	// "InformResponse", "Fault".
	Method() string
}

// codec is what every message of this package can do beside telling its name:
// read itself from the element in the SOAP Body, and write that element's
// content.
type codec interface {
	Message
	decode(e *element)
	encode(w *writer)
}

// Envelope is one SOAP 1.1 envelope with its CWMP headers and its one message
// (TR-069 3.4.1, 3.5).
type Envelope struct {
	// ID is the content of the cwmp:ID header, byte for byte as the sender
	// wrote it; a response carries the ID of its request.
	ID string
	// HasID says that there is an ID header, which may be empty.
	HasID bool
	// Namespace is the CWMP namespace that the sender used, such as
	// NamespaceV1_2. It is empty after Decode if the sender declared none;
	// Encode takes empty for NamespaceV1_0.
	Namespace string
	// HoldRequests is the header of that name: the other side may send no
	// request for now. Deprecated, and sent by an ACS only.
	HoldRequests bool
	// HoldRequestsOver says that there is a HoldRequests header and it is
	// false: the other side may send requests again.
	HoldRequestsOver bool
	// NoMoreRequests is a header of the 2004 edition that some clients still
	// send; it has no meaning in a session today.
	NoMoreRequests bool
	// SessionTimeout is how long, in seconds, a device asks that an idle
	// session is kept (CWMP 1.3, Inform only); 0 if it did not ask.
	SessionTimeout int
	// SupportedCWMPVersions is the versions that a device offers to speak, such
	// as "1.2" (CWMP 1.4, Inform only). Decode keeps at most 32 of them, and
	// none that is longer than 16 bytes.
	SupportedCWMPVersions []string
	// UseCWMPVersion is the version that an ACS chose of them (CWMP 1.4,
	// InformResponse only); empty if there is no such header. See Negotiate.
	UseCWMPVersion string
	// Message is the content of the SOAP Body; never nil after a Decode
	// without error.
	Message Message
}

// Unknown is a request or response that this package does not know, or one
// whose element is in a namespace that is not CWMP's. An ACS answers it with
// FaultACSMethodNotSupported, unless it is the answer to a VendorRPC.
type Unknown struct {
	// Name is the local name of the element in the SOAP Body.
	Name string
	// Namespace is the namespace URI of that element; empty if it has none.
	Namespace string
	// Content is what is inside the element, for names that begin with X_,
	// which are vendors': text and elements with every declaration that they
	// need, without comments. Empty for other names.
	Content string
	// ContentDropped says that Content is empty because it is longer than
	// MaxVendorContent, or has prefixes that nothing declares.
	ContentDropped bool
}

// Method returns the local name of the element.
func (u *Unknown) Method() string { return u.Name }

func (u *Unknown) decode(e *element) {
	u.Name, u.Namespace = clone(e.local), clone(e.space)
}

func (u *Unknown) encode(*writer) {}

// keepContent takes over the inside of the message from the document that it came
// in.
func (u *Unknown) keepContent(text string, limits Limits) {
	content, err := contentOf(text, limits)
	if err != nil || len(content) > MaxVendorContent {
		u.ContentDropped = true
		return
	}
	u.Content = content
}
