package cpe

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// ErrRunning is returned by Device.Run for a device that runs already.
var ErrRunning = errors.New("cpe: device runs already")

// ErrNotRunning is returned by Device.Request for a device that is stopped before
// it got an answer.
var ErrNotRunning = errors.New("cpe: device is not running")

// ErrTooManyRequests is returned by Device.Request if too many wait already.
var ErrTooManyRequests = errors.New("cpe: too many requests wait for a session")

const maxOutbox = 64

// Device is one simulated phone. Run is its life; all other methods may be called
// at any time by any goroutine.
type Device struct {
	config Config
	id     cwmp.DeviceIDStruct
	logger *slog.Logger
	wake   chan struct{}

	mu        sync.Mutex
	random    *rand.Rand
	running   bool
	down      bool
	inSession bool
	tree      tree
	bootTime  time.Time
	software  string
	localHost string
	bootstrap bool
	wanted    bool
	reboot    *rebooting
	events    []cwmp.EventStruct
	notify    []string
	outbox    []*outgoing
	transfers []*transfer
	extras    *extras
	// version is the version of CWMP of the session, or of the device where
	// there is none; empty if it has every RPC.
	version    string
	applied    []AppliedFile
	deferred   []cwmp.ParameterValueStruct
	retryCount int
	retryAt    time.Time
	periodicAt time.Time
	requestID  uint32
	ledger     ledger
	session    int
	last       SessionResult
	changed    chan struct{}
	listener   *ConnectionRequestListener
	path       string
	odd        oddState
}

// rebooting is what a device does when its session is over.
type rebooting struct {
	commandKeys []string
	factory     bool
}

// New makes a device. It does nothing until Run or Start. Errors name the field of
// the configuration that is wrong.
func New(config Config) (*Device, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	d := &Device{config: config, wake: make(chan struct{}, 1), logger: config.Logger}
	d.id = cwmp.DeviceIDStruct{
		Manufacturer: config.Identity.Manufacturer,
		OUI:          config.Identity.OUI,
		ProductClass: config.Identity.ProductClass,
		SerialNumber: config.Identity.SerialNumber,
	}
	d.random = newRandom(config.Identity)
	d.ledger.size = config.JournalSize
	d.software = config.SoftwareVersion
	d.bootTime = config.Clock.Now()
	d.path = d.connectionRequestPath()
	d.bootstrap = true
	d.version = config.CWMPVersion
	d.tree = newTree(config.Model, d)
	return d, nil
}

// Identity returns who the device is, defaults filled in.
func (d *Device) Identity() Identity { return d.config.Identity }

// Parameter returns what a parameter holds, also one that reads back empty by
// CWMP, and whether there is such a parameter.
func (d *Device) Parameter(path string) (value string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, ok := d.tree.parameter(path)
	if !ok {
		return "", false
	}
	return d.tree.value(e), true
}

// Parameters returns every parameter with its value, in the order of the tree.
func (d *Device) Parameters() []cwmp.ParameterValueStruct {
	d.mu.Lock()
	defer d.mu.Unlock()
	var values []cwmp.ParameterValueStruct
	d.tree.each("", func(e *entry) {
		if e.leaf != nil {
			values = append(values, cwmp.ParameterValueStruct{Name: e.path, Value: d.tree.value(e), Type: e.leaf.kind})
		}
	})
	return values
}

// SetLocal changes a parameter as if on the phone itself, read-only ones too. A
// change of a parameter with active notification opens a session with "4 VALUE
// CHANGE"; with passive, it goes with the next Inform. Another ManagementServer.URL is
// that of an ACS that never met the device. It returns an error for a path that does
// not exist or a value that does not fit.
func (d *Device) SetLocal(path, value string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, ok := d.tree.parameter(path)
	if !ok {
		return &ParameterError{Path: path, Code: cwmp.FaultInvalidParameterName}
	}
	value, code := e.leaf.check(value)
	if code != 0 {
		return &ParameterError{Path: path, Code: code}
	}
	if d.setLocal(e, value) {
		d.valueApplied(path, value)
	}
	d.poke()
	return nil
}

// setLocal changes a value and notes what the ACS has to be told about it; false if
// it was that value already.
func (d *Device) setLocal(e *entry, value string) (changed bool) {
	if d.tree.value(e) == value {
		return false
	}
	d.tree.set(e, value)
	d.noteChange(e)
	return true
}

// noteChange notes that a parameter changed otherwise than by the ACS.
func (d *Device) noteChange(e *entry) {
	notification := d.tree.attributesOf(e).notification
	if notification == notificationOff {
		return
	}
	for _, path := range d.notify {
		if path == e.path {
			return
		}
	}
	d.notify = append(d.notify, e.path)
	if notification == notificationActive {
		d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventValueChange})
	}
}

// SoftwareVersion returns the firmware that runs.
func (d *Device) SoftwareVersion() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.software
}

// Up reports whether the device runs and is not rebooting.
func (d *Device) Up() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running && !d.down
}

// Inform opens a session with events, or with none, as soon as possible.
func (d *Device) Inform(events ...cwmp.EventStruct) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retryAt = time.Time{}
	d.wanted = true
	for _, e := range events {
		d.addEvent(e)
	}
	d.poke()
}

// Request sends a request of the device's own, such as GetRPCMethods, in the next
// session, and returns the ACS's answer, which may be a *cwmp.Fault. It opens no
// session by itself (Inform does), and returns the context's error, ErrNotRunning
// if the device stops, or ErrTooManyRequests.
func (d *Device) Request(ctx context.Context, request cwmp.Message) (cwmp.Message, error) {
	return d.request(ctx, request)
}

// request is Request for a request that events announce; they open a session.
func (d *Device) request(ctx context.Context, request cwmp.Message, events ...cwmp.EventStruct) (cwmp.Message, error) {
	o := &outgoing{message: request, answer: make(chan cwmp.Message, 1), events: events}
	d.mu.Lock()
	if len(d.outbox) >= maxOutbox {
		d.mu.Unlock()
		return nil, ErrTooManyRequests
	}
	d.outbox = append(d.outbox, o)
	d.poke()
	d.mu.Unlock()
	defer d.withdraw(o)
	select {
	case m, ok := <-o.answer:
		if !ok {
			return nil, ErrNotRunning
		}
		return m, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// outgoing is a request of the device's own that waits for a session.
type outgoing struct {
	message cwmp.Message
	// answer takes the ACS's answer; nil for what the device sends until it is
	// answered as it should be.
	answer chan cwmp.Message
	// events announce it in the Inform.
	events []cwmp.EventStruct
	// transfer is what a TransferComplete is about.
	transfer *transfer
}

func (d *Device) withdraw(o *outgoing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.outbox {
		if d.outbox[i] == o {
			d.outbox = append(d.outbox[:i:i], d.outbox[i+1:]...)
			return
		}
	}
}

// Sessions returns how many sessions have ended, failed ones included.
func (d *Device) Sessions() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last.Number
}

// LastSession returns the last session that ended; its Number is 0 if none has.
func (d *Device) LastSession() SessionResult {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

// WaitSession waits until a session with a Number above after has ended, and
// returns the last one that has. Use it as
//
//	n := device.Sessions()
//	… cause a session …
//	result, err := device.WaitSession(ctx, n)
func (d *Device) WaitSession(ctx context.Context, after int) (SessionResult, error) {
	var last SessionResult
	err := d.WaitFor(ctx, func() bool {
		last = d.LastSession()
		return last.Number > after
	})
	return last, err
}

// WaitFor waits until condition holds. It is asked at once, and again after every
// RPC, session, transfer, reboot and local change. It returns the context's error.
func (d *Device) WaitFor(ctx context.Context, condition func() bool) error {
	for {
		d.mu.Lock()
		if d.changed == nil {
			d.changed = make(chan struct{})
		}
		changed := d.changed
		d.mu.Unlock()
		if condition() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// announce wakes whoever is in WaitFor. The caller holds mu.
func (d *Device) announce() {
	if d.changed != nil {
		close(d.changed)
		d.changed = nil
	}
}

// poke makes the device look again at what is due. The caller holds mu.
func (d *Device) poke() {
	d.announce()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}
