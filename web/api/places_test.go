package api

import (
	"errors"
	"strings"
	"testing"
)

func TestNoCallerTakesThePlacesOfAll(t *testing.T) {
	p := newPlaces("exports", 3, 2)
	refused := func(caller, because string) {
		t.Helper()
		var problem *Problem
		if _, err := p.take(caller); !errors.As(err, &problem) || problem.Status != 429 || !strings.Contains(problem.Detail, because) {
			t.Errorf("%s gets %v, want a problem that says %q", caller, err, because)
		}
	}
	take := func(caller string) func() {
		t.Helper()
		free, err := p.take(caller)
		if err != nil {
			t.Fatalf("%s: %v", caller, err)
		}
		return free
	}
	first := take("anna")
	take("anna")
	refused("anna", "a caller may: 2")
	take("bert")
	refused("cora", "as may: 3")
	first()
	take("cora")
	refused("anna", "as may: 3")
	if len(p.taken) != 3 || p.count != 3 {
		t.Errorf("it remembers %v, %d in all", p.taken, p.count)
	}
}
