package connreq

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// maxTimeout is the longest that one connection request may take.
const maxTimeout = 10 * time.Second

// Resolver finds the addresses of a host name; *net.Resolver is one.
type Resolver interface {
	// LookupNetIP returns the addresses of host; network is "ip".
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options are what a [Requester] is made of. Zero values stand for the defaults named here.
type Options struct {
	// AllowedNetworks may be called beside a device's own address (--connreq-allow). Loopback, link-local,
	// multicast, unspecified and metadata addresses are allowed only by a network within those ranges.
	AllowedNetworks []netip.Prefix
	// AllowedPorts may be called beside 80 and those from 1024 on.
	AllowedPorts []uint16
	// ConnectTimeout bounds the making of a connection: 3 s.
	ConnectTimeout time.Duration
	// Timeout bounds one connection request as a whole: 8 s, at most 10 s.
	Timeout time.Duration
	// MaxConcurrent bounds the requests that are under way at once: 64. Others wait.
	MaxConcurrent int
	// MaxPerAddress bounds those to one address: 8.
	MaxPerAddress int
	// Resolver resolves host names: net.DefaultResolver.
	Resolver Resolver
	// Dial connects to a checked address: a net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Clock tells the time for durations: time.Now.
	Clock func() time.Time
	// Logger is told of every request at debug level: none.
	Logger *slog.Logger
	// Registerer takes dialtone_connection_requests_total{method,result}: none.
	Registerer prometheus.Registerer
}

// Requester sends connection requests over HTTP (TR-069 section 3.2.2). It is safe for concurrent use and has no
// goroutines of its own.
type Requester struct {
	options  Options
	guard    guard
	limits   *limits
	requests *prometheus.CounterVec
}

// New checks the options and makes a Requester of them.
func New(options Options) (*Requester, error) {
	if options.Timeout < 0 || options.Timeout > maxTimeout {
		return nil, fmt.Errorf("connreq: Timeout is %s, expected at most %s", options.Timeout, maxTimeout)
	}
	if options.ConnectTimeout < 0 || options.MaxConcurrent < 0 || options.MaxPerAddress < 0 {
		return nil, errors.New("connreq: ConnectTimeout, MaxConcurrent and MaxPerAddress must not be negative")
	}
	guard, err := newGuard(options.AllowedNetworks, options.AllowedPorts)
	if err != nil {
		return nil, err
	}
	options = options.withDefaults()
	r := &Requester{
		options: options,
		guard:   guard,
		limits:  newLimits(options.MaxConcurrent, options.MaxPerAddress),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_connection_requests_total",
			Help: "Connection requests sent to devices, by method and result.",
		}, []string{"method", "result"}),
	}
	if options.Registerer != nil {
		if err := options.Registerer.Register(r.requests); err != nil {
			return nil, fmt.Errorf("connreq: register metrics: %w", err)
		}
	}
	return r, nil
}

func (o Options) withDefaults() Options {
	o.ConnectTimeout = orDefault(o.ConnectTimeout, 3*time.Second)
	o.Timeout = orDefault(o.Timeout, 8*time.Second)
	o.MaxConcurrent = orDefault(o.MaxConcurrent, 64)
	o.MaxPerAddress = orDefault(o.MaxPerAddress, 8)
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

func orDefault[T int | time.Duration](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}

// Request sends one connection request: it checks the URL, resolves and checks the address, and asks for the URL,
// answering the device's challenge on the same connection. Success is any 2xx status. It makes no further attempt
// beyond what the exchange itself needs: one new connection if the device closes the first one after its
// challenge, and one fresh nonce for each credential.
//
// The Result is filled as far as the request came, also with an error. The errors are [ErrUnreachable],
// [ErrBusy], [ErrCredentials], [ErrNotAllowed], [ErrURL], [ErrProtocol], and the context's if it ended before the
// device was called or was cancelled.
func (r *Requester) Request(ctx context.Context, target Target) (Result, error) {
	began := r.options.Clock()
	result := Result{Method: MethodHTTP}
	err := r.request(ctx, target, &result)
	result.Outcome = outcomeOf(err)
	result.Duration = r.options.Clock().Sub(began)
	r.report(ctx, target, result, err)
	if err != nil {
		return result, fmt.Errorf("connection request: %w", err)
	}
	return result, nil
}

func (r *Requester) request(ctx context.Context, target Target, result *Result) error {
	endpoint, err := parseURL(target.URL)
	if err != nil {
		return err
	}
	if err := r.guard.checkPort(endpoint.port); err != nil {
		return err
	}
	address, spent, err := r.resolve(ctx, endpoint, target.SourceAddress)
	if err != nil {
		return cancelledOr(ctx, err)
	}
	// The time to wait for a place is the caller's, not the request's.
	release, err := r.limits.acquire(ctx, address)
	if err != nil {
		return fmt.Errorf("wait for a place among the requests under way: %w", err)
	}
	defer release()

	result.Address = netip.AddrPortFrom(address, endpoint.port)
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout-spent)
	defer cancel()
	exchange := exchange{
		dial:     r.dialer(result.Address),
		endpoint: endpoint,
		result:   result,
	}
	defer exchange.close()
	return cancelledOr(ctx, exchange.run(ctx, target.Credentials))
}

// cancelledOr prefers the news that the caller gave up to what the connection made of it.
func cancelledOr(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	return err
}

// resolve returns the one address that is called and the time it took to find it. Nothing is resolved again after
// that.
func (r *Requester) resolve(ctx context.Context, e endpoint, source netip.Addr) (netip.Addr, time.Duration, error) {
	if e.address.IsValid() {
		return e.address, 0, r.guard.checkAddress(e.address, source)
	}
	began := r.options.Clock()
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	found, err := r.options.Resolver.LookupNetIP(ctx, "ip", e.host)
	spent := r.options.Clock().Sub(began)
	switch {
	case err != nil:
		return netip.Addr{}, spent, fmt.Errorf("%w: resolve %s: %w", ErrUnreachable, e.host, withoutContext(err))
	case len(found) == 0:
		return netip.Addr{}, spent, fmt.Errorf("%w: %s has no address", ErrUnreachable, e.host)
	}
	address, err := r.choose(found, source)
	return address, spent, err
}

// choose takes, of several addresses, the device's own or else the first that is allowed.
func (r *Requester) choose(found []netip.Addr, source netip.Addr) (netip.Addr, error) {
	var chosen netip.Addr
	var refused error
	for _, address := range found {
		address = address.Unmap().WithZone("")
		err := r.guard.checkAddress(address, source)
		switch {
		case err != nil && refused == nil:
			refused = err
		case err == nil && (!chosen.IsValid() || address == source.Unmap()):
			chosen = address
		}
	}
	if !chosen.IsValid() {
		return netip.Addr{}, refused
	}
	return chosen, nil
}

func (r *Requester) dialer(address netip.AddrPort) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, r.options.ConnectTimeout)
		defer cancel()
		connection, err := r.options.Dial(ctx, "tcp", address.String())
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreachable, withoutContext(err))
		}
		return connection, nil
	}
}

// withoutContext keeps a time-out that is the request's own from looking like one of the caller's.
func withoutContext(err error) error { return errors.New(err.Error()) }

func (r *Requester) report(ctx context.Context, target Target, result Result, err error) {
	r.requests.WithLabelValues(result.Method, string(result.Outcome)).Inc()
	attributes := []slog.Attr{
		slog.String(logkeys.Device, target.Device),
		slog.String(logkeys.Method, result.Method),
		slog.String(logkeys.Outcome, string(result.Outcome)),
		slog.Int(logkeys.Status, result.StatusCode),
		slog.Duration(logkeys.Duration, result.Duration),
	}
	if result.Address.IsValid() {
		attributes = append(attributes, slog.String(logkeys.Address, result.Address.String()))
	}
	if err != nil {
		attributes = append(attributes, slog.String(logkeys.Error, err.Error()))
	}
	r.options.Logger.LogAttrs(ctx, slog.LevelDebug, "connection request", attributes...)
}
