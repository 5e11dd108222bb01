package access

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// template makes a text of the attributes of a certificate. It is text with places in
// braces:
//
//	{L}           the attribute L of the subject
//	{CN:SEP*}     what stands for * where the CN begins with SEP; also *.example.net
//	{CN/-/2}      the second of the parts of the CN between hyphens; -1 is the last
//
// Attributes are those of the subject (CN, OU, O, L, ST, C, S, SERIALNUMBER, UID, DC
// and others by their OID, such as 1.2.3), and of the alternative names DNS, URI and
// EMAIL. S is the surname or, where the subject has none, the state, which some tools
// write so. Of an attribute that is there several times the first that fits counts.
type template struct {
	text  string
	parts []templatePart
}

// templatePart is text, or one place of a template.
type templatePart struct {
	literal   string
	attribute string
	// prefix and suffix are around what is taken; pattern says that they are given.
	pattern        bool
	prefix, suffix string
	// separator and number choose a part.
	separator string
	number    int
}

const maxTemplate = 200

var (
	errBraces    = errors.New("must have a closing brace for each opening one")
	errAttribute = errors.New("must name an attribute in each pair of braces: CN, OU, O, L, ST, C, S, SERIALNUMBER, UID, DC, DNS, URI, EMAIL, or an OID")
	errPattern   = errors.New("must have one * in {NAME:pattern}")
	errPart      = errors.New("must be written {NAME/separator/number}, the number between 1 and 9 or -1 and -9")
	errConstant  = errors.New("must name an attribute of the certificate in braces, such as {L}")
)

// parseTemplate reads a template; the empty one is allowed and makes nothing.
func parseTemplate(text string) (template, error) {
	t := template{text: text}
	if len(text) > maxTemplate || !printable(text) {
		return t, fmt.Errorf("must have at most %d printable characters", maxTemplate)
	}
	for rest := text; rest != ""; {
		literal, after, found := strings.Cut(rest, "{")
		if strings.Contains(literal, "}") {
			return t, errBraces
		}
		if literal != "" {
			t.parts = append(t.parts, templatePart{literal: literal})
		}
		if !found {
			break
		}
		place, tail, closed := strings.Cut(after, "}")
		if !closed || strings.Contains(place, "{") {
			return t, errBraces
		}
		part, err := parsePlace(place)
		if err != nil {
			return t, err
		}
		t.parts, rest = append(t.parts, part), tail
	}
	if text != "" && !slices.ContainsFunc(t.parts, func(p templatePart) bool { return p.attribute != "" }) {
		return t, errConstant
	}
	return t, nil
}

// parsePlace reads what stands between two braces.
func parsePlace(place string) (templatePart, error) {
	end := strings.IndexAny(place, ":/")
	if end < 0 {
		end = len(place)
	}
	p := templatePart{attribute: strings.ToUpper(place[:end])}
	if !isAttribute(p.attribute) {
		return p, errAttribute
	}
	if end == len(place) {
		return p, nil
	}
	argument := place[end+1:]
	if place[end] == ':' {
		var found bool
		p.pattern = true
		p.prefix, p.suffix, found = strings.Cut(argument, "*")
		if !found || strings.Contains(p.suffix, "*") {
			return p, errPattern
		}
		return p, nil
	}
	last := strings.LastIndexByte(argument, '/')
	if last < 1 {
		return p, errPart
	}
	var err error
	p.separator = argument[:last]
	p.number, err = strconv.Atoi(argument[last+1:])
	if err != nil || p.number == 0 || p.number < -9 || p.number > 9 {
		return p, errPart
	}
	return p, nil
}

func isAttribute(name string) bool {
	if slices.Contains([]string{"CN", "OU", "O", "L", "ST", "C", "S", "SN", "SERIALNUMBER", "UID", "DC", "DNS", "URI", "EMAIL"}, name) {
		return true
	}
	return strings.Contains(name, ".") && strings.Trim(name, "0123456789.") == "" && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".")
}

// expand returns the text for a certificate; ok is false if an attribute that it
// names is missing or does not fit.
func (t template) expand(c *CertificateIdentity) (text string, ok bool) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.attribute == "" {
			b.WriteString(p.literal)
			continue
		}
		value, found := p.value(c.values(p.attribute))
		if !found {
			return "", false
		}
		b.WriteString(value)
	}
	return b.String(), b.Len() > 0
}

// value returns what the place takes of the first value that fits.
func (p templatePart) value(values []string) (string, bool) {
	for _, v := range values {
		if taken := p.take(v); taken != "" {
			return taken, true
		}
	}
	return "", false
}

func (p templatePart) take(value string) string {
	switch {
	case p.pattern:
		if len(value) < len(p.prefix)+len(p.suffix) || !strings.HasPrefix(value, p.prefix) || !strings.HasSuffix(value, p.suffix) {
			return ""
		}
		return value[len(p.prefix) : len(value)-len(p.suffix)]
	case p.number != 0:
		parts := strings.Split(value, p.separator)
		i := p.number - 1
		if p.number < 0 {
			i = len(parts) + p.number
		}
		if len(parts) < 2 || i < 0 || i >= len(parts) {
			return ""
		}
		return parts[i]
	default:
		return value
	}
}
