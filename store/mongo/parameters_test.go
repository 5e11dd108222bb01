package mongo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

// knownDevice stores what the parameter store asks of a device: that there is a
// document of its id.
func knownTree(t *testing.T, s *Store) device.ID {
	t.Helper()
	id := device.NewID()
	must(t, s.Devices().Create(t.Context(), device.Device{ID: id, Origin: device.OriginOperator}, 0))
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func at(seconds int) time.Time { return time.Unix(1_700_000_000+int64(seconds), 0).UTC() }

func observations(count int, text string) []device.Observation {
	all := make([]device.Observation, count)
	for i := range all {
		all[i] = device.Observation{Path: fmt.Sprintf("Device.%05d", i), Value: &device.Value{Text: text}}
	}
	return all
}

func treeOf(t *testing.T, s *Store, id device.ID) []device.Parameter {
	t.Helper()
	all, err := s.Parameters().Parameters(t.Context(), id, "", "", device.MaxParameters)
	must(t, err)
	return all
}

func documentOf(t *testing.T, s *Store, id device.ID) *parameterTree {
	t.Helper()
	tree, err := findTree(t.Context(), s.database.Collection(parameterCollection), id)
	must(t, err)
	return tree
}

func storedChunks(t *testing.T, s *Store) []parameterChunk {
	t.Helper()
	chunks, err := findAll[parameterChunk](t.Context(), s.database.Collection(chunkCollection), everything())
	must(t, err)
	return chunks
}

func chunkIDs(t *testing.T, s *Store) []bson.ObjectID {
	t.Helper()
	return idsOf(storedChunks(t, s))
}

func TestOneValueOfASmallTreeCostsTwoRoundTrips(t *testing.T) {
	var sent commands
	s := openWith(t, Options{Monitor: sent.monitor()})
	id := knownTree(t, s)
	must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(100, "old")))
	sent.take()
	must(t, s.Parameters().Observe(t.Context(), id, at(1), observations(1, "new")))
	if got := sent.take(); !slices.Equal(got, []string{"find", "update"}) {
		t.Errorf("the commands are %q", got)
	}
	if all := treeOf(t, s, id); len(all) != 100 || all[0].Value != "new" || all[1].Value != "old" {
		t.Errorf("the tree has %d parameters, the first %+v", len(all), all[0])
	}
}

func TestAWriteToALargeTreeRewritesOnlyTheChunksThatItTouches(t *testing.T) {
	s := open(t)
	id := knownTree(t, s)
	must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(3000, "old")))
	before := documentOf(t, s, id)
	if len(before.Parameters) != 0 || len(before.Chunks) < 6 {
		t.Fatalf("the tree has %d parameters in its document and %d chunks", len(before.Parameters), len(before.Chunks))
	}
	must(t, s.Parameters().Observe(t.Context(), id, at(1), []device.Observation{{Path: "Device.01500", Value: &device.Value{Text: "new"}}}))
	after := documentOf(t, s, id)
	if gone := before.dropped(after); len(gone) != 1 || len(after.Chunks) != len(before.Chunks) {
		t.Errorf("%d of %d chunks were written anew, now there are %d", len(gone), len(before.Chunks), len(after.Chunks))
	}
	if left := chunkIDs(t, s); len(left) != len(after.Chunks) {
		t.Errorf("%d chunks are stored, %d referred to", len(left), len(after.Chunks))
	}
}

func TestAPageAndAValueReadOnlyTheChunksThatTheyNeed(t *testing.T) {
	s := open(t)
	id := knownTree(t, s)
	must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(3000, "x")))
	tree := documentOf(t, s, id)
	r := &chunkReader{chunks: s.database.Collection(chunkCollection), loaded: loadedChunks{}}
	page, err := tree.page(t.Context(), r, "Device.01000\x00", endOfText, 50)
	if err != nil || len(page) != 50 || page[0].Path != "Device.01001" || len(r.loaded) > 2 {
		t.Errorf("a page of %d was made of %d chunks, %v", len(page), len(r.loaded), err)
	}
	r = &chunkReader{chunks: s.database.Collection(chunkCollection), loaded: loadedChunks{}}
	values, err := tree.values(t.Context(), r, []string{"Device.00001", "Device.00002", "Device.02999"})
	if err != nil || len(values) != 3 || len(r.loaded) != 2 {
		t.Errorf("%d values were read of %d chunks, %v", len(values), len(r.loaded), err)
	}
}

func TestReadersSeeAllOfAWriteOrNothing(t *testing.T) {
	s := open(t)
	id := knownTree(t, s)
	const count = 1200
	must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(count, "0")))
	var done atomic.Bool
	var group sync.WaitGroup
	group.Go(func() {
		defer done.Store(true)
		for round := range 8 {
			if err := s.Parameters().Replace(t.Context(), id, "", at(round), observations(count-round%2*700, fmt.Sprint(round))); err != nil {
				t.Error(err)
			}
		}
	})
	for reads := 0; !done.Load(); reads++ {
		all, err := s.Parameters().Parameters(t.Context(), id, "", "", device.MaxParameters)
		if err != nil {
			t.Error(err)
			break
		}
		if i := slices.IndexFunc(all, func(p device.Parameter) bool { return p.Value != all[0].Value }); i >= 0 || len(all) != count && len(all) != count-700 {
			t.Errorf("read %d: of %d parameters the %d-th is of another write than the first", reads, len(all), i)
		}
	}
	group.Wait()
}

func TestWritersOfOneTreeAllSucceed(t *testing.T) {
	for name, size := range map[string]int{"small": 10, "in chunks": 800} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			id := knownTree(t, s)
			var group sync.WaitGroup
			for i := range 4 {
				group.Go(func() {
					all := observations(size, "x")
					for k := range all {
						all[k].Path = fmt.Sprintf("Device.%d.%d", k, i)
					}
					if err := s.Parameters().Observe(t.Context(), id, at(0), all); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if all := treeOf(t, s, id); len(all) != 4*size {
				t.Errorf("%d parameters are stored, want %d", len(all), 4*size)
			}
			if tree := documentOf(t, s, id); len(chunkIDs(t, s)) != len(tree.Chunks) {
				t.Errorf("%d chunks are stored, %d referred to", len(chunkIDs(t, s)), len(tree.Chunks))
			}
		})
	}
}

func TestALargeValueHasAChunkOfItsOwnAndOneThatNoDocumentHoldsIsRefused(t *testing.T) {
	s := open(t)
	id := knownTree(t, s)
	must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(10, "x")))
	large := strings.Repeat("v", 2<<20)
	must(t, s.Parameters().Observe(t.Context(), id, at(1), []device.Observation{{Path: "Device.00005", Value: &device.Value{Text: large}}}))
	tree := documentOf(t, s, id)
	if i := slices.IndexFunc(tree.Chunks, func(e chunkEntry) bool { return e.First == "Device.00005" }); i < 0 || tree.Chunks[i].Count != 1 {
		t.Errorf("the chunks are %+v", tree.Chunks)
	}
	err := s.Parameters().Observe(t.Context(), id, at(2), []device.Observation{
		{Path: "Device.00001", Value: &device.Value{Text: "new"}}, {Path: "Device.00006", Value: &device.Value{Text: strings.Repeat("v", 16<<20)}},
	})
	if !errors.Is(err, device.ErrLimit) || !strings.Contains(fmt.Sprint(err), "Device.00006") {
		t.Errorf("a value of 16 MiB: %v, want one that wraps %v and names it", err, device.ErrLimit)
	}
	if all := treeOf(t, s, id); len(all) != 10 || all[5].Value != large || all[1].Value != "x" {
		t.Errorf("the tree has %d parameters", len(all))
	}
}

func TestATreeThatShrinksIsOneDocumentAgain(t *testing.T) {
	s := open(t)
	id := knownTree(t, s)
	must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(900, "x")))
	must(t, s.Parameters().Replace(t.Context(), id, "", at(1), observations(20, "y")))
	if tree := documentOf(t, s, id); len(tree.Parameters) != 20 || len(tree.Chunks) != 0 || len(chunkIDs(t, s)) != 0 {
		t.Errorf("the document has %d parameters and %d chunks, %d are stored", len(tree.Parameters), len(tree.Chunks), len(chunkIDs(t, s)))
	}
}
