package acs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
)

// identification decides whether who opens a session may speak as the device that
// the Inform names (TR-069 3.4.4, A.3.3.1). Until it has said so, nothing of that
// device is touched: no lock, no record, no open session of it.
type identification struct {
	// rules is nil where nobody is asked who they are; unknown is what is done about
	// unknown devices then.
	rules         func() *access.Set
	unknown       access.Reaction
	authenticator Authenticator
	devices       Devices
	credentials   Credentials
	serials       access.Serials
	alarms        *alarms
	asked         *recollection[string, int]
	now           func() time.Time
}

const (
	// askedFor is how long a device that was asked for credentials has to show them,
	// before it counts as one that has none.
	askedFor = time.Hour
	maxAsked = 50_000
	// askedInVain is how often a device that has credentials is asked for them before
	// that is an alarm.
	askedInVain = 3
)

func newIdentification(o Options, a *alarms) *identification {
	i := &identification{
		rules: o.Rules, unknown: access.Accept, authenticator: o.Authenticator, devices: o.Devices, credentials: o.Credentials,
		serials: o.AmbiguousSerials, alarms: a, asked: newRecollection[string, int](maxAsked, askedFor, o.Now), now: o.Now,
	}
	if o.RefuseUnknown {
		i.unknown = access.Refuse
	}
	if o.Authenticator == nil {
		i.rules = nil
	}
	return i
}

// speaker is who opens a session, once that is settled.
type speaker struct {
	access.Decision
	// identity is that of the record, and device its ID where it is already known
	// which one it is.
	identity device.CWMPIdentity
	device   device.ID
}

// decide says who speaks. It returns a *challengeError for a device that has to show
// credentials first, and an error that wraps ErrRefused for one that may not speak.
func (i *identification) decide(ctx context.Context, s *Session, m *cwmp.Inform) (speaker, error) {
	who := speaker{
		identity: device.CWMPIdentity{OUI: m.DeviceID.OUI, ProductClass: m.DeviceID.ProductClass, SerialNumber: m.DeviceID.SerialNumber},
		device:   s.Account.Device,
	}
	ambiguous := s.Account.Device == "" && i.serials.Ambiguous(who.identity.SerialNumber)
	if ambiguous {
		who.identity.SerialNumber = apart(who.identity.SerialNumber, s, m)
	}
	if i.rules == nil {
		who.Decision = access.Decision{Verdict: access.Allowed, Unknown: i.unknown}
	} else if brief, ok := i.rules().Brief(s.Account, i.now()); ok {
		who.Decision = brief
	} else if err := i.full(ctx, s, m, &who); err != nil {
		return who, err
	}
	if ambiguous && who.Unknown == access.Accept {
		who.Unknown = access.Quarantine
	}
	return who, nil
}

// apart makes of a serial number that many devices have one that tells them apart: by
// the MAC address that the device reports, else by where it comes from.
func apart(serial string, s *Session, m *cwmp.Inform) string {
	if mac := reportedMAC(m); mac != "" {
		return serial + "@" + mac
	}
	return serial + "@" + s.Address
}

// full decides by all that is known of the device.
func (i *identification) full(ctx context.Context, s *Session, m *cwmp.Inform, who *speaker) error {
	c, err := i.candidate(ctx, s, m, who.identity)
	if err != nil {
		return err
	}
	key := who.identity.Identity().Key + "|" + s.Address
	_, c.Asked = i.asked.of(key)
	who.Decision = i.rules().Decide(s.Account, c)
	switch who.Verdict {
	case access.Challenged:
		times := i.asked.change(key, func(n int) int { return n + 1 })
		if times > askedInVain && len(c.Credentials) > 0 {
			i.alarms.raise(ctx, c.Device.ID, device.AlarmIdentityClash, "asked for the credentials of the device, somebody at "+s.Address+" showed none")
		}
		return &challengeError{methods: who.Methods, reason: who.Reason}
	case access.Refused:
		if who.Clash {
			i.clash(ctx, s, c.Device.ID, who.Reason)
		}
		return fmt.Errorf("%w by rule %q: %s", ErrRefused, who.Name, who.Reason)
	case access.Allowed, access.Quarantined:
		if s.Account.Username != "" {
			i.asked.forget(key)
		}
		who.device = c.Device.ID
	}
	return nil
}

// clash raises the alarm that somebody spoke as another device: on that one or, if it
// is not known, on the one whose credentials were used.
func (i *identification) clash(ctx context.Context, s *Session, spokenFor device.ID, reason string) {
	if spokenFor == "" {
		spokenFor = s.Account.Device
	}
	i.alarms.raise(ctx, spokenFor, device.AlarmIdentityClash, clashDetail(s, reason))
}

func clashDetail(s *Session, reason string) string {
	detail := "from " + s.Address
	if s.Account.Username != "" {
		detail += " as user " + clip(s.Account.Username)
	}
	return detail + ": " + reason
}

// mismatched raises the alarm for credentials of one device in an Inform of another.
func (i *identification) mismatched(ctx context.Context, s *Session, identity device.CWMPIdentity) {
	spokenFor, err := i.devices.ByIdentity(ctx, identity.Identity())
	if err != nil {
		spokenFor = device.Device{}
	}
	i.clash(ctx, s, spokenFor.ID, "the credentials are those of another device")
}

// candidate returns the device that the Inform leads to: the record, or what the
// Inform says of a device without one.
func (i *identification) candidate(ctx context.Context, s *Session, m *cwmp.Inform, identity device.CWMPIdentity) (access.Candidate, error) {
	c := access.Candidate{Now: i.now(), Bootstrap: slices.ContainsFunc(m.Events, func(e cwmp.EventStruct) bool { return e.Is(cwmp.EventBootstrap) })}
	known, err := i.record(ctx, s.Account, m, identity)
	if err != nil && !errors.Is(err, device.ErrNotFound) {
		return c, fmt.Errorf("find device: %w", err)
	}
	owns := known.ID != "" && s.Account.Device == known.ID && !s.Account.Superseded
	if known.ID != "" && !owns {
		if c.Credentials, err = i.credentials.CredentialsOf(ctx, known.ID); err != nil {
			return c, fmt.Errorf("read credentials of device: %w", err)
		}
	}
	if known.ID == "" {
		known.MAC = reportedMAC(m)
	}
	if known.LastInform.IsZero() && len(c.Credentials) == 0 {
		known = told(known, m)
	}
	if known.CWMPIdentity.IsZero() {
		known.CWMPIdentity = identity
	}
	known.Address, c.Device = s.Address, known
	return c, nil
}

// told completes a record by what an Inform says. It is for devices of which nothing
// is known yet but what an operator entered: later the record speaks, so that nobody
// chooses another rule by what he says of himself.
func told(d device.Device, m *cwmp.Inform) device.Device {
	said := reported(m.ParameterList, device.IndexedParameters{})
	said.Manufacturer = m.DeviceID.Manufacturer
	if d.Model != "" {
		said.Model = "" // An operator has entered it.
	}
	return d.Note(device.Reported{Manufacturer: said.Manufacturer, Model: said.Model, HardwareVersion: said.HardwareVersion, SoftwareVersion: said.SoftwareVersion})
}

// record finds the record of a device: that of the credentials shown if it may be
// this one, else by the identity that it tells, else one that was added by its MAC
// address.
func (i *identification) record(ctx context.Context, a Account, m *cwmp.Inform, identity device.CWMPIdentity) (device.Device, error) {
	if a.Device != "" {
		d, err := i.devices.Get(ctx, a.Device)
		if err == nil && (d.CWMPIdentity.IsZero() || d.CWMPIdentity.Identity() == identity.Identity()) {
			return d, nil
		}
		if err != nil && !errors.Is(err, device.ErrNotFound) {
			return d, err
		}
	}
	d, err := i.devices.ByIdentity(ctx, identity.Identity())
	mac := reportedMAC(m)
	if !errors.Is(err, device.ErrNotFound) || mac == "" {
		return d, err
	}
	d, err = i.devices.ByIdentity(ctx, device.MACIdentity(mac))
	if err == nil && !d.CWMPIdentity.IsZero() {
		return device.Device{}, device.ErrNotFound // Another device with that address.
	}
	return d, err
}
