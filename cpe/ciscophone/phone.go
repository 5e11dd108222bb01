package ciscophone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/filephone"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// Phone is one simulated phone. Run is its life; all other methods may be called at any
// time by any goroutine.
type Phone struct {
	config  Config
	profile *filephone.CiscoPhone
	device  *cpe.Device

	mu     sync.Mutex
	memory *memory
	answer Answer
	// reset says that the memory is to be emptied at the next boot.
	reset bool
	// silent says that the phone runs without CWMP; off switches it off.
	silent bool
	off    context.CancelFunc
	// failed says that the last look for profiles had none.
	failed  bool
	counts  Counts
	fetches []filephone.Request
	// rescheduled has the phone look again at when it fetches its profiles.
	rescheduled chan struct{}
	changed     chan struct{}
}

// New makes a phone that is switched off. Errors name the field of the configuration
// that is wrong.
func New(config Config) (*Phone, error) {
	if !slices.Contains([]cpe.Voice{"", cpe.VoiceLines, cpe.VoiceProfiles}, config.Voice) {
		return nil, fmt.Errorf("ciscophone: Voice: want %q or %q", cpe.VoiceLines, cpe.VoiceProfiles)
	}
	if len(config.SerialNumber) > maxSerialNumber {
		return nil, fmt.Errorf("ciscophone: SerialNumber: want at most %d characters", maxSerialNumber)
	}
	if config.FileTypeCustomCA == "" {
		config.FileTypeCustomCA = FileTypeCustomCA
	}
	profile, err := filephone.NewCisco(filephone.Config{MAC: config.MAC, Client: config.Client, Timeout: config.Timeout})
	if err != nil {
		return nil, err
	}
	p := &Phone{config: config, profile: profile, answer: config.DHCP, rescheduled: make(chan struct{}, 1)}
	p.counts.Downloads = make(map[string]int)
	if p.device, err = cpe.New(p.client()); err != nil {
		return nil, err
	}
	p.memory = newMemory(profile, p.device, twins(config.Voice, lines))
	return p, nil
}

// client is the configuration of the client of CWMP.
func (p *Phone) client() cpe.Config {
	c := p.config.CWMP
	c.ACSURL, c.Username, c.Password = noACS, "", ""
	c.ConnectionRequestUsername, c.ConnectionRequestPassword = "", ""
	c.Identity = p.config.identity(p.profile.MAC())
	c.Root, c.Lines, c.Voice = cpe.RootDevice, lines, p.config.Voice
	c.FileTypes = append(slices.Clone(c.FileTypes), p.config.FileTypeCustomCA)
	c.TakeFile = p.takeFile
	if c.Quirks.Unsupported == nil {
		c.Quirks.Unsupported = unsupported()
	}
	own := p.config.CWMP.Hooks
	c.Hooks.Boot = func(ctx context.Context) error {
		if err := p.boot(ctx); err != nil || own.Boot == nil {
			return err
		}
		return own.Boot(ctx)
	}
	c.Hooks.AfterRPC = func(request, response cwmp.Message) error {
		p.executed(response)
		if own.AfterRPC == nil {
			return nil
		}
		return own.AfterRPC(request, response)
	}
	c.OnSession = func(d *cpe.Device, r cpe.SessionResult) {
		p.sessionEnded(r)
		if p.config.CWMP.OnSession != nil {
			p.config.CWMP.OnSession(d, r)
		}
	}
	return c
}

// executed takes over what an RPC changed.
func (p *Phone) executed(response cwmp.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch response.(type) {
	case *cwmp.FactoryResetResponse:
		p.reset = true
	case *cwmp.SetParameterValuesResponse:
		p.pull()
	}
	p.announce()
}

// pull has the profile say what the data model says, unless both are about to be
// emptied, and returns its elements. The caller holds mu.
func (p *Phone) pull() elements {
	if p.reset {
		return p.profile.Elements()
	}
	return p.memory.pull()
}

// sessionEnded takes over what the device applied only then.
func (p *Phone) sessionEnded(r cpe.SessionResult) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.Contains(r.RPCs, "SetParameterValues") {
		p.pull()
	}
	p.announce()
}

// takeFile takes a file of a Download.
func (p *Phone) takeFile(fileType string, content []byte) (reboot bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.announce()
	p.counts.Downloads[fileType]++
	if fileType != cwmp.FileTypeConfiguration {
		return false, nil
	}
	before := p.pull()
	if err := p.profile.Apply("the file of a Download", content); err != nil {
		return false, err
	}
	changed := p.memory.push(before)
	if changed {
		p.counts.Changes++
	}
	return changed, nil
}

// Change sets an element of the profile as somebody does on the phone's web page, where
// the CWMP client learns of what its data model has. Others that it switches on or off,
// such as Enable_TR-069, take effect at once.
func (p *Phone) Change(element, value string) {
	p.mu.Lock()
	before := p.pull()
	p.profile.Change(map[string]string{element: value})
	p.memory.push(before)
	p.announce()
	p.mu.Unlock()
	p.reconsider(false)
}

// FactoryReset is that of the phone's own menu: it forgets everything and starts again.
func (p *Phone) FactoryReset() {
	p.mu.Lock()
	p.reset = true
	off, silent := p.off, p.silent
	p.mu.Unlock()
	p.device.FactoryReset()
	if silent && off != nil {
		off()
	}
}

// Held tells what the phone holds in the words that all simulated phones have in
// common, with its passwords.
func (p *Phone) Held() filephone.Held {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pull()
	return p.profile.Held()
}

// Elements returns the elements of its profile by name, passwords included.
func (p *Phone) Elements() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pull()
}

// Device returns the phone's client of CWMP, the same for its life: its parameters,
// sessions and counters. Phone runs it.
func (p *Phone) Device() *cpe.Device { return p.device }

// MAC returns the phone's address, 12 lower-case digits.
func (p *Phone) MAC() string { return p.profile.MAC() }

// errSilent ends the client of CWMP of a phone that has it switched off.
var errSilent = errors.New("ciscophone: CWMP is switched off")
