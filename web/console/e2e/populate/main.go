// Command populate fills the embedded store of a data folder with generated
// records before a server starts on it. Only the tests of the console use it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/sqlite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// exporter is the half of store.Copier that a generated fleet has.
type exporter interface {
	Export(ctx context.Context, each func(store.Record) error) error
}

// source makes an exporter the source of store.Copy.
type source struct {
	store.Copier // Only Export is asked for.
	from         exporter
}

// Export implements store.Copier.
func (s source) Export(ctx context.Context, each func(store.Record) error) error {
	return s.from.Export(ctx, each)
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("populate", flag.ContinueOnError)
	folder := flags.String("data-dir", "", "data folder of the server")
	devices := flags.Int("devices", 0, "how many devices to make")
	hostile := flags.Bool("hostile", false, "make devices whose every text is markup, instead")
	counted := flags.Bool("past", false, "make the counts of a week, instead")
	drifted := flags.Bool("drift", false, "make a phone that drifted from its settings, instead")
	if err := flags.Parse(args); err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	var from exporter
	switch {
	case *hostile:
		from = hostileFleet{now: now}
	case *counted:
		from = past{now: now}
	case *drifted:
		from = drift{now: now}
	case *devices > 0:
		from = fleet{devices: *devices, now: now}
	}
	if *folder == "" || from == nil {
		return errors.New("populate needs --data-dir, and one of --devices, --hostile, --past and --drift")
	}
	if err := os.MkdirAll(*folder, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	opened, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(*folder, "dialtone.db")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	counts, err := store.Copy(ctx, source{from: from}, opened.Copier(), nil)
	if err != nil {
		return err
	}
	fmt.Printf("%d devices\n", counts.Of(store.KindDevice))
	return nil
}
