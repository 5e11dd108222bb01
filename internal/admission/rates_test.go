package admission

import (
	"net/netip"
	"testing"
	"time"
)

func TestARateGivesEachItsOwnBurstAndThenItsPace(t *testing.T) {
	r, now := NewRates[string](2, 3, 10), time.Unix(1000, 0)
	allowed := func(key string) (n int) {
		for range 20 {
			if r.Allow(key, now) {
				n++
			}
		}
		return n
	}
	if n := allowed("a"); n != 3 {
		t.Errorf("%d at once, want 3", n)
	}
	if n := allowed("b"); n != 3 {
		t.Errorf("another one got %d, want 3", n)
	}
	now = now.Add(time.Second)
	if n := allowed("a"); n != 2 {
		t.Errorf("%d after a second, want 2", n)
	}
	now = now.Add(time.Hour)
	if n := allowed("a"); n != 3 {
		t.Errorf("%d after an hour, want no more than 3", n)
	}
}

func TestATableIsBoundedAndForgetsWhoseBucketIsFull(t *testing.T) {
	r, now := NewRates[int](1, 2, 1000), time.Unix(1000, 0)
	for key := range 50_000 {
		r.Allow(key, now)
	}
	if n := r.Known(); n != 1000 {
		t.Fatalf("%d are known, want the limit of 1000", n)
	}
	now = now.Add(time.Minute) // All are full again.
	for key := range 2000 {
		r.Allow(-1-key, now)
	}
	if n := r.Known(); n > 1000 {
		t.Errorf("%d are known, want at most 1000", n)
	}
}

func TestWhoCameTooOftenIsNotForgottenForACrowdThatCameOnce(t *testing.T) {
	r, now := NewRates[int](1, 10, evictSample), time.Unix(1000, 0)
	for range 10 {
		r.Allow(-1, now)
	}
	for key := range 10_000 {
		r.Allow(key, now)
	}
	if r.Allow(-1, now) {
		t.Error("a crowd made the table forget who had used up its bucket")
	}
}

func TestAnIPv6SubscriberCountsAsOneAddress(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8::1", "2001:db8::ffff:1", true},
		{"2001:db8::1", "2001:db8:0:1::1", false},
		{"fe80::1%eth0", "fe80::2%eth1", true},
	} {
		a, b := AddressKey(netip.MustParseAddr(c.a)), AddressKey(netip.MustParseAddr(c.b))
		if !a.IsValid() || !b.IsValid() || (a == b) != c.same {
			t.Errorf("%s is %s, %s is %s: same must be %v", c.a, a, c.b, b, c.same)
		}
	}
	if AddressKey(netip.Addr{}).IsValid() {
		t.Error("no address has a key")
	}
}

func TestABudgetGivesNoMoreThanThereIs(t *testing.T) {
	b := NewBudget(100)
	if !b.Take(60) || b.Take(41) || !b.Take(40) || b.Take(1) {
		t.Error("a budget of 100 gave something else than 60 and 40")
	}
	b.Give(60)
	if b.Taken() != 40 || !b.Take(60) {
		t.Errorf("%d are taken, want 40, and 60 to be had", b.Taken())
	}
}
