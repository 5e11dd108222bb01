package mapping_test

import (
	"slices"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

func TestInstanceNumbersAreMadeGeneric(t *testing.T) {
	for path, want := range map[string]string{
		"": "", "A.B": "A.B", "A.1.B.22.": "A.{i}.B.{i}.", "A.1": "A.{i}", "A.X1.2b.3": "A.X1.2b.{i}", "A.{i}.B": "A.{i}.B",
	} {
		if got := mapping.Generic(path); got != want {
			t.Errorf("%q is %q, want %q", path, got, want)
		}
	}
}

func TestNamesTellWhatADeviceHas(t *testing.T) {
	list := names("A.", "A.B. W", "A.B.{i}. W", "A.B.{i}.C W", "A.B.{i}.D", "A.E.{i}.F W", "A.T. W", "A.U.", "A.U.{i}.", "A.Ux W")
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	for _, n := range []*mapping.Names{mapping.NewNames(list), mapping.NewNames(reversed)} {
		for path, want := range map[string][3]bool{
			// Has, Writable, Unseen.
			"A.B.7.C": {true, true, false}, "A.B.{i}.C": {true, true, false}, "A.B.7.D": {true, false, false}, "A.B.7.X": {false, false, false},
			"A.B.": {true, true, false}, "A.B.3.": {true, true, false}, "A.B": {false, false, false}, "A.E.": {true, false, false}, "A.E.1.": {true, false, false},
			"A.T.": {true, true, false}, "A.T.1.Q": {false, false, true}, "A.T.1.": {false, false, true}, "A.T.1.Q.2.R": {false, false, true},
			"A.U.1.Q": {false, false, true}, "A.U.Q": {false, false, false}, "Z.": {false, false, false}, "A.": {true, false, false}, "": {false, false, false},
		} {
			if got := [3]bool{n.Has(path), n.Writable(path), n.Unseen(path)}; got != want {
				t.Errorf("%q: got %v, want %v", path, got, want)
			}
		}
	}
	if empty := mapping.NewNames(nil); empty.Has("A.") || empty.Writable("A.") || empty.Unseen("A.1.B") {
		t.Error("a device without names has some")
	}
}
