package tasks

import (
	"encoding/json"
	"fmt"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// SealedArgs are the sealed secrets among the arguments of a task or a bulk
// task, and who they are sealed for.
type SealedArgs struct {
	// Secrets may be replaced; Encode returns the arguments with them then.
	Secrets []*secret.Sealed
	// Owner is the owner for which every one of them is sealed.
	Owner string

	args Args
}

// SealedArgs returns the sealed secrets among the arguments of a task. It
// returns an *ArgumentError for arguments that cannot be read.
func (t *Task) SealedArgs() (SealedArgs, error) {
	return sealedArgs(t.Kind, t.Args, argsOwner(t.ID))
}

// SealedArgs returns the sealed secrets among the arguments of a bulk task; one
// that changes records has none. It returns an *ArgumentError for arguments that
// cannot be read.
func (b *Bulk) SealedArgs() (SealedArgs, error) {
	if b.Edit != nil {
		return SealedArgs{Owner: BulkOwner(b.ID)}, nil
	}
	return sealedArgs(b.Kind, b.Args, BulkOwner(b.ID))
}

func sealedArgs(kind Kind, raw json.RawMessage, owner string) (SealedArgs, error) {
	s := SealedArgs{Owner: owner}
	args, err := kind.decode(raw)
	if err != nil {
		return s, err
	}
	s.args = args
	sealing, ok := secretsOf(args)
	if !ok {
		return s, nil
	}
	for _, sealed := range sealing.sealed() {
		if *sealed != "" {
			s.Secrets = append(s.Secrets, sealed)
		}
	}
	return s, nil
}

// Encode returns the arguments as they are stored.
func (s SealedArgs) Encode() (json.RawMessage, error) {
	raw, err := json.Marshal(s.args)
	if err != nil {
		return nil, fmt.Errorf("encode arguments: %w", err)
	}
	return raw, nil
}

func sealedSettings(settings []ParameterSetting) []*secret.Sealed {
	all := make([]*secret.Sealed, 0, len(settings))
	for i := range settings {
		all = append(all, &settings[i].Sealed)
	}
	return all
}
