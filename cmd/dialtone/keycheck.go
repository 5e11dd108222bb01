package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// errWrongKey says that the secrets in a store were sealed with a key that is
// not at hand.
var errWrongKey = errors.New("the secrets key does not fit the store")

const (
	// keyCheckOwner and keyCheckText are what the check value of a store is made
	// of: who opens it has a key that sealed secrets in this store.
	keyCheckOwner = "store"
	keyCheckText  = "dialtone"
)

// newKeyCheck returns a check value of the current key.
func newKeyCheck(k *secret.Keeper) (secret.Sealed, error) {
	check, err := k.Seal(secret.NewText(keyCheckText), keyCheckOwner)
	if err != nil {
		return "", fmt.Errorf("seal the check value: %w", err)
	}
	return check, nil
}

// fits reports whether one of the keys sealed a check value.
func fits(k *secret.Keeper, check secret.Sealed) bool {
	text, err := k.Open(check, keyCheckOwner)
	return err == nil && text.Equal(secret.NewText(keyCheckText))
}

// checkKey returns the check value of a store, which is that of the current key
// if the store had none. It returns an error that wraps errWrongKey and names
// the key file if none of its keys fits.
func checkKey(ctx context.Context, s store.Store, k *secret.Keeper, path string) (secret.Sealed, error) {
	proposed, err := newKeyCheck(k)
	if err != nil {
		return "", err
	}
	check, err := s.KeyCheck(ctx, proposed)
	if err != nil {
		return "", fmt.Errorf("read the check value of the secrets key: %w", err)
	}
	if !fits(k, check) {
		return "", fmt.Errorf("%w: its secrets were sealed with a key that is not in %s; put the key file of the server that sealed them there, or name it with --secrets-key", errWrongKey, path)
	}
	return check, nil
}

// openKeeper loads the key file, or makes one for a store that has no key yet. A
// file that it made and that does not fit is removed again: it would only hide
// that the right one is missing.
func openKeeper(ctx context.Context, s store.Store, o dataOptions) (*secret.Keeper, error) {
	path := o.keyPath()
	keeper, err := secret.Load(path)
	made := errors.Is(err, fs.ErrNotExist)
	if made {
		keeper, err = secret.LoadOrCreate(path)
	}
	if err != nil {
		return nil, fmt.Errorf("secrets key: %w", err)
	}
	_, err = checkKey(ctx, s, keeper, path)
	if errors.Is(err, errWrongKey) && made {
		// After any other error the store may have taken the check value of the new
		// key, which must be kept then.
		return nil, errors.Join(fmt.Errorf("there is no key file %s: %w", path, err), os.Remove(path))
	}
	if err != nil {
		return nil, err
	}
	return keeper, nil
}

// loadKeeper loads the key file of a store that is in use, and checks that it
// fits.
func loadKeeper(ctx context.Context, s store.Store, o dataOptions) (*secret.Keeper, secret.Sealed, error) {
	keeper, err := secret.Load(o.keyPath())
	if err != nil {
		return nil, "", fmt.Errorf("secrets key: %w", err)
	}
	check, err := checkKey(ctx, s, keeper, o.keyPath())
	if err != nil {
		return nil, "", err
	}
	return keeper, check, nil
}
