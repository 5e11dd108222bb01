package provisioners_test

import (
	"log/slog"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

// fixture is a resolver on stores in memory.
type fixture struct {
	catalogue *provisioners.Catalogue
	levels    *provisionerstest.Levels
	lines     *provisionerstest.Lines
	packs     provisionerstest.Packs
	tree      *provisioners.Tree
	keeper    *secret.Keeper
	resolver  *provisioners.Resolver
}

func catalogue(t testing.TB) *provisioners.Catalogue {
	t.Helper()
	c, err := provisioners.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newKeeper(t testing.TB, first byte) *secret.Keeper {
	t.Helper()
	key := make([]byte, secret.KeySize)
	key[0] = first
	keeper, err := secret.NewKeeper(key)
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

// yealink is a model with few lines and keys, so that tests reach its limits.
func yealink() provisioners.Served {
	return provisioners.Served{
		Pack: "yealink", Model: "SIP-T46S", Title: "Yealink T46S", Revision: "r1", Lines: 4, Keys: 25, ExpansionModules: 2, ExpansionKeys: 40,
		Variables: map[string]string{"code": "66"},
	}
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{
		catalogue: catalogue(t), levels: provisionerstest.NewLevels(), lines: provisionerstest.NewLines(),
		packs: provisionerstest.Packs{"T46S": yealink()}, keeper: newKeeper(t, 1),
	}
	tree, err := provisioners.NewTree(t.Context(), f.levels, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	f.tree = tree
	f.resolver = f.newResolver(t)
	return f
}

func (f *fixture) newResolver(t testing.TB) *provisioners.Resolver {
	t.Helper()
	r, err := provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: f.catalogue, Levels: f.levels, Lines: f.lines, Packs: f.packs, Shared: f.tree, Keeper: f.keeper,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (f *fixture) seal(t testing.TB, plain, owner string) secret.Sealed {
	t.Helper()
	sealed, err := f.keeper.Seal(secret.NewText(plain), owner)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// set stores a level after it was checked, and lets the tree see it.
func (f *fixture) set(t testing.TB, key provisioners.LevelKey, entries ...provisioners.Entry) {
	t.Helper()
	provisioners.SortEntries(entries)
	if err := f.catalogue.CheckLevel(provisioners.Level{Key: key, Entries: entries}); err != nil {
		t.Fatal(err)
	}
	f.levels.Set(key, entries...)
	if err := f.tree.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) effective(t testing.TB, d device.Device) provisioners.Effective {
	t.Helper()
	e, err := f.resolver.Effective(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func entry(path, value string) provisioners.Entry {
	return provisioners.Entry{Path: path, Value: value}
}

func global() provisioners.LevelKey { return provisioners.LevelKey{Kind: provisioners.GlobalLevel} }

func groupKey(path string) provisioners.LevelKey {
	return provisioners.LevelKey{Kind: provisioners.GroupLevel, ID: path}
}

func deviceKey(id string) provisioners.LevelKey {
	return provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: id}
}

func userKey(id string) provisioners.LevelKey {
	return provisioners.LevelKey{Kind: provisioners.UserLevel, ID: id}
}
