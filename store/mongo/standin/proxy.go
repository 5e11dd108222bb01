package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// turn is held by the one connection whose request is being answered.
type turn struct{ mu sync.Mutex }

// serve accepts clients until the listener is closed.
func serve(listener net.Listener, socket string) {
	var t turn
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			server, err := net.Dial("unix", socket)
			if err != nil {
				return
			}
			defer server.Close()
			_ = t.relay(client, server)
		}()
	}
}

// relay passes messages on until one side ends.
func (t *turn) relay(client, server net.Conn) error {
	for {
		request, err := readMessage(client)
		if err != nil {
			return err
		}
		reply, err := t.exchange(server, request)
		if err != nil {
			return err
		}
		if _, err := client.Write(reply); err != nil {
			return err
		}
	}
}

// exchange sends a request and returns its reply, empty if the client wants
// none, while every other connection waits.
func (t *turn) exchange(server net.Conn, request []byte) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	if !wantsReply(request) {
		return nil, errors.New("unacknowledged writes are not relayed: nothing tells when they are done")
	}
	return readMessage(server)
}

// Parts of a message of MongoDB's wire protocol.
const (
	headerLength = 16
	opMsg        = 2013
	moreToCome   = 1 << 1
	maxMessage   = 48_000_000
)

func wantsReply(message []byte) bool {
	if binary.LittleEndian.Uint32(message[12:]) != opMsg || len(message) < headerLength+4 {
		return true
	}
	return binary.LittleEndian.Uint32(message[headerLength:])&moreToCome == 0
}

func readMessage(r io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(length[:])
	if n < headerLength || n > maxMessage {
		return nil, fmt.Errorf("message of %d bytes", n)
	}
	message := make([]byte, n)
	copy(message, length[:])
	_, err := io.ReadFull(r, message[4:])
	return message, err
}
