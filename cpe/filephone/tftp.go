package filephone

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The packets of TFTP (RFC 1350, section 5, and RFC 2347).
const (
	readRequest = 1
	data        = 3
	acknowledge = 4
	failure     = 5
	options     = 6
)

const (
	plainBlock = 512
	wantBlock  = 1428
	// tftpTries is how often a packet is sent before the phone gives up.
	tftpTries = 6
)

// transfer reads one file over TFTP.
type transfer struct {
	socket net.PacketConn
	// server is where the file is asked for; peer the port that answers, nil before.
	server, peer net.Addr
	timeout      time.Duration
	block        int
	limit        int
	content      []byte
	last         []byte
}

// tftp reads a file with RFC 1350 and the option blksize of RFC 2348. The status is as
// in Request.
func (v *visit) tftp(ctx context.Context, u *url.URL, limit int) ([]byte, int, error) {
	server, err := tftpServer(u)
	if err != nil {
		return nil, 0, err
	}
	socket, err := new(net.ListenConfig).ListenPacket(ctx, "udp", ":0")
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = socket.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	t := &transfer{socket: socket, server: server, timeout: v.phone.config.Timeout, block: plainBlock, limit: limit}
	status, err := t.run(ctx, strings.TrimPrefix(u.Path, "/"))
	return t.content, status, err
}

func tftpServer(u *url.URL) (net.Addr, error) {
	port := u.Port()
	if port == "" {
		port = "69"
	}
	return net.ResolveUDPAddr("udp", net.JoinHostPort(u.Hostname(), port))
}

func (t *transfer) run(ctx context.Context, name string) (int, error) {
	request := []byte{0, readRequest}
	for _, text := range []string{name, "octet", "blksize", strconv.Itoa(wantBlock)} {
		request = append(append(request, text...), 0)
	}
	if err := t.send(request); err != nil {
		return 0, err
	}
	next := uint16(1)
	for {
		packet, err := t.receive(ctx)
		if err != nil {
			return 0, err
		}
		switch {
		case packet.kind == failure:
			return failureStatus(packet.number), nil
		case packet.kind == options && next == 1:
			if err := t.agree(packet.rest); err != nil {
				return 0, err
			}
			err = t.acknowledge(0)
		case packet.kind == data && packet.number == next:
			t.content = append(t.content, packet.rest...)
			if t.full() {
				return http.StatusOK, t.abandon()
			}
			if err := t.acknowledge(next); err != nil || len(packet.rest) < t.block {
				return http.StatusOK, err
			}
			next++
		case packet.kind == data && packet.number == next-1 && len(t.last) == 4:
			// Sent again because our acknowledgement was lost.
			err = t.send(t.last)
		}
		if err != nil {
			return 0, err
		}
	}
}

// full reports whether the phone has seen enough.
func (t *transfer) full() bool {
	return len(t.content) > t.limit || t.limit < longest && len(t.content) >= t.limit
}

// abandon tells the server that no more is wanted. For a file, that is an error.
func (t *transfer) abandon() error {
	_ = t.send([]byte{0, failure, 0, 0, 'e', 'n', 'o', 'u', 'g', 'h', 0})
	if t.limit == longest {
		return errTooLong
	}
	t.content = t.content[:t.limit]
	return nil
}

func failureStatus(code uint16) int {
	switch code {
	case 1:
		return http.StatusNotFound
	case 2:
		return http.StatusForbidden
	}
	return http.StatusInternalServerError
}

// agree takes what the server answered to the options.
func (t *transfer) agree(rest []byte) error {
	fields := bytes.Split(bytes.TrimSuffix(rest, []byte{0}), []byte{0})
	for i := 0; i+1 < len(fields); i += 2 {
		if !strings.EqualFold(string(fields[i]), "blksize") {
			return fmt.Errorf("TFTP: the server agrees to %q, which was not asked for", fields[i])
		}
		size, err := strconv.Atoi(string(fields[i+1]))
		if err != nil || size < 8 || size > wantBlock {
			return fmt.Errorf("TFTP: the server agrees to blocks of %q bytes", fields[i+1])
		}
		t.block = size
	}
	return nil
}

type tftpPacket struct {
	kind, number uint16
	rest         []byte
}

func (t *transfer) acknowledge(block uint16) error {
	return t.send(binary.BigEndian.AppendUint16([]byte{0, acknowledge}, block))
}

func (t *transfer) send(packet []byte) error {
	t.last = packet
	to := t.peer
	if to == nil {
		to = t.server
	}
	_, err := t.socket.WriteTo(packet, to)
	return err
}

// receive waits for a packet of the server, and sends the last one again if none comes.
func (t *transfer) receive(ctx context.Context) (tftpPacket, error) {
	buffer := make([]byte, wantBlock+5)
	for try := range tftpTries {
		if err := t.socket.SetReadDeadline(time.Now().Add(t.timeout << try)); err != nil {
			return tftpPacket{}, err
		}
		for ctx.Err() == nil {
			n, from, err := t.socket.ReadFrom(buffer)
			if err != nil {
				var timeout net.Error
				if !errors.As(err, &timeout) || !timeout.Timeout() {
					return tftpPacket{}, err
				}
				break
			}
			if packet, ok := t.accept(buffer[:n], from); ok {
				return packet, nil
			}
		}
		if ctx.Err() != nil {
			return tftpPacket{}, ctx.Err()
		}
		if err := t.send(t.last); err != nil {
			return tftpPacket{}, err
		}
	}
	return tftpPacket{}, errors.New("TFTP: no answer")
}

// accept reads a packet if it is of this transfer: the first to answer is the peer.
func (t *transfer) accept(raw []byte, from net.Addr) (tftpPacket, bool) {
	if len(raw) < 2 || t.peer != nil && t.peer.String() != from.String() {
		return tftpPacket{}, false
	}
	packet := tftpPacket{kind: binary.BigEndian.Uint16(raw), rest: raw[2:]}
	if packet.kind == data || packet.kind == failure {
		if len(raw) < 4 {
			return tftpPacket{}, false
		}
		packet.number, packet.rest = binary.BigEndian.Uint16(raw[2:]), raw[4:]
	}
	t.peer = from
	return packet, true
}
