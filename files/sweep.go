package files

import (
	"context"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Sweeper is a Content that can remove what a crash left behind.
type Sweeper interface {
	// Sweep removes what was last written before olderThan and is either not
	// committed or content for which keep is false, and returns how many.
	Sweep(ctx context.Context, olderThan time.Time, keep func(name string) bool) (int, error)
}

// Swept says what one look removed.
type Swept struct {
	// Grants had expired; Contents belonged to no file.
	Grants, Contents int
}

// Run sweeps at once and then every SweepInterval, until the context ends.
func (l *Library) Run(ctx context.Context) {
	ticker := time.NewTicker(l.sweepInterval)
	defer ticker.Stop()
	for {
		swept, err := l.RunOnce(ctx)
		if err != nil && ctx.Err() == nil {
			l.logger.ErrorContext(ctx, "sweeping files failed", logkeys.Error, err)
		}
		if swept.Contents > 0 {
			l.logger.InfoContext(ctx, "removed content that no file refers to", logkeys.Count, swept.Contents)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// RunOnce removes expired grants, and content older than OrphanAge that no file
// refers to, as a crash leaves it.
//
// Committed content is left alone while the store knows no file at all: it is
// likelier that the server was started with another store than that every file
// was orphaned.
func (l *Library) RunOnce(ctx context.Context) (Swept, error) {
	var swept Swept
	var err error
	if swept.Grants, err = l.sweepGrants(ctx); err != nil {
		return swept, err
	}
	swept.Contents, err = l.sweepContent(ctx)
	return swept, err
}

// sweepPage bounds what one look asks of the store at a time.
const sweepPage = 500

func (l *Library) sweepGrants(ctx context.Context) (int, error) {
	now, total := l.moment(), 0
	for {
		n, err := l.store.DeleteGrants(ctx, now, sweepPage)
		total += n
		if err != nil {
			return total, fmt.Errorf("delete expired grants: %w", err)
		}
		if n < sweepPage {
			return total, nil
		}
	}
}

func (l *Library) sweepContent(ctx context.Context) (int, error) {
	sweeper, ok := l.content.(Sweeper)
	if !ok {
		return 0, nil
	}
	// Content is referred to right after it is written or never, so what is old
	// and not in this set cannot come into it meanwhile.
	olderThan := l.moment().Add(-l.orphanAge)
	referred, err := l.referred(ctx)
	if err != nil {
		return 0, err
	}
	return sweeper.Sweep(ctx, olderThan, func(name string) bool {
		return len(referred) == 0 || referred[name]
	})
}

// referred returns the names of the content of every file.
func (l *Library) referred(ctx context.Context) (map[string]bool, error) {
	names := map[string]bool{}
	list := List{PageSize: sweepPage}
	for {
		page, err := l.store.ListFiles(ctx, list)
		if err != nil {
			return nil, fmt.Errorf("list files to sweep: %w", err)
		}
		for _, f := range page.Files {
			names[f.Content] = true
		}
		if page.NextPageToken == "" {
			return names, nil
		}
		list.PageToken = page.NextPageToken
	}
}
