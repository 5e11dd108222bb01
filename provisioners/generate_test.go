package provisioners_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func generated(path string) provisioners.Entry {
	return provisioners.Entry{Path: path, Generate: true}
}

func (f *fixture) secretOf(t *testing.T, path string) string {
	t.Helper()
	e := f.effective(t, phone())
	s, ok := e.Setting(path)
	if !ok || !s.IsSecret || s.Value != "" || s.Ungenerated {
		t.Fatalf("%s is %+v", path, s)
	}
	return s.Secret.Reveal()
}

func TestASecretIsGeneratedOnceForEachDeviceAndPath(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), generated("account.*.password"), generated("admin.password"))
	f.set(t, deviceKey("d"), entry("account.1.user", "1"), entry("account.2.user", "2"))
	first, second, admin := f.secretOf(t, "account.1.password"), f.secretOf(t, "account.2.password"), f.secretOf(t, "admin.password")
	if len(first) != provisioners.GeneratedLength || first == second || second == admin {
		t.Errorf("generated %q, %q, %q", first, second, admin)
	}
	if f.levels.Calls("PutLevel") != 1 {
		t.Errorf("the level was written %d times", f.levels.Calls("PutLevel"))
	}
	f.set(t, groupKey("a"), entry("time.zone", "UTC"), generated("account.1.password"))
	f.set(t, deviceKey("d"), entry("account.1.user", "other"), entry("account.3.user", "3"))
	if again := f.secretOf(t, "account.1.password"); again != first {
		t.Error("the secret changed with something else")
	}
	if f.secretOf(t, "account.3.password") == first || f.secretOf(t, "admin.password") != admin {
		t.Error("a further secret changed the others")
	}
}

func TestAGeneratedSecretIsSealedForItsPlaceAndInNoOtherLevel(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), generated("admin.password"))
	plain := f.secretOf(t, "admin.password")
	key := provisioners.LevelKey{Kind: provisioners.GeneratedLevel, ID: "d"}
	levels, err := f.levels.Levels(t.Context(), []provisioners.LevelKey{key})
	if err != nil || len(levels) != 1 || len(levels[0].Entries) != 1 {
		t.Fatal(levels, err)
	}
	if err := f.catalogue.CheckLevel(levels[0]); err != nil {
		t.Error(err)
	}
	opened, err := f.keeper.Open(levels[0].Entries[0].Sealed, key.Owner("admin.password"))
	if err != nil || opened.Reveal() != plain || strings.Contains(fmt.Sprint(levels), plain) {
		t.Errorf("stored is %v, %v", levels, err)
	}
}

func TestASecretIsRenewedWhenThatIsAskedFor(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), generated("admin.password"), generated("user.password"))
	admin, user := f.secretOf(t, "admin.password"), f.secretOf(t, "user.password")
	before := f.effective(t, phone()).Fingerprint
	renewed, err := f.resolver.RenewSecrets(t.Context(), "d", "admin.password", "account.1.password")
	if err != nil || len(renewed) != 1 || renewed[0] != "admin.password" {
		t.Fatal(renewed, err)
	}
	if f.secretOf(t, "admin.password") == admin || f.secretOf(t, "user.password") != user {
		t.Error("another one was renewed")
	}
	if f.effective(t, phone()).Fingerprint == before {
		t.Error("the device is not given the new secret")
	}
	if renewed, err = f.resolver.RenewSecrets(t.Context(), "d"); err != nil || len(renewed) != 2 || f.secretOf(t, "user.password") == user {
		t.Errorf("renewed %v, %v", renewed, err)
	}
	if renewed, err = f.resolver.RenewSecrets(t.Context(), "other"); err != nil || len(renewed) != 0 {
		t.Errorf("renewed %v of a device without secrets, %v", renewed, err)
	}
}

func TestOfNodesThatGenerateAtOnceOneSecretCounts(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), generated("admin.password"), generated("account.*.password"))
	f.set(t, deviceKey("d"), entry("account.1.user", "1"))
	const nodes = 8
	prints := make([]string, nodes)
	var all sync.WaitGroup
	for i := range nodes {
		node := f.newResolver(t)
		all.Go(func() {
			e, err := node.Effective(context.Background(), phone())
			if err != nil {
				t.Error(err)
			}
			prints[i] = e.Fingerprint
		})
	}
	all.Wait()
	for _, print := range prints {
		if print != prints[0] {
			t.Fatalf("nodes disagree: %v", prints)
		}
	}
}

// overtaken is a store in which somebody is faster once.
type overtaken struct {
	provisioners.LevelStore
	first *sync.Once
	by    func()
}

func (o overtaken) PutLevel(ctx context.Context, l provisioners.Level) (provisioners.Level, error) {
	o.first.Do(o.by)
	return o.LevelStore.PutLevel(ctx, l)
}

func TestASecretThatAnotherNodeMadeMeanwhileCounts(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), generated("admin.password"))
	var faster string
	slow := overtaken{f.levels, &sync.Once{}, func() { faster = f.secretOf(t, "admin.password") }}
	r, err := provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: f.catalogue, Levels: slow, Lines: f.lines, Packs: f.packs, Shared: f.tree, Keeper: f.keeper,
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Effective(t.Context(), phone())
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := e.Setting("admin.password"); faster == "" || s.Secret.Reveal() != faster || f.secretOf(t, "admin.password") != faster {
		t.Error("the slower node made another secret")
	}
}

// outrun is a store in which somebody else is always faster.
type outrun struct{ provisioners.LevelStore }

func (outrun) PutLevel(context.Context, provisioners.Level) (provisioners.Level, error) {
	return provisioners.Level{}, provisioners.ErrConflict
}

func TestWhoIsAlwaysOutrunGivesUp(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), generated("admin.password"))
	r, err := provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: f.catalogue, Levels: outrun{f.levels}, Lines: f.lines, Packs: f.packs, Shared: f.tree, Keeper: f.keeper,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Effective(t.Context(), phone()); !errors.Is(err, provisioners.ErrConflict) {
		t.Errorf("ends with %v", err)
	}
}

func TestAPlanMakesNoSecretsAndCountsThemAsUnchanged(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), generated("admin.password"))
	var prints []string
	for _, change := range []provisioners.Change{
		{ReadOnly: true}, {Levels: []provisioners.Level{{Key: groupKey("a"), Entries: []provisioners.Entry{entry("time.zone", "")}}}},
	} {
		all, err := f.resolver.EffectiveOf(t.Context(), []device.Device{phone()}, change)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := all[0].Setting("admin.password")
		if !s.Ungenerated || s.Secret.IsZero() {
			t.Errorf("the secret is %+v", s)
		}
		prints = append(prints, all[0].Fingerprint)
	}
	if prints[0] != prints[1] || f.levels.Calls("PutLevel") != 0 {
		t.Errorf("a plan differs (%v) or wrote %d times", prints, f.levels.Calls("PutLevel"))
	}
}

func TestASecretThatCannotBeOpenedIsToldAndKeepsNobodyElseWaiting(t *testing.T) {
	f := newFixture(t)
	foreign, err := newKeeper(t, 2).Seal(secret.NewText("hunter2"), deviceKey("d").Owner("admin.password"))
	if err != nil {
		t.Fatal(err)
	}
	f.set(t, deviceKey("d"), provisioners.Entry{Path: "admin.password", Sealed: foreign})
	if _, err := f.resolver.Effective(t.Context(), phone()); !errors.Is(err, secret.ErrKey) {
		t.Errorf("ends with %v", err)
	}
	other := phone()
	other.ID = "other"
	all, err := f.resolver.EffectiveOf(t.Context(), []device.Device{phone(), other}, provisioners.Change{})
	if err != nil || !errors.Is(all[0].Err, secret.ErrKey) || all[0].Fingerprint != "" || all[1].Err != nil || all[1].Fingerprint == "" {
		t.Errorf("%v, %+v", err, all)
	}
}

func TestASecretOfOneLevelDoesNotOpenInAnother(t *testing.T) {
	f := newFixture(t)
	f.set(t, deviceKey("d"), provisioners.Entry{Path: "admin.password", Sealed: f.seal(t, "x", deviceKey("other").Owner("admin.password"))})
	if _, err := f.resolver.Effective(t.Context(), phone()); !errors.Is(err, secret.ErrTampered) {
		t.Errorf("ends with %v", err)
	}
}

func TestASecretOfAStarIsSealedOnceAndOpenedForEveryAccount(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), provisioners.Entry{Path: "account.*.password", Sealed: f.seal(t, "same", global().Owner("account.*.password"))})
	f.set(t, deviceKey("d"), entry("account.1.user", "1"), entry("account.2.user", "2"))
	if f.secretOf(t, "account.1.password") != "same" || f.secretOf(t, "account.2.password") != "same" {
		t.Error("not opened")
	}
}
