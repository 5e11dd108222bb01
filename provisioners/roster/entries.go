package roster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// mergeLevel adds entries to the level of that key and stores it unless nothing changed
// or it is a dry run. A conflict with somebody else's change is met by trying again.
func (s *Service) mergeLevel(ctx context.Context, key provisioners.LevelKey, row int, entries []Entry, how How) (changed bool, wrong []*RowError, err error) {
	const attempts = 5
	for range attempts {
		level, err := s.level(ctx, key)
		if err != nil {
			return false, nil, err
		}
		changed, wrong, err = s.merge(&level, row, entries)
		if err != nil || len(wrong) > 0 || !changed || how.DryRun {
			return changed, wrong, err
		}
		level.UpdatedAt, level.UpdatedBy = s.o.Now(), how.By
		_, err = s.o.Levels.PutLevel(ctx, level)
		if err == nil {
			return true, nil, nil
		}
		if !errors.Is(err, provisioners.ErrConflict) {
			return false, nil, fmt.Errorf("store level: %w", err)
		}
	}
	return false, nil, fmt.Errorf("store level: %w, %d times", provisioners.ErrConflict, attempts)
}

func (s *Service) merge(level *provisioners.Level, row int, entries []Entry) (changed bool, wrong []*RowError, err error) {
	for _, e := range entries {
		entry, problem := s.entry(level, max(row, e.Row), e)
		if problem != nil {
			wrong = append(wrong, problem)
			continue
		}
		same, err := s.place(level, entry, e)
		if err != nil {
			return false, nil, err
		}
		changed = changed || !same
	}
	if len(wrong) > 0 || !changed {
		return changed, wrong, nil
	}
	provisioners.SortEntries(level.Entries)
	var settings provisioners.SettingErrors
	if err := s.o.Catalogue.CheckLevel(*level); errors.As(err, &settings) {
		for _, e := range settings {
			wrong = append(wrong, rowError(row, e))
		}
	} else if err != nil {
		return false, nil, err
	}
	return changed, wrong, nil
}

// entry returns what is to stand in the level; the secret is not sealed yet.
func (s *Service) entry(level *provisioners.Level, row int, e Entry) (provisioners.Entry, *RowError) {
	entry := provisioners.Entry{Path: e.Path, Models: e.Models, Filter: e.Filter, Locked: e.Locked}
	setting, known := s.o.Catalogue.Find(e.Path)
	if text, ok := e.Value.(string); ok && known && setting.Secret && text == Auto {
		entry.Generate = true
		return entry, nil
	}
	text, err := s.o.Catalogue.Parse(e.Path, e.Value)
	var problem *provisioners.SettingError
	if errors.As(err, &problem) {
		return entry, rowError(row, problem)
	}
	if err != nil {
		return entry, &RowError{row, e.Path, "must be a setting"}
	}
	if !setting.Secret {
		entry.Value = text
		return entry, nil
	}
	if strings.Contains(e.Path, "*") && level.Key.Kind == provisioners.DeviceLevel && text == "" {
		return entry, &RowError{row, e.Path, "must have a value"}
	}
	entry.Value = text // place seals it.
	return entry, nil
}

// place puts an entry into the level, in the place of one with the same path and limits,
// and reports whether that one says the same.
func (s *Service) place(level *provisioners.Level, entry provisioners.Entry, e Entry) (same bool, err error) {
	i := slices.IndexFunc(level.Entries, func(other provisioners.Entry) bool {
		return other.Path == entry.Path && other.Filter == entry.Filter && slices.Equal(other.Models, entry.Models)
	})
	var former provisioners.Entry
	if i >= 0 {
		former = level.Entries[i]
	}
	if same, err = s.settle(level.Key, &entry, former); err != nil {
		return false, fmt.Errorf("setting %s: %w", e.Path, err)
	}
	if i >= 0 {
		level.Entries[i] = entry
		return same, nil
	}
	level.Entries = append(level.Entries, entry)
	return false, nil
}

// settle seals the secret of an entry, unless the former one holds the same.
func (s *Service) settle(key provisioners.LevelKey, entry *provisioners.Entry, former provisioners.Entry) (same bool, err error) {
	setting, _ := s.o.Catalogue.Find(entry.Path)
	if setting.Secret && entry.Value != "" {
		plain := secret.NewText(entry.Value)
		entry.Value, entry.Sealed = "", former.Sealed
		opened, err := s.o.Keeper.Open(former.Sealed, key.Owner(entry.Path))
		if err != nil {
			return false, err
		}
		if !opened.Equal(plain) {
			if entry.Sealed, err = s.o.Keeper.Seal(plain, key.Owner(entry.Path)); err != nil {
				return false, err
			}
		}
	}
	return former.Path == entry.Path && former.Value == entry.Value && former.Sealed == entry.Sealed &&
		former.Generate == entry.Generate && former.Locked == entry.Locked, nil
}

// rowError tells of a setting that is wrong as one of a row.
func rowError(row int, e *provisioners.SettingError) *RowError {
	text := *e
	text.Path = ""
	return &RowError{row, e.Path, strings.TrimSpace(text.Error())}
}

// Merged returns the level of that key as it would be with these entries, and what is
// wrong with them. Nothing is stored.
func (s *Service) Merged(ctx context.Context, key provisioners.LevelKey, entries []Entry) (provisioners.Level, []*RowError, error) {
	level, err := s.level(ctx, key)
	if err != nil {
		return level, nil, err
	}
	_, wrong, err := s.merge(&level, 0, entries)
	return level, wrong, err
}

// level returns a level that may be changed, an empty one if none is stored.
func (s *Service) level(ctx context.Context, key provisioners.LevelKey) (provisioners.Level, error) {
	stored, err := s.o.Levels.Levels(ctx, []provisioners.LevelKey{key})
	if err != nil {
		return provisioners.Level{}, fmt.Errorf("read level: %w", err)
	}
	if len(stored) == 0 {
		return provisioners.Level{Key: key}, nil
	}
	level := stored[0]
	level.Entries = slices.Clone(level.Entries)
	return level, nil
}
