package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/store"
)

// secretsCommand replaces the key that seals secrets, in three steps.
type secretsCommand struct {
	Rotate secretsRotateCommand `cmd:"" help:"Make a new current key in the key file. Older keys stay and open what they sealed."`
	Reseal secretsResealCommand `cmd:"" help:"Seal anew, with the current key, what older keys sealed. With the embedded store, stop the server first."`
	Prune  secretsPruneCommand  `cmd:"" help:"Remove the older keys from the key file if nothing in the store needs them. With the embedded store, stop the server first."`
}

type secretsRotateCommand struct {
	dataOptions

	AddOnly bool `xor:"step" help:"Put a new key second: it opens and does not seal yet. For several nodes: do this first, and bring the file to all of them."`
	Promote bool `xor:"step" help:"Make the second key the current one, without making a new one. For several nodes: once all of them have the file with both keys."`
}

// Run changes the key file. It needs no store.
func (c *secretsRotateCommand) Run(_ context.Context, s *streams) error {
	id, next, err := c.rotate()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s\n", id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.err, "%s was changed. A server that runs goes on with the keys that it read at its start.\n%s\n", c.keyPath(), next)
	return err
}

// rotate returns the ID of the key, and what the operator does next.
func (c *secretsRotateCommand) rotate() (id, next string, err error) {
	switch {
	case c.AddOnly:
		id, err = secret.AddKey(c.keyPath(), false)
		return id, "Next: copy it to every node and restart them one by one; then dialtone secrets rotate --promote.", err
	case c.Promote:
		id, err = secret.PromoteKey(c.keyPath())
		return id, "Next: copy it to every node and restart them one by one; then dialtone secrets reseal.", err
	default:
		id, err = secret.AddKey(c.keyPath(), true)
		return id, "Next: stop the server, run dialtone secrets reseal, and start it. With several nodes use --add-only and --promote instead.", err
	}
}

type secretsResealCommand struct{ dataOptions }

// errSecretsLeft says that secrets could not all be sealed with the current key.
var errSecretsLeft = errors.New("not every secret is sealed with the current key")

// resealPasses bounds how often the store is gone through: a task that was saved
// by a server in the middle may bring back what it was read with.
const resealPasses = 3

// Run seals anew.
func (c *secretsResealCommand) Run(ctx context.Context, s *streams) error {
	opened, err := openExisting(ctx, c.dataOptions)
	if err != nil {
		return err
	}
	return errors.Join(c.reseal(ctx, s, opened), opened.Close())
}

func (c *secretsResealCommand) reseal(ctx context.Context, s *streams, opened store.Store) error {
	keeper, _, err := loadKeeper(ctx, opened, c.dataOptions)
	if err != nil {
		return err
	}
	if err := warnOfNodes(ctx, s.err, c.dataOptions, opened); err != nil {
		return err
	}
	changed, found, err := resealAll(ctx, opened, keeper)
	if err != nil {
		return err
	}
	if err := found.print(s.out); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "sealed anew with key %s: secrets in %d records\n", keeper.KeyIDs()[0], changed)
	if found.total.older+found.total.lost > 0 {
		return fmt.Errorf("%w: keep the older keys in %s%s", errSecretsLeft, c.keyPath(), found.advice())
	}
	_, err = fmt.Fprintln(s.err, "Nothing in the store needs an older key: once every node was restarted with the current key first, dialtone secrets prune removes the others.\nKeep a copy of the key file as it was for as long as you keep backups of the store.")
	return err
}

// advice says what may be done about what is left.
func (s *survey) advice() string {
	text := ""
	if s.total.older > 0 {
		text += "; a server that still seals with an older key wrote meanwhile: restart it with the new key first and run this again"
	}
	if s.total.lost > s.unread {
		text += "; what cannot be opened needs a key that is not in the file: add it as a line at its end, or set these secrets anew"
	}
	if s.unread > 0 {
		text += "; tasks whose arguments cannot be read may hold any secret: delete them, or wait until they are old enough to be removed"
	}
	return text
}

// resealAll seals anew until nothing is left of what can be, and then the check
// value, so that nodes without the current key start no more.
func resealAll(ctx context.Context, opened store.Store, keeper *secret.Keeper) (changed int, found *survey, err error) {
	for range resealPasses {
		n, err := opened.Copier().Rewrite(ctx, resealer{keeper}.change)
		changed += n
		if err != nil {
			return changed, nil, fmt.Errorf("seal anew: %w", err)
		}
		if found, err = surveySecrets(ctx, opened.Copier(), keeper); err != nil {
			return changed, nil, err
		}
		if found.total.older == 0 {
			break
		}
	}
	check, err := newKeyCheck(keeper)
	if err != nil {
		return changed, nil, err
	}
	if err := opened.ReplaceKeyCheck(ctx, check); err != nil {
		return changed, nil, fmt.Errorf("replace the check value of the secrets key: %w", err)
	}
	return changed, found, nil
}

// warnOfNodes says which nodes may run on a store that is shared: a node that
// did not read the new key yet can neither open nor seal with it. Where the
// store is locked no server runs.
func warnOfNodes(ctx context.Context, w io.Writer, o dataOptions, opened store.Store) error {
	if o.embedded() {
		return nil
	}
	return listNodes(ctx, w, opened.Nodes())
}

func listNodes(ctx context.Context, w io.Writer, s nodes.Store) error {
	all, err := s.Nodes(ctx)
	if err != nil {
		return fmt.Errorf("list nodes: %w", err)
	}
	for _, n := range all {
		fmt.Fprintf(w, "node %s was started at %s and last seen at %s: it must have been started with the current key first in its key file\n",
			n.Name, n.StartedAt.Format(time.RFC3339), n.SeenAt.Format(time.RFC3339))
	}
	return nil
}

type secretsPruneCommand struct{ dataOptions }

// errKeysNeeded says that older keys open what is in the store.
var errKeysNeeded = errors.New("older keys are still needed")

// Run removes the older keys.
func (c *secretsPruneCommand) Run(ctx context.Context, s *streams) error {
	opened, err := openExisting(ctx, c.dataOptions)
	if err != nil {
		return err
	}
	return errors.Join(c.prune(ctx, s, opened), opened.Close())
}

func (c *secretsPruneCommand) prune(ctx context.Context, s *streams, opened store.Store) error {
	keeper, check, err := loadKeeper(ctx, opened, c.dataOptions)
	if err != nil {
		return err
	}
	if err := warnOfNodes(ctx, s.err, c.dataOptions, opened); err != nil {
		return err
	}
	found, err := surveySecrets(ctx, opened.Copier(), keeper)
	if err != nil {
		return err
	}
	// What opens with no key of the file needs none of those that go.
	if found.needsOlder() || !keeper.Current(check) {
		return errors.Join(found.print(s.out), fmt.Errorf("%w: run dialtone secrets reseal first", errKeysNeeded))
	}
	removed, err := secret.PruneKeys(c.keyPath(), keeper.KeyIDs()[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%d older keys were removed from %s\n", removed, c.keyPath())
	return err
}
