package provisioners

import (
	"slices"
	"strings"
	"testing"
)

func TestPathsAreOrderedByIndexesAsNumbersAndStarsFirst(t *testing.T) {
	want := []string{
		"account.*.user", "account.1.port", "account.1.user", "account.2.user", "account.10.user", "expansion.1.key.2.type",
		"expansion.1.key.10.type", "expansion.1.model", "expansion.2.key.1.type", "network", "network.ip", "owner", "vendor.snom.a",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, ComparePaths)
	if !slices.Equal(got, want) {
		t.Errorf("ordered as %v", got)
	}
}

func TestAPathIsTakenApartAndPutTogetherAgain(t *testing.T) {
	for _, test := range []struct {
		text, shape string
		indexes     []int
	}{
		{"account.12.user", "account.#.user", []int{12}},
		{"account.*.user", "account.#.user", []int{0}},
		{"expansion.2.key.*.type", "expansion.#.key.#.type", []int{2, 0}},
		{"time.zone", "time.zone", nil},
		{"account.01.user", "account.01.user", nil},
		{"account.0.user", "account.0.user", nil},
		{"account.99999.user", "account.99999.user", nil},
		{"vendor.yealink.account.1.x", "vendor.yealink.account.1.x", nil},
		{"", "", nil},
	} {
		p := readPath(test.text)
		if p.shape != test.shape || !slices.Equal(p.indexes, test.indexes) {
			t.Errorf("%q is read as %q %v", test.text, p.shape, p.indexes)
		}
		if again := fill(p.shape, p.indexes); p.stars() == 0 && again != test.text {
			t.Errorf("%q is put together as %q", test.text, again)
		}
	}
}

func TestThePrefixOfAnIndexIsWhatComesBeforeIt(t *testing.T) {
	for depth, want := range []string{"expansion", "expansion.#.key"} {
		if got := shapePrefix("expansion.#.key.#.type", depth); got != want {
			t.Errorf("before index %d is %q", depth, got)
		}
	}
}

// FuzzPath holds the order of paths to what an order promises, and every path that
// names a setting to being what its parts say.
func FuzzPath(f *testing.F) {
	c, err := DefaultCatalogue()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("account.1.user", "account.*.user")
	f.Add("vendor.snom.a b", "expansion.1.key.10.type")
	f.Add("..", "account..user")
	f.Fuzz(func(t *testing.T, a, b string) {
		if x, y := ComparePaths(a, b), ComparePaths(b, a); x != -y || (x == 0) != (a == b) && !strings.HasSuffix(a+b, ".") {
			t.Errorf("%q and %q compare as %d and %d", a, b, x, y)
		}
		p := readPath(a)
		s := c.find(&p)
		if s == nil {
			if e := c.unknown(a); e.Expected == "" {
				t.Errorf("%q is refused without a reason", a)
			}
			return
		}
		if len(a) > MaxPath || len(p.indexes) != len(s.Indexes) || p.stars() == 0 && fill(p.shape, p.indexes) != a {
			t.Errorf("%q is found as %+v", a, s)
		}
	})
}
