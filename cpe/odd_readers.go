package cpe

import (
	"errors"
	"regexp"
	"strings"
)

// readerOddities are about what a device cannot read: a session fails where the ACS
// writes it.
var readerOddities = []Oddity{
	{Name: "wants-namespaces", Manner: "reads messages only with all five namespaces declared on the Envelope", check: wantsNamespaces},
	{Name: "wants-prefixes", Manner: "finds elements by the prefix cwmp alone", check: wantsPrefix},
	{Name: "wants-must-understand", Manner: "reads only an ID header that must be understood", check: wants(`:ID `, regexp.MustCompile(`<cwmp:ID [^>]*mustUnderstand="1"`))},
	{Name: "wants-max-envelopes", Manner: "reads only an InformResponse with MaxEnvelopes", check: wants("InformResponse", regexp.MustCompile(`<MaxEnvelopes>1</MaxEnvelopes>`))},
	{Name: "wants-order", Manner: "reads elements by their place", check: wantsOrder},
	{Name: "wants-file-type", Manner: "crashes over a Download without FileType", check: wants("<cwmp:Download>", regexp.MustCompile(`<FileType>[123] [^<]+</FileType>`))},
	{Name: "wants-length", Manner: "reads answers only with Content-Length", check: wantsLength},
	{Name: "small-buffers", Manner: "has room for 32 bytes of a nonce and 127 of a realm", check: smallBuffers},
}

// wants refuses a body that has a text and does not match.
func wants(where string, what *regexp.Regexp) func(*response) error {
	return func(r *response) error {
		if strings.Contains(string(r.body), where) && !what.Match(r.body) {
			return errors.New("not as this device reads " + strings.Trim(where, "<>: "))
		}
		return nil
	}
}

func wantsNamespaces(r *response) error {
	if len(r.body) == 0 {
		return nil
	}
	_, envelope, _ := strings.Cut(string(r.body), "Envelope")
	envelope, _, _ = strings.Cut(envelope, ">")
	for _, namespace := range []string{
		"http://schemas.xmlsoap.org/soap/envelope/", "http://schemas.xmlsoap.org/soap/encoding/",
		"http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2001/XMLSchema-instance", "urn:dslforum-org:cwmp-1-",
	} {
		if !strings.Contains(envelope, `="`+namespace) {
			return errors.New("namespace " + namespace + " is not declared on the Envelope")
		}
	}
	return nil
}

var methodElement = regexp.MustCompile(`Body>\s*<([^\s/>]+)`)

func wantsPrefix(r *response) error {
	found := methodElement.FindSubmatch(r.body)
	if len(r.body) > 0 && (found == nil || !strings.HasPrefix(string(found[1]), "cwmp:") && !strings.HasSuffix(string(found[1]), ":Fault")) {
		return errors.New("the method has not the prefix cwmp")
	}
	return nil
}

// inOrder is what the arguments of RPCs look like.
var inOrder = map[string]*regexp.Regexp{
	"<ParameterValueStruct>": regexp.MustCompile(`^<ParameterValueStruct><Name>[^<]*</Name><Value[^>]*>[^<]*</Value></ParameterValueStruct>`),
	"<ParameterPath>":        regexp.MustCompile(`^<ParameterPath>[^<]*</ParameterPath><NextLevel>[^<]*</NextLevel>`),
	"<ObjectName>":           regexp.MustCompile(`^<ObjectName>[^<]*</ObjectName><ParameterKey>[^<]*</ParameterKey>`),
}

func wantsOrder(r *response) error {
	for start, want := range inOrder {
		parts := strings.Split(string(r.body), start)
		for _, part := range parts[1:] {
			if !want.MatchString(start + part) {
				return errors.New("elements are not in order after " + start)
			}
		}
	}
	return nil
}

func wantsLength(r *response) error {
	if len(r.body) > 0 && r.header.Get("Content-Length") == "" {
		return errors.New("an answer without Content-Length")
	}
	return nil
}

var (
	nonceOf = regexp.MustCompile(`nonce="([^"]*)"`)
	realmOf = regexp.MustCompile(`realm="([^"]*)"`)
)

func smallBuffers(r *response) error {
	const nonceRoom, realmRoom = 32, 127
	for _, challenge := range r.header.Values("WWW-Authenticate") {
		if found := nonceOf.FindStringSubmatch(challenge); found != nil && len(found[1]) > nonceRoom {
			return errors.New("a nonce that is too long")
		}
		if found := realmOf.FindStringSubmatch(challenge); found != nil && len(found[1]) > realmRoom {
			return errors.New("a realm that is too long")
		}
	}
	return nil
}
