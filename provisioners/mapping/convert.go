package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners/zone"
)

// kinds returns the types of parameters that can be named (TR-106 3.2).
func kinds() []string {
	return []string{"string", "boolean", "int", "unsignedInt", "long", "unsignedLong", "dateTime"}
}

// conversions returns the names of what convert may be.
func conversions() []string { return []string{"posix", "offset"} }

// lexical returns the form of a value that is sent; ok is false if it is none of the type.
// A boolean is "1" or "0", whichever of its forms it has (XML Schema 2, 3.2.2).
func lexical(kind, text string) (string, bool) {
	switch kind {
	case "boolean":
		switch text {
		case "1", "true":
			return "1", true
		case "0", "false":
			return "0", true
		}
		return "", false
	case "int", "long":
		n, err := strconv.ParseInt(text, 10, bits(kind))
		return strconv.FormatInt(n, 10), err == nil
	case "unsignedInt", "unsignedLong":
		n, err := strconv.ParseUint(text, 10, bits(kind))
		return strconv.FormatUint(n, 10), err == nil
	case "dateTime":
		_, err := time.Parse(time.RFC3339, text)
		return text, err == nil
	default:
		return text, true
	}
}

func bits(kind string) int {
	if kind == "long" || kind == "unsignedLong" {
		return 64
	}
	return 32
}

// wire returns the value of a parameter for that of a setting. The reason says why there is
// none; it is empty if there is one, and never holds a secret.
func (e *entry) wire(value string, zones *zone.Table) (wire, reason string) {
	switch {
	case slices.Contains(e.except, value):
		return "", e.cannotBe(value)
	case e.convert != "":
		return convertZone(e.convert, value, zones)
	case e.values != nil:
		return e.counterparts(value)
	}
	wire, ok := lexical(e.kind, value)
	switch {
	case ok:
		return wire, ""
	case e.secret:
		return "", "the device takes no such value: it must be " + kindInWords(e.kind)
	default:
		return "", fmt.Sprintf("the device does not take %s: it must be %s", shown(value), kindInWords(e.kind))
	}
}

// cannotBe says that there is no way to give a value.
func (e *entry) cannotBe(value string) string {
	if e.secret {
		return "the device cannot be given this value"
	}
	return "the device cannot be given " + shown(value)
}

// counterparts returns what stands for a value, or for each element of a list.
func (e *entry) counterparts(value string) (wire, reason string) {
	elements := []string{value}
	if e.list {
		elements = strings.Split(value, ",")
	}
	for i, element := range elements {
		found := false
		for _, c := range e.values {
			if c.setting == element {
				elements[i], found = c.parameter, true
				break
			}
		}
		if !found {
			return "", e.cannotBe(element)
		}
	}
	joined := strings.Join(elements, ",")
	if e.list {
		return joined, ""
	}
	wire, _ = lexical(e.kind, joined)
	return wire, ""
}

func convertZone(how, name string, zones *zone.Table) (wire, reason string) {
	z, err := zones.Load(name)
	if err != nil {
		return "", fmt.Sprintf("the time zone %s is not known", shown(name))
	}
	if how == "offset" {
		return z.HoursColon(), ""
	}
	return z.POSIX(), ""
}

// shown returns a value for a sentence.
func shown(value string) string {
	const longest = 60
	if len(value) > longest {
		return strconv.Quote(strings.ToValidUTF8(value[:longest], "") + "...")
	}
	return strconv.Quote(value)
}

func kindInWords(kind string) string {
	switch kind {
	case "boolean":
		return "true or false"
	case "int", "long":
		return "a whole number"
	case "unsignedInt", "unsignedLong":
		return "a whole number that is not negative"
	default:
		return "a " + kind
	}
}
