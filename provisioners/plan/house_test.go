package plan

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

// fleet is a store of devices in memory.
type fleet struct {
	device.ProvisioningStore // What a pass does not call.

	mu      sync.Mutex
	devices []device.Device
	// lists counts calls of List; failures is how many of them fail first.
	lists, failures, marks int
}

func (f *fleet) Get(_ context.Context, id device.ID) (device.Device, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range f.devices {
		if d.ID == id {
			return d, nil
		}
	}
	return device.Device{}, device.ErrNotFound
}

func (f *fleet) List(_ context.Context, l device.List) (device.Page, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lists++
	if f.failures > 0 {
		f.failures--
		return device.Page{}, context.DeadlineExceeded
	}
	var page device.Page
	for _, d := range f.devices {
		if string(d.ID) <= l.PageToken || !within(l.Scope, d.Group) {
			continue
		}
		if len(page.Devices) == l.PageSize {
			page.NextPageToken = string(page.Devices[len(page.Devices)-1].ID)
			break
		}
		page.Devices = append(page.Devices, d)
	}
	return page, nil
}

func (f *fleet) Mark(_ context.Context, id device.ID, m device.Mark) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.marks++
	for i, d := range f.devices {
		if d.ID == id {
			marked, changed := d.ApplyMark(m)
			f.devices[i] = marked
			return changed, nil
		}
	}
	return false, device.ErrNotFound
}

func (f *fleet) NoteFetched(_ context.Context, id device.ID, fetched device.Fetched) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, d := range f.devices {
		if d.ID == id {
			f.devices[i] = d.ApplyFetched(fetched)
			return nil
		}
	}
	return device.ErrNotFound
}

func (f *fleet) NoteConverged(_ context.Context, id device.ID, c device.Converged) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, d := range f.devices {
		if d.ID == id {
			converged, err := d.ApplyConverged(c)
			f.devices[i] = converged
			return err
		}
	}
	return device.ErrNotFound
}

func (f *fleet) Reconsider(_ context.Context, id device.ID, at time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, d := range f.devices {
		if d.ID == id {
			f.devices[i] = d.Reconsider(at)
			return nil
		}
	}
	return device.ErrNotFound
}

func (f *fleet) states() map[device.ProvisioningState]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	states := map[device.ProvisioningState]int{}
	for _, d := range f.devices {
		states[d.Provisioning.State()]++
	}
	return states
}

const (
	manifest = `name: acme
vendor: Acme
version: 1
ouis: ["0a0b0c"]
models:
  - {name: A1, lines: 2, keys: 4}
  - {name: A2, lines: 4, keys: 8}
files:
  - {name: '{mac}.cfg', template: phone.cfg.tmpl, format: keyvalue, contentType: text/plain, secrets: true, confirms: true}
`
	template = `model = {{.model.name}}
{{range .accounts -}}
account.{{.n}}.user = {{.user}}
account.{{.n}}.password = {{.password}}
account.{{.n}}.registrar = {{.registrar}}
{{end -}}
vlan = {{.network.vlan.voice.id}}
`
)

// house is everything real over stores in memory.
type house struct {
	t        testing.TB
	fleet    *fleet
	levels   *provisionerstest.Levels
	tree     *provisioners.Tree
	lines    *provisionerstest.Lines
	keeper   *secret.Keeper
	packs    *pack.Registry
	resolver *provisioners.Resolver
	renderer *Renderer
	planner  *Planner
	now      time.Time
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, fleet: &fleet{}, levels: provisionerstest.NewLevels(), now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	catalogue, err := provisioners.DefaultCatalogue()
	h.check(err)
	h.packs = pack.NewRegistry(h.pack(template))
	h.keeper, err = secret.NewKeeper(make([]byte, secret.KeySize))
	h.check(err)
	h.tree, err = provisioners.NewTree(t.Context(), h.levels, slog.New(slog.DiscardHandler))
	h.check(err)
	h.lines = provisionerstest.NewLines()
	h.resolver, err = provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: catalogue, Levels: h.levels, Lines: h.lines, Packs: h.packs, Shared: h.tree, Keeper: h.keeper,
		Now: h.clock, Logger: slog.New(slog.DiscardHandler),
	})
	h.check(err)
	base, err := url.Parse("http://files.example:7568")
	h.check(err)
	h.renderer, err = NewRenderer(base, h.lines, h.clock)
	h.check(err)
	h.planner, err = NewPlanner(Options{Devices: h.fleet, Resolver: h.resolver, Packs: func() *pack.Registry { return h.packs }, Renderer: h.renderer, Now: h.clock})
	h.check(err)
	return h
}

func (h *house) clock() time.Time { return h.now }

func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// pack loads the pack with another template.
func (h *house) pack(template string) *pack.Pack {
	h.t.Helper()
	catalogue, err := provisioners.DefaultCatalogue()
	h.check(err)
	p, err := pack.Load(h.t.Context(), fstest.MapFS{
		"acme/pack.yaml": {Data: []byte(manifest)}, "acme/phone.cfg.tmpl": {Data: []byte(template)},
	}, "acme", catalogue)
	h.check(err)
	return p
}

// phones adds phones of a group.
func (h *house) phones(n int, model, group string) {
	h.fleet.mu.Lock()
	defer h.fleet.mu.Unlock()
	for range n {
		i := len(h.fleet.devices) + 1
		h.fleet.devices = append(h.fleet.devices, device.Device{
			ID: device.ID(fmt.Sprintf("device%06d", i)), MAC: fmt.Sprintf("0a:0b:0c:%02x:%02x:%02x", i>>16&255, i>>8&255, i&255), Model: model, Group: group,
		})
	}
	slices.SortFunc(h.fleet.devices, func(a, b device.Device) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

func key(kind provisioners.LevelKind, id string) provisioners.LevelKey {
	return provisioners.LevelKey{Kind: kind, ID: id}
}

// level makes a level of entries that are path and value in turns; a value that
// begins with "!" locks.
func (h *house) level(k provisioners.LevelKey, pairs ...string) provisioners.Level {
	h.t.Helper()
	l := provisioners.Level{Key: k, UpdatedAt: h.now}
	for i := 0; i < len(pairs); i += 2 {
		value, locked := strings.CutPrefix(pairs[i+1], "!")
		e := provisioners.Entry{Path: pairs[i], Value: value, Locked: locked}
		if strings.HasSuffix(pairs[i], "assword") {
			sealed, err := h.keeper.Seal(secret.NewText(value), k.Owner(pairs[i]))
			h.check(err)
			e.Value, e.Sealed = "", sealed
		}
		l.Entries = append(l.Entries, e)
	}
	provisioners.SortEntries(l.Entries)
	return l
}

// declare stores a level in the place of the one that is there.
func (h *house) declare(k provisioners.LevelKey, pairs ...string) {
	h.t.Helper()
	l := h.level(k, pairs...)
	stored, err := h.levels.Levels(h.t.Context(), []provisioners.LevelKey{k})
	h.check(err)
	if len(stored) > 0 {
		l.Revision = stored[0].Revision
	}
	_, err = h.levels.PutLevel(h.t.Context(), l)
	h.check(err)
	h.check(h.tree.Refresh(h.t.Context()))
}
