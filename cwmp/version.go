package cwmp

import "strings"

// The three CWMP namespaces that the Broadband Forum published: CWMP 1.0 (TR-069
// Amendment 1), 1.1 (Amendment 2), and 1.2, which 1.3 and 1.4 use as well.
const (
	NamespaceV1_0 = "urn:dslforum-org:cwmp-1-0"
	NamespaceV1_1 = "urn:dslforum-org:cwmp-1-1"
	NamespaceV1_2 = "urn:dslforum-org:cwmp-1-2"
)

const namespacePrefix = "urn:dslforum-org:cwmp-1-"

// IsNamespace reports whether uri is a CWMP namespace: one of the published
// three, or an unofficial cwmp-1-N, which devices announce too.
func IsNamespace(uri string) bool {
	minor, ok := strings.CutPrefix(uri, namespacePrefix)
	if !ok || minor == "" || len(minor) > 3 {
		return false
	}
	for i := range len(minor) {
		if minor[i] < '0' || minor[i] > '9' {
			return false
		}
	}
	return true
}

// isCWMP reports whether a name in a namespace is one of CWMP. That of no namespace is:
// there are devices that declare none for their prefix. That of another is not.
func isCWMP(space string) bool { return space == "" || IsNamespace(space) }

// Namespaces of SOAP 1.1 and XML Schema, and of what is told apart from them.
const (
	namespaceEnvelope = "http://schemas.xmlsoap.org/soap/envelope/"
	namespaceEncoding = "http://schemas.xmlsoap.org/soap/encoding/"
	namespaceSchema   = "http://www.w3.org/2001/XMLSchema"
	namespaceInstance = "http://www.w3.org/2001/XMLSchema-instance"
	namespaceXML      = "http://www.w3.org/XML/1998/namespace"

	actorNext = "http://schemas.xmlsoap.org/soap/actor/next"
)

// isInstanceNamespace accepts the XML Schema instance namespaces of 1999, 2000
// and 2001. Attributes without a namespace count too: a device that forgets to
// declare xsi means nothing else by "type".
func isInstanceNamespace(uri string) bool {
	switch uri {
	case namespaceInstance, "",
		"http://www.w3.org/2000/10/XMLSchema-instance",
		"http://www.w3.org/1999/XMLSchema-instance":
		return true
	}
	return false
}
