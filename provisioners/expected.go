package provisioners

import (
	"fmt"
	"strings"
)

// Expected says in words which values the setting takes, such as "a whole number, 0 to
// 4094".
func (s *Setting) Expected() string {
	switch s.Type {
	case TextType:
		return s.expectedText("a text")
	case SecretType:
		return fmt.Sprintf("a text of at most %d bytes in one line", MaxSecret)
	case BooleanType:
		return "true or false"
	case IntegerType:
		return "a whole number" + s.bounds()
	case DurationType:
		return "a whole number of seconds" + s.bounds()
	case PortType:
		return "a port, 0 to 65535"
	case ChoiceType:
		return "one of " + strings.Join(s.Choices, ", ")
	case ListType:
		return "a list of " + strings.Join(s.Choices, ", ") + ", each once"
	}
	return s.expectedName() + s.orChoices()
}

func (s *Setting) expectedName() string {
	switch s.Type {
	case HostType:
		return "a host name or an IP address, without a port"
	case URLType:
		return "an URL such as https://host/path (" + strings.Join(schemes(), ", ") + ") without user name and password"
	case ZoneType:
		return "a time zone of the IANA database, such as Europe/Berlin"
	case NumberType:
		return "a number of digits, * and #, + at its beginning"
	case LanguageType:
		return "a language tag such as de or pt-BR"
	case CountryType:
		return "a country code of two letters, such as DE"
	}
	return "a " + string(s.Type)
}

func (s *Setting) orChoices() string {
	if len(s.Choices) == 0 {
		return ""
	}
	return ", or " + strings.Join(s.Choices, ", ")
}

func (s *Setting) expectedText(what string) string {
	if s.Max != nil {
		what += fmt.Sprintf(" of at most %d characters", *s.Max)
	}
	if s.pattern != nil {
		what += " that matches " + s.Pattern
	}
	return what + " without control characters"
}

func (s *Setting) bounds() string {
	switch {
	case s.Min != nil && s.Max != nil:
		return fmt.Sprintf(", %d to %d", *s.Min, *s.Max)
	case s.Min != nil:
		return fmt.Sprintf(", at least %d", *s.Min)
	case s.Max != nil:
		return fmt.Sprintf(", at most %d", *s.Max)
	}
	return ""
}
