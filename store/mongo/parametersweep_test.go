package mongo

import (
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

func sweep(t *testing.T, s *Store, now time.Time) int {
	t.Helper()
	removed, err := s.sweepChunks(t.Context(), now)
	must(t, err)
	return removed
}

// unsettled returns how many documents still are to be looked at.
func unsettled(t *testing.T, s *Store) (count int64) {
	t.Helper()
	for _, collection := range []string{parameterCollection, chunkCollection} {
		n, err := s.database.Collection(collection).CountDocuments(t.Context(), bson.D{{Key: "checkAt", Value: bson.D{{Key: "$exists", Value: true}}}})
		must(t, err)
		count += n
	}
	return count
}

func TestASweepLeavesALivingTreeAloneAndLooksAtItOnce(t *testing.T) {
	s := openWith(t, Options{Now: func() time.Time { return at(0) }})
	id := knownTree(t, s)
	must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(1100, "x")))
	if removed := sweep(t, s, at(0).Add(2*chunkAge)); removed != 0 {
		t.Errorf("%d documents were removed", removed)
	}
	if left := unsettled(t, s); left != 0 {
		t.Errorf("%d documents are to be looked at again", left)
	}
	if all := treeOf(t, s, id); len(all) != 1100 {
		t.Errorf("%d parameters are left", len(all))
	}
}

func TestASweepRemovesWhatACrashLeft(t *testing.T) {
	for name, crash := range map[string]func(t *testing.T, s *Store, id device.ID){
		"before the tree's document was stored": func(t *testing.T, s *Store, id device.ID) {
			must(t, s.insertChunks(t.Context(), []parameterChunk{{
				ID: bson.NewObjectID(), Device: id, MadeAt: at(0), CheckAt: at(0).Add(chunkAge), Parameters: []parameterDocument{},
			}}))
		},
		"before the old chunks were removed": func(t *testing.T, s *Store, id device.ID) {
			sweep(t, s, at(0).Add(2*chunkAge))
			old := documentOf(t, s, id)
			chunks := storedChunks(t, s)
			_, err := s.Parameters().Forget(t.Context(), id, "Device.00000")
			must(t, err)
			for _, dropped := range old.dropped(documentOf(t, s, id)) {
				for _, c := range chunks {
					if c.ID == dropped {
						must(t, s.insertChunks(t.Context(), []parameterChunk{c}))
					}
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openWith(t, Options{Now: func() time.Time { return at(0) }})
			id := knownTree(t, s)
			must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(1100, "x")))
			crash(t, s, id)
			want := treeOf(t, s, id)
			referred := len(documentOf(t, s, id).Chunks)
			if stored := len(chunkIDs(t, s)); stored != referred+1 {
				t.Fatalf("%d chunks are stored, %d referred to, want one more", stored, referred)
			}
			if removed := sweep(t, s, at(0).Add(chunkAge-time.Minute)); removed != 0 {
				t.Errorf("%d documents that a writer may be about to refer to were removed", removed)
			}
			if removed := sweep(t, s, at(0).Add(chunkAge)); removed != 1 {
				t.Errorf("%d documents were removed, want 1", removed)
			}
			if stored := len(chunkIDs(t, s)); stored != referred || len(treeOf(t, s, id)) != len(want) {
				t.Errorf("%d chunks are left, %d referred to; %d parameters, want %d", stored, referred, len(treeOf(t, s, id)), len(want))
			}
			if left := unsettled(t, s); left != 0 {
				t.Errorf("%d documents are to be looked at again", left)
			}
		})
	}
}

func TestAYoungChunkPutsTheSweepOff(t *testing.T) {
	now := at(0)
	s := openWith(t, Options{Now: func() time.Time { return now }})
	id := knownTree(t, s)
	must(t, s.Parameters().Observe(t.Context(), id, now, observations(1100, "x")))
	now = now.Add(chunkAge - time.Minute)
	// A chunk without a mark, as one that was looked at, dropped since and left by
	// a crash.
	must(t, s.insertChunks(t.Context(), []parameterChunk{{ID: bson.NewObjectID(), Device: id, MadeAt: now, Parameters: []parameterDocument{}}}))
	if removed := sweep(t, s, at(0).Add(chunkAge)); removed != 0 {
		t.Errorf("%d documents were removed", removed)
	}
	if removed := sweep(t, s, at(0).Add(2*chunkAge)); removed != 1 {
		t.Errorf("%d documents were removed later, want 1", removed)
	}
}

func TestATreeMadeWhileItsDeviceIsDeletedDoesNotStay(t *testing.T) {
	s := open(t)
	id := device.NewID()
	next := &parameterTree{Device: id, Version: bson.NewObjectID(), Parameters: []parameterDocument{{Path: "Device.A"}}}
	if err := s.storeTree(t.Context(), &parameterTree{Device: id}, next, nil); !errors.Is(err, device.ErrNotFound) {
		t.Errorf("storing it: %v, want %v", err, device.ErrNotFound)
	}
	if tree := documentOf(t, s, id); tree.exists() {
		t.Errorf("the tree is %+v", tree)
	}
}
