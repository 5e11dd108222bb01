package tftpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Server gives files to phones that ask over TFTP. Run serves one socket; Shutdown
// ends it.
type Server struct {
	options Options
	metrics *metrics
	logger  *slog.Logger

	// cut ends all transfers at once.
	cut     context.CancelFunc
	context context.Context
	// transfers are waited for at the end.
	transfers sync.WaitGroup

	mu sync.Mutex
	// conn is the socket of Run, nil before; stopped says that Shutdown was called.
	conn    *net.UDPConn
	stopped bool
	// running holds the transfers by the address and port of the phone, perAddress
	// how many each address has.
	running    map[netip.AddrPort]*running
	perAddress map[netip.Addr]int
	// crowded is when it was last logged that there are too many transfers.
	crowded time.Time
}

// New returns a server. An error says that an option is missing or out of its range,
// or that the metrics are registered already.
func New(o Options) (*Server, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	m, err := newMetrics(o.Registerer)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, metrics: m, logger: o.Logger, running: map[netip.AddrPort]*running{}, perAddress: map[netip.Addr]int{}}
	s.context, s.cut = context.WithCancel(context.Background())
	return s, nil
}

// readBuffer is what the system keeps of requests that were not read yet: phones ask
// all at once after a power cut.
const readBuffer = 1 << 20

// Listen opens the socket for Run at an address such as ":69".
func Listen(ctx context.Context, address string) (*net.UDPConn, error) {
	var config net.ListenConfig
	packets, err := config.ListenPacket(ctx, "udp", address)
	if err != nil {
		return nil, fmt.Errorf("TFTP listener: %w", err)
	}
	conn, ok := packets.(*net.UDPConn)
	if !ok {
		_ = packets.Close()
		return nil, fmt.Errorf("TFTP listener: %s is not a UDP address", address)
	}
	_ = conn.SetReadBuffer(readBuffer) // A system that refuses keeps its own bound.
	return conn, nil
}

// Run serves what comes to the socket, and closes it. It returns nil after Shutdown
// or the end of the context, which cuts transfers off, and an error if the socket
// cannot be read. No transfer is left when it returns.
func (s *Server) Run(ctx context.Context, conn *net.UDPConn) error {
	defer conn.Close()
	arrivals, err := newArrivals(conn)
	if err != nil {
		return fmt.Errorf("TFTP listener: %w", err)
	}
	if !s.take(conn) {
		return nil
	}
	stop := context.AfterFunc(ctx, func() { s.stop(); s.cut() })
	defer stop()
	err = s.accept(arrivals)
	if err != nil {
		s.cut()
	}
	s.transfers.Wait()
	return err
}

// take notes the socket, and reports false if the server is stopped already.
func (s *Server) take(conn *net.UDPConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = conn
	return !s.stopped
}

// acceptErrors is how many errors in a row of reading the socket are borne, and
// acceptPause what is waited after each.
const (
	acceptErrors = 100
	acceptPause  = 20 * time.Millisecond
)

// accept reads requests until the socket is closed.
func (s *Server) accept(arrivals *arrivals) error {
	for failures := 0; ; {
		arrived, err := arrivals.next()
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil
		case err == nil:
			failures = 0
			s.arrived(arrived)
		case failures == acceptErrors:
			return fmt.Errorf("TFTP listener: %w", err)
		default:
			failures++
			s.logger.Warn("cannot read request", logkeys.Listener, "tftp", logkeys.Error, err)
			time.Sleep(acceptPause)
		}
	}
}

// stop closes the socket, so that no more requests come.
func (s *Server) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	if s.conn != nil {
		_ = s.conn.Close()
	}
}

// Shutdown takes no more requests, and waits for the transfers. When the context ends
// before them they are cut off, and its error is returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.transfers.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.cut()
		<-done
		return fmt.Errorf("TFTP transfers were cut off: %w", ctx.Err())
	}
}
