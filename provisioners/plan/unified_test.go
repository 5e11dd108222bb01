package plan

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestADifferenceIsToldInTheUnifiedFormat(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"nothing", "a\nb\n", "a\nb\n", ""},
		{"one line", "a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
		{"all new", "", "a\n", "@@ -0,0 +1 @@\n+a\n"},
		{"all gone", "a\n", "", "@@ -1 +0,0 @@\n-a\n"},
		{"no line feed at the end", "a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"two places", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
			"@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, _, _, _ := unified(c.before, c.after); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// The edits are applied to what was before: that must make what is after, and hold
// both as they were.
func TestEditsMakeOneTextOfTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "d\n"}), 0, 30)
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		var old, fresh strings.Builder
		for _, e := range compare(before, after) {
			if e.sign != '+' {
				old.WriteString(e.line)
			}
			if e.sign != '-' {
				fresh.WriteString(e.line)
			}
		}
		if old.String() != strings.Join(before, "") || fresh.String() != strings.Join(after, "") {
			t.Fatalf("edits make %q of %q", fresh.String(), old.String())
		}
	})
}

func TestTheProgramPatchAppliesADifference(t *testing.T) {
	program, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("there is no patch on this machine")
	}
	before := strings.Repeat("same\n", 20) + "old\n" + strings.Repeat("same\n", 20)
	after := "first\n" + strings.Repeat("same\n", 20) + "new\nnewer\n" + strings.Repeat("same\n", 19)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	difference, _, _, _ := unified(before, after)
	command := exec.CommandContext(t.Context(), program, "-s", file)
	command.Stdin = strings.NewReader(difference)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, output, difference)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != after {
		t.Errorf("patched to %q (%v), want %q", got, err, after)
	}
}

func TestALargeDifferenceIsCutAndSaysSo(t *testing.T) {
	before, after := strings.Repeat("a line that goes\n", 20_000), strings.Repeat("a line that comes\n", 20_000)
	text, added, removed, truncated := unified(before, after)
	if !truncated || len(text) > maxDifference+1<<10 || added != 20_000 || removed != 20_000 {
		t.Errorf("%d bytes, truncated %t, added %d, removed %d", len(text), truncated, added, removed)
	}
}
