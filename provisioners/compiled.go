package provisioners

import (
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// compiledLevel is a level as it is resolved: its paths are taken apart, its filters
// parsed.
type compiledLevel struct {
	key      LevelKey
	revision int64
	updated  time.Time
	entries  []compiledEntry
}

type compiledEntry struct {
	*Entry
	path path
	// setting is nil for an entry that the catalogue does not know (any more).
	setting *Setting
	stars   int
	filter  query.Expr
	// defect says why the entry can have no effect, empty if it can.
	defect string
}

// compiler compiles levels, and keeps those that many devices share.
type compiler struct {
	catalogue *Catalogue
	schema    *query.Schema

	mu   sync.Mutex
	kept map[LevelKey]*compiledLevel
}

// maxCompiled bounds how many shared levels are kept compiled.
const maxCompiled = 5000

func newCompiler(c *Catalogue, schema *query.Schema) *compiler {
	return &compiler{catalogue: c, schema: schema, kept: map[LevelKey]*compiledLevel{}}
}

// shared compiles a level that is stored, once for each revision.
func (c *compiler) shared(l Level) *compiledLevel {
	c.mu.Lock()
	known := c.kept[l.Key]
	c.mu.Unlock()
	if known != nil && known.revision == l.Revision && known.updated.Equal(l.UpdatedAt) {
		return known
	}
	compiled := c.compile(l)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= maxCompiled {
		clear(c.kept)
	}
	c.kept[l.Key] = compiled
	return compiled
}

func (c *compiler) compile(l Level) *compiledLevel {
	compiled := &compiledLevel{key: l.Key, revision: l.Revision, updated: l.UpdatedAt, entries: make([]compiledEntry, len(l.Entries))}
	for i := range l.Entries {
		e := compiledEntry{Entry: &l.Entries[i], path: readPath(l.Entries[i].Path)}
		e.stars = e.path.stars()
		e.setting = c.catalogue.find(&e.path)
		if e.setting == nil {
			e.defect = "the catalogue has no such setting"
		}
		if e.Filter != "" {
			filter, err := query.Parse(c.schema, e.Filter)
			if err != nil {
				e.defect = "its filter cannot be read: " + err.Error()
			}
			e.filter = filter
		}
		compiled.entries[i] = e
	}
	return compiled
}

// subject is a device as limits of entries look at it.
type subject struct {
	device *device.Device
	model  string
	now    time.Time
	// matched remembers filters, of which many entries may have the same.
	matched map[string]bool
}

// takes reports whether an entry is for the device.
func (s *subject) takes(e *compiledEntry) bool {
	if len(e.Models) > 0 && !s.isOneOf(e.Models) {
		return false
	}
	if e.filter == nil {
		return true
	}
	matches, known := s.matched[e.Filter]
	if !known {
		matches = query.Match(e.filter, func(name string) (query.Value, bool) { return s.device.Field(name, s.now) })
		if s.matched == nil {
			s.matched = map[string]bool{}
		}
		s.matched[e.Filter] = matches
	}
	return matches
}

// isOneOf reports whether the model matches a pattern, by the name that the pack or
// that the device itself gives it.
func (s *subject) isOneOf(patterns []string) bool {
	for _, pattern := range patterns {
		if MatchModel(pattern, s.model) || MatchModel(pattern, s.device.Model) {
			return true
		}
	}
	return false
}
