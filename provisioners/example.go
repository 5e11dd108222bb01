package provisioners

import (
	"errors"
	"slices"
	"strconv"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Example returns what a device would have if one level said these entries above the
// defaults of its pack. Values of secrets are given in the clear, as they are none. It
// needs no store, and has no Fingerprint.
func (c *Catalogue) Example(entries []Entry, d device.Device, s Served) Effective {
	compiler := newCompiler(c, FilterSchema())
	l := ladder{
		subject: subject{device: &d, model: s.Model}, served: &s, lineRung: 2,
		rungs: []*compiledLevel{
			compiler.compile(Level{Key: LevelKey{PackLevel, s.Pack}, Entries: s.Defaults}),
			compiler.compile(Level{Key: LevelKey{Kind: GlobalLevel}, Entries: entries}),
		},
	}
	l.climb()
	effective, _ := l.settle(&opener{open: func(secret.Sealed, string) (secret.Text, error) {
		return secret.Text{}, errors.New("an example has no sealed secrets")
	}})
	effective.catalogue = c
	return effective
}

// ExampleSecret returns the value of a secret in a full example: a text that is found
// in no other place of it.
func ExampleSecret(path string) string { return "Secret-of-" + path }

// ExamplePhone returns what templates see of a device: with full, one that has a value
// of every setting, as many accounts and keys as the model has but not more than a few,
// else one that has nothing but the user of its first account. ExampleSecret tells the
// secrets of the full one.
func (c *Catalogue) ExamplePhone(full bool, d device.Device, s Served) Phone {
	entries := []Entry{{Path: "account.1.user", Value: "100"}}
	if full {
		entries = c.FullExample(s)
	}
	effective := c.Example(entries, d, s)
	p := effective.Phone(d, s)
	p.SetLinks(Links{Base: "https://phones.example.com/p/", Scheme: "https", Host: "phones.example.com", Port: "443"})
	if full {
		p.SetLinks(Links{
			Base: "https://phones.example.com:8443/p/", Scheme: "https", Host: "phones.example.com", Port: "8443",
			Firmware: "https://phones.example.com:8443/p/firmware.bin", Directory: "https://phones.example.com:8443/p/directory.xml",
		})
		p.SetDirectory([]Contact{{"Ada Lovelace", "101"}, {"Zoë <Böhm> & Söhne", "+49301234567"}})
	}
	return p
}

// exampleIndexes is how many indexes of each kind a full example has at most.
const exampleIndexes = 3

// FullExample returns entries with a value of every setting, for Example. Keys have one function after the
// other, so that there are as many keys as functions, if the model has them.
func (c *Catalogue) FullExample(s Served) []Entry {
	var entries []Entry
	for i := range c.groups {
		for j := range c.groups[i].Settings {
			setting := &c.groups[i].Settings[j]
			for _, indexes := range exampleIndexesOf(setting, &s) {
				path := fill(setting.shape, indexes)
				entries = append(entries, Entry{Path: path, Value: setting.example(path, indexes)})
			}
		}
	}
	return entries
}

// exampleIndexesOf returns the combinations of indexes that a full example has.
func exampleIndexesOf(setting *Setting, s *Served) [][]int {
	all := [][]int{nil}
	for depth, r := range setting.Indexes {
		prefix := shapePrefix(setting.shape, depth)
		last := min(exampleIndexes, r.To)
		if prefix == "key" || prefix == "expansion.#.key" {
			last = min(keyFunctions, r.To)
		}
		for last > 0 && s.limitReason(prefix, last) != "" {
			last--
		}
		var deeper [][]int
		for _, outer := range all {
			for n := 1; n <= last; n++ {
				deeper = append(deeper, append(slices.Clone(outer), n))
			}
		}
		all = deeper
	}
	return all
}

// keyFunctions is more than a key has functions.
const keyFunctions = 30

// example returns a value of the setting.
func (s *Setting) example(path string, indexes []int) string {
	switch s.Type {
	case SecretType:
		return ExampleSecret(path)
	case BooleanType:
		return "true"
	case IntegerType, DurationType, PortType:
		return s.exampleNumber()
	case ChoiceType:
		return s.Choices[s.exampleChoice(indexes)]
	case ListType:
		return s.Choices[0] + "," + s.Choices[len(s.Choices)-1]
	case TextType:
		return s.exampleText()
	}
	return exampleName(s.Type)
}

func (s *Setting) exampleChoice(indexes []int) int {
	if len(indexes) == 0 {
		return len(s.Choices) - 1
	}
	return indexes[len(indexes)-1] % len(s.Choices)
}

func (s *Setting) exampleNumber() string {
	n := int64(1)
	if s.Min != nil {
		n = max(n, *s.Min)
	}
	if s.Default != "" {
		return s.Default
	}
	return strconv.FormatInt(n, 10)
}

func (s *Setting) exampleText() string {
	for _, text := range []string{"Example", "12:30", "e"} {
		if canonical, ok := s.canonical(text); ok {
			return canonical
		}
	}
	return ""
}

func exampleName(t SettingType) string {
	return map[SettingType]string{
		HostType: "host.example.com", URLType: "https://www.example.com/path", ZoneType: "Europe/Berlin", NumberType: "123",
		LanguageType: "de", CountryType: "DE",
	}[t]
}
