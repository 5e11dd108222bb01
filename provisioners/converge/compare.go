package converge

import (
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

const (
	// maxTries is how often a value is sent that the device does not take.
	maxTries = 2
	// maxRestored is how often within restoredSpan a value that somebody changes is set
	// again by itself.
	maxRestored  = 3
	restoredSpan = 24 * time.Hour
)

// comparison is one look at all parameters.
type comparison struct {
	*Course
	v         Visit
	confirmed map[string]provisioners.Confirmed
	before    map[string]provisioners.Difference
	restoring bool
	set       []string
	now       []provisioners.Difference
}

// compare says of each parameter whether the device has it as it should: what it lacks is
// returned, what is left as it is becomes a difference.
func (c *Course) compare(v Visit) (toSet []string) {
	if c.lostSettings() {
		c.Record.Confirmed, c.Record.Notified = nil, ""
		c.Record.Losses++
	}
	look := comparison{Course: c, v: v, confirmed: map[string]provisioners.Confirmed{}, before: map[string]provisioners.Difference{}}
	for _, known := range c.Record.Confirmed {
		look.confirmed[known.Path] = known
	}
	for _, d := range c.Record.Differences {
		look.before[d.Path] = d
	}
	policy, _ := c.effective.Setting("cwmp.drift")
	look.restoring = policy.Value == "restore"
	c.Record.Confirmed = nil
	for i := range c.resolved.Parameters {
		if p := &c.resolved.Parameters[i]; !c.Absent[p.Path] {
			look.at(p)
		}
	}
	c.Record.Differences, c.Restoring = look.now[:min(len(look.now), provisioners.MaxDifferences)], c.Record.Restore
	return look.set
}

// at looks at one parameter.
func (l *comparison) at(p *mapping.Parameter) {
	hash := l.hash(p)
	was, had := l.confirmed[p.Path]
	had = had && was.Hash == hash
	switch {
	case l.writeOnly(p) && had, !l.writeOnly(p) && l.has(p):
		l.confirm(p, was)
	case isSecret(p) && !l.v.Proven:
		l.differ(p, provisioners.Difference{Kind: provisioners.Withheld, Reason: "it is a secret, and " + unproven})
	case had:
		l.drifted(p, was)
	case l.given(p, hash):
		l.now = append(l.now, l.renewed(p))
	default:
		if d := l.before[p.Path]; d.Hash == hash && d.Tries > 0 {
			l.noteTries(p.Path, min(d.Tries, maxTries-1))
			l.noteSince(p.Path, d.Since)
		}
		l.set = append(l.set, p.Path)
	}
}

// drifted looks at a parameter that the device had as it should and has otherwise now.
func (l *comparison) drifted(p *mapping.Parameter, was provisioners.Confirmed) {
	asked := slices.Contains(l.Record.Restore, p.Path)
	again := l.v.Now.Sub(was.RestoredAt) < restoredSpan
	reason := ""
	if l.restoring && !asked && again && was.Restored >= maxRestored {
		reason = "it is changed again each time that it is set"
	}
	if asked || l.restoring && reason == "" {
		if !again {
			was.Restored = 0
		}
		was.Restored, was.RestoredAt = was.Restored+1, l.v.Now
		l.Record.Confirmed = append(l.Record.Confirmed, was)
		l.set = append(l.set, p.Path)
		return
	}
	l.Record.Confirmed = append(l.Record.Confirmed, was)
	l.differ(p, provisioners.Difference{Kind: provisioners.Drifted, Reason: reason})
}

// given reports whether the value was sent before, to no effect, and is not to be sent
// now.
func (l *comparison) given(p *mapping.Parameter, hash string) bool {
	d, ok := l.before[p.Path]
	if !ok || d.Hash != hash {
		return false
	}
	switch d.Kind {
	case provisioners.Later:
		return !l.Cause.Booted
	case provisioners.Kept, provisioners.RefusedValue:
		return d.Tries >= maxTries && l.v.Now.Before(l.Record.NextTry)
	}
	return false
}

// renewed returns the difference of a parameter as it is now.
func (l *comparison) renewed(p *mapping.Parameter) provisioners.Difference {
	d := l.before[p.Path]
	fresh := l.difference(p)
	d.Has, d.Adopt = fresh.Has, fresh.Adopt
	return d
}

// differ notes a difference; that of the same kind goes on.
func (l *comparison) differ(p *mapping.Parameter, d provisioners.Difference) {
	made := l.difference(p)
	made.Kind, made.Reason, made.Since = d.Kind, d.Reason, l.v.Now
	if before, ok := l.before[p.Path]; ok && before.Kind == d.Kind {
		made.Since = before.Since
	}
	l.now = append(l.now, made)
}

// difference returns what is said of a parameter whatever the kind.
func (c *Course) difference(p *mapping.Parameter) provisioners.Difference {
	d := provisioners.Difference{Path: p.Path, Setting: p.Setting, Also: p.Also, Hash: c.hash(p)}
	if isSecret(p) {
		return d
	}
	wanted := clip(p.Value)
	d.Wanted = &wanted
	known, ok := c.known[p.Path]
	if !ok {
		return d
	}
	has := clip(known.text)
	d.Has = &has
	if p.Adopt != nil && len(known.text) <= provisioners.MaxDifferenceValue {
		if setting, ok := p.Adopt(known.text); ok {
			d.Adopt = &setting
		}
	}
	return d
}

func clip(text string) string { return text[:min(len(text), provisioners.MaxDifferenceValue)] }

// confirm notes that the device has a parameter as it should.
func (c *Course) confirm(p *mapping.Parameter, was provisioners.Confirmed) {
	was.Path, was.Hash = p.Path, c.hash(p)
	for i := range c.Record.Confirmed {
		if c.Record.Confirmed[i].Path == p.Path {
			was.Restored, was.RestoredAt = c.Record.Confirmed[i].Restored, c.Record.Confirmed[i].RestoredAt
			c.Record.Confirmed[i] = was
			return
		}
	}
	if len(c.Record.Confirmed) < provisioners.MaxConfirmed {
		c.Record.Confirmed = append(c.Record.Confirmed, was)
	}
}

func (c *Course) hash(p *mapping.Parameter) string {
	return c.planner.hashes.of(p.Path, reveal(p))
}

func (c *Course) noteSince(path string, since time.Time) {
	if c.Since == nil {
		c.Since = map[string]time.Time{}
	}
	c.Since[path] = since
}

func (c *Course) noteTries(path string, n int) {
	if c.Tries == nil {
		c.Tries = map[string]int{}
	}
	c.Tries[path] = n
}

// lostSettings reports whether the device came without what it had, so that nobody
// changed it: after a reset, with a ParameterKey that says so, or with most of it
// gone after it started.
func (c *Course) lostSettings() bool {
	if c.Cause.Bootstrap {
		return false // Nothing is taken for known then.
	}
	confirmed := map[string]string{}
	for _, known := range c.Record.Confirmed {
		confirmed[known.Path] = known.Hash
	}
	for _, d := range c.Record.Differences {
		if d.Kind == provisioners.Drifted {
			delete(confirmed, d.Path) // That it has another was seen before.
		}
	}
	had, changed := 0, 0
	for i := range c.resolved.Parameters {
		p := &c.resolved.Parameters[i]
		if c.writeOnly(p) || confirmed[p.Path] != c.hash(p) {
			continue
		}
		had++
		if !c.has(p) {
			changed++
		}
	}
	return changed > 0 && c.Cause.Emptied || c.Cause.Booted && changed > 1 && 2*changed > had
}
