package pbx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Account is one account as a phone has it.
type Account struct {
	// User is the name that the phone registers as. It must not be empty.
	User string
	// AuthUser is the name of the digest, the User if empty.
	AuthUser    string
	Password    secret.Text
	DisplayName string
	// Number is what others dial, the User if empty.
	Number    string
	Voicemail string
	// Transport is udp, tcp, tls or dns; empty for any.
	Transport string
	// SRTP is off, optional or required.
	SRTP string
	// Codecs are by the names of the catalogue of settings, the best first.
	Codecs []string
	// DTMF is rtp, info or inband.
	DTMF string
	// Group is the path of the phone's group, MAC and Model say which phone it is.
	Group, MAC, Model string
}

// Endpoint is an account as the PBX has it: once, however many phones register as it.
type Endpoint struct {
	Account
	// Phones is how many phones have the account.
	Phones int
	// CallerID is display name and number in the form of Asterisk.
	CallerID string
}

// ConflictError says that two phones give one user different passwords.
type ConflictError struct{ User, MAC, OtherMAC string }

// Error names the user and the phones.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("account %s: phones %s and %s have different passwords for it", e.User, e.OtherMAC, e.MAC)
}

// Endpoints makes endpoints of the accounts of all phones, in order of user: phones that
// share an account make one endpoint, which is the first one's. It returns a
// ConflictError where they differ in password or authentication user, and an error for
// an account that no PBX could be told of.
func Endpoints(accounts []Account) ([]Endpoint, error) {
	byUser := make(map[string]*Endpoint, len(accounts))
	var users []string
	for _, a := range accounts {
		if err := a.check(); err != nil {
			return nil, err
		}
		a.AuthUser, a.Number = orElse(a.AuthUser, a.User), orElse(a.Number, a.User)
		known, ok := byUser[a.User]
		if !ok {
			byUser[a.User] = &Endpoint{Account: a, Phones: 1, CallerID: callerID(a)}
			users = append(users, a.User)
			continue
		}
		if !known.Password.Equal(a.Password) || known.AuthUser != a.AuthUser {
			return nil, &ConflictError{User: a.User, MAC: a.MAC, OtherMAC: known.MAC}
		}
		known.Phones++
	}
	slices.Sort(users)
	endpoints := make([]Endpoint, 0, len(users))
	for _, user := range users {
		endpoints = append(endpoints, *byUser[user])
	}
	return endpoints, nil
}

// check refuses names that would be something else in a configuration file.
func (a Account) check() error {
	for field, value := range map[string]string{"user": a.User, "authUser": a.AuthUser, "number": a.Number, "voicemail": a.Voicemail} {
		if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`[]();,"\<>=`, r) || r == 0x7f }) {
			return fmt.Errorf("account of phone %s: %s holds a character that Asterisk's files cannot have there", a.MAC, field)
		}
	}
	if a.User == "" {
		return fmt.Errorf("account of phone %s: user must not be empty", a.MAC)
	}
	return nil
}

// callerID returns "name" <number>, the name without what would end it.
func callerID(a Account) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"\<>`, r) {
			return -1
		}
		return r
	}, a.DisplayName)
	return `"` + name + `" <` + a.Number + ">"
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
