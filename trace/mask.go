package trace

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// masked stands for what is left out.
const masked = secret.Concealed

// Masker takes secrets out of messages.
type Masker struct{}

// NewMasker returns a Masker.
func NewMasker() *Masker {
	return &Masker{}
}

// Headers returns the lines of headers without the credentials in them: of
// Authorization the scheme stays, and the user name of Digest; of cookies the first
// characters of the value, by which they can be told apart.
func (m *Masker) Headers(headers map[string][]string, order []string) []string {
	var lines []string
	for _, name := range order {
		for _, value := range headers[name] {
			lines = append(lines, name+": "+m.header(name, value))
		}
	}
	return lines
}

func (m *Masker) header(name, value string) string {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization":
		return credentials(value)
	case "cookie", "set-cookie", "set-cookie2":
		return cookies(value)
	case "x-ssl-client-cert", "x-forwarded-client-cert", "ssl-client-cert":
		return "[certificate]"
	}
	if secret.NameIsSecret(strings.ReplaceAll(name, "-", "_")) {
		return masked
	}
	return m.Text(value)
}

// credentials keeps what is no secret of an Authorization header.
func credentials(value string) string {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if !strings.EqualFold(scheme, "digest") {
		return scheme + " " + masked
	}
	var kept []string
	for _, part := range strings.Split(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(name) {
		case "username", "realm", "uri", "algorithm", "qop", "nc":
			if ok {
				kept = append(kept, name+"="+value)
			}
		case "nonce", "cnonce", "response", "opaque":
			kept = append(kept, name+"="+masked)
		}
	}
	return scheme + " " + strings.Join(kept, ", ")
}

// cookies keeps the names and the first characters of the values.
func cookies(value string) string {
	parts := strings.Split(value, ";")
	for i, part := range parts {
		name, content, ok := strings.Cut(part, "=")
		if !ok || strings.EqualFold(strings.TrimSpace(name), "path") {
			continue
		}
		const shown = 6
		if len(content) > shown {
			content = content[:shown] + "…"
		}
		parts[i] = name + "=" + content
	}
	return strings.Join(parts, ";")
}

// Text returns a text without the paths that open files.
func (m *Masker) Text(text string) string { return secret.ConcealLinks(text) }

// span is a part of a body, from its first byte to that after its last.
type span struct{ from, to int64 }

// Body returns the XML of a message without the secrets in it: the content of
// elements whose name is that of a secret (such as Password), and of a Value whose
// Name is. From where it cannot be read as XML, the rest is left out, as nobody can
// say what is in it.
func (m *Masker) Body(body []byte) string {
	spans, end := secretSpans(body)
	var out bytes.Buffer
	at := int64(0)
	for _, s := range spans {
		if s.from < at {
			continue // Inside of one that is left out already.
		}
		out.Write(body[at:s.from])
		out.WriteString(masked)
		at = s.to
	}
	if at < end {
		out.Write(body[at:end])
	}
	if end < int64(len(body)) {
		out.WriteString("[the rest cannot be read as XML and may hold secrets]")
	}
	return m.Text(strings.ToValidUTF8(out.String(), "\uFFFD"))
}

// frame is an element that is open.
type frame struct {
	name string
	// start is where its content begins.
	start int64
	// child says that it has child elements.
	child bool
	// secret says that a child Name is the name of a secret, and values are the
	// contents of the children Value.
	secret bool
	values []span
	text   strings.Builder
}

// secretSpans returns what is secret in a body, in order of its beginning, and up to
// where the body could be read.
func secretSpans(body []byte) (spans []span, end int64) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var open []*frame
	for {
		before := decoder.InputOffset()
		token, err := decoder.RawToken()
		if err == io.EOF && len(open) == 0 {
			return sorted(spans), int64(len(body))
		}
		if err != nil {
			return sorted(append(spans, unfinished(open, before)...)), before
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) > 0 {
				open[len(open)-1].child = true
			}
			open = append(open, &frame{name: t.Name.Local, start: decoder.InputOffset()})
			if len(open) > maxDepth {
				return sorted(append(spans, unfinished(open, before)...)), before
			}
		case xml.CharData:
			switch {
			case len(open) > 0:
				open[len(open)-1].read(t)
			case len(bytes.TrimSpace(bytes.TrimPrefix(t, []byte("\uFEFF")))) > 0:
				return sorted(spans), before
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1].name != t.Name.Local {
				return sorted(append(spans, unfinished(open, before)...)), before
			}
			closed := open[len(open)-1]
			open = open[:len(open)-1]
			var parent *frame
			if len(open) > 0 {
				parent = open[len(open)-1]
			}
			spans = append(spans, closed.end(before, parent)...)
		}
	}
}

const (
	// maxDepth is how deep elements of a message lie in each other at most.
	maxDepth = 64
	// maxName bounds the text in which the name of a parameter is looked for.
	maxName = 1024
)

// read takes text of the element.
func (f *frame) read(text []byte) {
	if f.text.Len() < maxName {
		f.text.Write(text[:min(len(text), maxName)])
	}
}

// end returns what is secret of an element whose content ends there.
func (f *frame) end(at int64, parent *frame) []span {
	content := span{f.start, max(f.start, at)} // An empty element ends where it begins.
	if parent != nil {
		switch f.name {
		case "Name", "ParameterName":
			parent.secret = parent.secret || secret.NameIsSecret(strings.TrimSpace(f.text.String()))
		case "Value":
			parent.values = append(parent.values, content)
		}
	}
	switch {
	case content.to <= content.from:
		return nil
	case secret.NameIsSecret(f.name):
		return []span{content}
	case f.secret:
		return slices.DeleteFunc(f.values, func(s span) bool { return s.to <= s.from })
	}
	return nil
}

// unfinished returns what may be secret of elements that are open where the body
// ends.
func unfinished(open []*frame, at int64) []span {
	var spans []span
	for _, f := range open {
		spans = append(spans, f.values...)
		if !f.child && f.start < at {
			spans = append(spans, span{f.start, at})
		}
	}
	return spans
}

func sorted(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans
}
