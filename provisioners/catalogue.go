package provisioners

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	// Zones are the same on every machine, also on one without a database of zones.
	_ "time/tzdata"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

//go:embed catalogue.yaml
var embeddedCatalogue []byte

// Catalogue is all settings that may be declared. It is immutable and safe for
// concurrent use.
type Catalogue struct {
	version int
	groups  []SettingGroup
	byShape map[string]*Setting
	// byPrefix has settings by the part of their shape up to its last index.
	byPrefix map[string][]*Setting
}

// DefaultCatalogue returns the catalogue of this version of the program. It fails only
// if the program was built with one that is wrong: the error is a *CatalogueError.
func DefaultCatalogue() (*Catalogue, error) { return ReadCatalogue(embeddedCatalogue) }

// Version grows when settings are added.
func (c *Catalogue) Version() int { return c.version }

// Groups returns all settings in the order in which forms show them.
func (c *Catalogue) Groups() []SettingGroup {
	groups := slices.Clone(c.groups)
	for i := range groups {
		settings := make([]Setting, len(groups[i].Settings))
		for j := range settings {
			settings[j] = groups[i].Settings[j].copy()
		}
		groups[i].Settings = settings
	}
	return groups
}

// Find returns the setting of a path, whose indexes are numbers or "*"; ok is false if
// there is none or an index is out of its range. Of a vendor's own setting, a text or
// by its name a secret, it knows nothing but that.
func (c *Catalogue) Find(path string) (setting Setting, ok bool) {
	read := readPath(path)
	found := c.find(&read)
	if found == nil {
		return Setting{}, false
	}
	return found.copy(), true
}

func (c *Catalogue) find(p *path) *Setting {
	if len(p.text) > MaxPath {
		return nil
	}
	if strings.HasPrefix(p.text, vendorPrefix) {
		return vendorSetting(p.text)
	}
	found := c.byShape[p.shape]
	if found == nil || len(found.Indexes) != len(p.indexes) {
		return nil
	}
	for i, index := range p.indexes {
		if r := found.Indexes[i]; index != anyIndex && (index < r.From || index > r.To) {
			return nil
		}
	}
	return found
}

// vendorPath matches vendor.PACK.KEY. A key may have dots and single spaces, as those
// of some vendors do.
var vendorPath = regexp.MustCompile(`^vendor\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.[A-Za-z0-9_](?:(?: ?[A-Za-z0-9_.:/@$-])* ?[A-Za-z0-9_])?$`)

func vendorSetting(path string) *Setting {
	if !vendorPath.MatchString(path) {
		return nil
	}
	s := &Setting{Path: path, Type: TextType, Title: path, Group: "vendor"}
	if secret.NameIsSecret(path) {
		s.Type, s.Secret = SecretType, true
	}
	return s
}

// vendorKey returns pack and key of a vendor's own setting.
func vendorKey(path string) (pack, key string, ok bool) {
	rest, ok := strings.CutPrefix(path, vendorPrefix)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ".")
}

// ParameterOfVendorKey returns the path below the root of the CWMP parameter that the key of
// a vendor's own setting names (vendor.PACK.Device.X.Y), empty for a key that names none.
// Either root stands for the one that the device has.
func ParameterOfVendorKey(key string) string {
	for _, root := range []string{"Device.", "InternetGatewayDevice."} {
		if path, ok := strings.CutPrefix(key, root); ok {
			return path
		}
	}
	return ""
}

// below returns the settings whose paths are a shape that ends in an index, and parts
// without further indexes.
func (c *Catalogue) below(shape string) []*Setting { return c.byPrefix[shape] }

// shapePrefixOf returns the part of a shape up to its last index, empty for one
// without.
func shapePrefixOf(shape string) string {
	return shape[:strings.LastIndexByte(shape, '#')+1]
}
