package mapping_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// canary is in every secret, and in nothing else.
const canary = "S3cret-of-"

// anyPhone makes a phone of one of the layouts, that lacks and locks some of its names, and
// whose instances are any, or not known.
func anyPhone(r *rand.Rand) phone {
	p := []func() phone{fixedLines, addableProfiles, secondIssue}[r.IntN(3)]()
	p.names = slices.DeleteFunc(slices.Clone(p.names), func(name) bool { return r.IntN(12) == 0 })
	for i := range p.names {
		if r.IntN(12) == 0 {
			p.names[i].Writable = !p.names[i].Writable
		}
	}
	instances := map[string][]int{}
	for _, table := range slices.Sorted(maps.Keys(p.instances)) {
		numbers := p.instances[table]
		for range r.IntN(4) {
			numbers = append(slices.Clone(numbers), r.IntN(20)-1)
		}
		if r.IntN(4) > 0 {
			instances[table] = numbers
		}
	}
	p.instances = instances
	return p
}

// anySettings makes settings with a random few of what the mapping knows, and does not.
func anySettings(r *rand.Rand) (all []string) {
	hosts := []string{"one.example.com", "two.example.com"}
	for n := 1; n <= 5; n++ {
		for _, one := range []struct {
			leaf   string
			values []string
		}{
			{"user", []string{"100", "200"}}, {"authUser", []string{"a"}}, {"password", []string{canary + fmt.Sprint(n), canary + "x"}},
			{"registrar", hosts}, {"backupRegistrar", hosts}, {"port", []string{"0", "5060", "5070"}}, {"transport", []string{"udp", "tcp", "tls"}},
			{"codecs", []string{"g722", "opus,g722"}}, {"mwi", []string{"true", "false"}}, {"expires", []string{"60"}},
			{"enabled", []string{"true", "false"}}, {"label", []string{"x"}}, {"outboundProxy", hosts},
		} {
			if r.IntN(3) == 0 {
				all = append(all, fmt.Sprintf("account.%d.%s=%s", n, one.leaf, one.values[r.IntN(len(one.values))]))
			}
		}
	}
	for _, one := range []string{
		"time.zone=Europe/Berlin", "time.ntp.primary=n.example.com", "time.ntp.secondary=m.example.com", "admin.password=" + canary + "admin",
		"vendor.acme.Device.Time.NTPServer1=o.example.com", "vendor.acme.Device.Time.NTPServer2=x", "vendor.acme.Device.X_ACME_Admin=open",
		"vendor.acme.Device.X_ACME_Password=" + canary + "own", "cwmp.connectionRequest.username=u",
	} {
		if r.IntN(2) == 0 {
			all = append(all, one)
		}
	}
	return all
}

func TestWhateverIsDeclaredAndHad(t *testing.T) {
	c := catalogue(t)
	both := []*mapping.Mapping{parsed(t), parsed(t, "version: 1", "version: 1\nsplit: true")}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		p, settings := anyPhone(r), anySettings(r)
		in := p.inputOf(t, c, settings)
		for _, m := range both {
			got := resolved(t, m, in)
			if again := resolved(t, m, in); !slices.Equal(lines(got, ""), lines(again, "")) || !slices.Equal(got.Owned, again.Owned) {
				t.Fatalf("seed %d: the same input gives something else", seed)
			}
			eachPathIsOnce(t, seed, got)
			noSecretIsTold(t, seed, got)
			eachSettingHasOneRoad(t, seed, m, got, in)
		}
	}
}

func eachPathIsOnce(t *testing.T, seed uint64, r mapping.Resolved) {
	t.Helper()
	seen := map[string]bool{}
	for _, p := range r.Parameters {
		if seen[p.Path] || strings.ContainsAny(p.Path, "{}") || strings.HasSuffix(p.Path, ".") || strings.Contains(p.Value, "{") {
			t.Errorf("seed %d: %s is there twice, or is no path", seed, p.Path)
		}
		seen[p.Path] = true
	}
	if !slices.IsSortedFunc(r.Owned, provisioners.ComparePaths) || len(slices.Compact(slices.Clone(r.Owned))) != len(r.Owned) {
		t.Errorf("seed %d: %v is not in order, each once", seed, r.Owned)
	}
}

func noSecretIsTold(t *testing.T, seed uint64, r mapping.Resolved) {
	t.Helper()
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, canary) {
		t.Errorf("seed %d: a secret is told: %s", seed, text)
	}
	for _, p := range r.Parameters {
		if p.IsSecret && (p.Value != "" || p.Adopt != nil) || !p.IsSecret && !p.Secret.IsZero() {
			t.Errorf("seed %d: %s is half a secret", seed, p.Path)
		}
	}
}

// eachSettingHasOneRoad checks that no setting is both carried and refused, and that of a
// mapping that splits no parameter is for one that is not carried.
func eachSettingHasOneRoad(t *testing.T, seed uint64, m *mapping.Mapping, r mapping.Resolved, in mapping.Input) {
	t.Helper()
	for _, u := range r.Unmapped {
		if slices.Contains(r.Owned, u.Setting) || u.Reason == "" {
			t.Errorf("seed %d: %s is carried and refused, or without a reason", seed, u.Setting)
		}
		if _, declared := in.Effective.Setting(u.Setting); !declared {
			t.Errorf("seed %d: %s is refused, and nobody declared it", seed, u.Setting)
		}
	}
	if len(r.Unknown)+len(r.Missing) > 0 || !m.Split() {
		return
	}
	for _, p := range r.Parameters {
		if p.Setting != "" && !slices.Contains(r.Owned, p.Setting) {
			t.Errorf("seed %d: %s is set for %s, which is not carried", seed, p.Path, p.Setting)
		}
	}
}
