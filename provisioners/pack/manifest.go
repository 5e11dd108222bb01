package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// manifestName is the file that describes a pack.
const manifestName = "pack.yaml"

// maxManifestBytes bounds the manifest.
const maxManifestBytes = 256 << 10

// manifest is pack.yaml as it is written.
type manifest struct {
	Name          string                `yaml:"name"`
	Title         string                `yaml:"title"`
	Vendor        string                `yaml:"vendor"`
	VendorAliases []string              `yaml:"vendorAliases"`
	Version       int                   `yaml:"version"`
	MACCase       string                `yaml:"macCase"`
	OUIs          []string              `yaml:"ouis"`
	UserAgents    []string              `yaml:"userAgents"`
	Certificate   *manifestCertificate  `yaml:"certificate"`
	Defaults      map[string]yaml.Node  `yaml:"defaults"`
	Models        []manifestModel       `yaml:"models"`
	Files         []manifestFile        `yaml:"files"`
	Static        []manifestStatic      `yaml:"static"`
	Resync        manifestResync        `yaml:"resync"`
	Capabilities  []string              `yaml:"capabilities"`
	Fallback      bool                  `yaml:"fallback"`
	Unsupported   []manifestUnsupported `yaml:"unsupported"`
}

type manifestCertificate struct {
	Model  string `yaml:"model"`
	Serial string `yaml:"serial"`
	MAC    string `yaml:"mac"`
}

type manifestModel struct {
	Name       string               `yaml:"name"`
	Title      string               `yaml:"title"`
	Aliases    []string             `yaml:"aliases"`
	Lines      int                  `yaml:"lines"`
	Keys       int                  `yaml:"keys"`
	Expansions manifestExpansions   `yaml:"expansions"`
	Variables  map[string]string    `yaml:"variables"`
	Defaults   map[string]yaml.Node `yaml:"defaults"`
	Golden     bool                 `yaml:"golden"`
}

type manifestExpansions struct {
	Modules int      `yaml:"modules"`
	Keys    int      `yaml:"keys"`
	Models  []string `yaml:"models"`
}

type manifestFile struct {
	Name        string   `yaml:"name"`
	Template    string   `yaml:"template"`
	Format      string   `yaml:"format"`
	ContentType string   `yaml:"contentType"`
	Generic     bool     `yaml:"generic"`
	Secrets     bool     `yaml:"secrets"`
	Confirms    bool     `yaml:"confirms"`
	Models      []string `yaml:"models"`
	Directory   bool     `yaml:"directory"`
	Newline     string   `yaml:"newline"`
	MaxLine     int      `yaml:"maxLine"`
}

type manifestStatic struct {
	Name        string `yaml:"name"`
	Source      string `yaml:"source"`
	ContentType string `yaml:"contentType"`
}

type manifestResync struct {
	Method string `yaml:"method"`
	Event  string `yaml:"event"`
	Reboot string `yaml:"reboot"`
}

// manifestUnsupported is a path, or a mapping that limits it to models or values.
type manifestUnsupported struct {
	Path   string   `yaml:"path"`
	Values []string `yaml:"values"`
	Only   []string `yaml:"only"`
	Models []string `yaml:"models"`
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (u *manifestUnsupported) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&u.Path)
	}
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: expected a path, or a mapping with one", node.Line)
	}
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains([]string{"path", "values", "only", "models"}, key.Value) {
			return fmt.Errorf("line %d: unknown key %q", key.Line, key.Value)
		}
	}
	// Without its method the type is decoded as any other.
	type plain manifestUnsupported
	return node.Decode((*plain)(u))
}

// parseManifest reads pack.yaml strictly. The node is the document's, for the lines of
// what is found wrong later.
func parseManifest(data []byte) (*manifest, *yaml.Node, error) {
	if len(data) > maxManifestBytes {
		return nil, nil, Errors{{File: manifestName, Message: fmt.Sprintf("is larger than %d bytes", maxManifestBytes)}}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, nil, yamlErrors(err)
	}
	var m manifest
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
		return nil, nil, Errors{{File: manifestName, Line: 1, Message: "is empty"}}
	} else if err != nil {
		return nil, nil, yamlErrors(err)
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, nil, Errors{{File: manifestName, Message: "holds more than one document"}}
	}
	return &m, &root, nil
}

// The messages of the YAML reader.
var (
	yamlLine    = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s*)?line (\d+): (.*)$`)
	yamlUnknown = regexp.MustCompile(`^field (\S+) not found in type \S+$`)
	yamlType    = regexp.MustCompile("^cannot unmarshal !!(\\S+)( `[^`]*`)? into (.*)$")
)

// yamlErrors returns what the YAML reader found wrong.
func yamlErrors(err error) error {
	messages := []string{err.Error()}
	var types *yaml.TypeError
	if errors.As(err, &types) {
		messages = types.Errors
	}
	var found problems
	for _, message := range messages {
		line := 0
		if parts := yamlLine.FindStringSubmatch(message); parts != nil {
			line, _ = strconv.Atoi(parts[1])
			message = parts[2]
		}
		found.addf(manifestName, line, "%s", plainYAML(message))
	}
	return found.err()
}

// plainYAML says in words of the manifest what the YAML reader says in words of Go.
func plainYAML(message string) string {
	if parts := yamlUnknown.FindStringSubmatch(message); parts != nil {
		return fmt.Sprintf("unknown key %q", parts[1])
	}
	if parts := yamlType.FindStringSubmatch(message); parts != nil {
		return fmt.Sprintf("expected %s, got %s%s", expectedType(parts[3]), parts[1], parts[2])
	}
	return strings.TrimPrefix(message, "yaml: ")
}

func expectedType(name string) string {
	switch {
	case name == "int":
		return "a whole number"
	case name == "bool":
		return "true or false"
	case name == "string":
		return "a text"
	case strings.HasPrefix(name, "[]"):
		return "a list"
	default:
		return "keys with values"
	}
}

// lineOf returns the line of what the steps lead to, or of the last step that exists: a
// step is a key of a mapping, or an index of a list.
func lineOf(node *yaml.Node, steps ...any) int {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if len(steps) == 0 {
		return node.Line
	}
	switch step := steps[0].(type) {
	case int:
		if node.Kind == yaml.SequenceNode && step < len(node.Content) {
			return lineOf(node.Content[step], steps[1:]...)
		}
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value != step {
				continue
			}
			if len(steps) == 1 {
				return node.Content[i].Line
			}
			return lineOf(node.Content[i+1], steps[1:]...)
		}
	}
	return node.Line
}
