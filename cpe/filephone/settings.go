package filephone

import (
	"strconv"
	"strings"
)

// settings is what a phone remembers, by the vendor's own names.
type settings map[string]string

// any returns the first of some settings that is there and not empty.
func (s settings) any(names ...string) string {
	for _, name := range names {
		if value := s[name]; value != "" {
			return value
		}
	}
	return ""
}

// number returns a setting as a whole number, or otherwise if it is none.
func (s settings) number(name string, otherwise int) int { return numberOf(s[name], otherwise) }

func numberOf(text string, otherwise int) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return otherwise
	}
	return n
}

// on reports whether a setting switches something on.
func (s settings) on(name string) bool {
	switch strings.ToLower(s[name]) {
	case "1", "yes", "on", "true":
		return true
	}
	return false
}

// hostPort takes "host:port" apart; the port is 0 if there is none. Of several
// addresses the first counts.
func hostPort(text string) (host string, port int) {
	text, _, _ = strings.Cut(text, ",")
	host, rest, found := strings.Cut(strings.TrimSpace(text), ":")
	if !found || strings.Contains(rest, ":") {
		return strings.TrimSpace(text), 0
	}
	return host, numberOf(rest, 0)
}

// withPort is the reverse of hostPort.
func withPort(host string, port int) string {
	if host == "" || port == 0 {
		return host
	}
	return host + ":" + strconv.Itoa(port)
}
