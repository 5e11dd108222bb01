package plan

import (
	"fmt"
	"slices"
	"strings"
)

const (
	// contextLines is how many unchanged lines stand around a change.
	contextLines = 3
	// maxEdits bounds the search for the shortest difference; beyond it a difference
	// takes all lines between the first and the last that differ.
	maxEdits = 1500
	// maxDifference bounds the text of a difference in bytes.
	maxDifference = 256 << 10
)

// unified returns the difference of two texts in the unified format, without file
// names, and how many lines it adds and removes; empty if they are the same.
func unified(before, after string) (text string, added, removed int, truncated bool) {
	edits := compare(lines(before), lines(after))
	var b strings.Builder
	for _, e := range edits {
		switch e.sign {
		case '+':
			added++
		case '-':
			removed++
		}
	}
	for _, h := range hunks(edits) {
		if !h.write(&b, edits) {
			return b.String(), added, removed, true
		}
	}
	return b.String(), added, removed, false
}

// lines splits a text; a last line without its end is told by the mark that diff
// uses.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	split := strings.SplitAfter(text, "\n")
	if last := len(split) - 1; split[last] == "" {
		split = split[:last]
	}
	return split
}

// edit is one line of a comparison: ' ' in both, '-' before only, '+' after only.
type edit struct {
	sign byte
	line string
}

// compare returns the edits that make one list of lines of the other.
func compare(before, after []string) []edit {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	edits := signed(nil, ' ', before[:head])
	edits = append(edits, shortest(before[head:len(before)-tail], after[head:len(after)-tail])...)
	return signed(edits, ' ', before[len(before)-tail:])
}

func signed(edits []edit, sign byte, lines []string) []edit {
	for _, line := range lines {
		edits = append(edits, edit{sign, line})
	}
	return edits
}

// shortest is the algorithm of Myers ("An O(ND) Difference Algorithm", 1986): it
// notes how far each diagonal came with each number of edits, and walks back.
func shortest(before, after []string) []edit {
	limit := min(len(before)+len(after), maxEdits)
	reach := make([]int, 2*limit+2)
	var steps [][]int
	for d := 0; d <= limit; d++ {
		steps = append(steps, slices.Clone(reach[limit-d:limit+d+2]))
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				x = further(reach, limit, d, k)
			}
			y := x - k
			for x < len(before) && y < len(after) && before[x] == after[y] {
				x, y = x+1, y+1
			}
			reach[limit+k] = x
			if x >= len(before) && y >= len(after) {
				return walkBack(steps, before, after)
			}
		}
	}
	return signed(signed(nil, '-', before), '+', after)
}

// further returns how far diagonal k comes with one edit more: a line removed or a
// line added, whichever leads further.
func further(reach []int, limit, d, k int) int {
	if k == -d || k != d && reach[limit+k-1] < reach[limit+k+1] {
		return reach[limit+k+1]
	}
	return reach[limit+k-1] + 1
}

// walkBack makes the edits of the steps; steps[d] holds the diagonals -d to d+1 as
// they were before step d.
func walkBack(steps [][]int, before, after []string) []edit {
	var reversed []edit
	x, y := len(before), len(after)
	for d := len(steps) - 1; d > 0; d-- {
		at := func(k int) int { return steps[d][k+d] }
		k := x - y
		down := k == -d || k != d && at(k-1) < at(k+1)
		fromK := k - 1
		if down {
			fromK = k + 1
		}
		fromX := at(fromK)
		fromY := fromX - fromK
		for x > fromX && y > fromY && before[x-1] == after[y-1] {
			x, y = x-1, y-1
			reversed = append(reversed, edit{' ', before[x]})
		}
		if down {
			y--
			reversed = append(reversed, edit{'+', after[y]})
		} else {
			x--
			reversed = append(reversed, edit{'-', before[x]})
		}
	}
	for x > 0 {
		x--
		reversed = append(reversed, edit{' ', before[x]})
	}
	slices.Reverse(reversed)
	return reversed
}

// hunk is a run of edits with their context: from up to to.
type hunk struct{ from, to int }

// hunks returns the runs that hold a change; those whose context meets are one.
func hunks(edits []edit) []hunk {
	var found []hunk
	for i, e := range edits {
		if e.sign == ' ' {
			continue
		}
		from, to := max(0, i-contextLines), min(len(edits), i+1+contextLines)
		if last := len(found) - 1; last >= 0 && from <= found[last].to {
			found[last].to = to
			continue
		}
		found = append(found, hunk{from, to})
	}
	return found
}

// write writes the hunk, as far as there is room: complete is false if there was
// too little.
func (h hunk) write(b *strings.Builder, edits []edit) (complete bool) {
	oldLine, newLine := position(edits[:h.from])
	oldCount, newCount := position(edits[h.from:h.to])
	fmt.Fprintf(b, "@@ -%s +%s @@\n", span(oldLine, oldCount), span(newLine, newCount))
	for _, e := range edits[h.from:h.to] {
		if b.Len()+len(e.line) > maxDifference {
			return false
		}
		b.WriteByte(e.sign)
		b.WriteString(e.line)
		if !strings.HasSuffix(e.line, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
	return true
}

// position returns how many lines of each side the edits hold.
func position(edits []edit) (before, after int) {
	for _, e := range edits {
		if e.sign != '+' {
			before++
		}
		if e.sign != '-' {
			after++
		}
	}
	return before, after
}

// span writes where a hunk stands on one side: an empty one is told by the line
// before it.
func span(preceding, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", preceding)
	case 1:
		return fmt.Sprint(preceding + 1)
	}
	return fmt.Sprintf("%d,%d", preceding+1, count)
}
