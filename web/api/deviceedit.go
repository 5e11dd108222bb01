package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
)

// NewDevice is the body that adds a device.
type NewDevice struct {
	MAC          string       `json:"mac,omitempty" maxLength:"64"`
	OUI          string       `json:"oui,omitempty" doc:"Six hex digits."`
	ProductClass string       `json:"productClass,omitempty" maxLength:"64"`
	SerialNumber string       `json:"serialNumber,omitempty" maxLength:"64"`
	Model        string       `json:"model,omitempty" maxLength:"64"`
	Tags         []string     `json:"tags,omitempty" nullable:"false"`
	Group        string       `json:"group,omitempty" doc:"Absent takes the group to which the token is limited, else the root."`
	Line         string       `json:"line,omitempty" maxLength:"64" doc:"The number of a line of the group or of one above: account 1 is bound to it."`
	Settings     []SetSetting `json:"settings,omitempty" nullable:"false" maxItems:"2000" doc:"Settings of the device itself."`
	CWMPUsername string       `json:"cwmpUsername,omitempty" writeOnly:"true" doc:"The user name with which the device authenticates; goes with cwmpPassword."`
	CWMPPassword string       `json:"cwmpPassword,omitempty" writeOnly:"true" doc:"Never shown."`
}

var ouiPattern = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)

// device returns the record of the new device, within the scope of the one who
// asks.
func (n *NewDevice) device(s device.Scope) (device.Device, error) {
	d := device.Device{
		ID: device.NewID(), Origin: device.OriginOperator, Tags: n.Tags, Group: n.Group, Model: n.Model, Revision: 1, OnboardingDue: true,
		CWMPIdentity: device.CWMPIdentity{OUI: strings.ToUpper(n.OUI), ProductClass: n.ProductClass, SerialNumber: n.SerialNumber},
	}
	if d.Group == "" {
		d.Group = s.Group
	}
	if n.MAC == "" && d.CWMPIdentity.IsZero() {
		return d, invalid("body", "must have mac, or oui with serialNumber and productClass")
	}
	if err := n.checkIdentity(); err != nil {
		return d, err
	}
	mac, err := checkMAC(n.MAC)
	if err != nil {
		return d, err
	}
	d.MAC = mac
	if err := checkTags(d.Tags); err != nil {
		return d, err
	}
	if err := checkModel(n.Model); err != nil {
		return d, err
	}
	return d, checkOwnGroup(s, d.Group)
}

// checkIdentity checks a CWMP identity (TR-069 A.3.3.1): OUI and SerialNumber
// go together, ProductClass may be empty.
func (n *NewDevice) checkIdentity() error {
	if n.OUI == "" && n.SerialNumber == "" && n.ProductClass == "" {
		return nil
	}
	if !ouiPattern.MatchString(n.OUI) {
		return invalid("body.oui", "must be 6 hex digits")
	}
	if fault := lineFault(n.SerialNumber, 64); fault != "" {
		return invalid("body.serialNumber", fault)
	}
	if n.ProductClass == "" {
		return nil
	}
	if fault := lineFault(n.ProductClass, 64); fault != "" {
		return invalid("body.productClass", fault)
	}
	return nil
}

func checkMAC(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	mac, err := device.ParseMAC(text)
	if err != nil {
		return "", invalid("body.mac", "must have 12 hex digits, not all of them zero")
	}
	return mac, nil
}

func checkModel(text string) error {
	if text == "" {
		return nil
	}
	if fault := lineFault(text, 64); fault != "" {
		return invalid("body.model", fault)
	}
	return nil
}

// checkOwnGroup checks a group that is to be given to a device by somebody of
// that scope.
func checkOwnGroup(s device.Scope, group string) error {
	if err := checkGroup("body.group", group); err != nil {
		return err
	}
	if !inScope(s, group) {
		return invalid("body.group", "must lie within "+s.Group+", to which the one who asks is limited")
	}
	return nil
}

// DevicePatch is the body that changes a device.
type DevicePatch struct {
	Tags         patch[[]string] `json:"tags" required:"false"`
	Group        patch[string]   `json:"group" required:"false"`
	MAC          patch[string]   `json:"mac" required:"false"`
	Model        patch[string]   `json:"model" required:"false"`
	Quarantined  patch[bool]     `json:"quarantined" required:"false" doc:"False approves the device."`
	ClearAlarms  patch[[]string] `json:"clearAlarms" required:"false" writeOnly:"true" doc:"The kinds of alarms to clear."`
	CWMPUsername patch[string]   `json:"cwmpUsername" required:"false" writeOnly:"true" doc:"Replaces the device's credential, with cwmpPassword; null for both removes it."`
	CWMPPassword patch[string]   `json:"cwmpPassword" required:"false" writeOnly:"true" doc:"Never shown."`
}

// patch is one field of a merge patch: absent, null, or a value.
type patch[T any] struct {
	Set, Null bool
	Value     T
}

// UnmarshalJSON notes that the field is there.
func (p *patch[T]) UnmarshalJSON(raw []byte) error {
	p.Set = true
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		p.Null = true
		return nil
	}
	return json.Unmarshal(raw, &p.Value)
}

// Schema implements huma.SchemaProvider: the schema of T, or null.
func (patch[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), true, "")
	s.Nullable = true
	return &s
}

// pointer returns nil for a field that is absent, and the zero value for null.
func (p *patch[T]) pointer() *T {
	if !p.Set {
		return nil
	}
	return &p.Value
}

func (b *DevicePatch) edit(s device.Scope) (device.Edit, error) {
	e := device.Edit{Tags: b.Tags.pointer(), Group: b.Group.pointer(), MAC: b.MAC.pointer(), Model: b.Model.pointer()}
	if b.Quarantined.Set {
		e.Quarantined = &b.Quarantined.Value
	}
	for i, text := range b.ClearAlarms.Value {
		kind := device.AlarmKind(text)
		if !slices.Contains(device.AlarmKinds(), kind) {
			return e, invalid(fmt.Sprintf("body.clearAlarms[%d]", i), "must be a kind of alarm")
		}
		e.ClearAlarms = append(e.ClearAlarms, kind)
	}
	if e.Tags != nil {
		if err := checkTags(*e.Tags); err != nil {
			return e, err
		}
	}
	if e.Group != nil {
		if err := checkOwnGroup(s, *e.Group); err != nil {
			return e, err
		}
	}
	if e.MAC != nil {
		mac, err := checkMAC(*e.MAC)
		if err != nil {
			return e, err
		}
		e.MAC = &mac
	}
	if e.Model != nil {
		return e, checkModel(*e.Model)
	}
	return e, nil
}

// fields names the fields that are changed, for the audit log.
func (b *DevicePatch) fields() string {
	var names []string
	for _, f := range []struct {
		name string
		set  bool
	}{{"tags", b.Tags.Set}, {"group", b.Group.Set}, {"mac", b.MAC.Set}, {"model", b.Model.Set}, {"quarantined", b.Quarantined.Set}, {"clearAlarms", b.ClearAlarms.Set}, {"cwmpUsername", b.CWMPUsername.Set}, {"cwmpPassword", b.CWMPPassword.Set}} {
		if f.set {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}
