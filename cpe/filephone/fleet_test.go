package filephone

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// fleetShelf has a file for each of some Yealink phones.
func fleetShelf(t *testing.T, macs ...string) *shelf {
	t.Helper()
	files := map[string]string{}
	for _, mac := range macs {
		files[mac+".cfg"] = "#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.user_name = " + mac + "\n"
	}
	return newShelf(t, files)
}

func TestAFleetHasAddressesOneAfterTheOtherAndTellsWhichFail(t *testing.T) {
	s := fleetShelf(t, "0015650000fe", "0015650000ff", "001565000101")
	users := map[string]string{}
	failed := map[string]string{}
	summary, err := RunFleet(context.Background(), FleetConfig{Phone: Config{Vendor: Yealink, MAC: "00:15:65:00:00:FE", Files: s.URL}, Count: 4}, func(r Result) {
		if r.Error != "" {
			failed[r.MAC] = r.Error
			return
		}
		users[r.MAC] = r.Held.Accounts[0].User
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, mac := range []string{"0015650000fe", "0015650000ff", "001565000101"} {
		if users[mac] != mac {
			t.Errorf("phone %s holds %q", mac, users[mac])
		}
	}
	if len(failed) != 1 || !strings.Contains(failed["001565000100"], "none of the phone's files") {
		t.Errorf("failed: %v", failed)
	}
	var failure *FailedError
	if summary.Phones != 4 || summary.Failed != 1 || summary.Requests != 16 || !errors.As(summary.Err(), &failure) || failure.Phones != 1 {
		t.Errorf("summary %+v, error %v", summary, summary.Err())
	}
}

func TestAFleetCountsWhatIsUnchangedAtTheNextStart(t *testing.T) {
	s := newShelf(t, map[string]string{"snomD785.htm": "<settings/>"})
	config := FleetConfig{Phone: Config{Vendor: Snom, Files: s.URL, Conditional: true}, Count: 3, Starts: 2, Concurrency: 1}
	summary, err := RunFleet(context.Background(), config, func(r Result) {
		if r.Changed || len(r.Requests) != 4 {
			t.Errorf("%+v", r)
		}
	})
	if err != nil || summary.Unchanged != 3 || summary.Failed != 0 {
		t.Errorf("summary %+v, error %v", summary, err)
	}
	for _, a := range s.asked {
		if !strings.Contains(a.userAgent, "00041300000") {
			t.Errorf("asked as %q", a.userAgent)
		}
	}
}

func TestAFleetKeepsToItsRateAndEndsWithItsContext(t *testing.T) {
	s := fleetShelf(t, "001565000001", "001565000002", "001565000003")
	config := FleetConfig{Phone: Config{Vendor: Yealink, Files: s.URL}, Count: 3, Rate: 20}
	began := time.Now()
	if _, err := RunFleet(context.Background(), config, nil); err != nil || time.Since(began) < 100*time.Millisecond {
		t.Errorf("after %s: error %v", time.Since(began), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if summary, err := RunFleet(ctx, config, nil); err != nil || summary.Phones != 0 {
		t.Errorf("summary %+v, error %v", summary, err)
	}
}

func TestAFleetRefusesWhatCannotBe(t *testing.T) {
	for field, config := range map[string]FleetConfig{
		"Count": {Phone: Config{Vendor: Snom, Files: "http://x/"}},
		"Rate":  {Phone: Config{Vendor: Snom, Files: "http://x/"}, Count: 1, Rate: -1},
		"Files": {Phone: Config{Vendor: Snom}, Count: 1},
		"MAC":   {Phone: Config{Vendor: "none", Files: "http://x/"}, Count: 1},
	} {
		if _, err := RunFleet(context.Background(), config, nil); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("error %v, want one about %s", err, field)
		}
	}
}
