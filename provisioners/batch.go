package provisioners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// batch is one EffectiveOf.
type batch struct {
	*Resolver
	change  *Change
	packs   Packs
	now     time.Time
	members []member

	// changed are the levels of the change, own those of devices that are stored.
	changed map[LevelKey]*compiledLevel
	own     map[LevelKey]Level
	lines   map[LineKey]*Line
	// defaults are those of packs, once for each model.
	defaults map[servedKey]*compiledLevel
}

type servedKey struct{ pack, model, revision string }

// member is one device of a batch.
type member struct {
	device device.Device
	ladder ladder
	bound  []bound
}

func (r *Resolver) newBatch(devices []device.Device, c *Change) *batch {
	b := &batch{
		Resolver: r, change: c, packs: c.Packs, now: r.options.Now(), members: make([]member, len(devices)),
		changed: make(map[LevelKey]*compiledLevel, len(c.Levels)), own: map[LevelKey]Level{}, lines: map[LineKey]*Line{},
		defaults: map[servedKey]*compiledLevel{},
	}
	if b.packs == nil {
		b.packs = r.options.Packs
	}
	for i := range c.Levels {
		b.changed[c.Levels[i].Key] = r.compiler.compile(c.Levels[i])
	}
	for i, d := range devices {
		if group, moved := c.Groups[d.ID]; moved {
			d.Group = group
		}
		b.members[i].device = d
	}
	return b
}

// ownKinds are the levels that a device has to itself.
func ownKinds() []LevelKind { return []LevelKind{DeviceLevel, UserLevel, GeneratedLevel} }

func (b *batch) readOwnLevels(ctx context.Context) error {
	keys := make([]LevelKey, 0, len(b.members)*len(ownKinds()))
	for i := range b.members {
		for _, kind := range ownKinds() {
			key := LevelKey{kind, string(b.members[i].device.ID)}
			if key.ID != "" && b.changed[key] == nil {
				keys = append(keys, key)
			}
		}
	}
	for part := range slices.Chunk(keys, MaxLevelKeys) {
		levels, err := b.options.Levels.Levels(ctx, part)
		if err != nil {
			return fmt.Errorf("read levels of devices: %w", err)
		}
		for _, level := range levels {
			b.own[level.Key] = level
		}
	}
	return nil
}

// climb finds what the levels say about a device, and which lines it is bound to.
func (b *batch) climb(m *member) {
	l := &m.ladder
	served, ok := b.packs.For(m.device)
	l.subject = subject{device: &m.device, model: m.device.Model, now: b.now}
	if ok {
		l.served, l.subject.model = &served, served.Model
		l.rungs = append(l.rungs, b.packDefaults(&served))
	} else {
		l.rungs = append(l.rungs, nil)
	}
	l.rungs = append(l.rungs, b.sharedLevel(LevelKey{Kind: GlobalLevel}))
	for _, group := range groupPaths(m.device.Group) {
		l.rungs = append(l.rungs, b.sharedLevel(LevelKey{GroupLevel, group}))
	}
	l.lineRung = len(l.rungs)
	l.rungs = append(l.rungs, nil, b.ownLevel(DeviceLevel, m), b.ownLevel(UserLevel, m))
	l.climb()
	m.bound = l.bindings()
}

func (b *batch) packDefaults(s *Served) *compiledLevel {
	key := servedKey{s.Pack, s.Model, s.Revision}
	known := b.defaults[key]
	if known == nil {
		known = b.compiler.compile(Level{Key: LevelKey{PackLevel, s.Pack}, Entries: s.Defaults})
		b.defaults[key] = known
	}
	return known
}

func (b *batch) sharedLevel(key LevelKey) *compiledLevel {
	if changed := b.changed[key]; changed != nil {
		return changed
	}
	level, ok := b.options.Shared.Level(key)
	if !ok {
		return nil
	}
	return b.compiler.shared(level)
}

func (b *batch) ownLevel(kind LevelKind, m *member) *compiledLevel {
	key := LevelKey{kind, string(m.device.ID)}
	if changed := b.changed[key]; changed != nil {
		return changed
	}
	level, ok := b.own[key]
	if !ok {
		return nil
	}
	return b.compiler.compile(level)
}

// readLines reads the lines that accounts may be bound to.
func (b *batch) readLines(ctx context.Context) error {
	var keys []LineKey
	wanted := map[LineKey]bool{}
	for i := range b.members {
		for _, bound := range b.members[i].bound {
			for _, key := range lineKeys(b.members[i].device.Group, bound.number) {
				if !wanted[key] {
					wanted[key] = true
					keys = append(keys, key)
				}
			}
		}
	}
	for part := range slices.Chunk(keys, MaxLevelKeys) {
		lines, err := b.options.Lines.Lines(ctx, part)
		if err != nil {
			return fmt.Errorf("read lines: %w", err)
		}
		for i := range lines {
			b.lines[lines[i].LineKey] = &lines[i]
		}
	}
	for i := range b.change.Lines {
		b.lines[b.change.Lines[i].LineKey] = &b.change.Lines[i]
	}
	for _, key := range b.change.NoLines {
		delete(b.lines, key)
	}
	return nil
}

// settle returns what a device should have, and makes missing secrets.
func (b *batch) settle(ctx context.Context, m *member) (Effective, error) {
	for _, bound := range m.bound {
		if line := b.line(m.device.Group, bound.number); line != nil {
			m.ladder.bind(b.options.Catalogue, bound, line)
		} else {
			m.ladder.noteWinner(fill("account.#.line", []int{bound.account}), noLine(bound, m.device.Group))
		}
	}
	key := LevelKey{GeneratedLevel, string(m.device.ID)}
	level, ok := b.own[key]
	if changed := b.changed[key]; changed != nil {
		level = Level{Key: key, Entries: entriesOf(changed)}
	} else if !ok {
		level = Level{Key: key}
	}
	effective, missing := m.ladder.settle(b.opener(level))
	if len(missing) > 0 && b.change.IsZero() {
		made, err := b.generate(ctx, level, missing)
		if err != nil {
			return Effective{}, err
		}
		effective, _ = m.ladder.settle(b.opener(made))
	}
	effective.catalogue = b.options.Catalogue
	if effective.Err == nil {
		effective.Fingerprint = b.fingerprint.of(effective.Settings, m.ladder.served)
	}
	return effective, nil
}

func (b *batch) line(group, number string) *Line {
	for _, key := range lineKeys(group, number) {
		if line := b.lines[key]; line != nil {
			return line
		}
	}
	return nil
}

func (b *batch) opener(generated Level) *opener {
	made := make(map[string]Entry, len(generated.Entries))
	for _, e := range generated.Entries {
		made[e.Path] = e
	}
	return &opener{open: b.options.Keeper.Open, generated: made, generatedKey: generated.Key}
}

func entriesOf(level *compiledLevel) []Entry {
	entries := make([]Entry, len(level.entries))
	for i := range level.entries {
		entries[i] = *level.entries[i].Entry
	}
	return entries
}
