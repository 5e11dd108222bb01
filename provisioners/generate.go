package provisioners

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

const (
	// GeneratedLength is how many characters a generated secret has: 92 bits, and short
	// enough for every phone.
	GeneratedLength = 16
	// generateAttempts is how often a level is written that others write too.
	generateAttempts = 10
	// generatedBy is who changed a level of generated secrets.
	generatedBy = "dialtone"
)

// generate makes the secrets that are missing, once: where another node made one
// meanwhile, that one counts. It returns the level with all of them.
func (r *Resolver) generate(ctx context.Context, level Level, missing []string) (Level, error) {
	return r.editGenerated(ctx, level, func(entries []Entry) ([]Entry, error) {
		for _, path := range missing {
			if slices.ContainsFunc(entries, func(e Entry) bool { return e.Path == path }) {
				continue
			}
			made, err := r.newSecret(level.Key, path)
			if err != nil {
				return nil, err
			}
			entries = append(entries, made)
		}
		return entries, nil
	})
}

// RenewSecrets replaces secrets that were generated for a device by new ones: those of
// the given paths, all without. It returns the paths that were renewed, which are
// those for which a secret had been made, and the errors of the store.
func (r *Resolver) RenewSecrets(ctx context.Context, id device.ID, paths ...string) ([]string, error) {
	key := LevelKey{GeneratedLevel, string(id)}
	level, err := r.readGenerated(ctx, key)
	if err != nil {
		return nil, err
	}
	var renewed []string
	_, err = r.editGenerated(ctx, level, func(entries []Entry) ([]Entry, error) {
		renewed = nil
		for i := range entries {
			if path := entries[i].Path; len(paths) == 0 || slices.Contains(paths, path) {
				made, err := r.newSecret(key, path)
				if err != nil {
					return nil, err
				}
				entries[i] = made
				renewed = append(renewed, path)
			}
		}
		return entries, nil
	})
	return renewed, err
}

func (r *Resolver) newSecret(key LevelKey, path string) (Entry, error) {
	sealed, err := r.options.Keeper.Seal(secret.RandomText(GeneratedLength), key.Owner(path))
	if err != nil {
		return Entry{}, fmt.Errorf("seal the generated secret %s: %w", path, err)
	}
	return Entry{Path: path, Sealed: sealed}, nil
}

func (r *Resolver) readGenerated(ctx context.Context, key LevelKey) (Level, error) {
	levels, err := r.options.Levels.Levels(ctx, []LevelKey{key})
	if err != nil {
		return Level{}, fmt.Errorf("read the generated secrets: %w", err)
	}
	if len(levels) == 0 {
		return Level{Key: key}, nil
	}
	return levels[0], nil
}

// editGenerated stores what edit makes of the entries of a level, again and again
// until nobody else changed it meanwhile.
func (r *Resolver) editGenerated(ctx context.Context, level Level, edit func([]Entry) ([]Entry, error)) (Level, error) {
	for range generateAttempts {
		entries, err := edit(slices.Clone(level.Entries))
		if err != nil {
			return Level{}, err
		}
		if slices.EqualFunc(entries, level.Entries, func(a, b Entry) bool { return a.Path == b.Path && a.Sealed == b.Sealed }) {
			return level, nil
		}
		changed := level
		changed.Entries, changed.UpdatedAt, changed.UpdatedBy = entries, r.options.Now().UTC(), generatedBy
		SortEntries(changed.Entries)
		stored, err := r.options.Levels.PutLevel(ctx, changed)
		if err == nil {
			return stored, nil
		}
		if !errors.Is(err, ErrConflict) {
			return Level{}, fmt.Errorf("store generated secrets: %w", err)
		}
		if level, err = r.readGenerated(ctx, level.Key); err != nil {
			return Level{}, err
		}
	}
	return Level{}, fmt.Errorf("store generated secrets of %s: %w", level.Key.ID, ErrConflict)
}
