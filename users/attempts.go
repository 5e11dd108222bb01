package users

import (
	"sync"
	"time"
)

// The rule of failed attempts, for sign-ins and wherever else somebody proves
// themselves by a password:
//
//   - 5 failures of one name from one address, 20 of one address whatever the name,
//     or 50 of one name from anywhere within 15 minutes, and the next attempt is
//     refused unseen, until enough of them are 15 minutes old.
//   - A wrong password and a wrong code of the second factor are failures; that the
//     code is missing is not. What is refused unseen does not count again.
//   - A success forgets the failures of that name from that address, and no others:
//     whoever has one account cannot buy attempts at another with it.
//   - Failures of a name from before its user was last changed by an operator, or
//     changed the password, do not count for the name any longer, whatever was
//     changed: an edit unlocks. It is read from the record of the user, so that it
//     counts in every process. Those of the address stay.
//   - Names that are nobody's count as others do, so that the limit does not tell
//     which exist. An IPv6 address counts as its /64, which is what one customer has.
//   - An attempt counts from before the password is looked at, and is taken back
//     afterwards: many at once are no way around the limit.
//   - Counts are in the memory of one process, at most 10,000 of each of the three
//     kinds. Where there is no room, the count with the fewest failures goes, of
//     those the oldest: to get rid of one of 4 failures takes 10,000 others of as
//     many, and an address has 20 in 15 minutes.
const (
	attemptWindow      = 15 * time.Minute
	attemptsOfPair     = 5
	attemptsOfAddress  = 20
	attemptsOfName     = 50
	attemptsRemembered = 10_000
)

// attempts counts failed attempts. It is safe for concurrent use.
type attempts struct {
	mu                      sync.Mutex
	pairs, addresses, names *failures
}

func newAttempts() *attempts {
	return &attempts{pairs: newFailures(attemptsOfPair), addresses: newFailures(attemptsOfAddress), names: newFailures(attemptsOfName)}
}

// attempt is one attempt: who at what from where, and when it was counted.
type attempt struct {
	name, address string
	at            time.Time
	// since is when failures of the name begin to count.
	since time.Time
}

func newAttempt(name, address string, at time.Time) attempt {
	if len(name) > MaxName {
		name = name[:MaxName+1] // Nobody's, and still not the name that it begins with.
	}
	return attempt{name: name, address: Network(address), at: at}
}

func (a attempt) pair() string { return a.name + "\x00" + a.address }

// check returns *AttemptsError if the attempt is one too many.
func (c *attempts) check(a attempt) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refusal(a)
}

// begin counts the attempt as a failure, or returns *AttemptsError.
func (c *attempts) begin(a attempt) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refusal(a); err != nil {
		return err
	}
	c.pairs.add(a.pair(), a.at)
	c.addresses.add(a.address, a.at)
	c.names.add(a.name, a.at)
	return nil
}

func (c *attempts) refusal(a attempt) error {
	c.pairs.forgive(a.pair(), a.since)
	c.names.forgive(a.name, a.since)
	wait := max(c.pairs.wait(a.pair(), a.at), c.addresses.wait(a.address, a.at), c.names.wait(a.name, a.at))
	if wait > 0 {
		return &AttemptsError{RetryAfter: wait}
	}
	return nil
}

// withdraw takes back an attempt that neither failed nor succeeded.
func (c *attempts) withdraw(a attempt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pairs.remove(a.pair(), a.at)
	c.addresses.remove(a.address, a.at)
	c.names.remove(a.name, a.at)
}

// succeed takes back an attempt and forgets the failures before it.
func (c *attempts) succeed(a attempt) {
	c.withdraw(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pairs.clear(a.pair())
}
