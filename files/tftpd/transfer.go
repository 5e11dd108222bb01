package tftpd

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"
)

// errSilent is returned when the phone does not answer any more.
var errSilent = errors.New("no answer")

// transfer sends one file to one phone.
type transfer struct {
	conn *net.UDPConn
	peer netip.AddrPort
	terms
	// patience is how long the first answer is waited for; each time in vain it
	// doubles, up to maxPatience, unless the phone asked for a timeout.
	patience time.Duration
	retries  int

	content io.ReadSeeker
	size    int64
	// position is where content stands.
	position int64
	packet   []byte
	// answer is where packets of the phone go.
	answer [maxRequest]byte

	// heard says that the phone answered.
	heard atomic.Bool
	// acked is how many blocks it has, repeated how many were sent to it again.
	acked, repeated int64
	// sent is the highest block that was sent.
	sent int64
}

// maxPatience bounds how long one answer is waited for.
const maxPatience = 8 * time.Second

// blocks returns how many blocks the file has: the last is short, and may be empty.
func (t *transfer) blocks() int64 { return t.size/int64(t.blockSize) + 1 }

// bytes returns how much of the file the phone has.
func (t *transfer) bytes() int64 { return min(t.acked*int64(t.blockSize), t.size) }

// run sends the file. It returns nil once the phone has acknowledged all of it, a
// *peerError, errSilent, or the error of the content or the context.
func (t *transfer) run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = t.conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	t.packet = make([]byte, headerLength+t.blockSize)
	if len(t.accepted) != 0 {
		if err := t.exchange(ctx, 0, 0, t.sendOptions); err != nil {
			return err
		}
	}
	for t.acked < t.blocks() {
		last := min(t.acked+int64(t.window), t.blocks())
		if err := t.exchange(ctx, t.acked+1, last, t.sendWindow); err != nil {
			return err
		}
	}
	return nil
}

func (t *transfer) sendOptions(_, _ int64) error { return t.send(optionPacket(t.accepted)) }

// exchange sends what send sends, until the phone acknowledges a block from first to
// last. Options are acknowledged as block 0.
func (t *transfer) exchange(ctx context.Context, first, last int64, send func(first, last int64) error) error {
	patience := t.patience
	for range t.retries + 1 {
		if err := send(first, last); err != nil {
			return err
		}
		acked, err := t.await(ctx, first, last, t.deadline(patience))
		if err == nil {
			t.acked = acked
			return nil
		}
		if !errors.Is(err, errSilent) {
			return err
		}
		patience = min(2*patience, maxPatience)
	}
	return errSilent
}

func (t *transfer) deadline(patience time.Duration) time.Time {
	if t.timeout != 0 {
		patience = t.timeout
	}
	return time.Now().Add(patience)
}

// sendWindow sends the blocks from first to last.
func (t *transfer) sendWindow(first, last int64) error {
	for block := first; block <= last; block++ {
		n, err := t.read(block)
		if err != nil {
			return err
		}
		binary.BigEndian.PutUint16(t.packet, operationData)
		binary.BigEndian.PutUint16(t.packet[2:], uint16(block))
		if err := t.send(t.packet[:headerLength+n]); err != nil {
			return err
		}
		if block <= t.sent {
			t.repeated++
		}
		t.sent = max(t.sent, block)
	}
	return nil
}

// read reads a block into the packet and returns its length.
func (t *transfer) read(block int64) (int, error) {
	offset := (block - 1) * int64(t.blockSize)
	if offset != t.position {
		if _, err := t.content.Seek(offset, io.SeekStart); err != nil {
			return 0, fmt.Errorf("read content: %w", err)
		}
	}
	length := min(int64(t.blockSize), t.size-offset)
	n, err := io.ReadFull(t.content, t.packet[headerLength:headerLength+length])
	t.position = offset + int64(n)
	if err != nil {
		return 0, fmt.Errorf("read content: %w", err)
	}
	return n, nil
}

func (t *transfer) send(packet []byte) error {
	if _, err := t.conn.WriteToUDPAddrPort(packet, t.peer); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// await waits for the acknowledgement of a block from first to last, and returns the
// block. One of the block before is a second one of what came before, and not
// answered (RFC 1123 section 4.2.3.1); but in a window, where it says that its first
// block was lost (RFC 7440 section 4), it is, once.
func (t *transfer) await(ctx context.Context, first, last int64, deadline time.Time) (int64, error) {
	if err := t.conn.SetReadDeadline(deadline); err != nil {
		return 0, fmt.Errorf("receive: %w", err)
	}
	if ctx.Err() != nil {
		return 0, ctx.Err() // Its end may have come before that deadline.
	}
	again := t.window > 1 && last > first
	for {
		block, err := t.receive(ctx)
		if err != nil {
			return 0, err
		}
		distance := int64(block - uint16(first-1)) // Modulo 65536.
		switch {
		case first == 0 && block == 0:
			return 0, nil
		case first == 0:
		case distance >= 1 && distance <= last-first+1:
			return first - 1 + distance, nil
		case distance == 0 && again:
			again = false
			if err := t.sendWindow(first, last); err != nil {
				return 0, err
			}
		}
	}
}

// receive returns the block of the next acknowledgement. It returns errSilent once
// the deadline of the socket has passed, and a *peerError. What does not come from the
// phone's port is answered so (RFC 1350 section 4), and what else the phone sends is
// passed over.
func (t *transfer) receive(ctx context.Context) (uint16, error) {
	for {
		n, from, err := t.conn.ReadFromUDPAddrPort(t.answer[:])
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case errors.Is(err, os.ErrDeadlineExceeded):
			return 0, errSilent
		case err != nil:
			return 0, fmt.Errorf("receive: %w", err)
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if from != t.peer {
			_, _ = t.conn.WriteToUDPAddrPort(errorPacket(codeUnknownTID, "unknown transfer ID"), from)
			continue
		}
		if n < headerLength {
			continue
		}
		t.heard.Store(true)
		switch binary.BigEndian.Uint16(t.answer[:]) {
		case operationACK:
			return binary.BigEndian.Uint16(t.answer[2:]), nil
		case operationError:
			return 0, parseError(t.answer[:n])
		}
	}
}
