package delivery

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Devices finds the device that asks; device.Store is one.
type Devices interface {
	// ByIdentity returns the record that an identity points to, or
	// device.ErrNotFound.
	ByIdentity(ctx context.Context, identity device.Identity) (device.Device, error)
	// Get returns a record, or device.ErrNotFound.
	Get(ctx context.Context, id device.ID) (device.Device, error)
	// List returns a page of the records that match, in order.
	List(ctx context.Context, l device.List) (device.Page, error)
}

// Resolver says what a device should have; *provisioners.Resolver is one.
type Resolver interface {
	// Effective returns what a device should have. It returns the errors of stores, and
	// those of secrets that cannot be opened.
	Effective(ctx context.Context, d device.Device) (provisioners.Effective, error)
}

// SharedLevels has the levels that devices share; *provisioners.Tree is one.
type SharedLevels interface {
	// Level returns a shared level; ok is false if none is stored.
	Level(key provisioners.LevelKey) (level provisioners.Level, ok bool)
}

// Library has the files that operators uploaded; *files.Library is one.
type Library interface {
	// Get returns a file, or files.ErrNotFound.
	Get(ctx context.Context, name string) (files.File, error)
	// OpenContent opens the content of a file, or returns files.ErrNotFound. The
	// caller closes it.
	OpenContent(ctx context.Context, f files.File) (io.ReadSeekCloser, error)
}

// Convergences knows what parameters carry; provisioners.ConvergenceStore is one.
type Convergences interface {
	// Convergence returns that of a device, or provisioners.ErrNotFound.
	Convergence(ctx context.Context, id device.ID) (provisioners.Convergence, error)
}

// Credentials are those with which devices speak to the ACS; device.CredentialStore is
// one.
type Credentials interface {
	// PutCredential stores a credential.
	PutCredential(ctx context.Context, c device.Credential) error
	// CredentialsOf returns those of a device, the oldest first.
	CredentialsOf(ctx context.Context, id device.ID) ([]device.Credential, error)
	// DeleteCredential removes one, or returns device.ErrNotFound.
	DeleteCredential(ctx context.Context, username string) error
}

// Keeper seals and opens secrets, and derives keys; *secret.Keeper is one.
type Keeper interface {
	Seal(plain secret.Text, owner string) (secret.Sealed, error)
	Open(s secret.Sealed, owner string) (secret.Text, error)
	Derive(purpose string) ([]byte, error)
}

// Leases knows which phone has an address, such as from the records of a DHCP server.
type Leases interface {
	// MAC returns the MAC address, in the form of device.ParseMAC, of who has an IP
	// address now; ok is false if that is not known.
	MAC(ctx context.Context, address netip.Addr) (mac string, ok bool)
}

// Options are what a Server needs. All but those with a default are needed.
type Options struct {
	// Packs returns the vendor packs of this moment: they may change while the server
	// runs.
	Packs        func() *pack.Registry
	Catalogue    *provisioners.Catalogue
	Devices      Devices
	Provisioning device.ProvisioningStore
	Fetches      provisioners.FetchStore
	Resolver     Resolver
	Shared       SharedLevels
	Lines        provisioners.LineLister
	Library      Library
	Convergences Convergences
	Credentials  Credentials
	Keeper       Keeper
	// ACSURL returns how a phone that spoke to that host reaches the ACS, empty if that
	// is not known; the host is empty if it is not known, and may have a port. Nil where
	// files do not say it.
	ACSURL func(host string) string
	// Leases is nil where nothing is known of addresses.
	Leases Leases
	// FilesURL is how phones reach the files listener, with http or https and a host;
	// nil for the host that each spoke to.
	FilesURL *url.URL
	// Allow are the networks to which files with secrets go; DefaultAllow if nil, none
	// if empty.
	Allow []netip.Prefix
	// CacheBytes bounds the rendered files that are kept; DefaultCacheBytes if zero.
	CacheBytes int64
	// MaxRenders is how many files are rendered at once; DefaultMaxRenders if zero.
	MaxRenders int
	// Queue is how many requests wait to be recorded; DefaultQueue if zero.
	Queue int
	// Now is the machine's clock; time.Now if nil.
	Now func() time.Time
	// Logger is slog.Default() if nil.
	Logger *slog.Logger
	// Registerer is where the metrics go; they go nowhere if it is nil.
	Registerer prometheus.Registerer
}

// What Options hold unless they say otherwise.
const (
	DefaultCacheBytes = 64 << 20
	DefaultMaxRenders = 16
	DefaultQueue      = 4096
)

// check refuses options that lack something or cannot be.
func (o *Options) check() error {
	if o.Packs == nil || o.Catalogue == nil || o.Devices == nil || o.Provisioning == nil || o.Fetches == nil ||
		o.Resolver == nil || o.Shared == nil || o.Lines == nil || o.Library == nil || o.Convergences == nil || o.Credentials == nil || o.Keeper == nil {
		return errors.New("delivery of files: packs, catalogue, stores, resolver, shared levels, library and keeper are needed")
	}
	if o.CacheBytes < 0 || o.MaxRenders < 0 || o.Queue < 0 {
		return errors.New("delivery of files: limits must not be negative")
	}
	if u := o.FilesURL; u != nil && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "") {
		return errors.New("delivery of files: the URL of the files listener must be absolute, with http or https, without user name, query and fragment")
	}
	return nil
}

// complete fills in the defaults.
func (o *Options) complete() {
	o.CacheBytes = orDefault(o.CacheBytes, DefaultCacheBytes)
	o.MaxRenders = orDefault(o.MaxRenders, DefaultMaxRenders)
	o.Queue = orDefault(o.Queue, DefaultQueue)
	o.Logger = orDefault(o.Logger, slog.Default())
	if o.Allow == nil {
		o.Allow = DefaultAllow()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
