package provisioners_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// oracle says what is in force by looking at every level for every path that there
// may be, however long that takes.
type oracle struct {
	// levels are those of the device, what inherits later at the end; that of lines is
	// at linesAt.
	levels  []provisioners.Level
	linesAt int
}

// applies tells the entries that are for the device of the test.
func applies(l *provisioners.Level, e provisioners.Entry) bool {
	endUsers := strings.HasSuffix(e.Path, ".label") || strings.HasSuffix(e.Path, ".value") || e.Path == "time.format"
	if l.Key.Kind == provisioners.UserLevel && !endUsers {
		return false
	}
	return len(e.Models) == 0 || e.Models[0] == "SIP-*"
}

// about reports whether the path of an entry is about a concrete path.
func about(path, concrete string) bool {
	a, b := strings.Split(path, "."), strings.Split(concrete, ".")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && a[i] != "*" {
			return false
		}
	}
	return true
}

// exists reports whether an index exists: object is a concrete path such as
// "account.2" or "expansion.1.key.2".
func (o *oracle) exists(object string) bool {
	depth := strings.Count(object, ".") + 1
	if outer := strings.Split(object, "."); depth == 4 && !o.exists(strings.Join(outer[:2], ".")) {
		return false
	}
	index := object[strings.LastIndex(object, ".")+1:]
	for _, l := range o.levels {
		for _, e := range l.Entries {
			segments := strings.Split(e.Path, ".")
			isUsers := l.Key.Kind == provisioners.UserLevel && segments[0] == "account"
			if len(segments) > depth-1 && segments[depth-1] == index && about(strings.Join(segments[:depth], "."), object) && applies(&l, e) && !isUsers {
				return true
			}
		}
	}
	return false
}

// says returns what a level says of a concrete path.
func says(l *provisioners.Level, concrete string) (best provisioners.Entry, ok bool) {
	for _, e := range l.Entries {
		if about(e.Path, concrete) && applies(l, e) && (!ok || strings.Count(e.Path, "*") <= strings.Count(best.Path, "*")) {
			best, ok = e, true
		}
	}
	return best, ok
}

// inForce returns the value of a path, its level and the lock; ok is false if nothing
// says anything.
func (o *oracle) inForce(concrete string) (text string, ok bool) {
	segments := strings.Split(concrete, ".")
	for depth := 2; depth < len(segments); depth += 2 {
		if !o.exists(strings.Join(segments[:depth], ".")) && segments[0] != "time" {
			return "", false
		}
	}
	for i := range o.levels {
		e, said := says(&o.levels[i], concrete)
		if !said {
			continue
		}
		text, ok = e.Value+" of "+strings.TrimRight(string(o.levels[i].Key.Kind)+" "+o.levels[i].Key.ID, " "), true
		if e.Locked {
			return text + " (locked)", true
		}
	}
	return text, ok
}

// bindLines puts what lines give into the level at linesAt: of the lines there is the
// one of group a with the number 100.
func (o *oracle) bindLines() {
	var entries []provisioners.Entry
	for _, n := range []string{"1", "2"} {
		number, _, _ := strings.Cut(must(o.inForce("account."+n+".line")), " ")
		if number == "owner" {
			number, _, _ = strings.Cut(must(o.inForce("owner")), " ")
		}
		if number == "100" {
			entries = append(entries, entry("account."+n+".user", "u"), entry("account."+n+".number", "100"))
		}
	}
	l := provisioners.Level{Key: provisioners.LevelKey{Kind: provisioners.LineLevel, ID: "a:100"}, Entries: entries}
	o.levels = slices.Insert(o.levels, o.linesAt, l)
}

func must(text string, _ bool) string { return text }

// concretePaths are all that the entries of drawnEntry may be about.
func concretePaths() []string {
	paths := []string{"owner", "time.format"}
	for _, n := range []string{"1", "2"} {
		for _, leaf := range []string{"user", "label", "line", "number"} {
			paths = append(paths, "account."+n+"."+leaf)
		}
		paths = append(paths, "key."+n+".value", "expansion."+n+".model")
		for _, m := range []string{"1", "2"} {
			paths = append(paths, "expansion."+n+".key."+m+".label")
		}
	}
	return paths
}

func drawnEntry(t *rapid.T) provisioners.Entry {
	index := rapid.SampledFrom([]string{"1", "2", "*"})
	var e provisioners.Entry
	switch kind := rapid.IntRange(0, 8).Draw(t, "kind"); kind {
	case 0:
		e = entry("owner", rapid.SampledFrom([]string{"100", "200", ""}).Draw(t, "owner"))
	case 1:
		e = entry("time.format", rapid.SampledFrom([]string{"12", "24"}).Draw(t, "format"))
	case 2:
		e = entry("key."+index.Draw(t, "n")+".value", "v")
	case 3:
		e = entry("expansion."+index.Draw(t, "m")+".model", "m")
	case 4, 5:
		e = entry("expansion."+index.Draw(t, "m")+".key."+index.Draw(t, "n")+".label", rapid.SampledFrom([]string{"a", "b"}).Draw(t, "label"))
	case 6:
		e = entry("account."+index.Draw(t, "n")+".line", rapid.SampledFrom([]string{"100", "200", "owner", ""}).Draw(t, "line"))
	default:
		e = entry("account."+index.Draw(t, "n")+rapid.SampledFrom([]string{".user", ".label"}).Draw(t, "leaf"), rapid.SampledFrom([]string{"x", "y", ""}).Draw(t, "text"))
	}
	e.Locked = rapid.IntRange(0, 5).Draw(t, "locked") == 0
	e.Models = rapid.SampledFrom([][]string{nil, nil, {"SIP-*"}, {"VVX*"}}).Draw(t, "models")
	return e
}

func TestWhatIsInForceIsWhatANaiveLookAtEveryLevelFinds(t *testing.T) {
	f := newFixture(t)
	f.lines.Set(provisioners.Line{LineKey: provisioners.LineKey{Group: "a", Number: "100"}, User: "u"})
	keys := []provisioners.LevelKey{global(), groupKey("a"), groupKey("a/b"), deviceKey("d"), userKey("d")}
	rapid.Check(t, func(t *rapid.T) {
		o := oracle{linesAt: 4}
		served := yealink()
		served.Defaults = rapid.SliceOfN(rapid.Custom(drawnEntry), 0, 3).Draw(t, "pack")
		served.Revision = fmt.Sprint(served.Defaults)
		f.packs["T46S"] = served
		o.levels = append(o.levels, provisioners.Level{Key: provisioners.LevelKey{Kind: provisioners.PackLevel, ID: "yealink"}, Entries: served.Defaults})
		for _, key := range keys {
			entries := rapid.SliceOfN(rapid.Custom(drawnEntry), 0, 6).Draw(t, string(key.Kind))
			o.levels = append(o.levels, f.levels.Set(key, entries...))
		}
		if err := f.tree.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.bindLines()
		want := map[string]string{}
		for _, path := range concretePaths() {
			if text, ok := o.inForce(path); ok {
				want[path] = text
			}
		}
		e, err := f.resolver.Effective(t.Context(), phone())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, shown(e)); diff != "" {
			t.Fatal(diff)
		}
		checkShape(t, &e)
	})
}

// checkShape holds an answer to what its documentation promises.
func checkShape(t *rapid.T, e *provisioners.Effective) {
	inOrder := slices.IsSortedFunc(e.Settings, func(a, b provisioners.EffectiveSetting) int { return provisioners.ComparePaths(a.Path, b.Path) })
	if !inOrder || e.Fingerprint == "" {
		t.Fatalf("out of order or without a fingerprint: %+v", e)
	}
	for _, s := range e.Settings {
		if found, ok := e.Setting(s.Path); !ok || found.Path != s.Path {
			t.Fatalf("%s is not found", s.Path)
		}
		for _, other := range s.Overrode {
			if other.Level == s.Origin || other.Refused && s.LockedBy == nil {
				t.Fatalf("%s overrode %+v", s.Path, other)
			}
		}
	}
}
