package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// storeAddress is the value of --store. It may hold a password: printed in
// whatever way, it shows the address with the password masked.
type storeAddress struct{ address secret.Text }

// newStoreAddress returns the address of a store.
func newStoreAddress(address string) storeAddress {
	return storeAddress{address: secret.NewText(address)}
}

// Reveal returns the address with its password.
func (a storeAddress) Reveal() string { return a.address.Reveal() }

// IsZero reports whether no address was given.
func (a storeAddress) IsZero() bool { return a.address.IsZero() }

// UnmarshalText takes the address from a flag, the environment or a file. It
// takes any: what is wrong with one is said by check, which repeats none of it.
func (a *storeAddress) UnmarshalText(text []byte) error {
	*a = newStoreAddress(string(text))
	return nil
}

// String returns the address with what is secret masked.
func (a storeAddress) String() string { return maskAddress(a.Reveal()) }

// GoString returns what String does.
func (a storeAddress) GoString() string { return a.String() }

// LogValue returns what String does.
func (a storeAddress) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText returns what String does, for YAML and JSON.
func (a storeAddress) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// isMongoDB reports whether the address is one of a MongoDB.
func (a storeAddress) isMongoDB() bool {
	scheme, _, found := strings.Cut(a.Reveal(), "://")
	return found && (scheme == "mongodb" || scheme == "mongodb+srv")
}

// errEscape says what to do about an address whose user and password cannot be
// told from the rest.
var errEscape = errors.New("a user name or password with other characters than letters and digits must be percent-encoded, as @ is %40, / is %2F, : is %3A and % is %25")

// userInfo returns the user in a MongoDB's address; named says whether there is
// one, written whether its password stands there too. The error repeats nothing
// of the address, as the driver's might.
func (a storeAddress) userInfo() (user string, named, written bool, err error) {
	_, rest, _ := strings.Cut(a.Reveal(), "://")
	info, after, named := strings.Cut(rest, "@")
	if !named {
		return "", false, false, nil
	}
	hosts, _, _ := strings.Cut(after, "?")
	user, password, written := strings.Cut(info, ":")
	for _, part := range []string{user, password} {
		if _, err := url.PathUnescape(part); err != nil || strings.ContainsAny(part, ":/?#[]") || strings.Contains(hosts, "@") {
			return "", false, false, errEscape
		}
	}
	return user, true, written, nil
}

// maskAddress masks the password in an address and the options that hold
// secrets. It rather masks too much than too little: an address that was written
// wrongly may hold its password anywhere before its last @.
func maskAddress(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		if user, _, written := strings.Cut(rest[:at], ":"); written {
			rest = user + ":***" + rest[at:]
		}
	}
	before, query, found := strings.Cut(rest, "?")
	if !found {
		return scheme + "://" + rest
	}
	options := strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' })
	for i, option := range options {
		name, _, _ := strings.Cut(option, "=")
		if folded := strings.ToLower(name); strings.Contains(folded, "password") || folded == "authmechanismproperties" {
			options[i] = name + "=***"
		}
	}
	return fmt.Sprintf("%s://%s?%s", scheme, before, strings.Join(options, "&"))
}

// anyAddress finds addresses of a MongoDB inside other text.
var anyAddress = regexp.MustCompile(`mongodb(\+srv)?://[^\n]*`)

// maskAddresses masks every address of a MongoDB in a text, such as an argument
// that stands in the wrong place and is repeated by the error.
func maskAddresses(text string) string {
	return anyAddress.ReplaceAllStringFunc(text, maskAddress)
}
