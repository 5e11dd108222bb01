package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/nodes"
)

// beating is a list of nodes that changes from look to look.
type beating struct {
	nodes.Store
	looks [][]nodes.Node
}

func (b *beating) Nodes(context.Context) ([]nodes.Node, error) {
	now := b.looks[0]
	if len(b.looks) > 1 {
		b.looks = b.looks[1:]
	}
	return now, nil
}

func TestNodesThatBeatAreSeenAndDeadOnesAreNot(t *testing.T) {
	a, b := nodes.Node{ID: "a", Name: "host-a", Beat: 7}, nodes.Node{ID: "b", Name: "host-b", Beat: 3}
	beaten := b
	beaten.Beat++
	for _, c := range []struct {
		name  string
		looks [][]nodes.Node
		alive string
	}{
		{"no nodes", [][]nodes.Node{nil, nil}, ""},
		{"nodes of servers that were killed", [][]nodes.Node{{a, b}, {a, b}}, ""},
		{"one of them lives", [][]nodes.Node{{a, b}, {a, beaten}}, "host-b"},
		{"a server starts", [][]nodes.Node{nil, {a}}, "host-a"},
		{"a server stops", [][]nodes.Node{{a}, nil}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &watch{what: "target", nodes: &beating{looks: c.looks}}
			waited := false
			err := checkUnused(t.Context(), []*watch{w}, func(context.Context, time.Duration) error { waited = true; return nil })
			if !waited || errors.Is(err, errInUse) != (c.alive != "") || err != nil && !strings.Contains(err.Error(), c.alive) {
				t.Errorf("waited %t, error is %v, want one that names %q", waited, err, c.alive)
			}
		})
	}
	t.Run("a server starts later", func(t *testing.T) {
		w := &watch{what: "target", nodes: &beating{looks: [][]nodes.Node{nil, nil, {a}}}}
		must(t, checkUnused(t.Context(), []*watch{w}, func(context.Context, time.Duration) error { return nil }))
		if err := checkStillUnused(t.Context(), []*watch{w}); !errors.Is(err, errInUse) {
			t.Errorf("error is %v", err)
		}
	})
}

func TestNodesThatMayNotHaveTheNewKeyAreNamed(t *testing.T) {
	started := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var out bytes.Buffer
	must(t, listNodes(t.Context(), &out, &beating{looks: [][]nodes.Node{{{ID: "a", Name: "host-a", StartedAt: started, SeenAt: started.Add(time.Hour)}}}}))
	for _, want := range []string{"host-a", "2026-01-02T03:04:05Z", "2026-01-02T04:04:05Z"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %q", want, out.String())
		}
	}
}
