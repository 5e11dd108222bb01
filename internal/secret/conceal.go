package secret

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
)

// Concealed stands for a secret that was taken out of a text.
const Concealed = "[secret]"

// minConcealed is how many bytes a secret has at least that is looked for: a
// shorter one, such as "1", is in many texts that do not tell it.
const minConcealed = 4

// Conceal takes secrets, and the part of links to files that opens them, out of a
// text that somebody else wrote, such as a device's fault. Secrets are looked for as
// they are and as XML has them; those of less than 4 bytes are not.
func Conceal(text string, secrets []string) string {
	longest := slices.SortedFunc(slices.Values(secrets), func(a, b string) int { return len(b) - len(a) })
	for _, s := range longest {
		if len(s) < minConcealed {
			continue
		}
		text = strings.ReplaceAll(text, s, Concealed)
		if inXML := escaped(s); inXML != s {
			text = strings.ReplaceAll(text, inXML, Concealed)
		}
	}
	return ConcealLinks(text)
}

// ConcealLinks takes out of links to files what opens them.
func ConcealLinks(text string) string {
	if !strings.Contains(text, "/files/") {
		return text
	}
	return regexp.MustCompile(`(/files/[a-z]/)[a-z2-7]{20,}`).ReplaceAllString(text, "${1}"+Concealed)
}

func escaped(text string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return text
	}
	return b.String()
}
