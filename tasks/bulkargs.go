package tasks

import (
	"encoding/json"
	"fmt"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// BulkOwner is the owner for which the secrets among the arguments of a bulk
// task are sealed.
func BulkOwner(id ID) string { return "bulk/" + string(id) }

// sealed returns the arguments as they are stored.
func (r *BulkRunner) sealed(id ID, args Args) (json.RawMessage, error) {
	if args == nil {
		return nil, nil
	}
	if s, ok := secretsOf(args); ok {
		err := s.seal(func(plain string) (secret.Sealed, error) { return r.Keeper.Seal(secret.NewText(plain), BulkOwner(id)) })
		if err != nil {
			return nil, fmt.Errorf("seal arguments: %w", err)
		}
	}
	return json.Marshal(args)
}

// opened returns the arguments as they are given to Enqueue, nil for an edit.
func (r *BulkRunner) opened(b Bulk) (json.RawMessage, error) {
	if b.Edit != nil {
		return nil, nil
	}
	args, err := b.Kind.decode(b.Args)
	if err != nil {
		return nil, err
	}
	if s, ok := secretsOf(args); ok {
		err := s.open(func(sealed secret.Sealed) (string, error) {
			plain, err := r.Keeper.Open(sealed, BulkOwner(b.ID))
			if err != nil {
				return "", err
			}
			return plain.Reveal(), nil
		})
		if err != nil {
			return nil, fmt.Errorf("open arguments: %w", err)
		}
	}
	return json.Marshal(args)
}
