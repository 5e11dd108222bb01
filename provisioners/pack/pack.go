package pack

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
	"github.com/dialtone-acs/dialtone/provisioners/zone"
)

// Pack is one vendor's pack. It does not change after it was loaded, and is safe for
// concurrent use; nobody may change what it returns.
type Pack struct {
	// Name identifies the pack: a-z, 0-9 and hyphens.
	Name  string
	Title string
	// Vendor is the maker as its phones name themselves, VendorAliases what else they
	// do.
	Vendor        string
	VendorAliases []string
	Version       int
	// OUIs are the first six digits of the vendor's MAC addresses, in lower case.
	OUIs []string
	// Defaults are the settings that the pack declares for all of its models.
	Defaults []provisioners.Entry
	Models   []*Model
	// Files are in the order in which a phone asks.
	Files  []*File
	Static []*Static
	Resync Resync
	// Capabilities are what its phones can do, in words of the manifest.
	Capabilities []string
	// Unsupported are the settings that none of its phones can be given, Restrictions
	// those that some models cannot, or that cannot have some values.
	Unsupported  []string
	Restrictions []Restriction
	// Fallback says that the pack serves devices that speak CWMP and that no other pack
	// serves. It has no files, and one model.
	Fallback bool
	// Mapping says which settings CWMP carries; nil for a pack without cwmp.yaml.
	Mapping *mapping.Mapping

	upperMAC    bool
	userAgents  []*regexp.Regexp
	certificate *manifestCertificate
	content     folder
	// byName has the models by their plain names.
	byName    map[string]*Model
	revision  string
	catalogue *provisioners.Catalogue
	zones     *zone.Table
}

// Model is one model of phone.
type Model struct {
	Name  string
	Title string
	// Aliases are other names that it reports.
	Aliases []string
	// Lines and Keys are how many accounts and keys it has.
	Lines, Keys int
	// ExpansionModules is how many expansion modules it takes, and ExpansionKeys how
	// many keys each of them has at most.
	ExpansionModules, ExpansionKeys int
	// ExpansionModels are those that fit.
	ExpansionModels []string
	// Variables are for the templates and the names of files.
	Variables map[string]string
	Defaults  []provisioners.Entry
	// Golden says that the tests keep what is rendered for it.
	Golden bool

	// unsupported and limits are what the model cannot be given.
	unsupported []string
	limits      []provisioners.ValueLimit
}

// File is a file that phones ask for.
type File struct {
	// Name is the name's pattern, such as "{mac}.cfg".
	Name        string
	Template    string
	Format      Format
	ContentType string
	// Generic files are the same for all phones of a model: they may be given to one
	// that is not known.
	Generic bool
	// Secrets says that it may hold secrets.
	Secrets bool
	// Confirms says that a phone that took it holds its settings.
	Confirms bool
	// Models limits it, as names in which * stands for any text; empty for all.
	Models []string
	// Directory says that it shows the company directory.
	Directory bool

	carriage bool
	maxLine  int
	pattern  *namePattern
	// served are the models that ask for it.
	served  []*Model
	program *program
}

// Static is a file that is given as it is.
type Static struct {
	// Name is the name's pattern.
	Name        string
	ContentType string
	Content     []byte
	pattern     *namePattern
}

// Resync says how a phone is told to ask for its files again.
type Resync struct {
	// Method is "sipNotify", or "none" for phones that cannot be told.
	Method string
	// Event is the header Event of the NOTIFY, Reboot the one after which it restarts.
	Event, Reboot string
}

// Load reads the pack in the folder of that name; "." is the file system's own root. The
// error is Errors if the pack is to blame.
func Load(ctx context.Context, fsys fs.FS, name string, c *provisioners.Catalogue) (*Pack, error) {
	content, err := readFolder(ctx, fsys, name)
	if err != nil {
		return nil, err
	}
	p, err := build(content, c)
	if err != nil {
		return nil, err
	}
	if base := name[strings.LastIndexByte(name, '/')+1:]; base != "." && base != p.Name {
		return nil, Errors{{File: manifestName, Message: "the name is " + p.Name + ", and the folder's is " + base}}
	}
	return p, nil
}

// LoadFiles makes a pack of files by their paths in its folder, with slashes. The caller
// keeps them as they are from then on. The error is Errors if the pack is to blame.
func LoadFiles(files map[string][]byte, c *provisioners.Catalogue) (*Pack, error) {
	content, total := folder{}, 0
	for name, data := range files {
		if !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00\n") {
			return nil, Errors{{Message: fmt.Sprintf("the path %.100q leaves the folder of the pack", name)}}
		}
		if len(data) > MaxFileBytes {
			return nil, Errors{{File: name, Message: fmt.Sprintf("is larger than %d bytes", MaxFileBytes)}}
		}
		total += len(data)
		content[name] = data
	}
	if err := content.bounded(total); err != nil {
		return nil, asErrors(err)
	}
	return build(content, c)
}

// build makes a pack of what its folder holds.
func build(content folder, c *provisioners.Catalogue) (*Pack, error) {
	data, err := content.open(manifestName)
	if err != nil {
		return nil, Errors{{File: manifestName, Message: "a pack needs this file"}}
	}
	m, root, err := parseManifest(data)
	if err != nil {
		return nil, err
	}
	b := &builder{
		manifest: m, root: root, content: content, catalogue: c,
		pack: &Pack{content: content, catalogue: c, revision: content.revision(), zones: zone.NewTable(time.Now)},
	}
	b.all()
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.pack, nil
}

// Revision identifies the pack's content: the SHA-256 of its files, in hex.
func (p *Pack) Revision() string { return p.revision }

// Model returns the model of that name.
func (p *Pack) Model(name string) (*Model, bool) {
	for _, m := range p.Models {
		if m.Name == name {
			return m, true
		}
	}
	return nil, false
}

// Source returns a file of the pack as it is written: the manifest, or a template.
func (p *Pack) Source(name string) ([]byte, bool) {
	data, ok := p.content[name]
	return data, ok
}

// Sources returns the names of all files of the pack, in order.
func (p *Pack) Sources() []string { return p.content.names() }

// Served returns what the pack says of one of its models.
func (p *Pack) Served(m *Model) provisioners.Served {
	return provisioners.Served{
		Pack: p.Name, Model: m.Name, Title: m.Title, Revision: p.revision,
		Lines: m.Lines, Keys: m.Keys, ExpansionModules: m.ExpansionModules, ExpansionKeys: m.ExpansionKeys,
		Variables: m.Variables, Unsupported: m.unsupported, Limits: m.limits,
		Defaults: append(append([]provisioners.Entry{}, p.Defaults...), m.Defaults...),
	}
}

// FilesOf returns the files that a model asks for, in order.
func (p *Pack) FilesOf(m *Model) []*File {
	var all []*File
	for _, f := range p.Files {
		if f.Serves(m) {
			all = append(all, f)
		}
	}
	return all
}

// Serves reports whether the model asks for the file.
func (f *File) Serves(m *Model) bool {
	if len(f.Models) == 0 {
		return true
	}
	for _, pattern := range f.Models {
		if matchesModel(pattern, m.Name) {
			return true
		}
	}
	return false
}

// matchesModel reports whether a name fits a pattern in which * stands for any text,
// whatever the case.
func matchesModel(pattern, name string) bool {
	parts := strings.Split(strings.ToLower(pattern), "*")
	rest, ok := strings.CutPrefix(strings.ToLower(name), parts[0])
	if !ok {
		return false
	}
	for i, part := range parts[1:] {
		if i == len(parts)-2 {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return rest == ""
}
