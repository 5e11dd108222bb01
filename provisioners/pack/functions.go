package pack

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/template"

	"github.com/dialtone-acs/dialtone/provisioners/zone"
)

// The functions that only the rewriting of templates calls.
const (
	turnFunction   = "_turn"
	enterFunction  = "_enter"
	leaveFunction  = "_leave"
	escapeFunction = "_escape"
	rawFunction    = "raw"
)

// functions returns what templates may call. No error of theirs holds a value: it may be
// a secret.
func (g *guard) functions(format Format, zones *zone.Table) template.FuncMap {
	return template.FuncMap{
		turnFunction: g.turn, enterFunction: g.enter, leaveFunction: g.leave,
		escapeFunction: func(value any) (string, error) {
			text, err := plainText(value)
			if err != nil {
				return "", err
			}
			return g.escape(format, text)
		},
		rawFunction: plainText,

		"yes": func(x any) bool { return x == "true" }, "no": func(x any) bool { return x == "false" },
		"pick": pick, "default": fallback, "zone": zoneOf(zones), "vendor": g.vendorSetting, "fail": fail, "byFile": g.byFile,

		"add": arithmetic(func(a, b int) (int, error) { return a + b, nil }),
		"sub": arithmetic(func(a, b int) (int, error) { return a - b, nil }),
		"mul": arithmetic(func(a, b int) (int, error) { return a * b, nil }),
		"div": arithmetic(quotient), "atoi": number, "seq": g.sequence,
		"minutes": func(x any) (int, error) { return wholes(x, 60) },
		"hours":   func(x any) (int, error) { return wholes(x, 3600) },

		"lower": g.text1(strings.ToLower), "upper": g.text1(strings.ToUpper), "quote": g.quote,
		"name":       func(x any) (string, error) { return g.name(format, x) },
		"trimPrefix": g.text2(strings.TrimPrefix), "trimSuffix": g.text2(strings.TrimSuffix),
		"contains": test2(strings.Contains), "hasPrefix": test2(strings.HasPrefix), "hasSuffix": test2(strings.HasSuffix),
		"replace": g.replace, "split": g.split, "join": g.join, "dict": g.dictionary, "list": g.list,
		"print": g.print, "printf": g.printf,

		"host": urlPart(urlHost), "port": urlPart(urlPort), "path": urlPart(urlPath),
	}
}

// plainText returns the text of what may stand in a file.
func plainText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case nil:
		return "", errors.New("there is no value")
	default:
		return "", fmt.Errorf("a text or a number is expected, and this is %s", kindOf(value))
	}
}

func kindOf(value any) string {
	switch value.(type) {
	case map[string]any:
		return "a group of values"
	case zone.Zone:
		return "a time zone"
	case zone.Change:
		return "a change of clocks"
	default:
		return "a list or something else"
	}
}

// pick returns what is paired with x, else an odd last argument, else nothing.
func pick(x any, pairs ...any) (string, error) {
	wanted, err := plainText(x)
	if err != nil {
		return "", err
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text, err := plainText(pairs[i])
		if err != nil {
			return "", err
		}
		if text == wanted {
			return plainText(pairs[i+1])
		}
	}
	if len(pairs)%2 == 1 {
		return plainText(pairs[len(pairs)-1])
	}
	return "", nil
}

// fallback returns x, or the default if x is empty.
func fallback(otherwise, x any) (any, error) {
	text, err := plainText(x)
	if err != nil || text != "" {
		return x, err
	}
	return otherwise, nil
}

// zoneOf looks a zone up.
func zoneOf(zones *zone.Table) func(any) (zone.Zone, error) {
	return func(x any) (zone.Zone, error) {
		name, err := plainText(x)
		if err != nil {
			return zone.Zone{}, err
		}
		z, err := zones.Load(name)
		if err != nil {
			return zone.Zone{}, errors.New("there is no such time zone")
		}
		return z, nil
	}
}

func (g *guard) vendorSetting(key string) (string, error) {
	value, ok := g.vendor[key]
	if !ok {
		return "", nil
	}
	return plainText(value)
}

// byFile reports whether a setting goes by this file: true unless a session sets it as a
// parameter. The phone is what the template was given.
func (g *guard) byFile(phone map[string]any, path string) (bool, error) {
	if err := g.spend(turnWork); err != nil {
		return false, err
	}
	if _, ok := g.pack.catalogue.Find(path); !ok {
		// Of a name that is misspelled both roads would carry the setting.
		return false, fmt.Errorf("byFile: the catalogue has no setting %.100q", path)
	}
	if _, ok := phone["accounts"]; !ok {
		return false, errors.New("byFile takes what the template was given, and the path of a setting")
	}
	owned, _ := phone["owned"].(map[string]bool)
	return !owned[path], nil
}

func fail(message string) (string, error) { return "", errors.New(message) }
