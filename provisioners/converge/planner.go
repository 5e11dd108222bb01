package converge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Resolver says what devices should have (provisioners.Resolver).
type Resolver interface {
	EffectiveOf(ctx context.Context, devices []device.Device, c provisioners.Change) ([]provisioners.Effective, error)
}

// Profiles identifies files that are delivered by Download.
type Profiles interface {
	// Hash identifies the profile of a device without the settings that are owned by
	// parameters; ok is false if its pack has none.
	Hash(ctx context.Context, d device.Device, e *provisioners.Effective, owned []string) (hash string, ok bool, err error)
}

// Tasks is the queue as a course uses it (tasks.Queue).
type Tasks interface {
	Enqueue(ctx context.Context, n tasks.New) (tasks.Task, error)
	Get(ctx context.Context, id tasks.ID) (tasks.Task, error)
}

// Files is the library as a course uses it (files.Library).
type Files interface {
	Get(ctx context.Context, name string) (files.File, error)
}

// Options are what a Planner works with. All but Recheck, Logger and Registerer are
// needed.
type Options struct {
	Resolver Resolver
	// Packs returns the vendor packs in force.
	Packs        func() *pack.Registry
	Parameters   device.ParameterStore
	Provisioning device.ProvisioningStore
	Convergences provisioners.ConvergenceStore
	DataModels   provisioners.DataModelStore
	Profiles     Profiles
	Tasks        Tasks
	Files        Files
	Keeper       *secret.Keeper
	// Recheck is how often the parameters of a device are read again that cannot tell of
	// changes by itself; DefaultRecheck if 0. Others are read every 7 times as long.
	Recheck    time.Duration
	Now        func() time.Time
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// DefaultRecheck is how often parameters are read again.
const DefaultRecheck = 24 * time.Hour

// Planner brings devices to their settings. It is safe for concurrent use.
type Planner struct {
	o      Options
	hashes *hashes
	models *models
	done   *prometheus.CounterVec
}

// New returns a Planner. An error says that an option is missing, that no key can be
// derived, or that the metrics are registered already.
func New(o Options) (*Planner, error) {
	if o.Resolver == nil || o.Packs == nil || o.Parameters == nil || o.Provisioning == nil || o.Convergences == nil || o.DataModels == nil ||
		o.Profiles == nil || o.Tasks == nil || o.Files == nil || o.Keeper == nil || o.Now == nil {
		return nil, errors.New("converge: a planner needs all of its options")
	}
	if o.Recheck <= 0 {
		o.Recheck = DefaultRecheck
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	h, err := newHashes(o.Keeper)
	if err != nil {
		return nil, err
	}
	p := &Planner{o: o, hashes: h, models: newModels(o.DataModels, o.Now), done: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dialtone_convergence_sessions_total", Help: "Sessions that looked after the settings of their device, by what came of it.",
	}, []string{"state"})}
	if o.Registerer != nil {
		if err := o.Registerer.Register(p.done); err != nil {
			return nil, fmt.Errorf("converge: register metrics: %w", err)
		}
	}
	return p, nil
}

// Visit is what is known of a session.
type Visit struct {
	// Device is the record as the session knows it.
	Device *device.Device
	// Events are those of the Inform.
	Events []device.Event
	// Proven says that the device has proven to be this very device: it may be told
	// secrets.
	Proven bool
	// Changed says that a task of the session may have changed parameters.
	Changed bool
	// Host is the name or address by which the device reached this server.
	Host string
	// Values is how many names one GetParameterValues may carry, Parameters how many
	// parameters one SetParameterValues may, 0 for any number.
	Values, Parameters int
	Now                time.Time
}

// Begin returns what a session is to do about the settings of its device, nil for nothing.
// It reads no store.
func (p *Planner) Begin(_ context.Context, v Visit) (*Course, error) {
	if p := &v.Device.Provisioning; p.Pack != "" && p.Problem == "" {
		// Which pack serves a device takes longer to find than all else: where it changes,
		// the record is marked.
		if _, due := due(&v, p.Pack); !due {
			return nil, nil
		}
	}
	served, _, ok := p.o.Packs().ModelOf(*v.Device)
	if !ok || served.Mapping == nil && !v.Device.Provisioning.Managed {
		return nil, nil
	}
	why, due := due(&v, served.Name)
	if !due {
		return nil, nil
	}
	return &Course{planner: p, progress: progress{Cause: why}}, nil
}

// Resume returns a course by its progress.
func (p *Planner) Resume(_ context.Context, _ Visit, encoded json.RawMessage) (*Course, error) {
	c := &Course{planner: p}
	if err := json.Unmarshal(encoded, &c.progress); err != nil {
		return nil, fmt.Errorf("decode progress of settings: %w", err)
	}
	return c, nil
}
