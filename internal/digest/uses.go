package digest

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
)

// Uses remembers which counts (nc) of which nonces were used (RFC 7616 section 3.4.6), so that a header that somebody
// overheard is of no use on another connection. Devices that repeat a header, or never count, are borne with: on the
// connection on which they first used that count they may do so again.
//
// It remembers a bounded number of nonces: those issued before the ones that it had to forget count as used up, which
// costs their clients one more round. What other servers saw it does not know: there the lifetime of the nonce is what
// bounds a replay. It is safe for concurrent use.
type Uses struct {
	limit int

	mu             sync.Mutex
	recent, former map[string]*nonceUse
	// newest is when the latest nonce of recent was issued, formerNewest that of former; nonces issued up to forgotten
	// and not remembered are used up. All in seconds since 1970.
	newest, formerNewest, forgotten uint32
}

// nonceUse is what is remembered of a nonce: the greatest count used, which of the 64 up to it were used, and the
// bearer of the latest.
type nonceUse struct {
	highest uint32
	seen    uint64
	bearer  string
}

// NewUses returns a Uses that remembers between limit and twice as many nonces. A limit below 1 is taken for 1.
func NewUses(limit int) *Uses {
	return &Uses{limit: max(1, limit), recent: make(map[string]*nonceUse)}
}

// Take notes one use of Digest credentials and reports whether it may be: for a new count of its nonce, or again by the
// bearer that used it last, which names a connection; an empty bearer is never the same. After false, challenge with
// stale. Take it only for a nonce that is fresh ([Challenger.NonceState]) and credentials that are right: else anybody
// could use up nonces and memory. Credentials without qop have no count and are taken for count 0.
func (u *Uses) Take(credentials Credentials, bearer string) bool {
	nonce := strings.ToLower(credentials.Nonce)
	issued, ok := issuedAt(nonce)
	if !ok {
		return false
	}
	var count uint64
	if credentials.QOP != "" {
		var err error
		if count, err = strconv.ParseUint(credentials.NonceCount, 16, 32); err != nil {
			return false
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	known := u.find(nonce)
	if known == nil {
		if issued <= u.forgotten {
			return false
		}
		u.add(nonce, issued, &nonceUse{highest: uint32(count), seen: 1, bearer: bearer})
		return true
	}
	return known.take(uint32(count), bearer)
}

func (u *Uses) find(nonce string) *nonceUse {
	if known, ok := u.recent[nonce]; ok {
		return known
	}
	return u.former[nonce]
}

// add remembers a nonce; when the recent ones are many enough, the former ones are forgotten.
func (u *Uses) add(nonce string, issued uint32, use *nonceUse) {
	if len(u.recent) >= u.limit {
		if len(u.former) > 0 {
			u.forgotten = max(u.forgotten, u.formerNewest)
		}
		u.former, u.formerNewest = u.recent, u.newest
		u.recent, u.newest = make(map[string]*nonceUse), 0
	}
	u.recent[nonce] = use
	u.newest = max(u.newest, issued)
}

// take notes one more use.
func (n *nonceUse) take(count uint32, bearer string) bool {
	const window = 64
	if count > n.highest {
		shift := count - n.highest
		if shift >= window {
			n.seen = 0
		} else {
			n.seen <<= shift
		}
		n.seen, n.highest, n.bearer = n.seen|1, count, bearer
		return true
	}
	back := n.highest - count
	if back < window && n.seen&(1<<back) == 0 {
		n.seen |= 1 << back
		n.bearer = bearer
		return true
	}
	return bearer != "" && bearer == n.bearer
}

// issuedAt reads when a nonce of ours was issued, in seconds since 1970.
func issuedAt(nonce string) (uint32, bool) {
	raw, err := hex.DecodeString(nonce)
	if err != nil || len(raw) != nonceSize {
		return 0, false
	}
	return binary.BigEndian.Uint32(raw), true
}
