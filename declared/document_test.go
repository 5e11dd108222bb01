package declared

import (
	"slices"
	"strings"
	"testing"
)

func TestAnIDHoldsSmallLettersDigitsAndHyphens(t *testing.T) {
	for _, id := range []string{"a", "0", "-", "cisco-8851", strings.Repeat("z", 64)} {
		if err := CheckID(id); err != nil {
			t.Errorf("CheckID(%q): %v", id, err)
		}
	}
	for _, id := range []string{"", strings.Repeat("z", 65), "A", "a b", "a/b", "a.b", "a_b", "é", "a\x00", "a\n"} {
		if err := CheckID(id); err == nil {
			t.Errorf("CheckID(%q) takes it", id)
		}
	}
}

func TestEveryKindIsThereOnce(t *testing.T) {
	kinds := Kinds()
	slices.Sort(kinds)
	if len(slices.Compact(kinds)) != 5 {
		t.Errorf("kinds are %v", kinds)
	}
}
