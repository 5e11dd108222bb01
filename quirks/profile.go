package quirks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/declared"
)

// Profile is what is known of some devices.
type Profile struct {
	// ID names the profile: that of a declared.Document, or of a built-in one, which
	// begins with its maker, such as "grandstream-values".
	ID string `json:"-"`
	// BuiltIn says that it came with the program.
	BuiltIn bool `json:"-"`
	// Name says in a few words what the devices do, Why where that is known from.
	Name string `json:"name"`
	Why  string `json:"why,omitempty"`
	// Disabled turns the profile off. An operator's profile with the ID of a built-in
	// one stands in its place, so that this turns off a built-in one too.
	Disabled bool `json:"disabled,omitempty"`
	// Priority orders profiles that match the same device and say the same field: the
	// greater wins. Built-in ones have 0.
	Priority int `json:"priority,omitempty"`
	// Devices says which devices it is for.
	Devices Devices `json:"devices"`
	// Behaviour is what it says.
	Behaviour Behaviour `json:"behaviour"`

	// said are the fields of Behaviour that are in the JSON.
	said []string
}

// Devices selects devices by patterns (Match); an empty one matches all. At least
// one is given.
type Devices struct {
	Manufacturer    string `json:"manufacturer,omitempty"`
	OUI             string `json:"oui,omitempty"`
	ProductClass    string `json:"productClass,omitempty"`
	SoftwareVersion string `json:"softwareVersion,omitempty"`
}

// Subject is a device as far as profiles look at it.
type Subject Devices

// matches reports whether the devices include the subject.
func (d *Devices) matches(s Subject) bool {
	for _, f := range [][2]string{{d.Manufacturer, s.Manufacturer}, {d.OUI, s.OUI}, {d.ProductClass, s.ProductClass}, {d.SoftwareVersion, s.SoftwareVersion}} {
		if f[0] != "" && !Match(f[0], f[1]) {
			return false
		}
	}
	return true
}

// FieldError says which field of a profile is wrong and what was expected.
type FieldError struct {
	// Field is the path of the field in the JSON, such as "devices.oui".
	Field   string
	Message string
}

// Error returns field and message.
func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

// Bounds of a profile.
const (
	maxText     = 500
	maxPattern  = 256
	maxPatterns = 100
)

// ParseProfile reads the JSON of a profile. It returns a *FieldError for an unknown
// field, a field of the wrong type, or a value that cannot be.
func ParseProfile(id string, body json.RawMessage) (Profile, error) {
	p := Profile{ID: id}
	if err := declared.CheckID(id); err != nil {
		return p, &FieldError{"id", err.Error()}
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return p, decodeError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return p, &FieldError{"body", "must be one JSON object"}
	}
	if err := p.check(); err != nil {
		return p, err
	}
	said, err := saidFields(body)
	p.said = said
	return p, err
}

func decodeError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return &FieldError{wrong.Field, "must not be " + wrong.Value}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &FieldError{strings.Trim(name, `"`), "is not a field of a quirk profile"}
	}
	return &FieldError{"body", "must be a JSON object"}
}

// saidFields returns the names of the fields of the behaviour in order.
func saidFields(body json.RawMessage) ([]string, error) {
	var raw struct {
		Behaviour map[string]json.RawMessage `json:"behaviour"`
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, decodeError(err)
	}
	var names []string
	for name := range raw.Behaviour {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

func (p *Profile) check() error {
	if p.Name == "" || len(p.Name) > maxText {
		return &FieldError{"name", fmt.Sprintf("must have 1 to %d bytes", maxText)}
	}
	if len(p.Why) > maxText {
		return &FieldError{"why", fmt.Sprintf("must have at most %d bytes", maxText)}
	}
	if p.Priority < -1000 || p.Priority > 1000 {
		return &FieldError{"priority", "must be between -1000 and 1000"}
	}
	if p.Devices == (Devices{}) {
		return &FieldError{"devices", "must have at least one of manufacturer, oui, productClass, softwareVersion"}
	}
	for field, pattern := range map[string]string{"manufacturer": p.Devices.Manufacturer, "oui": p.Devices.OUI, "productClass": p.Devices.ProductClass, "softwareVersion": p.Devices.SoftwareVersion} {
		if len(pattern) > maxPattern {
			return &FieldError{"devices." + field, fmt.Sprintf("must have at most %d bytes", maxPattern)}
		}
	}
	return p.Behaviour.check()
}

func (b *Behaviour) check() error {
	for field, n := range map[string][2]int{
		"getParameterValuesNames": {b.GetParameterValuesNames, 2000}, "setParameterValuesParameters": {b.SetParameterValuesParameters, 2000},
		"sessionTimeout": {b.SessionTimeout, 900},
	} {
		if n[0] < 0 || n[0] > n[1] {
			return &FieldError{"behaviour." + field, fmt.Sprintf("must be between 0 and %d", n[1])}
		}
	}
	for field, list := range map[string][]string{"rootBranches": b.RootBranches, "wholeBranches": b.WholeBranches, "ignoredParameters": b.IgnoredParameters, "lacks": b.Lacks} {
		if err := checkPatterns("behaviour."+field, list); err != nil {
			return err
		}
	}
	for i, branch := range b.RootBranches {
		if !strings.HasSuffix(branch, ".") || strings.Contains(branch, "*") {
			return &FieldError{fmt.Sprintf("behaviour.rootBranches[%d]", i), "must be an object below the root, with its final dot"}
		}
	}
	for i, code := range b.BusyFaults {
		if code < 9000 || code > 9899 || i >= maxPatterns {
			return &FieldError{fmt.Sprintf("behaviour.busyFaults[%d]", i), "must be a fault code of a device, 9000 to 9899"}
		}
	}
	return b.checkTypes()
}

func (b *Behaviour) checkTypes() error {
	if len(b.Types) > maxPatterns {
		return &FieldError{"behaviour.types", fmt.Sprintf("must have at most %d patterns", maxPatterns)}
	}
	known := []string{"xsd:string", "xsd:int", "xsd:unsignedInt", "xsd:long", "xsd:unsignedLong", "xsd:boolean", "xsd:dateTime", "xsd:base64", "xsd:hexBinary", "xsd:decimal"}
	for pattern, t := range b.Types {
		if !slices.Contains(known, t) {
			return &FieldError{"behaviour.types." + pattern, "must be one of " + strings.Join(known, ", ")}
		}
	}
	return nil
}

func checkPatterns(field string, list []string) error {
	if len(list) > maxPatterns {
		return &FieldError{field, fmt.Sprintf("must have at most %d entries", maxPatterns)}
	}
	for i, p := range list {
		if p == "" || len(p) > maxPattern {
			return &FieldError{fmt.Sprintf("%s[%d]", field, i), fmt.Sprintf("must have 1 to %d bytes", maxPattern)}
		}
	}
	return nil
}

// Said returns the fields of the behaviour that the profile says, by their JSON names,
// those that it says to be as by the book included.
func (p *Profile) Said() (map[string]any, error) {
	text, err := json.Marshal(p.Behaviour)
	if err != nil {
		return nil, fmt.Errorf("encode behaviour: %w", err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("decode behaviour: %w", err)
	}
	for _, name := range p.said {
		if _, ok := fields[name]; !ok {
			fields[name] = zeroField(name)
		}
	}
	return fields, nil
}

// zeroField returns the zero value of the field with that JSON name.
func zeroField(name string) any {
	t := reflect.TypeFor[Behaviour]()
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag == name {
			return reflect.Zero(t.Field(i).Type).Interface()
		}
	}
	return nil
}
