package acs

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// inform opens the session (TR-069 3.7.1.1, A.3.3.1): it takes the device's
// lock, whoever holds it, and stores all that must be stored before the device
// has the answer.
func (e *engine) inform(ctx context.Context, s *Session, env *cwmp.Envelope, m *cwmp.Inform) (*cwmp.Envelope, error) {
	s.Namespace = env.Namespace
	if err := e.settleVersion(s, env); err != nil {
		e.metrics.refused.Inc()
		return s.reply(env, cwmp.NewFault(cwmp.FaultACSVersionMismatch, "")), nil
	}
	who, err := e.identification.decide(ctx, s, m)
	if err != nil {
		return e.refuse(ctx, s, env, m, err)
	}
	contact := e.contact(s, m, who)
	began, created, err := e.begin(ctx, contact, m, who)
	if err != nil {
		if errors.Is(err, device.ErrIdentity) {
			e.identification.mismatched(ctx, s, who.identity)
		}
		return e.refuse(ctx, s, env, m, err)
	}
	s.Device, s.Phase, s.Proven = began.After, PhaseDevice, who.Own
	s.Timeout = max(s.Timeout, min(e.options.behaviour(&s.Device).Idle(), e.options.MaxSession))
	s.InformID, s.InformDigest = env.ID, informDigest(m)
	s.Events = informEvents(m, contact.At)
	e.took(s)
	if err := e.noteContact(ctx, s, began, who); err != nil {
		return nil, err
	}
	if err := e.noteInform(ctx, s, began, m); err != nil {
		return nil, err
	}
	if err := e.provide(ctx, s, m, who); err != nil {
		return nil, err
	}
	e.observer.SessionBegan(Summary{ID: s.ID, Device: s.Device, Events: s.Events, StartedAt: s.StartedAt}, created)
	return s.informResponse(env), nil
}

// noteContact stores what the beginning of a session tells of who speaks.
func (e *engine) noteContact(ctx context.Context, s *Session, began device.Began, who speaker) error {
	e.identification.noteAddress(ctx, s, began.Before)
	if err := e.noteBootstraps(ctx, s); err != nil {
		return err
	}
	return e.identification.noteSpeaker(ctx, s, who)
}

// provide queues what a device is given first, unless it is in quarantine, or only
// says that it lives.
func (e *engine) provide(ctx context.Context, s *Session, m *cwmp.Inform, who speaker) error {
	if s.Device.Quarantined || onlyHeartbeat(m.Events) {
		return nil
	}
	onboarded, err := e.onboarding.queue(ctx, s)
	if err != nil {
		return err
	}
	rotated, err := e.rotation.queue(ctx, s, who)
	if err != nil || !onboarded && !rotated {
		return err
	}
	return e.rereadWork(ctx, s)
}

// contact returns what the Inform tells, as the record keeps it.
func (e *engine) contact(s *Session, m *cwmp.Inform, who speaker) device.Contact {
	now := e.now()
	c := device.Contact{
		Identity: who.identity,
		Device:   who.device, Session: s.ID, At: now, Until: now.Add(e.options.lock(s)), Address: s.Address,
		Reported: reported(m.ParameterList, e.options.IndexedParameters), CWMPVersion: s.Version, RetryCount: m.RetryCount,
	}
	if !onlyHeartbeat(m.Events) {
		// The parameters of a heartbeat are not stored: what the next Inform tells
		// must not pass for known.
		c.InformDigest = strconv.FormatUint(listDigest(m.ParameterList), 36)
	}
	if who.Returned && who.Verdict == access.Quarantined {
		c.Quarantine = true
		c.Alarms = append(c.Alarms, device.RaisedAlarm{Kind: device.AlarmIdentityClash, Detail: clashDetail(s, who.Reason)})
	}
	c.Namespace = s.Namespace
	c.Manufacturer = m.DeviceID.Manufacturer
	for _, event := range m.Events {
		if event.Is(cwmp.EventPeriodic) || event.Is(cwmp.EventConnectionRequest) || event.Is(cwmp.EventHeartbeat) {
			continue
		}
		c.Events = append(c.Events, recordEvent(event, now))
		c.Boot = c.Boot || event.Is(cwmp.EventBoot)
		c.Bootstrap = c.Bootstrap || event.Is(cwmp.EventBootstrap)
	}
	if len(c.Events) > device.MaxEvents {
		c.Events = c.Events[:device.MaxEvents]
	}
	return c
}

// informEvents returns the events of an Inform, at most device.MaxEvents.
func informEvents(m *cwmp.Inform, at time.Time) []device.Event {
	var all []device.Event
	for _, event := range m.Events[:min(len(m.Events), device.MaxEvents)] {
		all = append(all, recordEvent(event, at))
	}
	return all
}

func recordEvent(event cwmp.EventStruct, at time.Time) device.Event {
	return device.Event{Code: clip(event.EventCode), CommandKey: clip(event.CommandKey), At: at}
}

// clip bounds what a device may write into its record by one event.
func clip(text string) string {
	const longest = 64
	return clipTo(text, longest)
}

// maxRecorded is the longest value that the record takes over, in bytes: that of a URL.
const maxRecorded = 1024

// reported picks from parameters, of an Inform or read or set later, what the
// record keeps.
func reported(list []cwmp.ParameterValueStruct, indexed device.IndexedParameters) device.Reported {
	var r device.Reported
	for i := range list {
		p := &list[i]
		if name, ok := indexed.Name(p.Name); ok {
			if r.Indexed == nil {
				r.Indexed = make(map[string]string)
			}
			r.Indexed[name] = device.IndexedValue(p.Value)
		}
		root, rest, ok := strings.Cut(p.Name, ".")
		if !ok || len(p.Value) > maxRecorded {
			continue
		}
		if r.Root == "" && (root == "Device" || root == "InternetGatewayDevice") {
			r.Root = root + "."
		}
		switch rest {
		case "DeviceInfo.SoftwareVersion":
			r.SoftwareVersion = p.Value
		case "DeviceInfo.HardwareVersion":
			r.HardwareVersion = p.Value
		case "DeviceInfo.ModelName":
			r.Model = p.Value
		case "ManagementServer.ConnectionRequestURL":
			r.ConnectionRequestURL = p.Value
		case "ManagementServer.ParameterKey":
			r.ParameterKey = &p.Value
		case periodicInformInterval:
			r.InformInterval = positive(p.Value)
		}
	}
	return r
}

// reportedMAC returns the MAC address that an Inform reports, in canonical form,
// or "".
func reportedMAC(m *cwmp.Inform) string {
	for i := range m.ParameterList {
		if strings.HasSuffix(m.ParameterList[i].Name, ".MACAddress") {
			if mac, err := device.ParseMAC(m.ParameterList[i].Value); err == nil {
				return mac
			}
		}
	}
	return ""
}

// positive returns a whole number of seconds, 0 if text is none.
func positive(text string) int {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}

// begin takes the lock; a device that is not known is accepted first, if
// unknown ones are.
func (e *engine) begin(ctx context.Context, c device.Contact, m *cwmp.Inform, who speaker) (began device.Began, created bool, err error) {
	began, err = e.sessions.Begin(ctx, c)
	if !errors.Is(err, device.ErrNotFound) || c.Device != "" {
		return began, false, err
	}
	mac := reportedMAC(m)
	if mac != "" {
		known, err := e.devices.ByIdentity(ctx, device.MACIdentity(mac))
		switch {
		case err == nil && known.CWMPIdentity.IsZero():
			// Added by its MAC address before: the record takes the identity.
			c.Device = known.ID
			began, err = e.sessions.Begin(ctx, c)
			return began, false, err
		case err == nil:
			e.logger.WarnContext(ctx, "two devices report one MAC address", logkeys.Device, known.ID, logkeys.Session, sessionName(c.Session))
			mac = ""
		case !errors.Is(err, device.ErrNotFound):
			return began, false, err
		}
	}
	if err := e.accept(ctx, c, mac, who.Unknown); err != nil {
		return began, false, err
	}
	began, err = e.sessions.Begin(ctx, c)
	return began, true, err
}

// accept makes a record for a device that nobody announced, unless those are refused.
func (e *engine) accept(ctx context.Context, c device.Contact, mac string, reaction access.Reaction) error {
	if reaction == access.Refuse {
		return fmt.Errorf("%w: unknown devices are not accepted", ErrRefused)
	}
	d := device.Device{
		ID: device.NewID(), CWMPIdentity: c.Identity, MAC: mac, Origin: device.OriginContact,
		FirstSeen: c.At, Revision: 1, OnboardingDue: true, Quarantined: reaction == access.Quarantine,
	}
	err := e.devices.Create(ctx, d, e.options.MaxUnknown)
	if errors.Is(err, device.ErrLimit) {
		return fmt.Errorf("%w: the limit of %d unknown devices is reached", ErrRefused, e.options.MaxUnknown)
	}
	if errors.Is(err, device.ErrDuplicate) {
		return nil // A session of the same device was quicker.
	}
	return err
}

// refuse answers an Inform that cannot open a session. A server that failed is
// an error, and so is what is answered with 401; a device that may not speak gets
// fault 8001.
func (e *engine) refuse(ctx context.Context, s *Session, env *cwmp.Envelope, m *cwmp.Inform, err error) (*cwmp.Envelope, error) {
	var challenge *challengeError
	if errors.As(err, &challenge) {
		return nil, err
	}
	denied := errors.Is(err, ErrRefused) || errors.Is(err, device.ErrIdentity) || errors.Is(err, device.ErrDuplicate)
	if !denied && !(errors.Is(err, device.ErrNotFound) && s.Account.Device != "") {
		return nil, fmt.Errorf("begin session: %w", err)
	}
	e.metrics.refused.Inc()
	e.refusals.Do(func() {
		e.logger.WarnContext(ctx, "device refused; not every one is logged, dialtone_devices_refused_total counts all", logkeys.Session, sessionName(s.ID),
			logkeys.Address, s.Address, logkeys.Error, err, logkeys.OUI, clip(m.DeviceID.OUI), logkeys.SerialNumber, clip(m.DeviceID.SerialNumber))
	})
	return s.reply(env, cwmp.NewFault(cwmp.FaultACSRequestDenied, "")), nil
}

// noteInform stores what the record does not keep: evidence for open tasks, and
// parameters that changed.
func (e *engine) noteInform(ctx context.Context, s *Session, began device.Began, m *cwmp.Inform) error {
	interrupted := began.Before.Session.ID != ""
	if interrupted {
		e.sessionSuperseded(s, began.Before)
	}
	upgraded := began.Before.SoftwareVersion != "" && began.Before.SoftwareVersion != s.Device.SoftwareVersion
	if interrupted || mayBeEvidence(m.Events) || upgraded {
		if err := e.evidence.inform(ctx, s, m.Events); err != nil {
			return err
		}
		// What the evidence released may have raised the hint.
		if err := e.rereadWork(ctx, s); err != nil {
			return err
		}
	}
	if !s.Device.LastBootstrap.Equal(began.Before.LastBootstrap) {
		// What was asked of notification and access is gone with the reset (TR-069
		// 3.7.1.5, 0 BOOTSTRAP).
		if err := e.tree.store.ForgetAttributes(ctx, s.Device.ID); err != nil {
			return fmt.Errorf("forget attributes: %w", err)
		}
	}
	// Of a session that was cut off it is not known whether its Inform was stored.
	if !interrupted && began.Before.InformDigest == s.Device.InformDigest {
		return nil
	}
	observations, err := e.tree.values(s.Device.ID, m.ParameterList)
	if err != nil {
		return err
	}
	return e.tree.observe(ctx, s.Device.ID, s.Device.LastInform, observations)
}

// rereadWork brings the work hint up to date after it may have been raised
// during the session.
func (e *engine) rereadWork(ctx context.Context, s *Session) error {
	current, err := e.devices.Get(ctx, s.Device.ID)
	if err != nil {
		return fmt.Errorf("read work hint: %w", err)
	}
	s.Device.Work, s.Emptied = current.Work, false
	return nil
}

func mayBeEvidence(events []cwmp.EventStruct) bool {
	for _, event := range events {
		if event.Is(cwmp.EventBootstrap) || event.Is(cwmp.EventBoot) || event.Is(cwmp.EventScheduled) || event.Is(cwmp.EventDiagnosticsComplete) || strings.HasPrefix(strings.TrimSpace(event.EventCode), "M ") {
			return true
		}
	}
	return false
}

// informDigest recognises an Inform that is sent again: all of it but the clock
// and the retry count, which a device may renew.
func informDigest(m *cwmp.Inform) uint64 {
	h := fnv.New64a()
	for _, part := range []string{m.DeviceID.OUI, m.DeviceID.ProductClass, m.DeviceID.SerialNumber} {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	for _, event := range m.Events {
		_, _ = h.Write([]byte(event.EventCode + "\x00" + event.CommandKey + "\x00"))
	}
	return h.Sum64() ^ listDigest(m.ParameterList)
}

// listDigest identifies a ParameterList.
func listDigest(list []cwmp.ParameterValueStruct) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a, written out: no allocation on the hot path.
	sum := uint64(offset)
	add := func(text string) {
		for i := range len(text) {
			sum = (sum ^ uint64(text[i])) * prime
		}
		sum *= prime
	}
	for i := range list {
		add(list[i].Name)
		add(list[i].Value)
		add(list[i].Type)
	}
	return sum
}

// sessionSuperseded notes that an older session did not end in order.
func (e *engine) sessionSuperseded(s *Session, before device.Device) {
	e.logger.Info("session supersedes one that did not end", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, "superseded", sessionName(before.Session.ID),
		logkeys.Duration, max(0, s.StartedAt.Sub(before.LastInform)).Round(time.Millisecond))
}
