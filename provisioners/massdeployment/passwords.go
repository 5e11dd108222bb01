package massdeployment

import (
	"fmt"
	"io"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// passwordLength is how many characters a generated password has.
const passwordLength = 16

// GeneratePasswords gives every phone without a password one for all its extensions,
// in the phones and in the text of the list, and returns how many it gave.
func (l *List) GeneratePasswords() int {
	made := 0
	for i := range l.Phones {
		p := &l.Phones[i]
		if !p.Extensions[0].Password.IsZero() {
			continue
		}
		password := secret.RandomText(passwordLength)
		for n := range p.Extensions {
			p.Extensions[n].Password = password
		}
		l.lines[p.Line-1] = strings.TrimRight(l.lines[p.Line-1], " \t\r") + " " + password.Reveal()
		made++
	}
	return made
}

// WriteTo writes the list as it was read, comments and all, with the passwords that were
// generated. It holds every password in the clear.
func (l *List) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for _, line := range l.lines {
		n, err := io.WriteString(w, line+"\n")
		if total += int64(n); err != nil {
			return total, fmt.Errorf("write list of phones: %w", err)
		}
	}
	return total, nil
}
