// Package cwmp is the protocol of TR-069 and nothing else: the messages as values,
// and a codec that turns an envelope into bytes and bytes into an envelope. It knows
// no HTTP, no sessions and no devices; an ACS and a simulated device use it alike.
//
// # Messages
//
// There is a file for each RPC with its request and its response, named and shaped
// as in the CWMP schema (cwmp-1-0.xsd to cwmp-1-4.xsd). A message travels in an
// Envelope, together with the headers of CWMP. Messages are pointers:
//
//	envelope, err := cwmp.Decode(body, cwmp.DefaultLimits())
//	…
//	switch m := envelope.Message.(type) {
//	case *cwmp.Inform:
//		answer, err := cwmp.Encode(&cwmp.Envelope{
//			ID: envelope.ID, HasID: envelope.HasID,
//			Namespace: envelope.Namespace,
//			Message:   &cwmp.InformResponse{MaxEnvelopes: 1},
//		})
//	case *cwmp.Fault:
//	case *cwmp.Unknown:
//	}
//
// The table in methods.go lists every message and who sends it; Methods hands it
// out. To add an RPC, write its file, add its two lines to the table, and add its
// messages to the golden files (go test -update writes them).
//
// What vendors add is not in the table: an ACS sends a VendorRPC, whose content is
// checked XML, and reads the answer from the Content of an Unknown. Negotiate settles
// which version of CWMP a session speaks.
//
// # Reading
//
// What devices send is often not what the schema says. Decode is strict about what
// could be misread or could cost too much, and lenient about the rest:
//
//   - A message is what the namespace and local name of its element say. Prefixes
//     mean nothing, and neither does a SOAPAction. Any cwmp-1-N namespace counts.
//   - Elements may be absent, in any order, or unknown. What is absent is the zero
//     value. Items of a list may have any name; the count that an array claims is
//     ignored.
//   - Numbers out of range become the nearest end of the range, and what is no
//     number becomes 0. Times keep their text beside what could be made of it.
//   - Bytes and characters that XML cannot carry become U+FFFD, in any place; an
//     ampersand that starts no known reference stands for itself.
//   - Document types and entity declarations, SOAP 1.2, a second envelope, Body,
//     message or ID, and whatever exceeds Limits is a *DecodeError, which says the
//     kind and never quotes the body.
//
// Two readers make the same tree of elements for the messages: readStream, fast,
// takes the plain documents and refuses whatever it does not fully understand;
// readTree, built on etree, takes everything that is well formed and decides what is
// an error. Tests hold the first to the second. Every text in a message is a copy,
// so a message does not keep the body in memory.
//
// # Writing
//
// Encode writes the one shape that the pickiest known devices read; see there. It
// refuses characters that XML cannot carry with a *TextError that names the field.
// ValidText is the same check for whoever takes input.
package cwmp
