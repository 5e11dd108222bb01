package cpe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// The roots that a data model may have (TR-106, TR-098).
const (
	RootDevice  = "Device."
	RootGateway = "InternetGatewayDevice."
)

// Config says what a Device is and which ACS it calls. Only ACSURL and
// Identity.SerialNumber have no default.
type Config struct {
	// ACSURL is where the device informs, http or https; its factory value of
	// ManagementServer.URL.
	ACSURL string
	// Username and Password authenticate the device to the ACS, by whatever
	// scheme (Basic or Digest) the ACS asks for; they are the factory values
	// of ManagementServer.Username and Password.
	Username, Password string
	// Identity is who the device says it is.
	Identity Identity
	// Root is RootDevice (the default) or RootGateway.
	Root string
	// Lines is how many lines the phone has when new, 1 to 16; default 2.
	Lines int
	// Voice is how its telephony is arranged; default VoiceLines.
	Voice Voice
	// Namespace is the CWMP namespace; default that of CWMPVersion, or
	// cwmp.NamespaceV1_2.
	Namespace string
	// CWMPVersion is the version of CWMP that the device speaks, one of
	// cwmp.Versions: it has the RPCs of that version, and from 1.4 on it
	// offers to speak all versions up to it and goes by the ACS's
	// choice. Empty is a device that says nothing of versions and has every
	// RPC.
	CWMPVersion string
	// SessionTimeout is how long the device asks the ACS to keep an idle
	// session (CWMP 1.3), in whole seconds, at least 30; 0 does not ask.
	SessionTimeout time.Duration
	// Interval is the factory value of PeriodicInformInterval, at least a
	// millisecond (parameters show whole seconds, at least 1); default 20 s,
	// as a Cisco phone has it.
	Interval time.Duration
	// HoldInterval keeps the device at Interval whatever the ACS sets:
	// PeriodicInformInterval is accepted and reads back, without effect.
	HoldInterval bool
	// Jitter varies each period by up to this fraction of it, up or down,
	// and starts the first one at a random phase; 0 to 1.
	Jitter float64
	// ConnectionRequestListen is the address on which the device waits for
	// connection requests, such as 127.0.0.1:0; empty is off. Not used with
	// ConnectionRequests.
	ConnectionRequestListen string
	// ConnectionRequests is a listener shared by several devices. Who made
	// it closes it.
	ConnectionRequests *ConnectionRequestListener
	// ConnectionRequestUsername and ConnectionRequestPassword are the
	// factory values of those parameters. While the username is empty, a
	// connection request needs no authentication.
	ConnectionRequestUsername, ConnectionRequestPassword string
	// SoftwareVersion is the firmware of a new device.
	SoftwareVersion string
	// FileTypes are accepted in a Download beside the standard firmware and
	// configuration types, such as "X 000E08 Custom CA File", and those of
	// vendors in an Upload too.
	FileTypes []string
	// RebootDuration is how long the device is gone when it reboots; default
	// 2 s.
	RebootDuration time.Duration
	// TransferDelay is added to the DelaySeconds of every Download and
	// Upload, and passes before a ChangeDUState is begun.
	TransferDelay time.Duration
	// DiagnosticsDuration is how long a diagnostic takes; default 2 s.
	DiagnosticsDuration time.Duration
	// RequestTimeout is how long the device waits for the answer to one POST;
	// default 30 s (TR-069 3.4.1).
	RequestTimeout time.Duration
	// RetryScale multiplies the waits between the retries of a failed session
	// (5 to 10 s doubling up to 2560 to 5120 s); default 1.
	RetryScale float64
	// Grace is how long a session that runs when Run's context ends may go
	// on; 0 breaks it off at once.
	Grace time.Duration
	// JournalSize bounds the journal; default 256, negative turns it off.
	JournalSize int
	// Quirks are what the device does wrong.
	Quirks Quirks
	// Odd names more that the device does wrong, by itself or as the preset of
	// a client that exists: see Oddities and Presets. Some change Identity,
	// Namespace or Quirks.
	Odd []string
	// Hooks are called in a session, for tests that inject faults.
	Hooks Hooks
	// OnSession is called after every session, on the device's own
	// goroutine: it must return soon.
	OnSession func(*Device, SessionResult)
	// TakeFile is given a file of a Download that is not firmware, whole, before it
	// counts as taken; nil takes every file. It is called on a goroutine of its own,
	// without locks held. With an error the transfer ends with fault 9018; reboot has
	// the device reboot before it reports the transfer. Files over 4 MiB end with
	// fault 9018 too.
	TakeFile func(fileType string, content []byte) (reboot bool, err error)
	// Model is the data model; by default a phone's, shared by all devices
	// with the same Root, Voice and Lines if made by NewVoiceModel once.
	Model *Model
	// Clock is the device's time; default the system's.
	Clock Clock
	// Dial opens the TCP connections to the ACS; default net.Dialer's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS is used for https; default the system's trust. Without a
	// ServerName that of ACSURL is used.
	TLS *tls.Config
	// FileClient fetches files; by default a client of its own with Dial and
	// TLS. It is used for downloads and uploads only.
	FileClient *http.Client
	// Logger gets what happens; default discards it.
	Logger *slog.Logger

	// gate bounds the sessions of a fleet that run at once.
	gate chan struct{}
	// manner is what Odd names.
	manner manner
}

// Identity is who a device says it is in DeviceId and DeviceInfo.
type Identity struct {
	Manufacturer string
	OUI          string
	ProductClass string
	SerialNumber string
	// MAC is 12 hexadecimal digits without separators; derived from the
	// SerialNumber if empty.
	MAC string
	// ModelName and HardwareVersion are shown in DeviceInfo.
	ModelName       string
	HardwareVersion string
}

// Quirks are deviations from the standard that real devices show. The zero value
// is a device by the book.
type Quirks struct {
	// NoCookies never sends a cookie back.
	NoCookies bool
	// ConnectionPerRequest opens a TCP connection for every POST.
	ConnectionPerRequest bool
	// FinalEmptyPost sends a last empty POST after a 204 that answered a
	// POST with content.
	FinalEmptyPost bool
	// AnyType accepts SetParameterValues with any xsi:type.
	AnyType bool
	// MaxParameters answers requests that name or would return more
	// parameters than this with fault 9004; 0 is no limit.
	MaxParameters int
	// ApplyLater answers SetParameterValues with Status 1 and applies the
	// values when the session is over.
	ApplyLater bool
	// KeepEvents sends the events of a failed session again even if the ACS
	// had answered the Inform.
	KeepEvents bool
	// BusyConnectionRequests answers 503 to a connection request while a
	// session runs.
	BusyConnectionRequests bool
	// NoDiagnosticsEvent never sends "8 DIAGNOSTICS COMPLETE": an ACS has to
	// look at DiagnosticsState again and again.
	NoDiagnosticsEvent bool
	// NoTransferComplete never reports the end of a transfer.
	NoTransferComplete bool
	// Unsupported names RPCs that the device lacks: it answers 9000 and does
	// not list them.
	Unsupported []string
	FlowQuirks
	LoginQuirks
	SettingQuirks
}

// Hooks break sessions at chosen places, and tell of boots. They are called on the device's own
// goroutine, without locks held. An error breaks the session off (its
// connection is closed) and becomes SessionResult.Err, with ReasonHook.
type Hooks struct {
	// Boot is called whenever the device starts, before it has any session; it may
	// change parameters with SetLocal. An error ends Run, which returns it: a device
	// whose CWMP client is switched off.
	Boot func(ctx context.Context) error
	// BeforePost is called before a POST leaves; message is nil for an empty
	// one.
	BeforePost func(message cwmp.Message) error
	// AfterPost is called when the answer to a POST has been read, before it
	// is looked at: an error is an answer lost.
	AfterPost func(message cwmp.Message, status int) error
	// BeforeRPC is called before an RPC of the ACS is executed: an error is
	// a request lost.
	BeforeRPC func(request cwmp.Message) error
	// AfterRPC is called when an RPC has been executed, before its response
	// leaves: an error is a response lost.
	AfterRPC func(request, response cwmp.Message) error
	// Fault answers an RPC in place of its execution where it returns one.
	Fault func(request cwmp.Message) *cwmp.Fault
}

// Clock is the time that a device lives by.
type Clock interface {
	// Now is the present time.
	Now() time.Time
	// After returns a channel that gets one value after d.
	After(d time.Duration) <-chan time.Time
}

type systemClock struct{}

func (systemClock) Now() time.Time                         { return time.Now() }
func (systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

const (
	defaultLines           = 2
	maxLines               = 16
	defaultInterval        = 20 * time.Second
	defaultRebootDuration  = 2 * time.Second
	defaultDiagnostics     = 2 * time.Second
	defaultRequestTimeout  = 30 * time.Second
	defaultJournalSize     = 256
	defaultSoftwareVersion = "sip88xx.12-0-1MPP0001-123"
)

// minSessionTimeout is the least that a SessionTimeout header may say (cwmp-1-3.xsd).
const minSessionTimeout = 30 * time.Second

// withDefaults checks the configuration and fills what is left out. Its errors
// name the field.
func (c Config) withDefaults() (Config, error) {
	if err := c.check(); err != nil {
		return c, err
	}
	odd, err := newManner(c.Odd)
	if err != nil {
		return c, err
	}
	c.manner = odd
	odd.configure(&c)
	c.Identity = c.Identity.withDefaults()
	setDefault(&c.Root, RootDevice)
	setDefault(&c.Lines, defaultLines)
	setDefault(&c.Namespace, cwmp.NamespaceOf(c.CWMPVersion))
	setDefault(&c.Namespace, cwmp.NamespaceV1_2)
	setDefault(&c.DiagnosticsDuration, defaultDiagnostics)
	setDefault(&c.Interval, defaultInterval)
	setDefault(&c.RebootDuration, defaultRebootDuration)
	setDefault(&c.RequestTimeout, defaultRequestTimeout)
	setDefault(&c.RetryScale, 1)
	setDefault(&c.JournalSize, defaultJournalSize)
	setDefault(&c.SoftwareVersion, defaultSoftwareVersion)
	if c.Clock == nil {
		c.Clock = systemClock{}
	}
	if c.Dial == nil {
		// Sessions are short: TCP keep-alive would only cost system calls.
		c.Dial = (&net.Dialer{Timeout: c.RequestTimeout, KeepAlive: -1}).DialContext
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.FileClient == nil {
		c.FileClient = newFileClient(c)
	}
	if c.Model == nil {
		model, err := NewVoiceModel(c.Root, c.Voice, c.Lines)
		if err != nil {
			return c, err
		}
		c.Model = model
	}
	if c.Model.root != c.Root {
		return c, fmt.Errorf("cpe: Model: has root %s, Root is %s", c.Model.root, c.Root)
	}
	return c, nil
}

func (c Config) check() error {
	u, err := url.Parse(c.ACSURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("cpe: ACSURL: want an absolute http or https URL")
	}
	if c.Identity.SerialNumber == "" {
		return errors.New("cpe: Identity.SerialNumber: must not be empty")
	}
	if mac := c.Identity.MAC; mac != "" && !isMAC(mac) {
		return errors.New("cpe: Identity.MAC: want 12 hexadecimal digits without separators")
	}
	if c.Namespace != "" && !cwmp.IsNamespace(c.Namespace) {
		return errors.New("cpe: Namespace: want a CWMP namespace")
	}
	if c.CWMPVersion != "" && !slices.Contains(cwmp.Versions(), c.CWMPVersion) {
		return errors.New("cpe: CWMPVersion: want one of 1.0 to 1.4")
	}
	if c.SessionTimeout != 0 && c.SessionTimeout < minSessionTimeout {
		return errors.New("cpe: SessionTimeout: want at least 30 s")
	}
	if c.DiagnosticsDuration < 0 {
		return errors.New("cpe: DiagnosticsDuration: want a positive duration")
	}
	if c.Interval < 0 || c.Interval > 0 && c.Interval < time.Millisecond {
		return errors.New("cpe: Interval: want at least 1 ms")
	}
	if c.Jitter < 0 || c.Jitter > 1 {
		return errors.New("cpe: Jitter: want 0 to 1")
	}
	if c.RetryScale < 0 {
		return errors.New("cpe: RetryScale: want a positive number")
	}
	return nil
}

func (i Identity) withDefaults() Identity {
	setDefault(&i.Manufacturer, "Cisco Systems, Inc.")
	setDefault(&i.OUI, "000E08")
	setDefault(&i.ProductClass, "CP-8841-3PCC")
	setDefault(&i.ModelName, i.ProductClass)
	setDefault(&i.HardwareVersion, "V03")
	setDefault(&i.MAC, macFromSerial(i.OUI, i.SerialNumber))
	i.MAC = strings.ToUpper(i.MAC)
	return i
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
