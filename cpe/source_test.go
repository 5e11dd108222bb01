package cpe

import (
	"net"
	"net/http"
	"net/netip"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestAFleetConnectsFromItsSourcesByTurns(t *testing.T) {
	a := newTestACS(t)
	seen := make(map[string]int)
	a.intercept = func(_ http.ResponseWriter, r *http.Request, envelope *cwmp.Envelope) bool {
		if envelope != nil && envelope.Message.Method() == "Inform" {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			seen[host]++
		}
		return false
	}
	config := fleetConfig(a, 6)
	config.Sources = []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.3"), netip.MustParseAddr("127.0.0.4")}
	f, _ := runFleet(t, config, 6)
	if n := f.Progress().Seen; n != 6 {
		t.Errorf("%d phones completed a session, want 6", n)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, source := range config.Sources {
		if seen[source.String()] < 2 {
			t.Errorf("the phones came from %v, want at least 2 from %s", seen, source)
		}
	}
}
