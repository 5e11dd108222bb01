package mongo

import (
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/trace"
)

const tracesCollection = "traces"

// traceDocument is an entry in the collection traces. What the other side wrote
// need not be UTF-8, which texts of MongoDB have to be: it is stored as bytes.
type traceDocument struct {
	// Key is traceKey of the two fields that follow.
	Key       string          `bson:"_id"`
	Device    device.ID       `bson:"device"`
	ID        string          `bson:"id"`
	At        time.Time       `bson:"at"`
	Size      int64           `bson:"size"`
	Session   string          `bson:"session,omitempty"`
	Direction trace.Direction `bson:"direction,omitempty"`
	Method    string          `bson:"method,omitempty"`
	Start     []byte          `bson:"start,omitempty"`
	// Headers are one a line, and none holds the end of one.
	Headers []byte `bson:"headers,omitempty"`
	Body    []byte `bson:"body,omitempty"`
	Cut     int64  `bson:"cut,omitempty"`
}

// tracesByDevice and tracesByTime are indexes that hold the sizes: what adds them
// up reads no entry.
func tracesByDevice() index {
	return index{collection: tracesCollection, keys: ascending("device", idField, "size")}
}

func tracesByTime() index {
	return index{collection: tracesCollection, keys: ascending("at", "size")}
}

const headerEnd = "\n"

// traceKey orders the entries of one device by ID.
func traceKey(id device.ID, entry string) string { return string(id) + "/" + entry }

func documentOfTrace(e *trace.Entry) traceDocument {
	return traceDocument{
		Key: traceKey(e.Device, e.ID), Device: e.Device, ID: e.ID, At: whole(e.At), Size: int64(e.Size()), Session: e.Session, Direction: e.Direction,
		Method: e.Method, Start: []byte(e.Start), Headers: []byte(strings.Join(e.Headers, headerEnd)), Body: []byte(e.Body), Cut: int64(e.Cut),
	}
}

func (d *traceDocument) entry() trace.Entry {
	e := trace.Entry{
		ID: d.ID, Device: d.Device, Session: d.Session, At: d.At, Direction: d.Direction, Method: d.Method, Start: string(d.Start),
		Body: string(d.Body), Cut: int(d.Cut),
	}
	if len(d.Headers) > 0 {
		e.Headers = strings.Split(string(d.Headers), headerEnd)
	}
	return e
}
