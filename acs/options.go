package acs

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
)

// Options are what a Server is made of. Ports without a comment are required.
type Options struct {
	Devices    Devices
	Sessions   device.SessionStore
	Parameters device.ParameterStore
	Models     device.ModelStore
	Queue      Queue
	Keeper     Keeper
	Files      FileServer
	// Authenticator may be nil: then nobody is asked who they are. With it, Rules
	// returns the rules of who may speak as they are now, and Credentials are what
	// devices authenticate with; both are required then.
	Authenticator Authenticator
	Rules         func() *access.Set
	Credentials   Credentials
	// AmbiguousSerials are serial numbers that tell no two devices apart; nil means
	// access.DefaultSerials.
	AmbiguousSerials access.Serials
	// Observer may be nil.
	Observer Observer
	Logger   *slog.Logger
	Metrics  prometheus.Registerer
	Now      func() time.Time
	// ClientAddress returns the address that a request came from, past trusted
	// proxies.
	ClientAddress func(*http.Request) netip.Addr

	// Carried takes sessions to other nodes; nil where there are none for good.
	// Node names this one, and OtherNodes returns how many others are alive.
	Carried    device.CarriedSessionStore
	Node       string
	OtherNodes func() int
	// SessionKey signs the ids of sessions: the same on every node. At least 16
	// random bytes, or nil for a random one. OtherSessionKeys sign those of nodes
	// that are about to sign with SessionKey, or no longer do.
	SessionKey       []byte
	OtherSessionKeys [][]byte

	// Tracer keeps the messages of some sessions; nil keeps none.
	Tracer Tracer
	// Quirks says what devices do wrong; nil for devices by the book.
	Quirks Quirks

	Onboarding Onboarding
	// Planner brings devices to their settings; nil where there are none.
	Planner Planner
	// IndexedParameters are copied into the device record.
	IndexedParameters device.IndexedParameters
	// FileTypes translate FileTypes of downloads.
	FileTypes FileTypes
	// RefuseUnknown refuses devices that nobody announced, where Rules is nil;
	// MaxUnknown bounds how many are accepted, 0 for no bound.
	RefuseUnknown bool
	MaxUnknown    int

	// MaxBody bounds a request's body in bytes, as it is sent.
	MaxBody int64
	// MaxSessions bounds the sessions open at once; more are answered with 503.
	MaxSessions int
	// SessionTimeout is how long a device may keep silent in a session.
	SessionTimeout time.Duration
	// MaxSession is how long a session may last; MaxRPCs how many requests it
	// may be sent; MaxRepeats how often the same one in a row.
	MaxSession time.Duration
	MaxRPCs    int
	MaxRepeats int
	// MaxSessionTimeout bounds what a device may ask for in place of SessionTimeout
	// (CWMP 1.3, SessionTimeout header); 5 minutes if zero.
	MaxSessionTimeout time.Duration
	// Strict answers a request with a header that a device must not send with fault
	// 8003; else the header is only counted.
	Strict bool
	// KickedURL is where a device that sends a Kicked is told to send its user
	// (TR-069 A.4.2.1); empty for nowhere.
	KickedURL string
	// Limits bounds what is decoded.
	Limits cwmp.Limits
	// Load bounds what requests may ask of the server.
	Load Load
}

func (o Options) withDefaults() Options {
	if o.MaxBody <= 0 {
		o.MaxBody = 16 << 20
	}
	if o.MaxSessions <= 0 {
		o.MaxSessions = 20_000
	}
	if o.SessionTimeout <= 0 {
		o.SessionTimeout = 60 * time.Second
	}
	if o.MaxSessionTimeout <= 0 {
		o.MaxSessionTimeout = 5 * time.Minute
	}
	o.MaxSessionTimeout = max(o.MaxSessionTimeout, o.SessionTimeout)
	if o.MaxSession <= 0 {
		o.MaxSession = 15 * time.Minute
	}
	if o.MaxRPCs <= 0 {
		o.MaxRPCs = 2000
	}
	if o.MaxRepeats <= 0 {
		o.MaxRepeats = 5
	}
	if o.Limits == (cwmp.Limits{}) {
		o.Limits = cwmp.DefaultLimits()
	}
	o.Load = o.Load.withDefaults()
	if len(o.SessionKey) == 0 {
		o.SessionKey = make([]byte, 32)
		_, _ = rand.Read(o.SessionKey) // crypto/rand.Read never fails; it ends the program instead.
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	if o.AmbiguousSerials == nil {
		o.AmbiguousSerials = access.DefaultSerials()
	}
	return o
}

// silence is how long the device of a session may keep silent.
func (o Options) silence(s *Session) time.Duration { return max(o.SessionTimeout, s.Timeout) }

// lock is how long a session's lock lasts without being extended.
func (o Options) lock(s *Session) time.Duration { return o.silence(s) + 15*time.Second }

// nobody is the Observer of a server that nobody observes.
type nobody struct{}

func (nobody) SessionBegan(Summary, bool) {}
func (nobody) SessionEnded(Summary)       {}
