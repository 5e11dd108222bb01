package history_test

import (
	"testing"

	"github.com/dialtone-acs/dialtone/history"
)

func TestASessionIsNotableIfSomethingHappenedInIt(t *testing.T) {
	for name, test := range map[string]struct {
		session history.Session
		want    bool
	}{
		"periodic":                       {history.Session{Outcome: "completed", Events: []string{"2 PERIODIC"}}, false},
		"a value changed":                {history.Session{Outcome: "completed", Events: []string{"4 VALUE CHANGE"}}, false},
		"woken with nothing to do":       {history.Session{Outcome: "completed", Events: []string{"6 CONNECTION REQUEST"}}, false},
		"heartbeat":                      {history.Session{Outcome: "completed", Events: []string{"14 HEARTBEAT"}}, false},
		"all of them":                    {history.Session{Outcome: "completed", Events: []string{"2 PERIODIC", "4 VALUE CHANGE", "6 CONNECTION REQUEST", "14 HEARTBEAT"}}, false},
		"written oddly":                  {history.Session{Outcome: "completed", Events: []string{" 02  Periodic", "2", "6 connection request"}}, false},
		"no event":                       {history.Session{Outcome: "completed"}, false},
		"bootstrap":                      {history.Session{Outcome: "completed", Events: []string{"0 BOOTSTRAP"}}, true},
		"boot among others":              {history.Session{Outcome: "completed", Events: []string{"2 PERIODIC", "1 BOOT"}}, true},
		"scheduled":                      {history.Session{Outcome: "completed", Events: []string{"3 SCHEDULED"}}, true},
		"transfer complete":              {history.Session{Outcome: "completed", Events: []string{"7 TRANSFER COMPLETE"}}, true},
		"autonomous transfer":            {history.Session{Outcome: "completed", Events: []string{"10 AUTONOMOUS TRANSFER COMPLETE"}}, true},
		"a number that begins alike":     {history.Session{Outcome: "completed", Events: []string{"24 X"}}, true},
		"an RPC that ended":              {history.Session{Outcome: "completed", Events: []string{"M Reboot"}}, true},
		"a vendor's event":               {history.Session{Outcome: "completed", Events: []string{"X 000413 2"}}, true},
		"an event without a name":        {history.Session{Outcome: "completed", Events: []string{""}}, true},
		"periodic with an RPC":           {history.Session{Outcome: "completed", Events: []string{"2 PERIODIC"}, RPCs: 1}, true},
		"periodic that timed out":        {history.Session{Outcome: "timedOut", Events: []string{"2 PERIODIC"}}, true},
		"periodic that was superseded":   {history.Session{Outcome: "superseded", Events: []string{"2 PERIODIC"}}, true},
		"periodic without a known end":   {history.Session{Events: []string{"2 PERIODIC"}}, true},
		"woken with something to do":     {history.Session{Outcome: "completed", Events: []string{"6 CONNECTION REQUEST"}, RPCs: 3}, true},
		"diagnostics and a value change": {history.Session{Outcome: "completed", Events: []string{"4 VALUE CHANGE", "8 DIAGNOSTICS COMPLETE"}}, true},
	} {
		if got := history.Notable(test.session); got != test.want {
			t.Errorf("%s: notable is %t, want %t", name, got, test.want)
		}
	}
}
