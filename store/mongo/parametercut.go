package mongo

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

// Bounds of one document of parameters. A chunk that outgrows them is cut into
// chunks that are a quarter emptier, so that not every further write cuts again.
const (
	maxChunkCount = 500
	maxChunkSize  = 256 << 10
	cutCount      = maxChunkCount * 3 / 4
	cutSize       = maxChunkSize * 3 / 4
	// A chunk below these is joined with a neighbour.
	tinyCount = maxChunkCount / 5
	tinySize  = maxChunkSize / 5
)

// Bounds of what is not counted in parameters: one parameter, which must fit a
// document of 16 MiB, and a tree, of which a write may hold all in memory.
const (
	maxParameterSize = 16<<20 - 64<<10
	maxTreeSize      = 64 << 20
)

// fits reports whether so much may be one document.
func fits(count, size int) bool { return count <= maxChunkCount && size <= maxChunkSize }

// cut divides a run of parameters into runs of one document each. A parameter
// that is larger than a chunk is one by itself.
func cut(all []device.Parameter) [][]device.Parameter {
	if len(all) == 0 {
		return nil
	}
	if fits(len(all), sizeOf(all)) {
		return [][]device.Parameter{all}
	}
	runs := (len(all) + cutCount - 1) / cutCount
	count := (len(all) + runs - 1) / runs
	var parts [][]device.Parameter
	start, filled := 0, 0
	for i := range all {
		next := parameterSize(&all[i])
		if i > start && (i-start >= count || filled+next > cutSize) {
			parts = append(parts, all[start:i])
			start, filled = i, 0
		}
		filled += next
	}
	return append(parts, all[start:])
}

// totals returns the number of parameters of pieces and their size.
func totals(all []piece) (count, size int) {
	for i := range all {
		n, s := all[i].measure()
		count, size = count+n, size+s
	}
	return count, size
}

func (p *piece) measure() (count, size int) {
	if p.kept != nil {
		return p.kept.Count, p.kept.Size
	}
	return len(p.parameters), sizeOf(p.parameters)
}

// joinable returns the chunks that stay and that should be read after all: to be
// joined with a tiny neighbour that is written, or because the whole tree has
// become small enough for one document.
func joinable(all []piece) []bson.ObjectID {
	count, size := totals(all)
	small := count <= maxChunkCount/2 && size <= maxChunkSize/2
	var ids []bson.ObjectID
	for i := range all {
		if all[i].kept != nil && (small || all[i].joins(all, i-1) || all[i].joins(all, i+1)) {
			ids = append(ids, all[i].kept.ID)
		}
	}
	return ids
}

// joins reports whether a chunk that stays fits together with a tiny neighbour.
func (p *piece) joins(all []piece, neighbour int) bool {
	if neighbour < 0 || neighbour >= len(all) || all[neighbour].kept != nil || len(all[neighbour].parameters) == 0 {
		return false
	}
	count, size := all[neighbour].measure()
	return count < tinyCount && size < tinySize && count+p.kept.Count <= cutCount && size+p.kept.Size <= cutSize
}
