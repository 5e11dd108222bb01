package main

import (
	"fmt"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// sealedValue is one sealed secret in a record.
type sealedValue struct {
	sealed *secret.Sealed
	owner  string
}

// sealedIn returns the sealed secrets of a record: the one place that knows
// where all of them are. Whoever replaces one calls done after it.
func sealedIn(r *store.Record) (all []sealedValue, done func() error, err error) {
	done = func() error { return nil }
	switch {
	case r.Device != nil:
		owner := device.ConnectionRequestOwner(r.Device.ID)
		all = append(all, sealedValue{&r.Device.ConnectionRequest.Password, owner}, sealedValue{&r.Device.ConnectionRequest.PendingPassword, owner})
	case r.Parameters != nil:
		for i := range r.Parameters.Parameters {
			p := &r.Parameters.Parameters[i]
			if p.Sealed != "" {
				all = append(all, sealedValue{&p.Sealed, device.ParameterOwner(r.Parameters.Device, p.Path)})
			}
		}
	case r.Credential != nil:
		all = append(all, sealedValue{&r.Credential.Password, device.CredentialOwner(r.Credential.Username)})
	case r.Task != nil:
		args, err := r.Task.SealedArgs()
		if err != nil {
			return nil, nil, fmt.Errorf("arguments of task %s: %w", r.Task.ID, err)
		}
		all = sealedArgs(args)
		done = func() (err error) { r.Task.Args, err = args.Encode(); return err }
	case r.Bulk != nil:
		args, err := r.Bulk.SealedArgs()
		if err != nil {
			return nil, nil, fmt.Errorf("arguments of bulk task %s: %w", r.Bulk.ID, err)
		}
		all = sealedArgs(args)
		done = func() (err error) { r.Bulk.Args, err = args.Encode(); return err }
	case r.User != nil:
		owner := users.SecondFactorOwner(r.User.Name)
		for _, sealed := range []*secret.Sealed{&r.User.SecondFactor.Key, &r.User.SecondFactor.Pending} {
			if *sealed != "" {
				all = append(all, sealedValue{sealed, owner})
			}
		}
	case r.Declared != nil && r.Declared.Kind == declared.SharedCredential:
		password, err := access.SharedPassword(r.Declared.Body)
		if err != nil {
			return nil, nil, fmt.Errorf("shared credential %s: %w", r.Declared.ID, err)
		}
		all = append(all, sealedValue{&password, access.SharedCredentialOwner(r.Declared.ID)})
		done = func() (err error) {
			r.Declared.Body, err = access.WithSharedPassword(r.Declared.Body, password)
			return err
		}
	case r.Level != nil:
		for i := range r.Level.Entries {
			if e := &r.Level.Entries[i]; e.Sealed != "" {
				all = append(all, sealedValue{&e.Sealed, r.Level.Key.Owner(e.Path)})
			}
		}
	case r.Line != nil && r.Line.Password != "":
		all = append(all, sealedValue{&r.Line.Password, r.Line.Owner()})
	}
	return all, done, nil
}

func sealedArgs(args tasks.SealedArgs) []sealedValue {
	var all []sealedValue
	for _, sealed := range args.Secrets {
		all = append(all, sealedValue{sealed, args.Owner})
	}
	return all
}

// resealer seals anew, with the current key, what was sealed with an older one.
type resealer struct{ keeper *secret.Keeper }

// change is for Copier.Rewrite. What cannot be opened stays as it is: the survey
// afterwards names it.
func (r resealer) change(record *store.Record) (changed bool, err error) {
	all, done, err := sealedIn(record)
	if err != nil {
		return false, nil
	}
	for _, v := range all {
		if r.keeper.Current(*v.sealed) {
			continue
		}
		plain, err := r.keeper.Open(*v.sealed, v.owner)
		if err != nil {
			continue
		}
		anew, err := r.keeper.Seal(plain, v.owner)
		if err != nil {
			return false, fmt.Errorf("seal for %s: %w", v.owner, err)
		}
		*v.sealed, changed = anew, true
	}
	if !changed {
		return false, nil
	}
	return true, done()
}
