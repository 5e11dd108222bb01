package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// dataOptions say where a server keeps its data.
type dataOptions struct {
	DataDir string `default:"./data" help:"Folder for the embedded store, files and keys." placeholder:"DIR"`
	Store   string `help:"Where records are kept: sqlite:PATH (default: sqlite:<data-dir>/dialtone.db)." placeholder:"URL"`
}

// databasePath returns the path of the embedded store.
func (o dataOptions) databasePath() (string, error) {
	if o.Store == "" {
		return filepath.Join(o.DataDir, "dialtone.db"), nil
	}
	path, ok := strings.CutPrefix(o.Store, "sqlite:")
	if !ok || path == "" {
		scheme, _, _ := strings.Cut(o.Store, ":")
		return "", fmt.Errorf("--store: %q is not a store that this program knows, expected sqlite:PATH", scheme)
	}
	return path, nil
}

func (o dataOptions) keyPath() string   { return filepath.Join(o.DataDir, "secrets.key") }
func (o dataOptions) filesPath() string { return filepath.Join(o.DataDir, "files") }

// tlsOptions are the certificate of one listener.
type tlsOptions struct {
	TLSCert  string `name:"tls-cert" help:"Certificate chain (PEM): turns TLS on." placeholder:"FILE"`
	TLSKey   string `name:"tls-key" help:"Private key (PEM)." placeholder:"FILE"`
	ClientCA string `name:"client-ca" help:"CA certificates (PEM): clients must present a certificate of theirs." placeholder:"FILE"`
}

// serveOptions are the options of serve.
type serveOptions struct {
	dataOptions

	CwmpAddr  string `default:":7547" help:"Address of the CWMP listener." placeholder:"ADDR"`
	FilesAddr string `default:":7567" help:"Address of the listener from which devices fetch files." placeholder:"ADDR"`
	WebAddr   string `default:":8080" help:"Address of the API." placeholder:"ADDR"`

	CWMPTLS  tlsOptions `embed:"" prefix:"cwmp-" group:"TLS"`
	FilesTLS tlsOptions `embed:"" prefix:"files-" group:"TLS"`
	WebTLS   tlsOptions `embed:"" prefix:"web-" group:"TLS"`

	FilesURL string `help:"How devices reach the files listener, such as http://files.example.net:7567. Default: the host by which the device reached the CWMP listener." placeholder:"URL"`

	CwmpAuth       string         `default:"none" enum:"none,basic,digest" help:"How devices authenticate: ${enum}."`
	ConnreqAllow   []netip.Prefix `help:"Networks that a connection request may go to beside the device's own address." placeholder:"CIDR,..."`
	TrustedProxies []netip.Prefix `help:"Proxies whose X-Forwarded-For is believed." placeholder:"CIDR,..."`

	Onboarding        bool          `default:"true" negatable:"" help:"On first contact read who the device is, set its inform interval, and give it connection-request credentials of its own."`
	InformInterval    time.Duration `default:"5m" help:"PeriodicInformInterval that onboarding sets; 0 leaves the device's."`
	AcceptUnknown     bool          `default:"true" negatable:"" help:"Accept devices that nobody added before."`
	MaxUnknownDevices int           `default:"50000" help:"How many devices that nobody added are accepted."`
	ForgetSilent      time.Duration `default:"720h" help:"Forget devices that nobody added, once silent for so long; 0 keeps them."`

	SessionTimeout time.Duration `default:"60s" help:"How long a device may keep silent in a session."`
	MaxSessions    int           `default:"20000" help:"CWMP sessions open at once; more are told to come later."`
	MaxBody        byteSize      `default:"16MB" help:"Largest CWMP message."`
	MaxFile        byteSize      `default:"2GB" help:"Largest file that can be uploaded."`

	FileTypes map[string]string `name:"file-type" help:"What a model calls a type of file: TYPE=STRING or TYPE@PRODUCTCLASS=STRING, such as 'X CA@CP-8851-3PCC=X 00562B Custom CA'." placeholder:"TYPE=STRING;..."`

	TaskAttempts  int           `default:"6" help:"How often a task is tried."`
	TaskBackoff   time.Duration `default:"30s" help:"Pause after a failed attempt; it doubles with each."`
	TaskOutcome   time.Duration `default:"0s" help:"How long a device has to show the outcome of a download, reboot or factory reset; 0 takes each kind's own time."`
	TaskRetention time.Duration `default:"720h" help:"How long finished tasks are kept."`
	BulkPerSecond float64       `default:"200" help:"How many devices a second get the task of a bulk."`

	AuditRetention time.Duration `default:"8760h" help:"How long the audit log is kept."`

	MetricsAllow []netip.Prefix `help:"Networks that may read /metrics. Default: everybody." placeholder:"CIDR,..."`
	MetricsToken secretFlag     `help:"Bearer token that may read /metrics."`

	LogLevel  string `default:"info" enum:"debug,info,warn,error" help:"${enum}."`
	LogFormat string `default:"auto" enum:"auto,text,json" help:"${enum}: auto is text on a terminal, else json."`
}

// check refuses options that cannot be, naming the flag.
func (o *serveOptions) check() error {
	if o.FilesURL != "" {
		u, err := url.Parse(o.FilesURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			return fmt.Errorf("--files-url: must be an absolute http or https URL without credentials")
		}
	}
	for name, t := range map[string]tlsOptions{"cwmp": o.CWMPTLS, "files": o.FilesTLS, "web": o.WebTLS} {
		if (t.TLSCert == "") != (t.TLSKey == "") {
			return fmt.Errorf("--%s-tls-cert and --%s-tls-key go together", name, name)
		}
		if t.ClientCA != "" && t.TLSCert == "" {
			return fmt.Errorf("--%s-client-ca needs --%s-tls-cert", name, name)
		}
	}
	for name, n := range map[string]int{"max-unknown-devices": o.MaxUnknownDevices, "max-sessions": o.MaxSessions, "task-attempts": o.TaskAttempts} {
		if n < 1 {
			return fmt.Errorf("--%s: must be at least 1", name)
		}
	}
	for name, d := range map[string]time.Duration{"inform-interval": o.InformInterval, "forget-silent": o.ForgetSilent, "task-backoff": o.TaskBackoff, "task-outcome": o.TaskOutcome, "task-retention": o.TaskRetention} {
		if d < 0 {
			return fmt.Errorf("--%s: must not be negative", name)
		}
	}
	if o.SessionTimeout < time.Second {
		return fmt.Errorf("--session-timeout: must be at least 1s")
	}
	if o.BulkPerSecond <= 0 {
		return fmt.Errorf("--bulk-per-second: must be above 0")
	}
	return nil
}
