package tasks

import (
	"encoding/json"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// passwordAt is a password among arguments: the field that has it in clear and
// the one that keeps it sealed, of which one is empty.
type passwordAt struct {
	clear  *string
	sealed *secret.Sealed
}

// withPasswords are arguments whose secrets are passwords in fields of their own.
type withPasswords interface {
	Args
	passwords() []passwordAt
	mask() any
}

// passwordSealing makes arguments with passwords sealing ones.
type passwordSealing struct{ withPasswords }

func (p passwordSealing) seal(seal sealer) error {
	for _, at := range p.passwords() {
		if *at.clear == "" {
			continue
		}
		sealed, err := seal(*at.clear)
		if err != nil {
			return err
		}
		*at.clear, *at.sealed = "", sealed
	}
	return nil
}

func (p passwordSealing) open(open func(secret.Sealed) (string, error)) error {
	for _, at := range p.passwords() {
		if *at.sealed == "" {
			continue
		}
		plain, err := open(*at.sealed)
		if err != nil {
			return err
		}
		*at.clear, *at.sealed = plain, ""
	}
	return nil
}

func (p passwordSealing) sealed() []*secret.Sealed {
	var all []*secret.Sealed
	for _, at := range p.passwords() {
		all = append(all, at.sealed)
	}
	return all
}

// maskedPassword returns the null that stands for the one password, nil if there
// is none.
func maskedPassword(args withPasswords) json.RawMessage {
	if at := args.passwords()[0]; *at.clear == "" && *at.sealed == "" {
		return nil
	}
	return json.RawMessage("null")
}

// secretsOf returns the arguments as ones that hold secrets; ok is false if they
// hold none.
func secretsOf(args Args) (s sealing, ok bool) {
	if with, ok := args.(withPasswords); ok {
		return passwordSealing{with}, true
	}
	s, ok = args.(sealing)
	return s, ok
}
