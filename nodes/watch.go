package nodes

import (
	"time"
)

// forgetAfter is how long the record of a dead node is kept.
const forgetAfter = time.Minute

// watch judges other nodes by whether their beats go on. It holds no lock: one
// goroutine uses it.
type watch struct {
	self string
	dead time.Duration
	seen map[string]*sighting
	last time.Time
}

// sighting is what is known of another node.
type sighting struct {
	node Node
	// since is when its beat was last seen to go on, or the node was first seen.
	since time.Time
	// proven says that its beat was seen to go on: the record of a server that
	// was killed long ago looks like that of a new one, but for that.
	proven bool
	alive  bool
}

// view is what one look found.
type view struct {
	// others are the nodes that are alive, without this one, in order of ID.
	others []Node
	// gone are the nodes that are dead for so long that their records go.
	gone []string
	// joined and left changed since the look before, listeners began to listen.
	joined, left, listeners []Node
}

// listening reports whether anybody else follows events.
func (v *view) listening() bool {
	for i := range v.others {
		if v.others[i].Listening {
			return true
		}
	}
	return false
}

func newWatch(self string, dead time.Duration) *watch {
	return &watch{self: self, dead: dead, seen: make(map[string]*sighting)}
}

// see judges the records that were read at a moment of this node's own clock.
func (w *watch) see(records []Node, now time.Time) *view {
	w.excuse(now)
	v := &view{}
	stored := make(map[string]bool, len(records))
	for _, n := range records {
		if n.ID == w.self {
			continue
		}
		stored[n.ID] = true
		s, known := w.seen[n.ID]
		if !known {
			s = &sighting{node: n, since: now}
			w.seen[n.ID] = s
		}
		w.judge(v, s, n, known, now)
	}
	for id, s := range w.seen {
		if stored[id] {
			continue
		}
		if s.alive && s.proven {
			v.left = append(v.left, s.node)
		}
		delete(w.seen, id)
	}
	return v
}

// excuse begins anew to measure how long nodes stand still, if this node did not
// look for long: it proves nothing of the others.
func (w *watch) excuse(now time.Time) {
	if !w.last.IsZero() && now.Sub(w.last) > w.dead/2 {
		for _, s := range w.seen {
			s.since = now
		}
	}
	w.last = now
}

func (w *watch) judge(v *view, s *sighting, n Node, known bool, now time.Time) {
	before, was := s.node, s.alive
	s.node = n
	switch {
	case !known:
		s.alive = true
	case n.Beat != before.Beat:
		if !was || !s.proven {
			v.joined = append(v.joined, n)
		}
		s.since, s.alive, s.proven = now, true, true
	case was && now.Sub(s.since) >= w.dead:
		s.alive = false
		if s.proven {
			v.left = append(v.left, n)
		}
	case !was && now.Sub(s.since) >= w.dead+forgetAfter:
		v.gone = append(v.gone, n.ID)
	}
	if !s.alive {
		return
	}
	v.others = append(v.others, n)
	if n.Listening && !(was && before.Listening) {
		v.listeners = append(v.listeners, n)
	}
}
