package api

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners/pbx"
	"github.com/dialtone-acs/dialtone/quirks"
)

// Options are what an API is made of. Everything is required but what says
// otherwise.
type Options struct {
	Devices     Devices
	Parameters  Parameters
	Credentials Credentials
	Sealer      Sealer
	Tasks       Enqueuer
	Bulks       Bulks
	Waker       Waker
	Files       Library
	Directory   Directory
	Audit       Audit
	Groups      Groups
	Hub         *Hub
	// Summary, Causes and History answer what overviews ask; Opener opens the
	// values of secret parameters for those who may see them.
	Summary Summary
	Causes  Causes
	History History
	Opener  Opener
	// Declared keeps what operators declare, BuiltInQuirks are the quirk profiles that
	// came with the program, Models says what was learnt of models, and Traces keeps
	// what was traced.
	Declared      Declared
	BuiltInQuirks []quirks.Profile
	Models        Models
	// FallbackRule is the rule of device access that the server's options make.
	FallbackRule access.Rule
	Traces       Traces
	// Provisioning is for settings and the files of phones.
	Provisioning ProvisioningOptions
	// AuditHead shows how far the audit log goes; nil shows nothing of it.
	AuditHead AuditHead
	// System says what getSystem shows of the server.
	System SystemOptions

	// IndexedParameters are the names of the indexed parameters
	// (device.IndexedParameters) that devices show and that filters and orders
	// name; empty for none.
	IndexedParameters []string

	// SignOn signs people in with an OpenID provider; nil for none.
	SignOn SignOn
	// DHCP has the URLs of the server for configurations of DHCP servers.
	DHCP DHCPOptions
	// PBX keeps the files of a PBX; nil for a server without one.
	PBX *pbx.Publisher
	// WebURL is where browsers find the API and the console, such as
	// https://acs.example.com, without a path; empty to go by each request.
	WebURL string

	// Ping returns an error while the store cannot be used. It and Ready decide
	// what /readyz answers.
	Ping func(ctx context.Context) error
	// Ready returns an error while the server is not to be given requests, as
	// while it shuts down; nil for always ready.
	Ready func() error

	// TrustedProxies are the proxies whose X-Forwarded-For is believed; empty
	// for none.
	TrustedProxies []netip.Prefix

	Metrics MetricsOptions
	Logger  *slog.Logger
	Now     func() time.Time
	// Version is that of the program, shown in the API description.
	Version string
}

// MetricsOptions say what /metrics shows and to whom. With neither Allow nor
// Token it is open; with either, whoever satisfies one of them may read it.
type MetricsOptions struct {
	Registerer prometheus.Registerer
	Gatherer   prometheus.Gatherer
	Allow      []netip.Prefix
	Token      secret.Text
}

func (o *Options) check() error {
	for name, missing := range map[string]bool{
		"Devices": o.Devices == nil, "Parameters": o.Parameters == nil, "Credentials": o.Credentials == nil,
		"Sealer": o.Sealer == nil, "Tasks": o.Tasks == nil, "Bulks": o.Bulks == nil, "Waker": o.Waker == nil,
		"Files": o.Files == nil, "Directory": o.Directory == nil, "Audit": o.Audit == nil, "Groups": o.Groups == nil, "Hub": o.Hub == nil,
		"Ping": o.Ping == nil, "Logger": o.Logger == nil, "Now": o.Now == nil,
		"Summary": o.Summary == nil, "Causes": o.Causes == nil, "History": o.History == nil, "Opener": o.Opener == nil,
		"Declared": o.Declared == nil, "Models": o.Models == nil, "Traces": o.Traces == nil,
		"Metrics.Registerer": o.Metrics.Registerer == nil, "Metrics.Gatherer": o.Metrics.Gatherer == nil,
	} {
		if missing {
			return errors.New("api: Options." + name + " is missing")
		}
	}
	if err := o.Provisioning.check(); err != nil {
		return err
	}
	if o.Ready == nil {
		o.Ready = func() error { return nil }
	}
	return nil
}
