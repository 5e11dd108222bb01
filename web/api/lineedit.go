package api

import (
	"errors"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// maxPassword bounds the password of a line in bytes.
const maxPassword = 256

// NewLine is the body that adds a line.
type NewLine struct {
	Group       *string `json:"group,omitempty" maxLength:"256" doc:"Absent takes the group to which the one who asks is limited, else the root."`
	Number      string  `json:"number" minLength:"1" maxLength:"64" doc:"Digits, * and #, + at its beginning."`
	User        string  `json:"user,omitempty" maxLength:"128"`
	AuthUser    string  `json:"authUser,omitempty" maxLength:"128"`
	Password    string  `json:"password,omitempty" maxLength:"256" writeOnly:"true" doc:"Never shown; auto makes one."`
	DisplayName string  `json:"displayName,omitempty" maxLength:"128"`
	Label       string  `json:"label,omitempty" maxLength:"128"`
	Voicemail   string  `json:"voicemail,omitempty" maxLength:"64"`
	Listed      bool    `json:"listed,omitempty" doc:"Company directories show it."`
}

// newLine returns the line of a body, within the scope of the one who asks.
func (a *API) newLine(s device.Scope, b *NewLine) (provisioners.Line, error) {
	group := s.Group
	if b.Group != nil {
		group = *b.Group
	}
	l := provisioners.Line{
		LineKey: provisioners.LineKey{Group: group, Number: b.Number}, User: b.User, AuthUser: b.AuthUser, DisplayName: b.DisplayName,
		Label: b.Label, Voicemail: b.Voicemail, Listed: b.Listed,
	}
	if err := checkOwnGroup(s, group); err != nil {
		return l, err
	}
	if err := checkLine(l); err != nil {
		return l, err
	}
	var err error
	l.Password, err = a.linePassword(l.LineKey, b.Password)
	return l, err
}

func checkLine(l provisioners.Line) error {
	err := provisioners.CheckLine(l)
	var many provisioners.SettingErrors
	if !errors.As(err, &many) {
		return err
	}
	var places []FieldError
	for _, e := range many {
		places = append(places, FieldError{Location: "body." + e.Path, Message: settingMessage(e)})
	}
	return invalidSettings(places)
}

// linePassword seals the password of a line, or a new one for auto.
func (a *API) linePassword(key provisioners.LineKey, given string) (secret.Sealed, error) {
	plain := secret.NewText(given)
	if given == autoSecret {
		plain = secret.RandomText(provisioners.GeneratedLength)
	}
	if given == "" {
		return "", nil
	}
	if len(given) > maxPassword || !printable(given) {
		return "", invalid("body.password", "must be printable and have at most 256 bytes")
	}
	return a.Sealer.Seal(plain, key.Owner())
}

func printable(text string) bool { return lineFault("x"+text+"x", maxPassword+2) == "" }

// LinePatch is the body that changes a line.
type LinePatch struct {
	User        patch[string] `json:"user" required:"false"`
	AuthUser    patch[string] `json:"authUser" required:"false"`
	Password    patch[string] `json:"password" required:"false" writeOnly:"true" doc:"Never shown; auto makes one, null removes it."`
	DisplayName patch[string] `json:"displayName" required:"false"`
	Label       patch[string] `json:"label" required:"false"`
	Voicemail   patch[string] `json:"voicemail" required:"false"`
	Listed      patch[bool]   `json:"listed" required:"false"`
}

// patchedLine returns the line after the change.
func (a *API) patchedLine(l provisioners.Line, b *LinePatch) (provisioners.Line, error) {
	for _, f := range []struct {
		patch *patch[string]
		into  *string
	}{{&b.User, &l.User}, {&b.AuthUser, &l.AuthUser}, {&b.DisplayName, &l.DisplayName}, {&b.Label, &l.Label}, {&b.Voicemail, &l.Voicemail}} {
		if f.patch.Set {
			*f.into = f.patch.Value
		}
	}
	if b.Listed.Set {
		l.Listed = b.Listed.Value
	}
	if b.Password.Set {
		sealed, err := a.linePassword(l.LineKey, b.Password.Value)
		if err != nil {
			return l, err
		}
		l.Password = sealed
	}
	return l, checkLine(l)
}

// auditedLine returns what the audit log compares of a line, the password masked,
// another way where the change gave it.
func auditedLine(l provisioners.Line, given bool) map[string]any {
	fields := map[string]any{
		"user": l.User, "authUser": l.AuthUser, "displayName": l.DisplayName, "label": l.Label, "voicemail": l.Voicemail, "listed": l.Listed,
	}
	switch {
	case l.Password == "":
	case given:
		fields["password"] = masked + " (given)"
	default:
		fields["password"] = masked
	}
	return fields
}
