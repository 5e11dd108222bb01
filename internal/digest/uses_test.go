package digest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// nonceOf returns a fresh nonce of a challenger.
func nonceOf(t testing.TB, c *Challenger) string {
	t.Helper()
	challenges, err := ParseChallenges(c.Challenge(false))
	if err != nil {
		t.Fatal(err)
	}
	return challenges[0].Nonce
}

func used(nonce, count string) Credentials {
	return Credentials{Scheme: Digest, Nonce: nonce, QOP: qopAuth, NonceCount: count}
}

func TestACountOfANonceIsGoodOnceButOnTheConnectionThatUsedItLast(t *testing.T) {
	nonce := nonceOf(t, newChallenger(t, nil))
	type step struct {
		count, bearer string
		want          bool
	}
	for name, steps := range map[string][]step{
		"a client that counts":                       {{"00000001", "a", true}, {"00000002", "a", true}, {"0000000a", "a", true}},
		"a client that counts over many connections": {{"1", "a", true}, {"2", "b", true}, {"3", "c", true}},
		"counts out of order":                        {{"5", "a", true}, {"3", "b", true}, {"4", "c", true}, {"3", "d", false}},
		"a client that never counts":                 {{"1", "a", true}, {"1", "a", true}, {"1", "a", true}},
		"a replay elsewhere":                         {{"1", "a", true}, {"1", "b", false}, {"1", "a", true}},
		"a replay where connections have no name":    {{"1", "", true}, {"1", "", false}},
		"a replay of an older count":                 {{"1", "a", true}, {"2", "a", true}, {"1", "b", false}},
		"a count that is far behind":                 {{"ffffffff", "a", true}, {"1", "b", false}, {"ffffffff", "b", false}},
		"a count that jumps ahead":                   {{"1", "a", true}, {"ff", "b", true}, {"fe", "c", true}, {"ff", "d", false}},
	} {
		uses := NewUses(10)
		for i, s := range steps {
			if got := uses.Take(used(nonce, s.count), s.bearer); got != s.want {
				t.Errorf("%s: step %d, nc=%s on %q: %t, want %t", name, i+1, s.count, s.bearer, got, s.want)
			}
		}
	}
}

func TestTheFormWithoutACountIsGoodOnOneConnection(t *testing.T) {
	nonce := nonceOf(t, newChallenger(t, nil))
	uses := NewUses(10)
	plain := Credentials{Scheme: Digest, Nonce: nonce}
	for i, bearer := range []string{"a", "a", "b", "a"} {
		if got := uses.Take(plain, bearer); got != (bearer == "a") {
			t.Errorf("use %d, on connection %q: %t", i+1, bearer, got)
		}
	}
}

func TestANonceInOtherLettersIsTheSame(t *testing.T) {
	nonce := nonceOf(t, newChallenger(t, nil))
	uses := NewUses(10)
	uses.Take(used(strings.ToUpper(nonce), "1"), "a")
	if uses.Take(used(nonce, "1"), "b") {
		t.Error("a nonce in upper case was taken for another one")
	}
}

func TestWhatIsNoNonceOfOursIsNeverTaken(t *testing.T) {
	uses := NewUses(10)
	for _, nonce := range []string{"", "zz", strings.Repeat("a", 31), strings.Repeat("g", 32)} {
		if uses.Take(used(nonce, "1"), "a") {
			t.Errorf("%q was taken", nonce)
		}
	}
	if uses.Take(used(nonceOf(t, newChallenger(t, nil)), ""), "a") {
		t.Error("a qop without a count was taken")
	}
}

func TestNoncesAreForgottenAsUsedUp(t *testing.T) {
	now := start
	challenger := newChallenger(t, func(o *Options) { o.Clock = func() time.Time { return now } })
	uses := NewUses(3)
	first := nonceOf(t, challenger)
	if !uses.Take(used(first, "1"), "a") {
		t.Fatal("a fresh nonce was refused")
	}
	for range 12 {
		now = now.Add(time.Second)
		if !uses.Take(used(nonceOf(t, challenger), "1"), "a") {
			t.Fatal("a fresh nonce was refused")
		}
	}
	if uses.Take(used(first, "1"), "b") || uses.Take(used(first, "2"), "b") {
		t.Error("a nonce that had to be forgotten is good again")
	}
	if n := len(uses.recent) + len(uses.former); n > 6 {
		t.Errorf("%d nonces are remembered, at most 6 may be", n)
	}
	now = now.Add(time.Second)
	if !uses.Take(used(nonceOf(t, challenger), "1"), "a") {
		t.Error("a fresh nonce is refused after others were forgotten")
	}
}

func TestOfTwoThatReplayAtOnceOneGetsThrough(t *testing.T) {
	nonce := nonceOf(t, newChallenger(t, nil))
	uses := NewUses(10)
	var together sync.WaitGroup
	through := make(chan string, 20)
	for i := range 20 {
		together.Go(func() {
			if bearer := fmt.Sprint(i); uses.Take(used(nonce, "1"), bearer) {
				through <- bearer
			}
		})
	}
	together.Wait()
	if len(through) != 1 {
		t.Errorf("%d of 20 got through", len(through))
	}
}
