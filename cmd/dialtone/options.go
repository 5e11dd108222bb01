package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// dataOptions say where a server keeps its data.
type dataOptions struct {
	DataDir string `default:"./data" help:"Folder for the embedded store, files and keys." placeholder:"DIR"`

	Store             storeAddress `help:"Where records are kept: sqlite:PATH, or mongodb://… and mongodb+srv://… of a MongoDB with the name of the database as its path (default: sqlite:<data-dir>/dialtone.db)." placeholder:"URL"`
	StorePasswordFile string       `help:"File with the password of the user that the URL of the MongoDB names." placeholder:"FILE"`

	SecretsKey string `help:"File with the key that seals secrets, the same on every node (default: <data-dir>/secrets.key)." placeholder:"FILE"`
}

// checkStore refuses a store that cannot be, naming the flag.
func (o dataOptions) checkStore() error {
	if !o.Store.isMongoDB() {
		if o.StorePasswordFile != "" {
			return errors.New("--store-password-file: only the store of a MongoDB has a password")
		}
		_, err := o.databasePath()
		return err
	}
	_, named, written, err := o.Store.userInfo()
	switch {
	case err != nil:
		return fmt.Errorf("--store: %w", err)
	case o.StorePasswordFile != "" && !named:
		return errors.New("--store-password-file: the URL of --store names no user")
	case o.StorePasswordFile != "" && written:
		return errors.New("--store-password-file: the URL of --store holds a password too; give one of them")
	}
	return nil
}

// storePassword returns the password in --store-password-file, the zero value
// without one.
func (o dataOptions) storePassword() (secret.Text, error) {
	return readSecretFile("store-password-file", o.StorePasswordFile)
}

// databasePath returns the path of the embedded store.
func (o dataOptions) databasePath() (string, error) {
	if o.Store.IsZero() {
		return filepath.Join(o.DataDir, "dialtone.db"), nil
	}
	path, ok := strings.CutPrefix(o.Store.Reveal(), "sqlite:")
	if !ok || path == "" {
		return "", errors.New("--store: this is not a store that this program knows, expected sqlite:PATH, mongodb://… or mongodb+srv://…")
	}
	return path, nil
}

func (o dataOptions) filesPath() string { return filepath.Join(o.DataDir, "files") }

// keyPath returns the path of the secrets key.
func (o dataOptions) keyPath() string {
	if o.SecretsKey != "" {
		return o.SecretsKey
	}
	return filepath.Join(o.DataDir, "secrets.key")
}

// signInOptions say how people sign in.
type signInOptions struct {
	SignInIdle     time.Duration `default:"12h" help:"How long somebody who signed in may leave the console closed before they have to sign in again: an open one asks now and then."`
	SignInLifetime time.Duration `default:"168h" help:"How long somebody stays signed in at most."`

	OpenIDIssuer           string   `name:"openid-issuer" help:"Issuer of the OpenID provider with which people sign in, such as https://login.example.net/realms/noc." placeholder:"URL"`
	OpenIDName             string   `name:"openid-name" default:"OpenID" help:"What the button to sign in there says." placeholder:"NAME"`
	OpenIDClientID         string   `name:"openid-client-id" help:"Client ID that the provider knows this server by." placeholder:"ID"`
	OpenIDClientSecretFile string   `name:"openid-client-secret-file" help:"File with the client's secret." placeholder:"FILE"`
	OpenIDScopes           []string `name:"openid-scopes" default:"openid,profile,email" help:"Scopes that the provider is asked for." placeholder:"SCOPE,..."`
	OpenIDRoleClaim        string   `name:"openid-role-claim" default:"groups" help:"Claim of the ID token that the roles follow from; dots lead into objects." placeholder:"CLAIM"`
	OpenIDRoles            []string `name:"openid-role" help:"Which role a value of that claim gives: VALUE=ROLE or VALUE=ROLE@GROUP, the first that fits; * fits everybody." placeholder:"VALUE=ROLE,..."`
	OpenIDUserClaim        string   `name:"openid-user-claim" help:"Claim that names the user (default: preferred_username, else email)." placeholder:"CLAIM"`
}

// serveOptions are the options of serve.
type serveOptions struct {
	dataOptions
	signInOptions `group:"Sign-in"`
	limitOptions  `group:"Limits"`
	legacyOptions `group:"TLS"`
	acmeOptions   `group:"ACME"`
	accessOptions `group:"Device authentication"`
	pbxOptions    `group:"PBX"`
	fileOptions   `group:"Files of phones"`

	CwmpAddr  string `default:":7547" help:"Address of the CWMP listener." placeholder:"ADDR"`
	FilesAddr string `default:":7567" help:"Address of the listener from which devices fetch files." placeholder:"ADDR"`
	WebAddr   string `default:":8080" help:"Address of the console and the API." placeholder:"ADDR"`

	CWMPTLS  tlsOptions `embed:"" prefix:"cwmp-" group:"TLS"`
	FilesTLS tlsOptions `embed:"" prefix:"files-" group:"TLS"`
	WebTLS   tlsOptions `embed:"" prefix:"web-" group:"TLS"`

	WebURL   string `help:"How people reach the console, such as https://dialtone.example.net: needed for OpenID behind a proxy that is not trusted. Default: as the request says." placeholder:"URL"`
	CWMPURL  string `name:"cwmp-url" help:"How phones reach the CWMP listener, such as https://acs.example.net:7547/: files of phones that speak CWMP say it. Default: the host that the phone asked for its file, and the port of --cwmp-addr." placeholder:"URL"`
	FilesURL string `help:"How devices reach the files listener, such as http://files.example.net:7567. Default: the host by which the device reached the CWMP listener." placeholder:"URL"`

	CwmpAuth       string         `default:"none" enum:"none,basic,digest" help:"How devices authenticate for which no access rule says otherwise: ${enum}."`
	CwmpStrict     bool           `help:"Answer a device that sends SOAP headers that only a server may send with fault 8003, instead of counting it."`
	ConnreqAllow   []netip.Prefix `help:"Networks that a connection request may go to beside the device's own address." placeholder:"CIDR,..."`
	TrustedProxies []netip.Prefix `help:"Proxies whose PROXY protocol header, X-Forwarded-For and X-Forwarded-Proto are believed." placeholder:"CIDR,..."`

	Onboarding        bool          `default:"true" negatable:"" help:"On first contact read who the device is, set its inform interval, and give it connection-request credentials of its own."`
	InformInterval    time.Duration `default:"5m" help:"PeriodicInformInterval that onboarding sets; 0 leaves the device's."`
	AcceptUnknown     bool          `default:"true" negatable:"" help:"Accept devices that nobody added before."`
	MaxUnknownDevices int           `default:"50000" help:"How many devices that nobody added are accepted."`
	ForgetSilent      time.Duration `default:"720h" help:"Forget devices that nobody added, once silent for so long; 0 keeps them."`

	MaxFile    byteSize `default:"2GB" help:"Largest file that can be uploaded."`
	MaxUpload  byteSize `default:"64MB" help:"Largest file that a device may send, such as its log."`
	MaxUploads int      `default:"20" help:"How many files that a device sent are kept, the newest."`
	KickedURL  string   `help:"Where a user is sent whose device reports a Kicked (TR-069 A.4.2.1). Default: nowhere." placeholder:"URL"`

	FileTypes map[string]string `name:"file-type" help:"What a model calls a type of file: TYPE=STRING or TYPE@PRODUCTCLASS=STRING, such as 'X CA@CP-8851-3PCC=X 00562B Custom CA'." placeholder:"TYPE=STRING;..."`

	IndexParameters map[string]string `name:"index-parameter" help:"Parameters whose values device records show and can be filtered and ordered by: NAME=PATH, or NAME=PATH|PATH where data models differ, such as 'vlan=Device.Ethernet.VLANTermination.1.VLANID'." placeholder:"NAME=PATH;..."`

	TaskAttempts  int           `default:"6" help:"How often a task is tried."`
	TaskBackoff   time.Duration `default:"30s" help:"Pause after a failed attempt; it doubles with each."`
	TaskOutcome   time.Duration `default:"0s" help:"How long a device has to show the outcome of a download, reboot or factory reset; 0 takes each kind's own time."`
	TaskRetention time.Duration `default:"720h" help:"How long finished tasks are kept."`
	BulkPerSecond float64       `default:"200" help:"How many devices a second get the task of a bulk."`

	AuditRetention   time.Duration `default:"8760h" help:"How long the audit log is kept."`
	HistoryRetention time.Duration `default:"720h" help:"How long the sessions of devices and the counts of what happened are kept."`

	MetricsAllow []netip.Prefix `help:"Networks that may read /metrics. Default: everybody." placeholder:"CIDR,..."`
	MetricsToken secretFlag     `help:"Bearer token that may read /metrics."`

	ClockOffset time.Duration `hidden:"" help:"Shift the clock of this server, for tests of nodes whose clocks differ."`

	LogLevel  string `default:"info" enum:"debug,info,warn,error" help:"${enum}."`
	LogFormat string `default:"auto" enum:"auto,text,json" help:"${enum}: auto is text on a terminal, else json."`
}

// indexedParameters reads --index-parameter.
func (o *serveOptions) indexedParameters() (device.IndexedParameters, error) {
	p, err := device.ParseIndexedParameters(o.IndexParameters)
	if err != nil {
		return p, fmt.Errorf("--index-parameter: %w", err)
	}
	return p, nil
}

// check refuses options that cannot be, naming the flag.
func (o *serveOptions) check() error {
	if err := o.checkStore(); err != nil {
		return err
	}
	if err := o.checkAccess(); err != nil {
		return err
	}
	for name, text := range map[string]string{"cwmp-url": o.CWMPURL, "files-url": o.FilesURL, "web-url": o.WebURL, "kicked-url": o.KickedURL, "openid-issuer": o.OpenIDIssuer} {
		if text == "" {
			continue
		}
		u, err := url.Parse(text)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			return fmt.Errorf("--%s: must be an absolute http or https URL without credentials", name)
		}
	}
	if o.OpenIDIssuer != "" && (o.OpenIDClientID == "" || len(o.OpenIDRoles) == 0) {
		return errors.New("--openid-issuer: needs --openid-client-id, and --openid-role to say who may do what")
	}
	for name, d := range map[string]time.Duration{"sign-in-idle": o.SignInIdle, "sign-in-lifetime": o.SignInLifetime, "history-retention": o.HistoryRetention, "audit-retention": o.AuditRetention} {
		if d < time.Minute {
			return fmt.Errorf("--%s: must be at least 1m", name)
		}
	}
	for name, t := range map[string]tlsOptions{"cwmp": o.CWMPTLS, "files": o.FilesTLS, "web": o.WebTLS} {
		if err := t.check(name); err != nil {
			return err
		}
	}
	for _, check := range []func() error{o.limitOptions.check, o.checkLegacy, o.acmeOptions.check, o.checkFiles, o.checkPBX} {
		if err := check(); err != nil {
			return err
		}
	}
	for name, n := range map[string]int{"max-unknown-devices": o.MaxUnknownDevices, "max-uploads": o.MaxUploads, "task-attempts": o.TaskAttempts} {
		if n < 1 {
			return fmt.Errorf("--%s: must be at least 1", name)
		}
	}
	for name, d := range map[string]time.Duration{"inform-interval": o.InformInterval, "forget-silent": o.ForgetSilent, "task-backoff": o.TaskBackoff, "task-outcome": o.TaskOutcome, "task-retention": o.TaskRetention} {
		if d < 0 {
			return fmt.Errorf("--%s: must not be negative", name)
		}
	}
	if _, err := o.indexedParameters(); err != nil {
		return err
	}
	if o.BulkPerSecond <= 0 {
		return fmt.Errorf("--bulk-per-second: must be above 0")
	}
	return nil
}
