package mongo

import (
	"context"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"go.mongodb.org/mongo-driver/v2/event"
)

// open opens a store on an empty database.
func open(t *testing.T) *Store {
	t.Helper()
	return openWith(t, Options{})
}

// openWith opens a store, on an empty database unless the options name one.
func openWith(t *testing.T, o Options) *Store {
	t.Helper()
	if o.URI == "" {
		o.URI = mongotest.URI(t)
	}
	s, err := Open(t.Context(), o)
	must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// commands notes which commands a store sends.
type commands struct {
	mu  sync.Mutex
	all []string
}

func (c *commands) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.all = append(c.all, e.CommandName)
	}}
}

// take returns the commands since it was last called.
func (c *commands) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

func TestAStoreOpensAndAnswers(t *testing.T) {
	s := open(t)
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}
