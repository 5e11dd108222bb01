package users

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

// fail counts a failed attempt, and returns how long the next has to wait.
func fail(c *attempts, name, address string, at time.Time) time.Duration {
	var refused *AttemptsError
	if errors.As(c.begin(newAttempt(name, address, at)), &refused) {
		return refused.RetryAfter
	}
	return 0
}

func TestFailuresAreLimitedByNameAndAddress(t *testing.T) {
	for _, c := range []struct {
		name    string
		limit   int
		attempt func(i int) (name, address string)
	}{
		{"one name from one address", 5, func(int) (string, string) { return "anna", "192.0.2.1" }},
		{"one address", 20, func(i int) (string, string) { return fmt.Sprint("user", i), "192.0.2.1" }},
		{"one name", 50, func(i int) (string, string) { return "anna", fmt.Sprint("192.0.2.", i) }},
		{"addresses of one customer", 5, func(i int) (string, string) { return "anna", fmt.Sprintf("2001:db8:0:1::%x", i+1) }},
		{"one address with ports", 5, func(i int) (string, string) { return "anna", fmt.Sprint("192.0.2.1:", 1000+i) }},
		{"one address in two forms", 5, func(i int) (string, string) { return "anna", []string{"192.0.2.1", "::ffff:192.0.2.1"}[i%2] }},
		{"no address", 5, func(int) (string, string) { return "anna", "" }},
	} {
		attempts, start := newAttempts(), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range c.limit {
			name, address := c.attempt(i)
			if wait := fail(attempts, name, address, start.Add(time.Duration(i)*time.Second)); wait != 0 {
				t.Errorf("%s: number %d waits %s", c.name, i, wait)
			}
		}
		now := start.Add(time.Minute)
		name, address := c.attempt(c.limit)
		for range 3 { // What is refused does not count.
			if wait := fail(attempts, name, address, now); wait != 14*time.Minute {
				t.Errorf("%s: wait %s", c.name, wait)
			}
		}
		if wait := fail(attempts, name, address, start.Add(15*time.Minute)); wait != 0 {
			t.Errorf("%s: wait %s after the first is forgotten", c.name, wait)
		}
		if wait := fail(attempts, name, address, start.Add(15*time.Minute)); wait != time.Second {
			t.Errorf("%s: wait %s for the second to be forgotten", c.name, wait)
		}
		if wait := fail(attempts, "bert", "198.51.100.1", now); wait != 0 {
			t.Errorf("%s: another waits %s", c.name, wait)
		}
	}
}

func TestASuccessForgetsTheFailuresOfThatNameFromThatAddressOnly(t *testing.T) {
	attempts, now := newAttempts(), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 4 {
		fail(attempts, "anna", "192.0.2.1", now)
	}
	own := newAttempt("anna", "192.0.2.1", now)
	if err := attempts.begin(own); err != nil {
		t.Fatal(err)
	}
	attempts.succeed(own)
	if n := len(attempts.pairs.times[own.pair()]); n != 0 {
		t.Errorf("%d failures are left", n)
	}
	if n, m := len(attempts.addresses.times["192.0.2.1"]), len(attempts.names.times["anna"]); n != 4 || m != 4 {
		t.Errorf("%d failures of the address and %d of the name are left", n, m)
	}
}

func TestCountsAreBoundedAndThoseOfManyFailuresStay(t *testing.T) {
	f, now := newFailures(attemptsOfName), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 49 {
		f.add("victim", now)
	}
	now = now.Add(time.Second)
	for i := range attemptsRemembered + 100 {
		f.add(fmt.Sprint(i), now.Add(time.Duration(i)*time.Millisecond))
	}
	if len(f.times) > attemptsRemembered || len(f.times["victim"]) != 49 {
		t.Errorf("%d counts, %d of the victim", len(f.times), len(f.times["victim"]))
	}
	if _, kept := f.times[fmt.Sprint(attemptsRemembered+99)]; !kept {
		t.Error("the last one is not counted")
	}
	f.add("later", now.Add(time.Hour))
	if len(f.times) != 1 {
		t.Errorf("%d counts are kept that are too old to count", len(f.times))
	}
}

func TestManyAttemptsAtOnceAreNoWayAroundTheLimit(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	var group sync.WaitGroup
	var mu sync.Mutex
	seen := map[error]int{}
	for range 40 {
		group.Go(func() {
			_, err := f.SignIn(t.Context(), SignIn{Name: "anna", Password: "wrong", Address: "192.0.2.1"})
			mu.Lock()
			defer mu.Unlock()
			for _, kind := range []error{ErrUnauthenticated, ErrTooManyAttempts} {
				if errors.Is(err, kind) {
					seen[kind]++
				}
			}
		})
	}
	group.Wait()
	if seen[ErrUnauthenticated] != 5 || seen[ErrTooManyAttempts] != 35 {
		t.Errorf("%v", seen)
	}
}

func TestTheLimitDoesNotTellWhoExistsAndEndsByItself(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	for _, name := range []string{"anna", "nobody"} {
		for i := range 6 {
			in := SignIn{Name: name, Password: "wrong", Address: "192.0.2.1"}
			if i == 5 {
				in.Password = goodPassword
			}
			_, err := f.SignIn(t.Context(), in)
			var refused *AttemptsError
			if i < 5 && !errors.Is(err, ErrUnauthenticated) || i == 5 && (!errors.As(err, &refused) || refused.RetryAfter != 15*time.Minute) {
				t.Errorf("%s, number %d: %v", name, i, err)
			}
		}
	}
	if _, err := f.SignIn(t.Context(), SignIn{Name: "anna", Password: goodPassword, Address: "192.0.2.2"}); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	f.advance(15 * time.Minute)
	f.signIn(t, "anna")
	if n := len(f.attempts.pairs.times); n != 1 { // Those of "nobody" are dropped where room is needed.
		t.Errorf("%d counts", n)
	}
}

func TestAStoreThatIsAwayIsNobodysFailure(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	away := errors.New("the store is away")
	f.options.Users = &awayUsers{Store: f.store, err: away}
	for range 8 {
		if _, err := f.SignIn(t.Context(), SignIn{Name: "anna", Password: goodPassword, Address: "192.0.2.1"}); !errors.Is(err, away) {
			t.Fatal(err)
		}
	}
}

func TestAnEditUnlocksANameInEveryProcess(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	f.newUser(t, "bert", Viewer, "")
	beside := f.beside(t)
	f.advance(time.Second)
	attempt := func(name, password, address string) error {
		_, err := f.SignIn(t.Context(), SignIn{Name: name, Password: password, Address: address})
		return err
	}
	for _, name := range []string{"anna", "bert"} {
		for range 5 {
			if err := attempt(name, "wrong but long enough", "192.0.2.1"); !errors.Is(err, ErrUnauthenticated) {
				t.Fatal(err)
			}
		}
		if err := attempt(name, goodPassword, "192.0.2.1"); !errors.Is(err, ErrTooManyAttempts) {
			t.Fatal(err)
		}
	}
	f.advance(time.Second)
	if _, err := beside.EditUser(t.Context(), "anna", UserEdit{}); err != nil {
		t.Fatal(err)
	}
	if err := attempt("anna", goodPassword, "192.0.2.1"); err != nil {
		t.Errorf("after the edit: %v", err)
	}
	if err := attempt("bert", goodPassword, "192.0.2.1"); !errors.Is(err, ErrTooManyAttempts) {
		t.Errorf("another name: %v", err)
	}
	if n := len(f.attempts.addresses.times["192.0.2.1"]); n != 10 {
		t.Errorf("%d failures of the address are left, want 10", n)
	}
}
