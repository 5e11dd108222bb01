//go:build e2e

package main

import (
	"net/http"
	"testing"
)

// storeOperations is what the server's store was asked for so far.
func (c *client) storeOperations() float64 {
	c.tb.Helper()
	return sumOf(string(c.Get("/metrics").Want(http.StatusOK).Body), "dialtone_store_operations_total")
}

// TestAPeriodicSessionOfAConvergedPhoneCostsWhatThatOfAnyPhoneDoes counts what the store is
// asked for beside a phone of which nobody declared anything.
func TestAPeriodicSessionOfAConvergedPhoneCostsWhatThatOfAnyPhoneDoes(t *testing.T) {
	const sessions = 50
	s := driftingServer(t)
	converged := managePhone(t, s, "P1", nil)
	converged.reaches("converged")
	bare := managePhoneWith(t, s, "P2", nil, nil)
	bare.reaches("converged")
	cost := func(p *managedPhone) float64 {
		p.quiet(3)
		before := p.storeOperations()
		p.quiet(sessions)
		return (p.storeOperations() - before) / sessions
	}
	without, with := cost(bare), cost(converged)
	t.Logf("%.2f store operations a session with settings, %.2f without", with, without)
	if with > without+1 || with > 3.5 {
		t.Errorf("a periodic session of a converged phone takes %.2f store operations, one without settings %.2f", with, without)
	}
}
