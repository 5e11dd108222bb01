package massdeployment

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Bounds of a list.
const (
	// MaxPhones is how many phones a list may have.
	MaxPhones = 100_000
	// MaxLines is how many extensions a phone may have.
	MaxLines = 6
	// maxLine is how many bytes a line may have.
	maxLine = 4096
)

// Phone is one line of a list.
type Phone struct {
	// Line is where it stands in the list, from 1.
	Line int
	// Template names the template, without ".conf".
	Template string
	// MAC is in the form of device.ParseMAC.
	MAC string
	// Extensions are 1 to MaxLines.
	Extensions []Extension
}

// Extension is one extension of a phone.
type Extension struct {
	Number string
	// Name is the caller's name with spaces instead of underscores; empty for the
	// Number.
	Name string
	// CallerNumber is the number that callees see (the <nnn> after the name); empty for
	// the Number.
	CallerNumber string
	// Password is empty where the list has none.
	Password secret.Text
	// Account is empty for the one that the template makes.
	Account string
}

// LineError is a line of a list or template that cannot be used.
type LineError struct {
	Line int
	// Field is what is wrong: "mac_addr", "extension", "password", "account", "template",
	// "line".
	Field    string
	Expected string
}

// Error names the line and what was expected; it never shows what stands there, as that
// may be a password.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s %s", e.Line, e.Field, e.Expected) }

// List is a list of phones with the text that it was read from.
type List struct {
	Phones []Phone
	// lines are all lines of the text.
	lines []string
}

// ReadList reads a list. It returns every line that cannot be used as a LineError beside
// the phones of the others, and an error if r fails or the list has more than MaxPhones.
func ReadList(r io.Reader) (*List, []*LineError, error) {
	l := &List{}
	var wrong []*LineError
	seen := map[string]int{}
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, maxLine), maxLine)
	for number := 1; scanner.Scan(); number++ {
		line := scanner.Text()
		l.lines = append(l.lines, line)
		if text := strings.TrimSpace(line); text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		phone, err := readPhone(number, strings.Fields(line))
		if err == nil && seen[phone.MAC] != 0 {
			err = &LineError{number, "mac_addr", fmt.Sprintf("must be of one phone only, and is in line %d", seen[phone.MAC])}
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		seen[phone.MAC] = number
		if l.Phones = append(l.Phones, phone); len(l.Phones) > MaxPhones {
			return nil, nil, fmt.Errorf("list of phones has more than %d", MaxPhones)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, nil, fmt.Errorf("read list of phones: line %d: %w", len(l.lines)+1, err)
	}
	return l, wrong, nil
}

func readPhone(line int, fields []string) (Phone, *LineError) {
	if len(fields) < 3 || len(fields) > 5 {
		return Phone{}, &LineError{line, "line", "must have template, mac_addr and extension, and may have password and account"}
	}
	mac, err := device.ParseMAC(fields[1])
	if err != nil {
		return Phone{}, &LineError{line, "mac_addr", "must be like 00:11:22:33:44:55"}
	}
	if !isTemplateName(fields[0]) {
		return Phone{}, &LineError{line, "template", "must be the name of a file without .conf: letters, digits, dot, hyphen, underscore"}
	}
	phone := Phone{Line: line, Template: fields[0], MAC: mac}
	if phone.Extensions, err = readExtensions(fields[2]); err != nil {
		return Phone{}, &LineError{line, "extension", err.Error()}
	}
	return phone, phone.readSecrets(fields[3:])
}

// readSecrets reads what follows the extensions: passwords and accounts, one for each
// extension and separated by semicolons; a missing password is the first one's.
func (p *Phone) readSecrets(fields []string) *LineError {
	for i, name := range []string{"password", "account"} {
		if i >= len(fields) {
			return nil
		}
		values := strings.Split(fields[i], ";")
		if len(values) > len(p.Extensions) {
			return &LineError{p.Line, name, fmt.Sprintf("must be at most %d values, one for each extension", len(p.Extensions))}
		}
		for n := range p.Extensions {
			switch {
			case i == 0:
				p.Extensions[n].Password = secret.NewText(valueAt(values, n, values[0]))
			default:
				p.Extensions[n].Account = valueAt(values, n, "")
			}
		}
	}
	return nil
}

// valueAt returns the value at n, or otherwise where it is missing or empty.
func valueAt(values []string, n int, otherwise string) string {
	if n < len(values) && values[n] != "" {
		return values[n]
	}
	return otherwise
}

func readExtensions(text string) ([]Extension, error) {
	parts := strings.Split(text, ";")
	if len(parts) > MaxLines {
		return nil, fmt.Errorf("must be at most %d", MaxLines)
	}
	var all []Extension
	for _, part := range parts {
		number, name, _ := strings.Cut(part, "/")
		e := Extension{Number: number}
		if !isNumber(number) {
			return nil, fmt.Errorf("must be a number of digits, letters, * or #")
		}
		if open := strings.IndexByte(name, '<'); open >= 0 {
			caller, ok := strings.CutSuffix(name[open+1:], ">")
			if !ok || !isNumber(caller) {
				return nil, fmt.Errorf("must end with the caller's number as <nnn>, if it has one")
			}
			name, e.CallerNumber = name[:open], caller
		}
		if strings.ContainsAny(name, `"'`) {
			return nil, fmt.Errorf("must have a name without quotes")
		}
		e.Name = strings.ReplaceAll(name, "_", " ")
		all = append(all, e)
	}
	return all, nil
}

func isNumber(text string) bool {
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("*#+._-", r))
	})
}

func isTemplateName(text string) bool {
	return text != "" && len(text) <= 64 && text[0] != '.' && !strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("._-", r))
	})
}
