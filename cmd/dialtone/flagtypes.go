package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users"
)

// byteSize is a number of bytes that may be written with a unit: 500MB, 2GB.
type byteSize int64

// UnmarshalText reads a size.
func (b *byteSize) UnmarshalText(text []byte) error {
	digits := strings.TrimSpace(strings.ToUpper(string(text)))
	factor := int64(1)
	for _, unit := range []struct {
		suffix string
		factor int64
	}{{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(digits, unit.suffix); ok {
			digits, factor = strings.TrimSpace(rest), unit.factor
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || n > (1<<62)/factor {
		return fmt.Errorf("%q is no size: expected a number with B, KB, MB or GB", text)
	}
	*b = byteSize(n * factor)
	return nil
}

// String returns the size with its largest whole unit.
func (b byteSize) String() string {
	for _, unit := range []struct {
		suffix string
		factor byteSize
	}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}} {
		if b >= unit.factor && b%unit.factor == 0 {
			return strconv.FormatInt(int64(b/unit.factor), 10) + unit.suffix
		}
	}
	return strconv.FormatInt(int64(b), 10)
}

// secretFlag is a flag whose value is never shown.
type secretFlag struct{ secret.Text }

// UnmarshalText takes the secret.
func (s *secretFlag) UnmarshalText(text []byte) error {
	s.Text = secret.NewText(string(text))
	return nil
}

// plain returns a flag's value as the configuration file writes it.
func plain(value any) any {
	switch value := value.(type) {
	case []netip.Prefix:
		texts := make([]string, 0, len(value))
		for _, p := range value {
			texts = append(texts, p.String())
		}
		return texts
	case map[string]string:
		return value
	default:
		return fmt.Sprint(value)
	}
}

// roleFlag is the name of a role. That there is such a role is the store's to say.
type roleFlag users.Role

// UnmarshalText refuses what cannot be the name of a role.
func (r *roleFlag) UnmarshalText(text []byte) error {
	role, err := users.ParseRole(string(text))
	if err != nil {
		return err
	}
	*r = roleFlag(role)
	return nil
}

// namingRole says that an error is about --role, if it is.
func namingRole(err error) error {
	if errors.Is(err, users.ErrRole) || errors.Is(err, users.ErrScope) {
		return fmt.Errorf("--role: %w", err)
	}
	return err
}
