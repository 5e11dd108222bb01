package acs

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

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
	// Authenticator may be nil: then nobody is asked who they are.
	Authenticator Authenticator
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

	Onboarding Onboarding
	// IndexedParameters are copied into the device record.
	IndexedParameters device.IndexedParameters
	// FileTypes translate FileTypes of downloads.
	FileTypes FileTypes
	// RefuseUnknown refuses devices that nobody announced; MaxUnknown bounds
	// how many are accepted, 0 for no bound.
	RefuseUnknown bool
	MaxUnknown    int

	// MaxBody bounds a request's body in bytes, before and after it is
	// inflated.
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
	// Limits bounds what is decoded.
	Limits cwmp.Limits
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
	if len(o.SessionKey) == 0 {
		o.SessionKey = make([]byte, 32)
		_, _ = rand.Read(o.SessionKey) // crypto/rand.Read never fails; it ends the program instead.
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	return o
}

// lock is how long a session's lock lasts without being extended.
func (o Options) lock() time.Duration { return o.SessionTimeout + 15*time.Second }

// nobody is the Observer of a server that nobody observes.
type nobody struct{}

func (nobody) SessionBegan(Summary, bool) {}
func (nobody) SessionEnded(Summary)       {}
