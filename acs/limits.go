package acs

import (
	"context"
	"sync"

	"github.com/dialtone-acs/dialtone/device"
)

// defaultNames is how many names one GetParameterValues carries for a model of
// which nothing is known.
const defaultNames = 128

// maxModels bounds how many models' limits are kept in memory.
const maxModels = 4096

// modelLimits remembers what was learnt of models, in front of the store.
type modelLimits struct {
	store device.ModelStore

	mu    sync.Mutex
	known map[device.ModelKey]device.ModelLimits
}

func newModelLimits(store device.ModelStore) *modelLimits {
	return &modelLimits{store: store, known: make(map[device.ModelKey]device.ModelLimits)}
}

// of returns what is known of a model.
func (m *modelLimits) of(ctx context.Context, key device.ModelKey) (*limitsOf, error) {
	m.mu.Lock()
	limits, ok := m.known[key]
	m.mu.Unlock()
	if !ok {
		var err error
		if limits, err = m.store.ModelLimits(ctx, key); err != nil {
			return nil, err
		}
		m.keep(key, limits)
	}
	return &limitsOf{key: key, limits: limits, all: m}, nil
}

func (m *modelLimits) keep(key device.ModelKey, limits device.ModelLimits) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxModels {
		clear(m.known) // The store still has all of it.
	}
	m.known[key] = limits
}

// limitsOf are the limits of one model.
type limitsOf struct {
	key    device.ModelKey
	limits device.ModelLimits
	all    *modelLimits
}

// names returns how many names one GetParameterValues may carry.
func (l *limitsOf) names() int {
	if l.limits.GetParameterValues > 0 {
		return l.limits.GetParameterValues
	}
	return defaultNames
}

// tooMany notes that a request for so many names was more than the model bears.
func (l *limitsOf) tooMany(ctx context.Context, names int) error {
	if names <= 1 || names/2 >= l.names() {
		return nil
	}
	l.limits.GetParameterValues = names / 2
	return l.save(ctx)
}

// levelByLevel notes that the model cannot list its tree at once.
func (l *limitsOf) levelByLevel(ctx context.Context) error {
	if l.limits.LevelByLevel {
		return nil
	}
	l.limits.LevelByLevel = true
	return l.save(ctx)
}

func (l *limitsOf) save(ctx context.Context) error {
	l.all.keep(l.key, l.limits)
	return l.all.store.PutModelLimits(ctx, l.key, l.limits)
}
