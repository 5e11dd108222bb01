package access

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Policy keeps the Set of what operators declared up to date. It is safe for
// concurrent use.
type Policy struct {
	rules    *declared.Watch[*[]Rule]
	shared   *declared.Watch[*[]SharedCredential]
	fallback Rule

	mu      sync.Mutex
	current *Set
	// madeOf are what current was made of.
	madeOfRules  *[]Rule
	madeOfShared *[]SharedCredential
}

// NewPolicy returns a Policy that has read the documents once. A rule that cannot be
// read is an error, as without it another one would let in more: at first it is
// returned, later the rules stay as they were and it is logged. A shared credential
// that cannot be read is logged and left out.
func NewPolicy(ctx context.Context, store declared.Store, fallback Rule, logger *slog.Logger) (*Policy, error) {
	p := &Policy{fallback: fallback}
	if _, err := NewSet(nil, nil, fallback); err != nil {
		return nil, err
	}
	var err error
	if p.rules, err = declared.NewWatch(ctx, store, declared.AccessRule, readRules, logger); err != nil {
		return nil, fmt.Errorf("access rules: %w", err)
	}
	read := func(documents []declared.Document) (*[]SharedCredential, error) {
		return readShared(documents, logger), nil
	}
	if p.shared, err = declared.NewWatch(ctx, store, declared.SharedCredential, read, logger); err != nil {
		return nil, fmt.Errorf("shared credentials: %w", err)
	}
	return p, nil
}

func readRules(documents []declared.Document) (*[]Rule, error) {
	all := make([]Rule, 0, len(documents))
	for _, d := range documents {
		r, err := ParseRule(d.Body)
		if err != nil {
			return nil, fmt.Errorf("access rule %s: %w", d.ID, err)
		}
		r.ID = d.ID
		all = append(all, r)
	}
	return &all, nil
}

func readShared(documents []declared.Document, logger *slog.Logger) *[]SharedCredential {
	all := make([]SharedCredential, 0, len(documents))
	for _, d := range documents {
		c, err := ParseSharedCredential(d.Body)
		if err != nil {
			logger.Error("shared credential cannot be read and does not count", logkeys.Name, d.ID, logkeys.Error, err)
			continue
		}
		c.ID = d.ID
		all = append(all, c)
	}
	return &all
}

// Current returns the set as it was last read.
func (p *Policy) Current() *Set {
	rules, credentials := p.rules.Current(), p.shared.Current()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current == nil || p.madeOfRules != rules || p.madeOfShared != credentials {
		// NewPolicy has made a set with this fallback, the one thing that can fail.
		if made, err := NewSet(*rules, *credentials, p.fallback); err == nil {
			p.current, p.madeOfRules, p.madeOfShared = made, rules, credentials
		}
	}
	return p.current
}

// Refresh reads the documents now.
func (p *Policy) Refresh(ctx context.Context) error {
	if err := p.rules.Refresh(ctx); err != nil {
		return err
	}
	return p.shared.Refresh(ctx)
}

// Run reads the documents every declared.WatchInterval until the context ends.
func (p *Policy) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { p.rules.Run(ctx) })
	both.Go(func() { p.shared.Run(ctx) })
	both.Wait()
}
