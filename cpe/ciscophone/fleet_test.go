package ciscophone

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

func TestAFleetGoesBothRoads(t *testing.T) {
	h := newHouse(t)
	first := h.config()
	first.MAC = ""
	for _, tail := range []string{"01", "02", "03"} {
		h.put("/d0ec350000"+tail+".xml", h.profile("sip.example", "41"))
	}
	f, err := NewFleet(FleetConfig{
		Phone: first, Count: 3, Ramp: 20 * time.Millisecond, Duration: 500 * time.Millisecond, ConnectionRequestListen: "127.0.0.1:0",
		Changes: map[string]string{"Proxy_1_": "local.example"}, ChangeAfter: 250 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := f.Run(t.Context())
	if err != nil || r.Err() != nil {
		t.Fatalf("%v, %v", err, r.Err())
	}
	if r.Started != 3 || r.Provisioned != 3 || r.Managed != 3 || r.Fetches != 6 || r.SessionsCompleted != 3 || r.Boots != 3 {
		t.Errorf("report %+v", r)
	}
	for _, p := range f.Phones() {
		if got := p.Held().Accounts[0].Registrar; got != "local.example" {
			t.Errorf("%s holds the registrar %s", p.MAC(), got)
		}
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "3 have a profile and 3 spoke CWMP") {
		t.Errorf("%v: %s", err, text.String())
	}
	if p := f.Progress(); p.Seen != 3 || p.Elapsed <= 0 {
		t.Errorf("progress %+v", p)
	}
}

func TestAFleetWithoutProfilesFails(t *testing.T) {
	h := newHouse(t)
	c := h.config()
	c.MAC = "d0:ec:35:99:99:99"
	f, err := NewFleet(FleetConfig{Phone: c, Count: 1, Duration: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var failed *FailedError
	if !errors.As(r.Err(), &failed) || failed.Unprovisioned != 1 || !strings.Contains(failed.Error(), "1 phones") {
		t.Errorf("report %+v: %v", r, r.Err())
	}
}

func TestAFleetThatCannotBeIsRefused(t *testing.T) {
	for name, c := range map[string]FleetConfig{
		"none":           {},
		"too many":       {Count: mostPhones + 1},
		"negative":       {Count: 1, Ramp: -1},
		"no MAC":         {Count: 1, Phone: Config{MAC: "x"}},
		"no arrangement": {Count: 1, Phone: Config{Voice: cpe.VoiceShort}},
		"no listener":    {Count: 1, ConnectionRequestListen: "256.0.0.1:0"},
	} {
		if _, err := NewFleet(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
