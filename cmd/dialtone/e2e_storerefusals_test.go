//go:build e2e

package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	driveroptions "go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

// onMongoDB is a folder whose records are in an empty database.
func onMongoDB(t *testing.T) folder {
	t.Helper()
	f := newFolder(t)
	f.Store = newStoreAddress(emptyDatabase(t))
	return f
}

// server is a server on the folder that does not run yet.
func (f folder) server(t *testing.T, flags ...string) *server {
	t.Helper()
	s := newServer(t, flags...)
	s.DataDir, s.Store = f.DataDir, f.Store.Reveal()
	return s
}

// refuses runs a command that must end with 1 and one line that says all of it.
func refuses(t *testing.T, args []string, want ...string) {
	t.Helper()
	result := runDialtone(t, args...)
	message := result.Stderr[strings.Index(result.Stderr, "dialtone: ")+1:]
	for _, part := range want {
		if result.Code != 1 || !strings.Contains(message, part) || strings.Count(message, "\n") != 1 {
			t.Errorf("dialtone %s: exit %d, want 1 and one line with %q:\n%s", strings.Join(args[:2], " "), result.Code, part, result.Stderr)
		}
	}
}

// refusesToStart is refuses for a server.
func (s *server) refusesToStart(want ...string) {
	s.tb.Helper()
	err := s.TryStart()
	if err == nil {
		s.tb.Errorf("the server started, want %q", want)
		s.Stop()
		return
	}
	for _, part := range want {
		if !strings.Contains(err.Error(), part) || strings.Count(strings.TrimSpace(err.Error()), "\n") != 0 {
			s.tb.Errorf("the server ended with %v, want one line with %q", err, part)
		}
	}
}

func TestACopyToOrFromMongoDBIsRefusedWhereItWouldMixOrTear(t *testing.T) {
	t.Parallel()
	source := newFolder(t)
	source.furnish(t)
	database := onMongoDB(t)
	there := copyArguments(source, database)

	t.Run("the target is not empty", func(t *testing.T) {
		database.with(t, func(s store.Store) { must(t, s.Tokens().PutToken(t.Context(), users.Token{ID: "t", Hash: "h"})) })
		refuses(t, there, "the target is not empty", "drop its database")
		database.drop(t)
	})
	t.Run("a server runs on the embedded source or target", func(t *testing.T) {
		source.with(t, func(store.Store) { refuses(t, there, "open the source", "stop the server first") })
		running := newFolder(t).server(t)
		running.Start()
		refuses(t, copyArguments(source, folder{dataOptions{DataDir: running.DataDir}}), "open the target", "stop the server first")
	})
	t.Run("a node shows a sign of life in the target", func(t *testing.T) {
		database.with(t, func(s store.Store) {
			defer alive(t, s.Nodes(), "pbx2")()
			refuses(t, there, "the target is used by pbx2", "stop them first")
		})
		database.drop(t)
	})
	t.Run("the target was made with another key", func(t *testing.T) {
		other := folder{dataOptions{DataDir: t.TempDir(), Store: database.Store}}
		other.with(t, func(s store.Store) {
			_, err := openKeeper(t.Context(), s, other.dataOptions)
			must(t, err)
		})
		refuses(t, there, "target: the secrets key does not fit the store", source.keyPath())
		database.drop(t)
	})
	t.Run("the target's servers would have another key", func(t *testing.T) {
		_, err := secret.LoadOrCreate(database.keyPath())
		must(t, err)
		refuses(t, there, database.keyPath(), "copy that over it")
		must(t, os.Remove(database.keyPath()))
		database.withDatabase(t, func(d *driver.Database) {
			if n, err := d.Collection("meta").CountDocuments(t.Context(), bson.D{{Key: "_id", Value: "keyCheck"}}); n != 0 || err != nil {
				t.Errorf("the refused copy tied the target to the key: %d documents, %v", n, err)
			}
		})
	})

	result := runDialtone(t, there...)
	if result.Code != 0 {
		t.Fatalf("with nothing in its way the copy ends with %+v", result)
	}
	copyFile(t, source.keyPath(), database.keyPath())
	running := database.server(t)
	running.Start()
	t.Run("a server runs on the source in MongoDB", func(t *testing.T) {
		refuses(t, copyArguments(database, newFolder(t)), "the source is used by", "stop them first")
	})
	t.Run("a server runs on the target in MongoDB", func(t *testing.T) {
		refuses(t, there, "the target is not empty")
	})
	t.Run("a server that was killed is not in the way", func(t *testing.T) {
		running.Kill()
		copyStore(t, database, newFolder(t))
	})
	t.Run("the key file is missing or another one", func(t *testing.T) {
		keyless := folder{dataOptions{DataDir: t.TempDir(), Store: database.Store}}
		refuses(t, copyArguments(keyless, newFolder(t)), "secrets.key")
		_, err := secret.LoadOrCreate(keyless.keyPath())
		must(t, err)
		refuses(t, copyArguments(keyless, newFolder(t)), "source: the secrets key does not fit the store", keyless.keyPath())
	})
}

// alive lets a node show signs of life until the function that it returns is
// called.
func alive(t *testing.T, s nodes.Store, name string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for beat := int64(1); ctx.Err() == nil; beat++ {
			_ = s.Beat(ctx, nodes.Node{ID: name, Name: name, Beat: beat, StartedAt: clock(), SeenAt: clock()})
			_ = pause(ctx, 300*time.Millisecond)
		}
	}()
	return func() { cancel(); <-done }
}

// withDatabase lets work reach into the folder's database.
func (f folder) withDatabase(t *testing.T, work func(d *driver.Database)) {
	t.Helper()
	client, err := driver.Connect(driveroptions.Client().ApplyURI(f.Store.Reveal()))
	must(t, err)
	work(client.Database(f.databaseName()))
	must(t, client.Disconnect(t.Context()))
}

func (f folder) databaseName() string {
	_, rest, _ := strings.Cut(f.Store.Reveal(), "://")
	_, name, _ := strings.Cut(rest, "/")
	name, _, _ = strings.Cut(name, "?")
	return name
}

func (f folder) drop(t *testing.T) {
	t.Helper()
	f.withDatabase(t, func(d *driver.Database) { must(t, d.Drop(t.Context())) })
}

func TestANodeWithAnotherKeyOrOfAnOlderVersionDoesNotStart(t *testing.T) {
	t.Parallel()
	database := onMongoDB(t)
	first := database.server(t)
	first.Start()
	second := folder{dataOptions{DataDir: t.TempDir(), Store: database.Store}}

	t.Run("it has no key file", func(t *testing.T) {
		second.server(t).refusesToStart("there is no key file", second.keyPath(), "the secrets key does not fit the store")
		if _, err := os.Stat(second.keyPath()); !os.IsNotExist(err) {
			t.Errorf("a key file was left behind: %v", err)
		}
	})
	t.Run("it has a key file of its own", func(t *testing.T) {
		_, err := secret.LoadOrCreate(second.keyPath())
		must(t, err)
		before, err := os.ReadFile(second.keyPath())
		must(t, err)
		second.server(t).refusesToStart("the secrets key does not fit the store", second.keyPath())
		if after, err := os.ReadFile(second.keyPath()); err != nil || string(after) != string(before) {
			t.Errorf("the key file was changed: %v", err)
		}
	})
	t.Run("it has a copy of the first node's key", func(t *testing.T) {
		copyFile(t, database.keyPath(), second.keyPath())
		node := second.server(t)
		node.Start()
		node.Stop()
	})
	first.Stop()
	t.Run("the data is of a newer version", func(t *testing.T) {
		database.withDatabase(t, func(d *driver.Database) {
			_, err := d.Collection("meta").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "schema"}}, bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 99}}}})
			must(t, err)
		})
		database.server(t).refusesToStart("newer version", "99")
		refuses(t, []string{"token", "list", "--data-dir", database.DataDir, "--store", database.url()}, "newer version")
		refuses(t, copyArguments(database, newFolder(t)), "open the source", "newer version")
	})
}

func TestAStartWithoutItsMongoDBEndsWithin10SecondsWithTheReason(t *testing.T) {
	t.Parallel()
	for name, listen := range map[string]func(t *testing.T) string{"nobody listens": unusedAddress, "nobody answers": silentAddress} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t)
			address := listen(t)
			f.Store = newStoreAddress("mongodb://" + address + "/dialtone")
			begun := time.Now()
			f.server(t).refusesToStart("--store", "server not reached", "no answer from "+address)
			// The process itself takes a moment on a machine that is busy.
			if took := time.Since(begun); took > 12*time.Second {
				t.Errorf("it ended after %s, want 10 s", took)
			} else {
				t.Logf("it ended after %s", took.Round(100*time.Millisecond))
			}
			if _, err := os.Stat(filepath.Join(f.DataDir, "secrets.key")); !os.IsNotExist(err) {
				t.Errorf("a key file was left behind: %v", err)
			}
		})
	}
}

func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, l.Close())
	return l.Addr().String()
}

// silentAddress accepts connections and says nothing.
func silentAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	return l.Addr().String()
}
