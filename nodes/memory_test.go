package nodes_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dialtone-acs/dialtone/nodes"
)

func TestAMemoryAsksWhetherItMayBeUsed(t *testing.T) {
	closed := errors.New("closed")
	var err error
	m := nodes.NewMemory(func() error { return err })
	if err := m.Beat(t.Context(), nodes.Node{ID: "a"}); err != nil {
		t.Fatal(err)
	}
	err = closed
	if _, err := m.Nodes(t.Context()); !errors.Is(err, closed) {
		t.Errorf("error is %v, want %v", err, closed)
	}
}

func TestAMemoryRefusesACallWhoseContextEnded(t *testing.T) {
	m := nodes.NewMemory(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.SaveLease(ctx, nodes.Lease{Name: "reaper"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
	if _, err := m.Lease(t.Context(), "reaper"); !errors.Is(err, nodes.ErrNotFound) {
		t.Errorf("the lease was saved: %v", err)
	}
}

func TestAMemoryKeepsABoundedNumberOfMessages(t *testing.T) {
	m := nodes.NewMemory(nil)
	sequence := int64(0)
	batch := func() []nodes.Message {
		messages := make([]nodes.Message, 1000)
		for i := range messages {
			sequence++
			messages[i] = nodes.Message{Node: "a", Sequence: sequence}
		}
		return messages
	}
	for range 10 {
		if err := m.Publish(t.Context(), batch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Publish(t.Context(), batch()); !errors.Is(err, nodes.ErrLimit) {
		t.Errorf("error is %v, want %v", err, nodes.ErrLimit)
	}
	if err := m.DeleteMessages(t.Context(), "a", 1000); err != nil {
		t.Fatal(err)
	}
	sequence -= 1000
	if err := m.Publish(t.Context(), batch()); err != nil {
		t.Errorf("after messages were deleted: %v", err)
	}
	all, err := m.Messages(t.Context(), "a", 0, 20_000)
	if err != nil || len(all) != 10_000 || all[0].Sequence != 1001 {
		t.Errorf("%d messages, %v, want 10000 from number 1001", len(all), err)
	}
}

func TestAMemorySharesNoBytesWithItsCallers(t *testing.T) {
	m := nodes.NewMemory(nil)
	data := []byte("one")
	if err := m.Publish(t.Context(), []nodes.Message{{Node: "a", Sequence: 1, Data: data}}); err != nil {
		t.Fatal(err)
	}
	data[0] = 'X'
	for range 2 {
		all, err := m.Messages(t.Context(), "a", 0, 10)
		if err != nil || len(all) != 1 || string(all[0].Data) != "one" {
			t.Fatalf("messages are %+v, %v", all, err)
		}
		all[0].Data[0] = 'X'
	}
}
