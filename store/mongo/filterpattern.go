package mongo

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device/query"
)

// like returns the filter for a pattern. A String that begins with a constant is
// asked for as a range, which an index serves. Of a StringList one element has to
// fulfil all of a condition, so that it is one regular expression; MongoDB takes
// the range of the index from its constant beginning.
func (c filterCompiler) like(f filterField, e query.Like) bson.D {
	parts := e.Pattern.Parts
	switch {
	case len(parts) == 0:
		return nothing()
	case len(parts) == 1:
		return bson.D{{Key: f.path, Value: parts[0]}}
	case len(parts) == 2 && parts[0] == "" && parts[1] == "":
		return f.present()
	}
	matches := bson.Regex{Pattern: c.regex(parts), Options: "s"}
	if e.Field.Type == query.StringList {
		return bson.D{{Key: f.path, Value: matches}}
	}
	conditions := beginsWith(parts[0])
	if len(parts) > 2 || parts[1] != "" {
		conditions = append(conditions, bson.E{Key: "$regex", Value: matches})
	}
	return bson.D{{Key: f.path, Value: conditions}}
}

// beginsWith returns the bounds of the texts that begin with a prefix, none for
// the empty one.
func beginsWith(prefix string) bson.D {
	if prefix == "" {
		return nil
	}
	bounds := bson.D{{Key: "$gte", Value: prefix}}
	if end := following(prefix); end != "" {
		bounds = append(bounds, bson.E{Key: "$lt", Value: end})
	}
	return bounds
}

// The code points around the surrogates, which no text holds.
const (
	beforeSurrogates = '\ud7ff'
	afterSurrogates  = '\ue000'
)

// following returns the first text that is greater than all that begin with the
// prefix, empty if there is none. UTF-8 sorts as its code points do.
func following(prefix string) string {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch {
		case last == beforeSurrogates:
			return prefix + string(afterSurrogates)
		case last < utf8.MaxRune:
			return prefix + string(last+1)
		}
	}
	return ""
}

// regex returns the regular expression of a pattern with at least one wildcard.
// It is read alike by PCRE and by RE2, atomic groups apart.
func (c filterCompiler) regex(parts []string) string {
	if text, ok := (query.Pattern{Parts: parts}).Contained(); ok {
		return quote(text)
	}
	last := len(parts) - 1
	var b strings.Builder
	b.WriteString(`\A` + quote(parts[0]))
	for _, part := range parts[1:last] {
		b.WriteString(c.next(part))
	}
	if parts[last] != "" {
		b.WriteString(`.*` + quote(parts[last]) + `\z`)
	}
	return b.String()
}

// next matches up to the next place of a part. No other place needs to be tried,
// as the next one leaves the most to what follows: an atomic group keeps PCRE,
// which would try them all, from taking time without bound.
func (c filterCompiler) next(part string) string {
	if c.atomic {
		return `(?>.*?` + quote(part) + `)`
	}
	return `.*?` + quote(part)
}

// quote returns the regular expression that matches a text alone. A NUL would
// end it.
func quote(text string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(text), "\x00", `\x00`)
}
