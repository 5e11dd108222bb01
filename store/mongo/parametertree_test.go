package mongo

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device"
)

// memoryTree is a tree and its chunks without a database.
type memoryTree struct {
	tree   *parameterTree
	chunks loadedChunks
}

// tester is what tests and properties have in common.
type tester interface {
	Errorf(format string, arguments ...any)
	Fatal(arguments ...any)
}

// change makes a change as Store.changeTree does.
func (m *memoryTree) change(t tester, c *treeChange) (removed int) {
	loaded := loadedChunks{}
	all, removed, err := m.tree.change(c, loaded, func(entries []chunkEntry) error {
		for _, entry := range entries {
			loaded[entry.ID] = m.chunks[entry.ID]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return 0
	}
	next, made, err := m.tree.after(all, c, time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range m.tree.dropped(next) {
		delete(m.chunks, id)
	}
	for i := range made {
		m.chunks[made[i].ID] = parametersOf(made[i].Parameters)
	}
	m.tree = next
	return removed
}

// all returns the whole tree and checks what the documents say of it.
func (m *memoryTree) all(t tester) []device.Parameter {
	var all []device.Parameter
	if len(m.tree.Chunks) == 0 {
		all = parametersOf(m.tree.Parameters)
		if !fits(len(all), sizeOf(all)) {
			t.Errorf("one document holds %d parameters of %d bytes", len(all), sizeOf(all))
		}
	}
	for i, entry := range m.tree.Chunks {
		known := m.chunks[entry.ID]
		if entry.Count != len(known) || entry.Size != sizeOf(known) || len(known) == 0 || entry.First > known[0].Path {
			t.Errorf("entry %d is %+v of %d parameters of %d bytes", i, entry, len(known), sizeOf(known))
		}
		if len(known) > 1 && !fits(len(known), sizeOf(known)) {
			t.Errorf("chunk %d holds %d parameters of %d bytes", i, len(known), sizeOf(known))
		}
		all = append(all, known...)
	}
	if len(m.chunks) != len(m.tree.Chunks) || m.tree.Count != len(all) || m.tree.Size != sizeOf(all) {
		t.Errorf("%d chunks of which %d are referred to, count %d, size %d", len(m.chunks), len(m.tree.Chunks), m.tree.Count, m.tree.Size)
	}
	return all
}

func TestAnySequenceOfChangesLeavesTheSameTreeInWhateverChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := memoryTree{tree: &parameterTree{Version: bson.NewObjectID()}, chunks: loadedChunks{}}
		oracle := map[string]device.Parameter{}
		// So many large values stay below what a tree may take.
		large := 100
		for step := range rapid.IntRange(1, 5).Draw(t, "steps") {
			var observations []device.Observation
			start, every := rapid.IntRange(0, 3000).Draw(t, "start"), rapid.SampledFrom([]int{1, 1, 7, 400}).Draw(t, "every")
			for i := range rapid.SampledFrom([]int{0, 1, 3, 90, 499, 501, 1200}).Draw(t, "number") {
				text := fmt.Sprint(step)
				if large > 0 && rapid.IntRange(0, 300).Draw(t, "large") == 0 {
					large--
					text = strings.Repeat("x", rapid.SampledFrom([]int{50 << 10, 200 << 10, 300 << 10}).Draw(t, "length"))
				}
				path := fmt.Sprintf("Device.%d.%04d", (start+i*every)%4, start+i*every)
				observations = append(observations, device.Observation{Path: path, Value: &device.Value{Text: text}})
			}
			at := time.UnixMilli(int64(step)).UTC()
			from, to := branch(rapid.SampledFrom([]string{"", "Device.1.", "Device.3.", "Device.", "Device.2.0006"}).Draw(t, "branch"))
			if rapid.Bool().Draw(t, "merge only") {
				to = from
			}
			want := changed(oracle, from, to, at, observations)
			if removed := m.change(t, observing(at, from, to, observations)); removed != want {
				t.Errorf("%d were removed, want %d", removed, want)
			}
			if diff := cmp.Diff(inOrder(oracle), m.all(t)); diff != "" {
				t.Fatalf("after step %d (-want +got):\n%s", step, diff)
			}
		}
	})
}

func changed(oracle map[string]device.Parameter, from, to string, at time.Time, all []device.Observation) (removed int) {
	observed := map[string]bool{}
	for _, o := range all {
		observed[o.Path] = true
	}
	for path := range oracle {
		if from <= path && path < to && !observed[path] {
			delete(oracle, path)
			removed++
		}
	}
	for _, o := range all {
		oracle[o.Path] = oracle[o.Path].Merge(o, at)
	}
	return removed
}

func inOrder(oracle map[string]device.Parameter) []device.Parameter {
	all := make([]device.Parameter, 0, len(oracle))
	for _, p := range oracle {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b device.Parameter) int { return strings.Compare(a.Path, b.Path) })
	if len(all) == 0 {
		return []device.Parameter{}
	}
	return all
}

func TestATreeThatIsThinnedOutBitByBitHasFewChunks(t *testing.T) {
	m := memoryTree{tree: &parameterTree{Version: bson.NewObjectID()}, chunks: loadedChunks{}}
	const count, block, left = 3000, cutCount / 5, 4 // No block is in two chunks.
	m.change(t, observing(at(0), "", "", observations(count, "x")))
	for i := 0; i < count; i += block {
		m.change(t, &treeChange{from: fmt.Sprintf("Device.%05d", i+left), to: fmt.Sprintf("Device.%05d", i+block)})
		if all := m.all(t); len(m.tree.Chunks) > len(all)/tinyCount+2 {
			t.Fatalf("%d parameters are in %d chunks", len(all), len(m.tree.Chunks))
		}
	}
	if len(m.tree.Chunks) != 0 || len(m.tree.Parameters) != count/block*left {
		t.Errorf("the document has %d parameters and %d chunks", len(m.tree.Parameters), len(m.tree.Chunks))
	}
}

func TestTheSizeOfAParameterIsNeverUnderrated(t *testing.T) {
	yes, active := true, 2
	full := device.Parameter{
		Path: "Device.A", Value: "v", Sealed: "s", Type: "xsd:string", Known: true, Writable: &yes, Notification: &active,
		AccessList: []string{"Subscriber", "x", ""}, UpdatedAt: time.UnixMilli(1).UTC(),
	}
	for name, p := range map[string]device.Parameter{"everything": full, "a path alone": {Path: "Device.B"}} {
		raw, err := bson.Marshal(parameterChunk{Parameters: parameterDocuments([]device.Parameter{p})})
		if err != nil {
			t.Fatal(err)
		}
		empty, err := bson.Marshal(parameterChunk{Parameters: []parameterDocument{}})
		if err != nil {
			t.Fatal(err)
		}
		// An element of an array of 50,000 has a name of five digits.
		if took := len(raw) - len(empty) + len("49999"); took > parameterSize(&p) {
			t.Errorf("%s takes %d bytes, reckoned as %d", name, took, parameterSize(&p))
		}
	}
}

func TestAListOfManyChunksIsSmall(t *testing.T) {
	all := make([]device.Parameter, device.MaxParameters)
	for i := range all {
		all[i].Path = fmt.Sprintf("InternetGatewayDevice.Services.VoiceService.1.VoiceProfile.1.Line.%06d.Name", i)
	}
	next, made, err := (&parameterTree{Version: bson.NewObjectID()}).after([]piece{{parameters: all}}, &treeChange{paths: []string{"x"}}, time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := bson.Marshal(next)
	if err != nil || len(raw) > maxChunkSize || len(made) > 2*device.MaxParameters/maxChunkCount {
		t.Errorf("%d parameters make %d chunks and a document of %d bytes, %v", len(all), len(made), len(raw), err)
	}
}
