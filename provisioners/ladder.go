package provisioners

import (
	"slices"
	"strings"
)

// ladder is all that may say something about one device, the levels that inherit
// later at its end, and what it comes to.
type ladder struct {
	subject subject
	served  *Served
	// rungs are the levels; the line's have no level of their own: their place is at
	// lineRung.
	rungs    []*compiledLevel
	lineRung int
	exist    instances
	// said has what was said about each concrete path.
	said   map[string]*said
	unused []Unused
}

// said is what levels say about one concrete path, at most one entry of each.
type said struct {
	path       string
	setting    *Setting
	candidates []candidate
}

// candidate is what one level says.
type candidate struct {
	rung  int
	key   LevelKey
	entry *Entry
	stars int
	// owner is for whom a sealed value is sealed.
	owner string
}

// climb finds what the levels but the lines' say about the device.
func (l *ladder) climb() {
	l.exist, l.said = instances{}, make(map[string]*said, 64)
	taken := make([][]*compiledEntry, len(l.rungs))
	for r, level := range l.rungs {
		if level == nil {
			continue
		}
		for i := range level.entries {
			if e := &level.entries[i]; l.takes(level.key, e) {
				taken[r] = append(taken[r], e)
			}
		}
	}
	for depth := range 2 {
		for r, entries := range taken {
			for _, e := range entries {
				if l.makesIndexes(r, e) {
					l.exist.note(&e.path, depth, l.served)
				}
			}
		}
	}
	for r, entries := range taken {
		for _, e := range entries {
			l.say(r, e)
		}
	}
}

// takes reports whether an entry may have an effect, and notes why one that was meant
// for the device has none.
func (l *ladder) takes(level LevelKey, e *compiledEntry) bool {
	if e.defect != "" {
		l.note(e.Path, level, e.defect)
		return false
	}
	if !l.subject.takes(e) {
		return false
	}
	if e.setting.Deprecated {
		l.note(e.Path, level, "the setting has no effect any more")
		return false
	}
	if level.Kind == UserLevel && !e.setting.EndUser {
		l.note(e.Path, level, "the setting is not the end user's to set")
		return false
	}
	if pack, _, ok := vendorKey(e.Path); ok && (l.served == nil || pack != l.served.Pack) {
		// A level above many devices says what is for other vendors: that is no news.
		if level.Kind == DeviceLevel || level.Kind == UserLevel {
			l.note(e.Path, level, "the device is not served by the pack "+pack)
		}
		return false
	}
	if l.served != nil && l.served.cannot(e.Path) {
		l.noteUnsupported(e.Path, level)
		return false
	}
	return true
}

// makesIndexes reports whether the indexes that an entry names exist by that. The end
// user names accounts, and makes none.
func (l *ladder) makesIndexes(rung int, e *compiledEntry) bool {
	return l.rungs[rung].key.Kind != UserLevel || !strings.HasPrefix(e.Path, "account.")
}

func (l *ladder) note(path string, level LevelKey, reason string) {
	l.unused = append(l.unused, Unused{Path: path, Level: level, Reason: reason})
}

func (l *ladder) noteUnsupported(path string, level LevelKey) {
	// What a pack says for all its models and cannot give to some is no news to anybody.
	if level.Kind == PackLevel {
		return
	}
	l.note(path, level, "the pack "+l.served.Pack+" cannot give this setting")
}

// say puts an entry to every concrete path that it is about.
func (l *ladder) say(rung int, e *compiledEntry) {
	key := l.rungs[rung].key
	c := candidate{rung: rung, key: key, entry: e.Entry, stars: e.stars}
	if e.Sealed != "" {
		c.owner = key.Owner(e.Path)
	}
	if len(e.path.indexes) == 0 {
		l.put(e.Path, e.setting, c)
		return
	}
	found := false
	l.exist.each(e.path.shape, e.path.indexes, func(concrete []int) {
		found = true
		path := e.Path
		if e.stars > 0 {
			path = fill(e.path.shape, concrete)
		}
		l.put(path, e.setting, c)
	})
	if !found && e.stars == 0 {
		l.note(e.Path, key, l.missing(&e.path))
	}
}

// missing says why an index that a path names does not exist.
func (l *ladder) missing(p *path) string {
	for depth, index := range p.indexes {
		if l.served == nil {
			break
		}
		if reason := l.served.limitReason(shapePrefix(p.shape, depth), index); reason != "" {
			return reason
		}
	}
	return "the device has no such account"
}

// put adds a candidate to a path: in place of one of the same level that is less
// precise or comes earlier, else in the order of the levels.
func (l *ladder) put(path string, setting *Setting, c candidate) {
	s := l.said[path]
	if s == nil {
		s = &said{path: path, setting: setting, candidates: make([]candidate, 0, 2)}
		l.said[path] = s
	}
	at := len(s.candidates)
	for at > 0 && s.candidates[at-1].rung > c.rung {
		at--
	}
	if at > 0 && s.candidates[at-1].rung == c.rung {
		if c.stars <= s.candidates[at-1].stars {
			s.candidates[at-1] = c
		}
		return
	}
	s.candidates = slices.Insert(s.candidates, at, c)
}

// winner returns which candidate is in force, and whether by its lock.
func (s *said) winner() (at int, locked bool) {
	for i := range s.candidates {
		if s.candidates[i].entry.Locked {
			return i, true
		}
	}
	return len(s.candidates) - 1, false
}

// value returns the plain text that is in force for a path, empty if none is.
func (l *ladder) value(path string) string {
	s := l.said[path]
	if s == nil {
		return ""
	}
	at, _ := s.winner()
	return s.candidates[at].entry.Value
}
