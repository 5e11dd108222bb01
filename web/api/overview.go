package api

import (
	"context"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// overview holds what the calls over a whole fleet share.
type overview struct {
	// summaries, marked and failures are by the group of a scope.
	summaries *kept[string, device.Summary]
	marked    *kept[string, markedDevices]
	// provisioning counts by the same.
	provisioning *kept[string, map[device.ProvisioningState]int]
	failures     *kept[string, []tasks.Cause]
	// causes are those that listTaskCauses was asked for.
	causes *kept[causesKey, []tasks.Cause]
	// exports bounds the exports under way.
	exports *places
}

const (
	// keptTime is how long the answer of a computation over a fleet is used;
	// keptCausesTime is how long those causes are that are read to be retried.
	keptTime       = 5 * time.Second
	keptCausesTime = 2 * time.Second
	// keptEntries bounds the scopes for which answers are kept.
	keptEntries = 256
	// computeTime bounds one computation.
	computeTime = 20 * time.Second
	// maxExports bounds exports at once, maxOwnExports those of one caller.
	maxExports    = 4
	maxOwnExports = 1
)

func (a *API) newOverview() overview {
	return overview{
		summaries: newKept(a.Now, keptTime, func(ctx context.Context, group string) (device.Summary, error) {
			return a.Summary.Summary(ctx, device.Scope{Group: group}, a.Now())
		}),
		marked:       newKept(a.Now, keptTime, a.countMarked),
		provisioning: newKept(a.Now, keptTime, a.countProvisioning),
		failures: newKept(a.Now, keptTime, func(ctx context.Context, group string) ([]tasks.Cause, error) {
			return a.Causes.Causes(ctx, device.Scope{Group: group}, a.Now().Add(-attentionTime), attentionCauses)
		}),
		causes: newKept(a.Now, keptCausesTime, func(ctx context.Context, k causesKey) ([]tasks.Cause, error) {
			return a.Causes.Causes(ctx, device.Scope{Group: k.group}, k.since, k.limit)
		}),
		exports: newPlaces("exports", maxExports, maxOwnExports),
	}
}

// registerFleet adds the calls over a whole fleet.
func (a *API) registerFleet() {
	a.registerSummary()
	a.registerExport()
	a.registerBulkEdit()
	a.registerReveal()
	a.registerSessions()
	a.registerTimeline()
	a.registerFilterFields()
	a.registerCauses()
	a.registerRetries()
	a.registerStatistics()
	a.registerAttention()
	a.registerSystem()
}

// kept keeps the answers of a computation that is dear, by key, for a while.
// Only one computation runs at a time: many who ask at once for the same wait for
// the one answer, and many scopes do not read the store at once. It is safe for
// concurrent use.
type kept[K comparable, T any] struct {
	now     func() time.Time
	age     time.Duration
	compute func(ctx context.Context, key K) (T, error)
	// turn is held by who computes.
	turn chan struct{}

	mu      sync.Mutex
	entries map[K]keptAnswer[T]
}

// keptAnswer is an answer with the time at which it was asked for.
type keptAnswer[T any] struct {
	value T
	at    time.Time
}

func newKept[K comparable, T any](now func() time.Time, age time.Duration, compute func(context.Context, K) (T, error)) *kept[K, T] {
	return &kept[K, T]{now: now, age: age, compute: compute, turn: make(chan struct{}, 1), entries: make(map[K]keptAnswer[T])}
}

// get returns the answer for a key. It is shared: nobody changes it.
func (k *kept[K, T]) get(ctx context.Context, key K) (keptAnswer[T], error) {
	if answer, ok := k.fresh(key); ok {
		return answer, nil
	}
	ctx, cancel := context.WithTimeout(ctx, computeTime)
	defer cancel()
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return keptAnswer[T]{}, ctx.Err()
	}
	if answer, ok := k.fresh(key); ok {
		return answer, nil // Who had the turn before asked for the same.
	}
	at := k.now()
	value, err := k.compute(ctx, key)
	if err != nil {
		return keptAnswer[T]{}, err
	}
	answer := keptAnswer[T]{value: value, at: at}
	k.keep(key, answer)
	return answer, nil
}

func (k *kept[K, T]) fresh(key K) (keptAnswer[T], bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	answer, ok := k.entries[key]
	return answer, ok && k.isFresh(answer)
}

func (k *kept[K, T]) isFresh(answer keptAnswer[T]) bool {
	age := k.now().Sub(answer.at)
	return age >= 0 && age < k.age
}

// keep stores an answer, and makes room where there is none.
func (k *kept[K, T]) keep(key K, answer keptAnswer[T]) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.entries) >= keptEntries {
		for other, entry := range k.entries {
			if !k.isFresh(entry) {
				delete(k.entries, other)
			}
		}
	}
	if len(k.entries) >= keptEntries {
		clear(k.entries) // As many scopes asked meanwhile: begin anew.
	}
	k.entries[key] = answer
}
