package reload

import (
	"context"
	"crypto/tls"
	"sync/atomic"
	"time"
)

// Observer is told what becomes of the certificates. It is told by one goroutine
// at a time.
type Observer interface {
	// Used is told when the certificate that is served expires: at the start, and
	// again after each change.
	Used(expires time.Time, again bool)
	// Failed is told why new files cannot be used; the certificate before stays.
	Failed(err error)
	// Expiring is told, once a day, of a certificate that has two weeks left or
	// less; left is negative if it has expired.
	Expiring(expires time.Time, left time.Duration)
}

// Options are what a Source is made of.
type Options struct {
	Files Files
	// Base has the versions and suites that are spoken, and what is asked of clients
	// where there is a ClientCA: by default that they have a certificate of it. The
	// certificates are added to copies of it.
	Base *tls.Config
	// Interval is how often the files are looked at; 0 for every 3 s.
	Interval time.Duration
	Observer Observer
	Now      func() time.Time
}

const (
	// lookInterval is Options.Interval by default.
	lookInterval = 3 * time.Second
	// warnBefore is how long before its end a certificate is warned of, once in
	// warnInterval.
	warnBefore   = 14 * 24 * time.Hour
	warnInterval = 24 * time.Hour
)

// Source serves the certificate that is in its files. Connections that are open
// keep what they were opened with.
type Source struct {
	options Options
	current atomic.Pointer[tls.Config]

	// All below belongs to Watch.
	state   state
	pending bool
	expires time.Time
	warned  time.Time
}

// Open reads the files. An error names the file that cannot be used.
func Open(o Options) (*Source, error) {
	if o.Interval <= 0 {
		o.Interval = lookInterval
	}
	s := &Source{options: o, state: o.Files.look()} // Before reading: what changes while it is read is read again.
	l, err := o.Files.load()
	if err != nil {
		return nil, err
	}
	s.use(l, false)
	return s, nil
}

// Config returns the configuration for a listener. It follows the files.
func (s *Source) Config() *tls.Config {
	c := s.options.Base.Clone()
	c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return s.current.Load(), nil }
	return c
}

func (s *Source) use(l loaded, again bool) {
	c := s.options.Base.Clone()
	c.Certificates = []tls.Certificate{l.certificate}
	if l.clientCAs != nil {
		c.ClientCAs = l.clientCAs
		if c.ClientAuth == tls.NoClientCert {
			c.ClientAuth = tls.RequireAndVerifyClientCert
		}
	}
	s.current.Store(c)
	s.expires, s.warned = l.expires(), time.Time{}
	s.options.Observer.Used(s.expires, again)
}

// Watch looks at the files until the context ends.
func (s *Source) Watch(ctx context.Context) {
	ticker := time.NewTicker(s.options.Interval)
	defer ticker.Stop()
	for {
		s.warn()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.refresh()
		}
	}
}

// refresh goes on with what is in the files if they changed. What cannot be used
// is complained of once it has stayed so for one interval: a certificate and its
// key are not written at one moment.
func (s *Source) refresh() {
	now := s.options.Files.look()
	changed := now != s.state
	if !changed && !s.pending {
		return
	}
	s.state = now
	l, err := s.options.Files.load()
	if err == nil {
		s.pending = false
		s.use(l, true)
		return
	}
	s.pending = changed
	if !changed {
		s.options.Observer.Failed(err)
	}
}

func (s *Source) warn() {
	now := s.options.Now()
	left := s.expires.Sub(now)
	if left > warnBefore || now.Sub(s.warned) < warnInterval {
		return
	}
	s.warned = now
	s.options.Observer.Expiring(s.expires, left)
}
