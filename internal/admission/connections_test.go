package admission

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// listening opens a bounded listener that keeps what it accepts.
func listening(t *testing.T, o ConnectionsOptions) (all *Connections, address string, accepted chan net.Conn) {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	all, accepted = NewConnections(o), make(chan net.Conn, 100)
	l := all.Listen(inner)
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	})
	t.Cleanup(func() { _ = l.Close(); accepting.Wait() })
	return all, inner.Addr().String(), accepted
}

// closed reports whether the server closes a new connection at once.
func closed(t *testing.T, address string, accepted chan net.Conn) bool {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	ended := make(chan bool, 1)
	go func() {
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err := c.Read(make([]byte, 1))
		if err == io.EOF || err != nil {
			ended <- true
		}
	}()
	select {
	case server := <-accepted:
		t.Cleanup(func() { _ = server.Close() })
		return false
	case <-ended:
		return true
	}
}

func TestConnectionsBeyondTheLimitAreClosedAtOnce(t *testing.T) {
	for name, o := range map[string]ConnectionsOptions{
		"in all":           {Limit: 2, PerAddress: 100},
		"from one address": {Limit: 100, PerAddress: 2},
	} {
		t.Run(name, func(t *testing.T) {
			refused := make(chan Refusal, 10)
			o.Refused = func(r Refusal) { refused <- r }
			all, address, accepted := listening(t, o)
			kept := make(chan net.Conn, 2)
			for range 2 {
				c, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = c.Close() })
				kept <- <-accepted
			}
			if !closed(t, address, accepted) {
				t.Error("a third connection is open")
			}
			want := TooMany
			if o.PerAddress == 2 {
				want = TooManyOfAddress
			}
			if got := <-refused; got != want {
				t.Errorf("refused for %s, want %s", got, want)
			}
			first := <-kept
			_ = first.Close()
			_ = first.Close() // Twice counts once.
			if n := all.Open(); n != 1 {
				t.Errorf("%d are open, want 1", n)
			}
			if closed(t, address, accepted) {
				t.Error("the place of a connection that ended is not free")
			}
			_ = (<-kept).Close()
		})
	}
}

func TestAnExemptPeerHasNoLimitOfItsOwn(t *testing.T) {
	_, address, accepted := listening(t, ConnectionsOptions{Limit: 100, PerAddress: 1, Exempt: netip.MustParsePrefix("127.0.0.0/8").Contains})
	for i := range 3 {
		if closed(t, address, accepted) {
			t.Errorf("connection %d was closed", i)
		}
	}
}

func TestABoundedConnectionKeepsTheAbilitiesOfTCP(t *testing.T) {
	_, address, accepted := listening(t, ConnectionsOptions{Limit: 1, PerAddress: 1})
	client, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	c := <-accepted
	defer c.Close()
	if _, ok := c.(io.ReaderFrom); !ok {
		t.Error("files cannot be sent by the kernel")
	}
	if err := c.(interface{ SetWriteBuffer(int) error }).SetWriteBuffer(1 << 16); err != nil {
		t.Error(err)
	}
	if err := c.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Error(err)
	}
}
