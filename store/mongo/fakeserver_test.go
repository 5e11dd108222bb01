package mongo

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// fakeServer answers MongoDB's wire protocol with what a test tells it to: for
// servers that no test can have for real, such as one that is too old.
type fakeServer struct {
	address string
	// hello is what it says of itself.
	hello bson.D
	// answer returns the answer to any other command.
	answer func(command string) bson.D
}

// newFakeServer returns a server that stands alone and can be used but for what
// the test changes.
func newFakeServer(t *testing.T, change bson.D, answer func(command string) bson.D) *fakeServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	f := &fakeServer{address: listener.Addr().String(), answer: answer}
	for _, e := range (bson.D{
		{Key: "isWritablePrimary", Value: true}, {Key: "ismaster", Value: true}, {Key: "helloOk", Value: true}, {Key: "minWireVersion", Value: 0},
		{Key: "maxWireVersion", Value: 21}, {Key: "maxBsonObjectSize", Value: 16 << 20}, {Key: "maxMessageSizeBytes", Value: 48_000_000}, {Key: "maxWriteBatchSize", Value: 100_000},
	}) {
		for _, c := range change {
			if c.Key == e.Key {
				e = c
			}
		}
		f.hello = append(f.hello, e)
	}
	for _, c := range change {
		if c.Key == "setName" || c.Key == "hosts" || c.Key == "secondary" || c.Key == "me" {
			f.hello = append(f.hello, c)
		}
	}
	f.hello = append(f.hello, bson.E{Key: "ok", Value: 1})
	go f.accept(listener)
	return f
}

func (f *fakeServer) accept(listener net.Listener) {
	for {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			for f.serve(c) == nil {
			}
		}()
	}
}

// Codes of the wire protocol.
const (
	opReply = 1
	opQuery = 2004
	opMsg   = 2013
)

func (f *fakeServer) serve(c net.Conn) error {
	var header [16]byte
	if _, err := io.ReadFull(c, header[:]); err != nil {
		return err
	}
	body := make([]byte, binary.LittleEndian.Uint32(header[:])-16)
	if _, err := io.ReadFull(c, body); err != nil {
		return err
	}
	request, code := binary.LittleEndian.Uint32(header[4:]), binary.LittleEndian.Uint32(header[12:])
	var reply []byte
	switch code {
	case opQuery: // Flags, name of the collection, skip and limit stand before the document.
		end := 4
		for body[end] != 0 {
			end++
		}
		reply = append(reply, make([]byte, 20)...)
		binary.LittleEndian.PutUint32(reply[16:], 1) // One document comes.
		reply = append(reply, f.reply(body[end+9:])...)
		return write(c, request, opReply, reply)
	case opMsg: // Flags and the kind of the section stand before the document.
		reply = append(make([]byte, 5), f.reply(body[5:])...)
		return write(c, request, opMsg, reply)
	}
	return errors.New("unknown operation")
}

func (f *fakeServer) reply(document []byte) []byte {
	elements, err := bson.Raw(document).Elements()
	answer := bson.D{{Key: "ok", Value: 0}}
	if err == nil && len(elements) > 0 {
		switch name := elements[0].Key(); name {
		case "hello", "isMaster", "ismaster":
			answer = f.hello
		default:
			answer = f.answer(name)
		}
	}
	raw, err := bson.Marshal(answer)
	if err != nil {
		panic(err)
	}
	return raw
}

func write(c net.Conn, request, code uint32, body []byte) error {
	message := make([]byte, 16, 16+len(body))
	binary.LittleEndian.PutUint32(message, uint32(16+len(body)))
	binary.LittleEndian.PutUint32(message[8:], request)
	binary.LittleEndian.PutUint32(message[12:], code)
	_, err := c.Write(append(message, body...))
	return err
}
