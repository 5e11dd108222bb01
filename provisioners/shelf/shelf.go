package shelf

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Library keeps uploads, as files.Library describes.
type Library interface {
	Get(ctx context.Context, name string) (files.File, error)
	OpenContent(ctx context.Context, f files.File) (io.ReadSeekCloser, error)
	Add(ctx context.Context, f files.File, content io.Reader) (files.File, error)
	List(ctx context.Context, l files.List) (files.Page, error)
}

// Options are what a Shelf needs; all but BuiltIn.
type Options struct {
	// BuiltIn are the packs that came with the program.
	BuiltIn   []*pack.Pack
	Catalogue *provisioners.Catalogue
	Documents declared.Store
	Files     Library
	Logger    *slog.Logger
}

// Shelf keeps the packs in force. It is safe for concurrent use.
type Shelf struct {
	o       Options
	builtIn map[string]*pack.Pack
	watch   *declared.Watch[*choices]
	state   atomic.Pointer[state]

	// building lets one build at a time.
	building sync.Mutex
	mu       sync.Mutex
	// loaded are uploads by the name of their file; a file never changes.
	loaded map[string]*pack.Pack
}

// choices are what the documents of one moment say, by the name of the pack.
type choices map[string]Choice

// state is what choices make.
type state struct {
	of       *choices
	registry *pack.Registry
	problems []Problem
}

// Problem is a choice that could not be followed.
type Problem struct {
	Pack string
	// File is the upload that should be in force. What was in force before is, or the
	// one that came with the program.
	File    string
	Message string
}

// New returns a Shelf that has loaded the packs; Run keeps it up to date. It returns
// the errors of the store.
func New(ctx context.Context, o Options) (*Shelf, error) {
	if o.Catalogue == nil || o.Documents == nil || o.Files == nil || o.Logger == nil {
		return nil, errors.New("shelf: an option is missing")
	}
	s := &Shelf{o: o, builtIn: make(map[string]*pack.Pack), loaded: make(map[string]*pack.Pack)}
	for _, p := range o.BuiltIn {
		s.builtIn[p.Name] = p
	}
	var err error
	s.watch, err = declared.NewWatch(ctx, o.Documents, declared.VendorPack, readChoices, o.Logger)
	if err != nil {
		return nil, fmt.Errorf("read the choice of vendor packs: %w", err)
	}
	s.build(ctx)
	return s, nil
}

// readChoices reads documents. One of another version of the program chooses nothing
// that exists, which is a problem then.
func readChoices(documents []declared.Document) (*choices, error) {
	read := make(choices, len(documents))
	for _, d := range documents {
		var c Choice
		if json.Unmarshal(d.Body, &c) != nil {
			c.Active = "(unknown)"
		}
		if c.Active != "" {
			read[d.ID] = c
		}
	}
	return &read, nil
}

// Run reads the choices again every few seconds until the context ends.
func (s *Shelf) Run(ctx context.Context) {
	ticker := time.NewTicker(declared.WatchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.WarnContext(ctx, "cannot read the choice of vendor packs", slog.Any(logkeys.Error, err))
		}
	}
}

// Refresh reads the choices now, and tries again what could not be loaded. It returns
// the errors of the store.
func (s *Shelf) Refresh(ctx context.Context) error {
	if err := s.watch.Refresh(ctx); err != nil {
		return fmt.Errorf("read the choice of vendor packs: %w", err)
	}
	if now := s.state.Load(); now.of != s.watch.Current() || len(now.problems) > 0 {
		s.build(ctx)
	}
	return nil
}

// Registry returns the packs in force.
func (s *Shelf) Registry() *pack.Registry { return s.state.Load().registry }

// Revision names what is in force: the same packs of the same content have the same.
func (s *Shelf) Revision() string {
	sum := sha256.New()
	for _, p := range s.Registry().Packs() {
		fmt.Fprintln(sum, p.Name, p.Revision())
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// For implements provisioners.Packs by the packs in force.
func (s *Shelf) For(d device.Device) (provisioners.Served, bool) { return s.Registry().For(d) }

// Problems returns the choices that could not be followed.
func (s *Shelf) Problems() []Problem { return slices.Clone(s.state.Load().problems) }

// Active returns the version of a pack that is chosen: BuiltIn if none is.
func (s *Shelf) Active(name string) string {
	_, version, ok := ParseFileName((*s.watch.Current())[name].Active)
	if !ok {
		return BuiltIn
	}
	return version
}

// HasBuiltIn reports whether a pack came with the program.
func (s *Shelf) HasBuiltIn(name string) bool { return s.builtIn[name] != nil }

// With returns the packs in force with one in the place of the one of its name.
func (s *Shelf) With(p *pack.Pack) *pack.Registry {
	packs := s.Registry().Packs()
	packs = slices.DeleteFunc(slices.Clone(packs), func(other *pack.Pack) bool { return other.Name == p.Name })
	return pack.NewRegistry(append(packs, p)...)
}

// Without returns the packs in force but for one.
func (s *Shelf) Without(name string) *pack.Registry {
	packs := slices.DeleteFunc(slices.Clone(s.Registry().Packs()), func(other *pack.Pack) bool { return other.Name == name })
	return pack.NewRegistry(packs...)
}

// build makes the registry of what is chosen. A version that cannot be loaded leaves
// the one that was in force, else the one that came with the program.
func (s *Shelf) build(ctx context.Context) {
	s.building.Lock()
	defer s.building.Unlock()
	before, next := s.state.Load(), &state{of: s.watch.Current()}
	packs := maps.Clone(s.builtIn)
	for _, name := range slices.Sorted(maps.Keys(*next.of)) {
		file := (*next.of)[name].Active
		p, err := s.load(ctx, name, file)
		if err != nil {
			next.problems = append(next.problems, Problem{Pack: name, File: file, Message: err.Error()})
			p = s.inForce(name)
		}
		if p != nil {
			packs[name] = p
		}
	}
	if before != nil && before.of == next.of && slices.Equal(before.problems, next.problems) {
		return
	}
	for _, p := range next.problems {
		s.o.Logger.WarnContext(ctx, "cannot load a vendor pack: another version stays in force", slog.String(logkeys.Name, p.Pack), slog.String(logkeys.File, p.File), slog.String(logkeys.Reason, p.Message))
	}
	next.registry = pack.NewRegistry(slices.SortedFunc(maps.Values(packs), func(a, b *pack.Pack) int { return cmp.Compare(a.Name, b.Name) })...)
	s.state.Store(next)
}

// inForce returns what served as the pack so far, or nil.
func (s *Shelf) inForce(name string) *pack.Pack {
	now := s.state.Load()
	if now == nil {
		return s.builtIn[name]
	}
	p, _ := now.registry.Pack(name)
	return p
}
