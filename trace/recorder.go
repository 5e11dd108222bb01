package trace

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Message is one HTTP message as the CWMP server saw it, secrets and all.
type Message struct {
	Device    device.ID
	Session   string
	At        time.Time
	Direction Direction
	// Method is the CWMP message in it, if any.
	Method string
	// Start is the request line or status line.
	Start   string
	Headers http.Header
	Body    []byte
	// Secrets are further texts to take out of the body: what a device repeats of
	// what it was sent, in places that nobody would look for a secret at.
	Secrets []string
}

// Options are what a Recorder needs.
type Options struct {
	Store Store
	// Orders returns the orders as they are now.
	Orders func() *Orders
	// Node tells the entries of nodes apart that write in the same moment.
	Node    string
	Now     func() time.Time
	Logger  *slog.Logger
	Metrics prometheus.Registerer
}

// Recorder masks messages and stores them, so that nobody waits for that.
type Recorder struct {
	options Options
	masker  *Masker
	queue   chan Message
	count   atomic.Uint64
	dropped prometheus.Counter
	kept    prometheus.Counter
}

const (
	// queued is how many messages wait to be stored; what comes beyond that is
	// counted and not kept.
	queued = 256
	// batch is how many are stored at once.
	batch = 32
	// trimEvery is after how many entries of one device its bound is looked after.
	trimEvery = 64
	// retention is how long entries are kept.
	retention = 7 * 24 * time.Hour
	// trimBatch is how many entries one step removes.
	trimBatch = 500
)

// NewRecorder returns a Recorder; Run stores what it is given. An error says that the
// metrics are registered already.
func NewRecorder(o Options) (*Recorder, error) {
	r := &Recorder{
		options: o, masker: NewMasker(), queue: make(chan Message, queued),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{Name: "dialtone_trace_dropped_total", Help: "Messages of traced sessions that were not kept, as too many came at once or the store failed."}),
		kept:    prometheus.NewCounter(prometheus.CounterOpts{Name: "dialtone_trace_messages_total", Help: "Messages of traced sessions that were kept."}),
	}
	for _, c := range []prometheus.Collector{r.dropped, r.kept} {
		if err := o.Metrics.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics of traces: %w", err)
		}
	}
	return r, nil
}

// Active reports whether any session may be traced now.
func (r *Recorder) Active() bool { return r.options.Orders().Active(r.options.Now()) }

// Wants reports whether the sessions of a device are traced now.
func (r *Recorder) Wants(d *device.Device) bool { return r.options.Orders().Wants(d, r.options.Now()) }

// Record takes a message to be stored. It does not wait: what does not fit into the
// queue is counted, and the gap shows in the IDs.
func (r *Recorder) Record(m Message) {
	select {
	case r.queue <- m:
	default:
		r.dropped.Inc()
	}
}

// Run stores what was recorded until the context ends, and then what waits.
func (r *Recorder) Run(ctx context.Context) {
	written := map[device.ID]int{}
	for {
		select {
		case m := <-r.queue:
			r.store(ctx, r.gather(m), written)
		case <-ctx.Done():
			r.flush(context.WithoutCancel(ctx), written)
			return
		}
	}
}

// flush stores what waits when the server ends.
func (r *Recorder) flush(ctx context.Context, written map[device.ID]int) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for {
		select {
		case m := <-r.queue:
			r.store(ctx, r.gather(m), written)
		default:
			return
		}
	}
}

// gather returns the message and those that wait behind it.
func (r *Recorder) gather(first Message) []Entry {
	entries := []Entry{r.entry(first)}
	for len(entries) < batch {
		select {
		case m := <-r.queue:
			entries = append(entries, r.entry(m))
		default:
			return entries
		}
	}
	return entries
}

// entry masks a message.
func (r *Recorder) entry(m Message) Entry {
	e := Entry{
		ID:     fmt.Sprintf("%013d-%010d-%s", m.At.UnixMilli(), r.count.Add(1), shortNode(r.options.Node)),
		Device: m.Device, Session: m.Session, At: m.At, Direction: m.Direction, Method: m.Method, Start: r.masker.Text(m.Start),
	}
	names := make([]string, 0, len(m.Headers))
	for name := range m.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	e.Headers = r.masker.Headers(m.Headers, names)
	e.Body = secret.Conceal(r.masker.Body(m.Body), m.Secrets)
	if len(e.Body) > MaxEntryBody {
		e.Cut = len(e.Body) - MaxEntryBody
		e.Body = strings.ToValidUTF8(e.Body[:MaxEntryBody], "")
	}
	return e
}

func shortNode(node string) string {
	const length = 8
	if len(node) > length {
		return node[:length]
	}
	return node
}

func (r *Recorder) store(ctx context.Context, entries []Entry, written map[device.ID]int) {
	if err := r.options.Store.AppendTrace(ctx, entries); err != nil {
		r.dropped.Add(float64(len(entries)))
		r.options.Logger.ErrorContext(ctx, "cannot store a trace", logkeys.Count, len(entries), logkeys.Error, err)
		return
	}
	r.kept.Add(float64(len(entries)))
	for _, e := range entries {
		written[e.Device]++
		if written[e.Device] < trimEvery {
			continue
		}
		delete(written, e.Device)
		if err := r.trim(ctx, e.Device); err != nil {
			r.options.Logger.WarnContext(ctx, "cannot trim a trace", logkeys.Device, e.Device, logkeys.Error, err)
		}
	}
	const most = 10_000
	if len(written) > most {
		clear(written) // Their bound is looked after a little later.
	}
}

// trim removes the oldest entries of a device beyond MaxDeviceBytes.
func (r *Recorder) trim(ctx context.Context, id device.ID) error {
	for {
		used, err := r.options.Store.TraceUsage(ctx, id)
		if err != nil || used <= MaxDeviceBytes {
			return err
		}
		removed, err := r.options.Store.DeleteTrace(ctx, id, trimEvery/2)
		if err != nil || removed == 0 {
			return err
		}
	}
}

// Prune removes what is older than a week, and the oldest beyond MaxBytes. One node
// does it for all, now and then.
func (r *Recorder) Prune(ctx context.Context) error {
	for {
		removed, _, err := r.options.Store.PruneTraces(ctx, r.options.Now().Add(-retention), trimBatch)
		if err != nil {
			return err
		}
		if removed < trimBatch {
			break
		}
	}
	for {
		used, err := r.options.Store.TraceUsage(ctx, "")
		if err != nil || used <= MaxBytes {
			return err
		}
		removed, _, err := r.options.Store.PruneTraces(ctx, r.options.Now().Add(time.Hour), trimBatch)
		if err != nil || removed == 0 {
			return err
		}
	}
}
