package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"text/tabwriter"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// storeCommand is for whole stores.
type storeCommand struct {
	Copy storeCopyCommand `cmd:"" help:"Copy all records and the content of files to a store that is empty, and compare both. No server may use either."`
}

// storeCopyCommand copies one store to another.
type storeCopyCommand struct {
	From storeAddress `required:"" help:"Store to read, as --store names it." placeholder:"URL"`
	To   storeAddress `required:"" help:"Store to write, as --store names it; it must be empty." placeholder:"URL"`

	FromPasswordFile string `help:"File with the password of the user that --from names." placeholder:"FILE"`
	ToPasswordFile   string `help:"File with the password of the user that --to names." placeholder:"FILE"`

	FromDataDir string `default:"./data" help:"Data folder of the servers that used --from: its secrets key, and its files where they are kept there." placeholder:"DIR"`
	ToDataDir   string `default:"./data" help:"Data folder of the servers that will use --to: its files, where they are kept there." placeholder:"DIR"`
	SecretsKey  string `help:"File with the key that seals secrets (default: <from-data-dir>/secrets.key)." placeholder:"FILE"`
}

var (
	// errNotEmpty says that a store that is to be written holds records already.
	errNotEmpty = errors.New("the target is not empty")
	// errSameStore says that a store was to be copied onto itself.
	errSameStore = errors.New("--from and --to name the same store")
)

// Run copies.
func (c *storeCopyCommand) Run(ctx context.Context, s *streams) error {
	if c.From.Reveal() == c.To.Reveal() {
		return errSameStore
	}
	from, err := openSide(ctx, "source", dataOptions{DataDir: c.FromDataDir, Store: c.From, StorePasswordFile: c.FromPasswordFile, SecretsKey: c.SecretsKey}, openExisting)
	if err != nil {
		return err
	}
	to, err := openSide(ctx, "target", dataOptions{DataDir: c.ToDataDir, Store: c.To, StorePasswordFile: c.ToPasswordFile, SecretsKey: c.SecretsKey}, openAlone)
	if err != nil {
		return errors.Join(err, from.close())
	}
	move := &storeCopy{from: from, to: to, out: s.out, log: s.err, wait: pause}
	return errors.Join(move.run(ctx), to.close(), from.close())
}

// side is one of the two stores with its files.
type side struct {
	// what is "source" or "target".
	what    string
	options dataOptions
	store   store.Store
	content files.Content
	// closer closes the content; nil if the store does.
	closer io.Closer
}

func openSide(ctx context.Context, what string, o dataOptions, open func(context.Context, dataOptions) (store.Store, error)) (*side, error) {
	opened, err := open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the %s: %w", what, err)
	}
	content, closer, err := openContent(o, opened)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the %s: %w", what, err), opened.Close())
	}
	return &side{what: what, options: o, store: opened, content: content, closer: closer}, nil
}

func (s *side) close() error {
	var err error
	if s.closer != nil {
		err = s.closer.Close()
	}
	return errors.Join(err, s.store.Close())
}

// emptying says how the target is emptied.
func (s *side) emptying() string {
	if !s.options.embedded() {
		return "drop its database"
	}
	path, err := s.options.databasePath()
	if err != nil {
		return "remove it"
	}
	return fmt.Sprintf("remove %s with its -wal and -shm, and what is in %s", path, s.options.filesPath())
}

// storeCopy is a copy under way.
type storeCopy struct {
	from, to *side
	out, log io.Writer
	wait     func(context.Context, time.Duration) error
}

func (c *storeCopy) run(ctx context.Context) error {
	empty, err := c.to.store.Copier().Empty(ctx)
	if err != nil {
		return fmt.Errorf("look at the target: %w", err)
	}
	if !empty {
		return fmt.Errorf("%w: a copy never mixes with other records (a server that ran on it left its first user there); to use it, %s", errNotEmpty, c.to.emptying())
	}
	watches := c.watches()
	if err := checkUnused(ctx, watches, c.wait); err != nil {
		return err
	}
	if err := c.checkKeys(ctx); err != nil {
		return err
	}
	counts, err := c.copyAll(ctx)
	if err == nil {
		err = checkStillUnused(ctx, watches)
	}
	if err != nil {
		return fmt.Errorf("%w\nThe copy is not complete. Nothing of the source was changed. To start over, %s and run this command again", err, c.to.emptying())
	}
	return c.report(counts)
}

// watches are for the stores that several servers may use. The embedded one is
// locked.
func (c *storeCopy) watches() []*watch {
	var all []*watch
	for _, s := range []*side{c.from, c.to} {
		if !s.options.embedded() {
			all = append(all, &watch{what: s.what, nodes: s.store.Nodes()})
		}
	}
	return all
}

// checkKeys sees that the key at hand is that of the source, and that the target
// is not made for another one. It leaves the check value of the key in the
// target, last of all, so that what is refused for any other reason can be used
// with any key.
func (c *storeCopy) checkKeys(ctx context.Context) error {
	keeper, check, err := loadKeeper(ctx, c.from.store, c.from.options)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if err := c.checkTargetFile(check); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	there, err := c.to.store.KeyCheck(ctx, check)
	if err != nil {
		return fmt.Errorf("target: read the check value of the secrets key: %w", err)
	}
	if !fits(keeper, there) {
		return fmt.Errorf("target: %w: it was made with a key that is not in %s", errWrongKey, c.from.options.keyPath())
	}
	return nil
}

// checkTargetFile sees that the servers that will use the target do not have
// another key.
func (c *storeCopy) checkTargetFile(check secret.Sealed) error {
	keeper, err := secret.Load(c.to.options.keyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil // It is put there before a server starts.
	}
	if err != nil {
		return fmt.Errorf("secrets key: %w", err)
	}
	if !fits(keeper, check) {
		return fmt.Errorf("%w: %s has not the key of the source, %s: copy that over it", errWrongKey, c.to.options.keyPath(), c.from.options.keyPath())
	}
	return nil
}

func (c *storeCopy) copyAll(ctx context.Context) (store.Counts, error) {
	// What a crash left half done would be copied as it is.
	if err := c.from.store.Maintain(ctx, clock()); err != nil {
		return store.Counts{}, fmt.Errorf("finish what the source has left half done: %w", err)
	}
	fmt.Fprintln(c.log, "copying the content of files")
	names, err := copyContents(ctx, c.from.store.Files(), c.from.content, c.to.content)
	if err != nil {
		return store.Counts{}, err
	}
	fmt.Fprintln(c.log, "copying records")
	counts, err := store.Copy(ctx, renamedContents{c.from.store.Copier(), names}, c.to.store.Copier(), progressTo(c.log))
	if err != nil {
		return counts, err
	}
	fmt.Fprintln(c.log, "comparing")
	if err := store.Compare(ctx, c.from.store.Copier(), c.to.store.Copier()); err != nil {
		return counts, err
	}
	return counts, compareContents(ctx, c.to.store.Files(), c.to.content)
}

// progressInterval is the time between two lines of progress.
const progressInterval = 5 * time.Second

// progressTo tells now and then how far a copy came.
func progressTo(w io.Writer) func(store.Counts) {
	told := time.Now()
	return func(counts store.Counts) {
		if time.Since(told) < progressInterval {
			return
		}
		told = time.Now()
		line := ""
		for _, kind := range store.Kinds() {
			if n := counts.Of(kind); n > 0 {
				line += fmt.Sprintf(" %d %s", n, kind)
			}
		}
		fmt.Fprintln(w, "copied"+line)
	}
}

func (c *storeCopy) report(counts store.Counts) error {
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, kind := range store.Kinds() {
		fmt.Fprintf(table, "%s\t%d\n", kind, counts.Of(kind))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.log, "The copy is complete: both stores hold the same.\nStart servers on it with the same secrets key, %s.\n", c.from.options.keyPath())
	return err
}
