package pack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// variants is how many full examples there are: each takes other choices.
const variants = 4

// hostileText breaks every format that it stands in without being escaped.
const hostileText = "\"O'Brien\" <b a='c'> & #1; %s {{.x}} \\ , = : ]]> --> --\r\nadmin.password = x\n\n<x/>\t\u2028\u0085 \u00fc\u4e2d"

// hostileValue is what formats carry of that, for values that are not only for people.
const hostileValue = "O'Brien <b a='c'> & #1; %s {{.x}} \\ , = : ]]> --> -- <x/> \u00fc\u4e2d"

// harmlessText has nothing that any format could mind.
const harmlessText = "Name"

// secretMark is in every secret of the examples, and nowhere else.
const secretMark = "Ex4mpleSecret"

// exampleSerial is the serial number of the examples.
const exampleSerial = "SN0112233"

// Example is a phone whose settings are made up.
type Example struct {
	// Name is "bare" without any settings, "empty" with one account that has only a
	// user, "full" and a number with every setting, "harmless", "hostile" and "refused"
	// with texts that differ in what they hold only: those of "refused" are such that a
	// file may be refused (ValueError) rather than hold something else, as may those of
	// "names", in which keys of the vendor's own settings have all that they can.
	Name  string
	Phone provisioners.Phone
}

// Examples returns the phones of a model with which a pack is checked.
func (p *Pack) Examples(m *Model) []Example {
	settings := map[string]map[string]string{
		"bare":     {},
		"empty":    {"account.1.user": "200", "account.1.registrar": "sip.example.com"},
		"harmless": p.exampleSettings(m, 0, exampleTexts{harmlessText, harmlessText}),
		"hostile":  p.exampleSettings(m, 0, exampleTexts{hostileText, hostileValue}),
		"refused":  p.exampleSettings(m, 0, exampleTexts{hostileText, hostileText}),
		"names":    {p.vendorPath("a b.c:d/e@f$g-h_1"): harmlessText},
	}
	for i := range variants {
		settings[fmt.Sprint("full ", i+1)] = p.exampleSettings(m, i, exampleTexts{})
	}
	var all []Example
	for name, values := range settings {
		phone := p.examplePhone(m, values, name == "bare")
		directoryName := "Office"
		if name == "hostile" || name == "refused" {
			directoryName = hostileText
		}
		if name != "bare" {
			phone.SetDirectory([]provisioners.Contact{{Name: directoryName, Number: "201"}, {Name: directoryName, Number: "+49301234"}})
		}
		all = append(all, Example{Name: name, Phone: phone})
	}
	slices.SortFunc(all, func(a, b Example) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// examplePhone makes a phone of settings; unknown is one whose identity is not known.
func (p *Pack) examplePhone(m *Model, settings map[string]string, unknown bool) provisioners.Phone {
	d := p.exampleDevice(m)
	if unknown {
		d = device.Device{Manufacturer: p.Vendor, Model: m.Name}
	}
	phone := p.PhoneOf(m, d, settings)
	phone.SetLinks(provisioners.Links{
		Base: "https://dialtone.example.com/phones/", Scheme: "https", Host: "dialtone.example.com", Port: "443",
		Firmware: "https://dialtone.example.com/files/firmware.bin", Directory: "https://dialtone.example.com/phones/directory",
	})
	return phone
}

func (p *Pack) exampleDevice(m *Model) device.Device {
	d := device.Device{ID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Manufacturer: p.Vendor, Model: m.Name, MAC: p.exampleMAC()}
	d.SerialNumber = exampleSerial
	return d
}

// exampleMAC is in the vendor's range, if it has one.
func (p *Pack) exampleMAC() string {
	oui := "020000"
	if len(p.OUIs) > 0 {
		oui = p.OUIs[0]
	}
	return oui[:2] + ":" + oui[2:4] + ":" + oui[4:] + ":11:22:33"
}

// holdsIdentity reports whether a file shows which of the example phones it is for.
func (p *Pack) holdsIdentity(content []byte) bool {
	lower := strings.ToLower(string(content))
	return slices.ContainsFunc([]string{p.exampleMAC(), strings.ReplaceAll(p.exampleMAC(), ":", ""), strings.ToLower(exampleSerial)}, func(text string) bool {
		return strings.Contains(lower, text)
	})
}

// exampleTexts stand in the place of texts: display of those for people, value of others
// and of secrets. If they are empty, texts are made of the setting's path.
type exampleTexts struct{ display, value string }

func (t exampleTexts) of(s *provisioners.Setting) string {
	if s.Display {
		return t.display
	}
	return t.value
}

// vendorPath returns the path of a setting of the vendor's own.
func (p *Pack) vendorPath(key string) string { return "vendor." + p.Name + "." + key }

// exampleSettings gives every setting a value.
func (p *Pack) exampleSettings(m *Model, variant int, texts exampleTexts) map[string]string {
	values := map[string]string{p.vendorPath("Example_1"): "Text" + texts.value}
	for _, group := range p.catalogue.Groups() {
		for i := range group.Settings {
			s := &group.Settings[i]
			for n, settingPath := range examplePaths(s, m) {
				if value, ok := p.exampleValue(s, settingPath, variant+n, texts.of(s)); ok {
					values[settingPath] = value
				}
			}
		}
	}
	return values
}

// How many of what has an index the examples have at most.
const (
	exampleAccounts   = 4
	exampleKeys       = 22
	exampleModules    = 2
	exampleModuleKeys = 12
)

// examplePaths returns the paths of a setting for the indexes that a model has.
func examplePaths(s *provisioners.Setting, m *Model) []string {
	paths := []string{""}
	for i, segment := range strings.Split(s.Path, ".") {
		bound := exampleBound(strings.Split(s.Path, ".")[:i+1], s, m)
		var longer []string
		for _, before := range paths {
			for n := 1; n <= bound; n++ {
				longer = append(longer, before+"."+strconv.Itoa(n))
			}
			if bound < 0 {
				longer = append(longer, before+"."+segment)
			}
		}
		paths = longer
	}
	for i := range paths {
		paths[i] = paths[i][1:]
	}
	return paths
}

// exampleBound returns how many indexes there are at a place of a path, -1 if it is no
// index.
func exampleBound(path []string, s *provisioners.Setting, m *Model) int {
	at := slices.IndexFunc(s.Indexes, func(r provisioners.IndexRange) bool { return r.Letter == path[len(path)-1] })
	if at < 0 {
		return -1
	}
	bound := s.Indexes[at].To
	switch {
	case path[0] == "account":
		bound = min(m.Lines, exampleAccounts)
	case path[0] == "key":
		bound = min(m.Keys, exampleKeys)
	case path[0] == "expansion" && len(path) == 2:
		bound = min(m.ExpansionModules, exampleModules)
	case path[0] == "expansion":
		bound = min(m.ExpansionKeys, exampleModuleKeys)
	}
	return bound
}

// exampleValue returns a value that the catalogue takes.
func (p *Pack) exampleValue(s *provisioners.Setting, settingPath string, variant int, text string) (string, bool) {
	if s.Secret {
		return secretMark + strconv.Itoa(variant) + text, true
	}
	if s.Type == provisioners.TextType && s.Pattern == "" && text != "" {
		return text, true
	}
	candidates := exampleCandidates(s, settingPath, variant)
	for i := range candidates {
		value, err := p.catalogue.Parse(settingPath, candidates[(i+variant)%len(candidates)])
		if err == nil {
			return value, true
		}
	}
	return "", false
}

func exampleCandidates(s *provisioners.Setting, settingPath string, variant int) []string {
	switch s.Type {
	case provisioners.BooleanType:
		return []string{"true", "false"}
	case provisioners.ChoiceType:
		return s.Choices
	case provisioners.ListType:
		rotated := append(slices.Clone(s.Choices[variant%len(s.Choices):]), s.Choices[:variant%len(s.Choices)]...)
		return []string{strings.Join(rotated, ","), s.Choices[0]}
	case provisioners.IntegerType, provisioners.DurationType, provisioners.PortType:
		return exampleNumbers(s)
	case provisioners.HostType:
		return []string{"sip.example.com", "192.0.2.7", "2001:db8::7"}
	case provisioners.URLType:
		return append([]string{"https://example.com/a/b.xml?c=d&e=f", "http://192.0.2.7:8080/", "tftp://example.com/x"}, s.Choices...)
	case provisioners.ZoneType:
		return []string{"Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Africa/Casablanca", "Australia/Lord_Howe", "UTC", "America/New_York"}
	case provisioners.NumberType:
		return append([]string{"*97", "+4930123456", "200", "#1"}, s.Choices...)
	case provisioners.LanguageType:
		return []string{"en", "de", "fr-CA", "zh-Hans", "pt-BR"}
	case provisioners.CountryType:
		return []string{"DE", "US", "GB", "JP"}
	default:
		return []string{"Text of " + settingPath, "07:30", "x"}
	}
}

func exampleNumbers(s *provisioners.Setting) []string {
	numbers := []string{"1", "5061", "3600"}
	if s.Max != nil {
		numbers = append(numbers, strconv.FormatInt(*s.Max, 10))
	}
	if s.Min != nil {
		numbers = append(numbers, strconv.FormatInt(*s.Min, 10))
	}
	return numbers
}
