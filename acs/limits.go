package acs

import (
	"context"
	"sync"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/quirks"
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

// of returns what is known of a model that is behaved toward in that way.
func (m *modelLimits) of(ctx context.Context, key device.ModelKey, behaviour *quirks.Behaviour) (*limitsOf, error) {
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
	return &limitsOf{key: key, limits: limits, behaviour: behaviour, all: m}, nil
}

func (m *modelLimits) keep(key device.ModelKey, limits device.ModelLimits) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxModels {
		clear(m.known) // The store still has all of it.
	}
	m.known[key] = limits
}

// limitsOf are the limits of one model: what was learnt, within what its quirk
// profiles say.
type limitsOf struct {
	key       device.ModelKey
	limits    device.ModelLimits
	behaviour *quirks.Behaviour
	all       *modelLimits
}

// names returns how many names one GetParameterValues may carry.
func (l *limitsOf) names() int {
	return smallest(defaultNames, l.limits.GetParameterValues, l.behaviour.GetParameterValuesNames)
}

// settings returns how many parameters one SetParameterValues may carry; 0 is no
// limit.
func (l *limitsOf) settings() int {
	return smallest(0, l.limits.SetParameterValues, l.behaviour.SetParameterValuesParameters)
}

// byLevel reports whether the tree is listed level by level.
func (l *limitsOf) byLevel() bool { return l.limits.LevelByLevel || l.behaviour.LevelByLevel }

// smallest returns the smallest of the limits above 0, or what holds without any.
func smallest(otherwise int, limits ...int) int {
	least := 0
	for _, limit := range limits {
		if limit > 0 && (least == 0 || limit < least) {
			least = limit
		}
	}
	if least == 0 {
		return otherwise
	}
	return least
}

// tooMany notes that a request for so many names was more than the model bears.
func (l *limitsOf) tooMany(ctx context.Context, names int) error {
	if names <= 1 || names/2 >= l.names() {
		return nil
	}
	l.limits.GetParameterValues = names / 2
	return l.save(ctx)
}

// tooManySettings notes that a SetParameterValues of so many parameters was more than
// the model bears.
func (l *limitsOf) tooManySettings(ctx context.Context, parameters int) error {
	l.limits.SetParameterValues = parameters / 2
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
