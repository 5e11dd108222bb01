package mongo

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/files"
)

const (
	contentCollection      = "content"
	contentChunkCollection = "contentChunks"
)

// Content keeps the bytes of files in the database, for servers that share no
// folder. It implements files.Sweeper.
//
// Content that is removed is not found any more at once; its bytes stay until a
// sweep finds it old enough, so that who is reading it reads on.
func (s *Store) Content() files.Content { return content{s} }

type content struct{ *Store }

var _ files.Sweeper = content{}

// contentState says what may be done with content.
type contentState string

const (
	contentWriting   contentState = "writing"
	contentCommitted contentState = "committed"
	contentRemoved   contentState = "removed"
)

// contentDocument describes content. Its bytes are in chunks of ChunkSize, the
// last one shorter.
type contentDocument struct {
	Name      string       `bson:"_id"`
	State     contentState `bson:"state"`
	Size      int64        `bson:"size"`
	ChunkSize int          `bson:"chunkSize"`
	// ChangedAt is when it was last written, committed or removed. It moves on
	// while content is written, so that no other node takes it for what a crash
	// left.
	ChangedAt time.Time `bson:"changedAt"`
}

// contentChunk is a part of content; chunkName is its id.
type contentChunk struct {
	ID   string `bson:"_id"`
	Data []byte `bson:"data"`
}

// contentChunkSize is large enough that a file of 100 MB takes 400 round trips,
// and small enough that 1000 readers hold 256 MB.
const contentChunkSize = 256 << 10

// chunkName returns the id of a part, counted from 0. Ids of one content are a
// range, in the order of its parts.
func chunkName(content string, part int64) string { return fmt.Sprintf("%s/%08d", content, part) }

// chunksOf matches all parts of a content.
func chunksOf(content string) bson.D {
	return bson.D{{Key: idField, Value: bson.D{{Key: "$gte", Value: content + "/"}, {Key: "$lt", Value: content + "0"}}}} // "0" follows "/".
}

const (
	contentNameLength = 26
	contentAlphabet   = "abcdefghijklmnopqrstuvwxyz234567"
)

func isContentName(name string) bool {
	return len(name) == contentNameLength && strings.Trim(name, contentAlphabet) == ""
}

// Create implements files.Content. What is written later ends with ctx.
func (c content) Create(ctx context.Context) (files.ContentWriter, error) {
	name := strings.ToLower(rand.Text())
	now := c.options.Now()
	document := contentDocument{Name: name, State: contentWriting, ChunkSize: contentChunkSize, ChangedAt: whole(now)}
	err := c.do(ctx, "createContent", func(ctx context.Context) error {
		_, err := c.database.Collection(contentCollection).InsertOne(ctx, document)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &contentWriter{content: c, ctx: ctx, name: name, marked: now}, nil
}

// Open implements files.Content. What is read later ends with ctx. One chunk is
// held in memory.
func (c content) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open content: %w", err)
	}
	if !isContentName(name) {
		return nil, files.ErrNotFound
	}
	var document contentDocument
	err := c.do(ctx, "openContent", func(ctx context.Context) (err error) {
		committed := append(byID(name), bson.E{Key: "state", Value: contentCommitted})
		document, err = findOne[contentDocument](ctx, c.database.Collection(contentCollection), committed, files.ErrNotFound)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &contentReader{content: c, ctx: ctx, document: document}, nil
}

// Remove implements files.Content.
func (c content) Remove(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("remove content: %w", err)
	}
	if !isContentName(name) {
		return nil
	}
	return c.do(ctx, "removeContent", func(ctx context.Context) error {
		_, err := c.retire(ctx, append(byID(name), bson.E{Key: "state", Value: contentCommitted}))
		return err
	})
}

// retire takes content out of sight and reports whether it was there.
func (c content) retire(ctx context.Context, which bson.D) (bool, error) {
	set := bson.D{{Key: "state", Value: contentRemoved}, {Key: "changedAt", Value: whole(c.options.Now())}}
	result, err := c.database.Collection(contentCollection).UpdateOne(ctx, which, bson.D{{Key: "$set", Value: set}})
	if err != nil {
		return false, err
	}
	return result.MatchedCount > 0, nil
}

// erase removes the bytes of content that is out of sight, and what describes it
// last, so that a crash in between leaves what Sweep finds.
func (c content) erase(ctx context.Context, name string) error {
	if _, err := c.database.Collection(contentChunkCollection).DeleteMany(ctx, chunksOf(name)); err != nil {
		return err
	}
	_, err := c.database.Collection(contentCollection).DeleteOne(ctx, append(byID(name), bson.E{Key: "state", Value: contentRemoved}))
	return err
}
