package pack

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// Bounds of a manifest.
const (
	maxModels     = 500
	maxPackFiles  = 100
	maxUserAgents = 50
	maxPattern    = 1000
	maxLines      = 100
	maxKeys       = 200
	maxModules    = 6
	defaultLine   = 1 << 16
)

var (
	packName     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	ouiDigits    = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)
	variableName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)
)

// builder makes a pack of a manifest and notes what is wrong.
type builder struct {
	problems
	manifest  *manifest
	root      *yaml.Node
	content   folder
	catalogue *provisioners.Catalogue
	pack      *Pack
}

// wrong notes an error at the place in the manifest that the steps lead to.
func (b *builder) wrong(steps []any, format string, args ...any) {
	b.addf(manifestName, lineOf(b.root, steps...), format, args...)
}

func at(steps ...any) []any { return steps }

func (b *builder) all() {
	b.head()
	b.requests()
	b.pack.Defaults = b.defaults(b.manifest.Defaults, at("defaults"))
	b.models()
	b.pack.indexNames()
	b.files()
	b.pack.indexFiles()
	b.static()
	b.resync()
	b.unsupported()
	b.mapping()
	b.fallback()
}

func (b *builder) head() {
	m, p := b.manifest, b.pack
	if !packName.MatchString(m.Name) || len(m.Name) > 40 {
		b.wrong(at("name"), "the name must be of a-z, 0-9 and single hyphens, at most 40")
	}
	if m.Vendor == "" && !m.Fallback {
		b.wrong(at("vendor"), "vendor is missing")
	}
	if m.Version < 1 {
		b.wrong(at("version"), "version must be 1 or above")
	}
	if !slices.Contains([]string{"", "lower", "upper"}, m.MACCase) {
		b.wrong(at("macCase"), "macCase must be lower or upper")
	}
	for i, oui := range m.OUIs {
		if !ouiDigits.MatchString(oui) {
			b.wrong(at("ouis", i), "an OUI has six hexadecimal digits")
		}
		p.OUIs = append(p.OUIs, strings.ToLower(oui))
	}
	p.Name, p.Title, p.Vendor, p.Version = m.Name, m.Title, m.Vendor, m.Version
	if p.Title == "" {
		p.Title = m.Vendor
	}
	p.VendorAliases, p.Capabilities, p.upperMAC = m.VendorAliases, m.Capabilities, m.MACCase == "upper"
}

// requests reads how phones name themselves when they ask.
func (b *builder) requests() {
	if len(b.manifest.UserAgents) > maxUserAgents {
		b.wrong(at("userAgents"), "at most %d patterns", maxUserAgents)
		return
	}
	for i, text := range b.manifest.UserAgents {
		pattern, err := regexp.Compile(text)
		switch {
		case len(text) > maxPattern:
			b.wrong(at("userAgents", i), "a pattern has at most %d bytes", maxPattern)
		case err != nil:
			b.wrong(at("userAgents", i), "%v", err)
		default:
			b.groups(i, pattern)
			b.pack.userAgents = append(b.pack.userAgents, pattern)
		}
	}
	b.pack.certificate = b.manifest.Certificate
	if c := b.manifest.Certificate; c != nil {
		for key, attribute := range map[string]string{"model": c.Model, "serial": c.Serial, "mac": c.MAC} {
			if attribute != "" && attributeOf(attribute) == nil {
				b.wrong(at("certificate", key), "the subject's attribute must be CN, O, OU, L, ST, C, S, serialNumber, or numbers with dots")
			}
		}
	}
}

func (b *builder) groups(index int, pattern *regexp.Regexp) {
	for _, name := range pattern.SubexpNames() {
		if !slices.Contains([]string{"", "model", "firmware", "mac", "serial"}, name) {
			b.wrong(at("userAgents", index), "a group is named model, firmware, mac or serial, not %q", name)
		}
	}
}

// defaults reads settings, in the order of their paths.
func (b *builder) defaults(values map[string]yaml.Node, place []any) []provisioners.Entry {
	var entries []provisioners.Entry
	for _, settingPath := range slices.Sorted(maps.Keys(values)) {
		node := values[settingPath]
		value, err := plainValue(&node)
		if err == nil {
			var text string
			text, err = b.catalogue.Parse(settingPath, value)
			entries = append(entries, provisioners.Entry{Path: settingPath, Value: text})
		}
		if err != nil {
			b.wrong(append(slices.Clone(place), settingPath), "%v", err)
		}
	}
	return entries
}

var errText = errors.New("a text or a list of texts is expected")

// plainValue returns a scalar's text as it is written, or a list of such.
func plainValue(node *yaml.Node) (any, error) {
	switch node.Kind {
	case yaml.ScalarNode:
		return node.Value, nil
	case yaml.SequenceNode:
		list := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode {
				return nil, errText
			}
			list = append(list, item.Value)
		}
		return list, nil
	default:
		return nil, errText
	}
}

func (b *builder) resync() {
	r := b.manifest.Resync
	if r.Method == "" {
		r.Method = "none"
	}
	if !slices.Contains([]string{"none", "sipNotify"}, r.Method) {
		b.wrong(at("resync", "method"), "the method must be sipNotify or none")
	}
	for key, event := range map[string]string{"event": r.Event, "reboot": r.Reboot} {
		if strings.ContainsFunc(event, func(c rune) bool { return c < ' ' || c > '~' }) {
			b.wrong(at("resync", key), "an event is of plain ASCII")
		}
	}
	if r.Method == "sipNotify" && r.Event == "" {
		b.wrong(at("resync"), "sipNotify needs an event")
	}
	b.pack.Resync = Resync(r)
}
