package packs_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/packs"
)

func catalogue(t testing.TB) *provisioners.Catalogue {
	t.Helper()
	c, err := provisioners.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func shipped(t testing.TB) []*pack.Pack {
	t.Helper()
	all, err := packs.Load(t.Context(), catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// cases are the settings of testdata/cases by the names of their files.
func cases(t testing.TB, c *provisioners.Catalogue) map[string][]provisioners.Entry {
	t.Helper()
	files, err := filepath.Glob("testdata/cases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	all := map[string][]provisioners.Entry{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var values map[string]any
		if err := yaml.Unmarshal(data, &values); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var entries []provisioners.Entry
		for _, path := range slices.SortedFunc(maps.Keys(values), provisioners.ComparePaths) {
			text, err := c.Parse(path, values[path])
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			entries = append(entries, provisioners.Entry{Path: path, Value: text})
		}
		all[strings.TrimSuffix(filepath.Base(file), ".yaml")] = entries
	}
	return all
}

// bench renders cases as the server does: a level of the device, resolved.
type bench struct {
	catalogue *provisioners.Catalogue
	resolver  *provisioners.Resolver
	levels    *deviceLevels
	keeper    *secret.Keeper
	registry  *pack.Registry
}

func newBench(t testing.TB, all ...*pack.Pack) *bench {
	t.Helper()
	keeper, err := secret.NewKeeper(make([]byte, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{catalogue: catalogue(t), levels: &deviceLevels{}, keeper: keeper, registry: pack.NewRegistry(all...)}
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	tree, err := provisioners.NewTree(t.Context(), b.levels, logger)
	if err != nil {
		t.Fatal(err)
	}
	b.resolver, err = provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: b.catalogue, Levels: b.levels, Lines: noLines{}, Packs: b.registry, Keeper: keeper,
		Shared: tree, Logger: logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// effective returns the settings of a device of a model that has the entries.
func (b *bench) effective(t testing.TB, p *pack.Pack, m *pack.Model, entries []provisioners.Entry) *provisioners.Effective {
	t.Helper()
	d := deviceOf(p, m)
	key := provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(d.ID)}
	level := provisioners.Level{Key: key, Revision: 1}
	for _, e := range entries {
		if s, ok := b.catalogue.Find(e.Path); ok && s.Secret {
			sealed, err := b.keeper.Seal(secret.NewText(e.Value), key.Owner(e.Path))
			if err != nil {
				t.Fatal(err)
			}
			e.Value, e.Sealed = "", sealed
		}
		level.Entries = append(level.Entries, e)
	}
	b.levels.level = level
	effective, err := b.resolver.Effective(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return &effective
}

// phone returns what the templates see of a device of a model that has the entries.
func (b *bench) phone(t testing.TB, p *pack.Pack, m *pack.Model, entries []provisioners.Entry) provisioners.Phone {
	t.Helper()
	d, effective := deviceOf(p, m), b.effective(t, p, m, entries)
	served, ok := b.registry.For(d)
	if !ok || served.Pack != p.Name || served.Model != m.Name {
		t.Fatalf("%s of %s is served as %s of %s", m.Name, p.Name, served.Model, served.Pack)
	}
	phone := effective.Phone(d, served)
	phone.SetLinks(provisioners.Links{
		Base: "http://dialtone.example.com:8080/p/", Scheme: "http", Host: "dialtone.example.com", Port: "8080",
		Firmware: firmware(entries), Directory: "http://dialtone.example.com:8080/p/directory.xml",
	})
	phone.SetDirectory([]provisioners.Contact{{Name: "Ada Lovelace", Number: "200"}, {Name: `A & B "Ltd" <x>, #1`, Number: "+4930123456"}})
	return phone
}

func firmware(entries []provisioners.Entry) string {
	for _, e := range entries {
		if e.Path == "firmware.file" {
			return "http://dialtone.example.com:8080/p/" + e.Value
		}
	}
	return ""
}

// deviceOf returns a phone as somebody adds it: by model and MAC.
func deviceOf(p *pack.Pack, m *pack.Model) device.Device {
	oui := "020000"
	if len(p.OUIs) > 0 {
		oui = p.OUIs[0]
	}
	d := device.Device{
		ID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Manufacturer: p.Vendor, Model: m.Name, Group: "/customer",
		CWMPIdentity: device.CWMPIdentity{SerialNumber: "SN112233"},
		MAC:          oui[:2] + ":" + oui[2:4] + ":" + oui[4:] + ":11:22:33",
	}
	if p.Fallback {
		d.Manufacturer, d.Model, d.Root = "Somebody", "Gateway 3000", "Device."
	}
	return d
}

// deviceLevels is a store with one level.
type deviceLevels struct{ level provisioners.Level }

func (l *deviceLevels) Levels(_ context.Context, keys []provisioners.LevelKey) ([]provisioners.Level, error) {
	if slices.Contains(keys, l.level.Key) {
		return []provisioners.Level{l.level}, nil
	}
	return nil, nil
}

func (*deviceLevels) SharedLevels(context.Context, time.Time, provisioners.LevelKey, int) ([]provisioners.Level, error) {
	return nil, nil
}

func (*deviceLevels) PutLevel(_ context.Context, l provisioners.Level) (provisioners.Level, error) {
	return l, nil
}

// noLines is a store without lines.
type noLines struct{}

func (noLines) Lines(context.Context, []provisioners.LineKey) ([]provisioners.Line, error) {
	return nil, nil
}

func (noLines) ListLines(context.Context, provisioners.LineList) ([]provisioners.Line, error) {
	return nil, nil
}

func (noLines) PutLine(_ context.Context, l provisioners.Line) (provisioners.Line, error) {
	return l, nil
}

func (noLines) DeleteLine(context.Context, provisioners.LineKey, int64) error {
	return provisioners.ErrNotFound
}
