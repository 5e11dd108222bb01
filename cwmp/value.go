package cwmp

import "strings"

// The types of parameter values (TR-106 3.2.1), in the one spelling that this
// package uses, whatever prefix a device writes.
const (
	TypeString       = "xsd:string"
	TypeInt          = "xsd:int"
	TypeUnsignedInt  = "xsd:unsignedInt"
	TypeLong         = "xsd:long"
	TypeUnsignedLong = "xsd:unsignedLong"
	TypeBoolean      = "xsd:boolean"
	TypeDateTime     = "xsd:dateTime"
	TypeBase64       = "xsd:base64"
	TypeHexBinary    = "xsd:hexBinary"
	TypeDecimal      = "xsd:decimal"
)

// ParameterValueStruct is one parameter with its value (TR-069 A.3.2.1, A.3.2.2).
type ParameterValueStruct struct {
	// Name is the full path of the parameter.
	Name string
	// Value is the text as sent: numbers stay decimal text, a boolean may be
	// "0", "1", "true" or "false". White space around the value is kept for
	// strings and cut off for every other type.
	Value string
	// Type is one of the Type constants; TypeString where the sender named
	// none, or one that CWMP does not have.
	Type string
	// NoValue says that there was no Value element, or that it was xsi:nil;
	// Value is empty then.
	NoValue bool
}

// Types returns every type that ParameterValueStruct.Type may have.
func Types() []string {
	return []string{TypeString, TypeInt, TypeUnsignedInt, TypeLong, TypeUnsignedLong,
		TypeBoolean, TypeDateTime, TypeBase64, TypeHexBinary, TypeDecimal}
}

// NormalType turns the spelling of a type that a device used ("xs:int",
// "string(256)", "SOAP-ENC:base64", "xsd:base64Binary") into one of the Type
// constants. What CWMP does not have becomes TypeString.
func NormalType(spelling string) string {
	// The spellings of nearly every device need no work.
	switch spelling {
	case TypeString, "":
		return TypeString
	case TypeUnsignedInt:
		return TypeUnsignedInt
	case TypeBoolean:
		return TypeBoolean
	}
	name := spelling
	if i := strings.IndexAny(name, "([{"); i >= 0 {
		name = name[:i]
	}
	name = trim(name[strings.LastIndexByte(name, ':')+1:])
	for _, t := range Types() {
		if strings.EqualFold(name, t[len("xsd:"):]) {
			return t
		}
	}
	if strings.EqualFold(name, "base64Binary") {
		return TypeBase64
	}
	return TypeString
}

func (p *ParameterValueStruct) decode(e *element) {
	p.Type = TypeString
	p.NoValue = true
	for c := e.first; c != nil; c = c.next {
		switch c.local {
		case "Name":
			p.Name = c.token()
		case "Value":
			p.Type = NormalType(c.typ)
			p.NoValue = c.isNil
			if p.NoValue {
				continue
			}
			if p.Value = c.value(); p.Type != TypeString {
				p.Value = trim(p.Value)
			}
		}
	}
}

func decodeParameterValues(e *element) []ParameterValueStruct {
	list := e.child("ParameterList")
	if list.count() == 0 {
		return nil
	}
	values := make([]ParameterValueStruct, list.count())
	i := 0
	for c := list.first; c != nil; c = c.next {
		values[i].decode(c)
		i++
	}
	return values
}

func encodeParameterValues(w *writer, values []ParameterValueStruct) {
	w.openArray("ParameterList", "cwmp:ParameterValueStruct", len(values))
	for i := range values {
		v := &values[i]
		w.open("ParameterValueStruct")
		w.text("Name", v.Name)
		w.parameterValue(v)
		w.close("ParameterValueStruct")
	}
	w.close("ParameterList")
}
