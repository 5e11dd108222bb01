package access

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// SharedCredential is a user name and password that many devices have, from their
// maker or from a provisioning server, for first contact and after a factory reset.
type SharedCredential struct {
	// ID is that of the document.
	ID string `json:"-"`
	// Name is for people; at most 100 characters, and may be empty.
	Name     string `json:"name,omitempty"`
	Username string `json:"username"`
	// Password is sealed for SharedCredentialOwner(ID).
	Password secret.Sealed `json:"password"`
	Enabled  bool          `json:"enabled"`
	// Rule is the ID of the rule under which it counts; empty for every rule.
	Rule string `json:"rule,omitempty"`
	// Listeners and Filter limit it as those of a Rule do.
	Listeners []string `json:"listeners,omitempty"`
	Filter    string   `json:"filter,omitempty"`

	filter filter
}

// SharedCredentialOwner is the owner for which the password of a shared credential
// is sealed.
func SharedCredentialOwner(id string) string { return "sharedCredential/" + id }

// ParseSharedCredential reads the body of a declared.SharedCredential, whose password
// is sealed. It returns a *FieldError for what cannot be.
func ParseSharedCredential(body json.RawMessage) (SharedCredential, error) {
	c := SharedCredential{Enabled: true}
	if err := decode(body, &c); err != nil {
		return SharedCredential{}, err
	}
	if err := CheckUsername(c.Username); err != nil {
		return SharedCredential{}, err
	}
	switch {
	case c.Password == "":
		return SharedCredential{}, wrong("password", "must be given")
	case c.Name != "" && (!printable(c.Name) || len([]rune(c.Name)) > maxName):
		return SharedCredential{}, wrong("name", "must have at most %d printable characters", maxName)
	case len(c.Rule) > 64:
		return SharedCredential{}, wrong("rule", "must be the ID of a rule")
	}
	if err := checkListeners(c.Listeners); err != nil {
		return SharedCredential{}, err
	}
	if err := checkFilter(c.Filter); err != nil {
		return SharedCredential{}, err
	}
	var err error
	c.filter, err = parseFilter(c.Filter)
	return c, err
}

// CheckUsername returns a *FieldError for what cannot be the user name of a device
// (ManagementServer.Username, TR-181).
func CheckUsername(username string) error {
	if username == "" || utf8.RuneCountInString(username) > digest.MaxUsername || !printable(username) || strings.Contains(username, ":") {
		return wrong("username", "must have 1 to %d printable characters and no colon", digest.MaxUsername)
	}
	return nil
}

// CheckPassword returns a *FieldError for what cannot be the password of a device, in
// clear (ManagementServer.Password, TR-181).
func CheckPassword(password string) error {
	if password == "" || utf8.RuneCountInString(password) > digest.MaxUsername || strings.ContainsFunc(password, unicode.IsControl) {
		return wrong("password", "must have 1 to %d characters without control characters", digest.MaxUsername)
	}
	return nil
}

// SharedPassword returns the sealed password in the body of a shared credential, ""
// if there is none.
func SharedPassword(body json.RawMessage) (secret.Sealed, error) {
	var c struct{ Password secret.Sealed }
	if err := json.Unmarshal(body, &c); err != nil {
		return "", wrong("", "must be a JSON object")
	}
	return c.Password, nil
}

// WithSharedPassword returns the body of a shared credential with another sealed
// password, and else as it was.
func WithSharedPassword(body json.RawMessage, sealed secret.Sealed) (json.RawMessage, error) {
	fields := make(map[string]json.RawMessage)
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, wrong("", "must be a JSON object")
	}
	encoded, err := json.Marshal(sealed)
	if err != nil {
		return nil, err
	}
	fields["password"] = encoded
	return json.Marshal(fields)
}
