package mongo

import (
	"context"
	"errors"
	"fmt"
)

// Backup returns an error that wraps errors.ErrUnsupported: MongoDB has its own
// tools, which see one state of all collections.
func (s *Store) Backup(context.Context, string) error {
	return fmt.Errorf("back up with mongodump, or copy to another store: %w", errors.ErrUnsupported)
}
