package device

import (
	"testing"
	"time"
)

// bootstrapped returns the record after a 0 BOOTSTRAP that reports this.
func bootstrapped(t *testing.T, d Device, r Reported) Device {
	t.Helper()
	after, err := d.Apply(Contact{Identity: d.CWMPIdentity, At: testStart, Bootstrap: true, Reported: r})
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func TestABootstrapForgetsWhatTheDeviceWasGivenAndOnboardsItAgain(t *testing.T) {
	before := Device{
		ParameterKey: "k", Model: "T46S", Tags: []string{"lobby"}, LastBootstrap: testStart.Add(-time.Hour), Quarantined: true,
		ConnectionRequest: ConnectionRequest{URL: "http://192.0.2.1/", Username: "u", Password: "p", PendingUsername: "next", PendingPassword: "n"},
	}
	after := bootstrapped(t, before, Reported{})
	if after.ParameterKey != "" || !after.OnboardingDue || !after.LastBootstrap.Equal(testStart) {
		t.Errorf("record is %+v", after)
	}
	if after.Model != "T46S" || len(after.Tags) != 1 || !after.Quarantined {
		t.Errorf("what the server knows of the device is gone: %+v", after)
	}
	want := ConnectionRequest{URL: "http://192.0.2.1/", PendingUsername: "u", PendingPassword: "p"}
	if after.ConnectionRequest != want {
		t.Errorf("connection request is %+v, want %+v", after.ConnectionRequest, want)
	}
}

func TestWhatABootstrapReportsItselfCounts(t *testing.T) {
	key := "reported"
	before := Device{ParameterKey: "k", ConnectionRequest: ConnectionRequest{URL: "http://192.0.2.1/"}}
	after := bootstrapped(t, before, Reported{ParameterKey: &key, ConnectionRequestURL: "http://192.0.2.2/"})
	if after.ParameterKey != key || after.ConnectionRequest.URL != "http://192.0.2.2/" {
		t.Errorf("key %q, connection request %+v", after.ParameterKey, after.ConnectionRequest)
	}
}

func TestABootstrapThatComesAgainKeepsTheCredentialsOnTrial(t *testing.T) {
	d := Device{ConnectionRequest: ConnectionRequest{Username: "u", Password: "p"}}
	for range 3 { // The device sends it until it was answered.
		d = bootstrapped(t, d, Reported{})
		if want := (ConnectionRequest{PendingUsername: "u", PendingPassword: "p"}); d.ConnectionRequest != want {
			t.Fatalf("connection request is %+v, want %+v", d.ConnectionRequest, want)
		}
	}
	d = d.ApplyLearned(Learned{Username: "next", Password: "n", Pending: true})
	d = bootstrapped(t, d, Reported{})
	if want := (ConnectionRequest{PendingUsername: "next", PendingPassword: "n"}); d.ConnectionRequest != want {
		t.Errorf("connection request is %+v, want %+v", d.ConnectionRequest, want)
	}
}

func TestARecordHasTheVersionAndTheRetryCountOfTheLastInform(t *testing.T) {
	var d Device
	for _, c := range []struct {
		version string
		retries int
		want    string
	}{{"1.4", 3, "1.4"}, {"", 1, "1.4"}, {"1.0", 0, "1.0"}} {
		after, err := d.Apply(Contact{At: testStart, CWMPVersion: c.version, RetryCount: c.retries})
		if err != nil || after.CWMPVersion != c.want || after.RetryCount != c.retries {
			t.Errorf("version %q and %d retries: version %q and %d retries, %v", c.version, c.retries, after.CWMPVersion, after.RetryCount, err)
		}
		d = after
	}
}
