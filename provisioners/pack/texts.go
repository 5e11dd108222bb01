package pack

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// made accounts for a text that a function made.
func (g *guard) made(text string) (string, error) {
	if len(text) > maxText {
		return "", ErrWork
	}
	return text, g.spend(len(text) + 16)
}

func (g *guard) text1(f func(string) string) func(any) (string, error) {
	return func(x any) (string, error) {
		text, err := plainText(x)
		if err != nil {
			return "", err
		}
		return g.made(f(text))
	}
}

func (g *guard) text2(f func(a, b string) string) func(x any, b string) (string, error) {
	return func(x any, b string) (string, error) {
		text, err := plainText(x)
		if err != nil {
			return "", err
		}
		return g.made(f(text, b))
	}
}

func test2(f func(a, b string) bool) func(x any, b string) (bool, error) {
	return func(x any, b string) (bool, error) {
		text, err := plainText(x)
		return f(text, b), err
	}
}

func (g *guard) replace(x any, old, replacement string) (string, error) {
	text, err := plainText(x)
	if err != nil {
		return "", err
	}
	if (strings.Count(text, old)+1)*len(replacement) > maxText {
		return "", ErrWork
	}
	return g.made(strings.ReplaceAll(text, old, replacement))
}

// split returns the parts of a text; an empty text has none.
func (g *guard) split(x any, separator string) ([]string, error) {
	text, err := plainText(x)
	if err != nil || text == "" {
		return nil, err
	}
	if strings.Count(text, separator) >= maxItems {
		return nil, ErrWork
	}
	parts := strings.Split(text, separator)
	return parts, g.spend(len(parts)*16 + 16)
}

func (g *guard) join(parts any, separator string) (string, error) {
	var texts []string
	switch list := parts.(type) {
	case []string:
		texts = list
	case []any:
		for _, one := range list {
			text, err := plainText(one)
			if err != nil {
				return "", err
			}
			texts = append(texts, text)
		}
	default:
		return "", errors.New("join expects a list")
	}
	total := len(texts) * len(separator)
	for _, text := range texts {
		total += len(text)
	}
	if total > maxText {
		return "", ErrWork
	}
	return g.made(strings.Join(texts, separator))
}

func (g *guard) dictionary(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 == 1 {
		return nil, errors.New("dict expects pairs of a name and a value")
	}
	made := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, errors.New("dict expects a text as name")
		}
		made[name] = pairs[i+1]
	}
	return made, g.spend(64 + 64*len(pairs))
}

func (g *guard) list(values ...any) ([]any, error) { return values, g.spend(64 + 16*len(values)) }

// print joins its arguments without spaces.
func (g *guard) print(values ...any) (string, error) {
	var b strings.Builder
	for _, value := range values {
		text, err := plainText(value)
		if err != nil {
			return "", err
		}
		if b.Len()+len(text) > maxText {
			return "", ErrWork
		}
		b.WriteString(text)
	}
	return g.made(b.String())
}

// printf formats as fmt.Sprintf does. That format is a literal with small widths was
// checked when the template was read.
func (g *guard) printf(format string, values ...any) (string, error) {
	total := 0
	for i, value := range values {
		text, err := plainText(value)
		if err != nil {
			return "", err
		}
		if total += len(text); total > maxText {
			return "", ErrWork
		}
		// Settings are texts, also those that are numbers.
		if verbIsNumeric(format, i) {
			if values[i], err = number(value); err != nil {
				return "", err
			}
		}
	}
	return g.made(fmt.Sprintf(format, values...))
}

func urlPart(part func(*url.URL) string) func(any) (string, error) {
	return func(x any) (string, error) {
		text, err := plainText(x)
		if err != nil || text == "" {
			return "", err
		}
		if !strings.Contains(text, "://") {
			text = "//" + text
		}
		parsed, err := url.Parse(text)
		if err != nil {
			return "", errors.New("an address is expected")
		}
		return part(parsed), nil
	}
}

func urlHost(u *url.URL) string { return u.Hostname() }

// urlPort returns the port, that of the scheme if none is named.
func urlPort(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443", "tftp": "69", "ftp": "21", "ftps": "990"}[u.Scheme]
}

func urlPath(u *url.URL) string { return u.EscapedPath() }
