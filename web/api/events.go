package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerEvents() {
	register(a, operation{
		id: "streamEvents", method: http.MethodGet, path: "/events", tag: "Events", summary: "Follow devices, tasks and sessions as they change",
		description: "Server-sent events: event is device, task or session, id grows, data is the object as the other calls show it. " +
			"A deleted device comes as {\"id\":\"…\",\"deleted\":true}. An event overflow says that some were missed: read anew what you need. " +
			"Who comes back with Last-Event-ID gets overflow first, if events were published meanwhile. " +
			"Devices and sessions are for those who may read devices, tasks for those who may read tasks. " +
			"A caller may follow 8 streams at once at a node: one more is 429 limit.",
	}, a.streamEvents)
	schemas := a.schemas()
	data := &huma.Schema{AnyOf: []*huma.Schema{
		schemas.Schema(reflect.TypeFor[Device](), true, ""), schemas.Schema(reflect.TypeFor[DeletedDevice](), true, ""),
		schemas.Schema(reflect.TypeFor[Task](), true, ""), schemas.Schema(reflect.TypeFor[Session](), true, ""),
		schemas.Schema(reflect.TypeFor[Overflow](), true, ""),
	}}
	schemas.Map()["EventData"] = data
	a.path("/events").Get.Responses["200"].Content = map[string]*huma.MediaType{
		"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString, Description: "Events, whose data is an EventData."}},
	}
}

// Session is a CWMP session that has ended.
type Session struct {
	ID        string       `json:"id"`
	Device    string       `json:"device"`
	Events    []string     `json:"events" nullable:"false" doc:"The EventCodes of its Inform."`
	StartedAt time.Time    `json:"startedAt"`
	EndedAt   time.Time    `json:"endedAt"`
	Outcome   string       `json:"outcome"`
	RPCs      int          `json:"rpcs" doc:"How many requests the device was sent."`
	Calls     []DeviceCall `json:"calls" nullable:"false" doc:"The requests that the device made beside Inform and GetRPCMethods, at most 16."`
	Retries   int          `json:"retryCount" doc:"How often the device had tried in vain to open the session, as it says."`
	Address   string       `json:"address" doc:"Where the device came from."`
	Node      string       `json:"node" doc:"The node at which the session ended."`
}

// DeviceCall is a request that a device made of the server.
type DeviceCall struct {
	Method string `json:"method" doc:"The RPC, such as TransferComplete."`
	Detail string `json:"detail,omitempty" doc:"What it told, in words."`
}

// DeletedDevice is the data of the event that a device is gone.
type DeletedDevice struct {
	ID      string `json:"id"`
	Deleted bool   `json:"deleted"`
}

// Overflow is the data of the event that events were missed.
type Overflow struct {
	Message string `json:"message"`
}

type eventsInput struct {
	Kinds       string `query:"kinds" maxLength:"64" doc:"Which kinds, joined by commas: device, task, session; absent for all that the one who asks may read."`
	LastEventID string `header:"Last-Event-ID" maxLength:"64" doc:"The id of the last event that the reader got."`
}

type eventsOutput struct {
	Body func(huma.Context)
}

func (a *API) streamEvents(ctx context.Context, in *eventsInput) (*eventsOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	kinds, err := followedKinds(p, in.Kinds)
	if err != nil {
		return nil, err
	}
	s, last, err := a.Hub.subscribe(p.Actor, kinds)
	if err != nil {
		return nil, err
	}
	missed := in.LastEventID != "" && in.LastEventID != fmt.Sprint(last)
	return &eventsOutput{Body: func(hc huma.Context) {
		defer a.Hub.unsubscribe(s)
		r := eventReader{api: a, principal: p, subscriber: s, exchange: exchangeOf(hc.Context())}
		response := humaecho.Unwrap(hc).Response()
		response.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		response.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back.
		response.WriteHeader(http.StatusOK)
		r.out, r.flush = response, response.Flush
		if err := r.run(hc.Context(), last, missed); err != nil && hc.Context().Err() == nil {
			a.Logger.DebugContext(hc.Context(), "stream of events ended", slog.String(logkeys.Request, requestID(hc.Context())), slog.Any(logkeys.Error, err))
		}
	}}, nil
}

// eventReader writes the events of one subscriber.
type eventReader struct {
	api        *API
	principal  users.Principal
	subscriber *subscriber
	exchange   *exchange
	out        io.Writer
	flush      func()
}

const (
	// heartbeat is how often something is written, so that proxies keep the
	// connection and a reader who left is noticed.
	heartbeat = 15 * time.Second
	// eventWriteTime is how long a reader may take to accept what is written.
	eventWriteTime = 20 * time.Second
)

// run writes events until the reader leaves, the hub closes, or the token or the
// browser session is no longer what it was.
func (r *eventReader) run(ctx context.Context, last int64, missed bool) error {
	ticker := time.NewTicker(r.api.heartbeat)
	defer ticker.Stop()
	if err := r.write(": ready\n\n"); err != nil {
		return err
	}
	if missed {
		if err := r.overflow(last); err != nil {
			return err
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-r.subscriber.events:
			if !ok {
				return nil
			}
			if err := r.event(ctx, e); err != nil {
				return err
			}
		case <-ticker.C:
			// The token may have been deleted since, or the user signed out.
			p, err := r.exchange.prove(ctx)
			if err != nil || p != r.principal {
				return err
			}
			if err := r.write(": still here\n\n"); err != nil {
				return err
			}
		}
		if id, missed := r.api.Hub.overflowed(r.subscriber); missed {
			r.api.metrics.overflows.Inc()
			if err := r.overflow(id); err != nil {
				return err
			}
		}
	}
}

func (r *eventReader) overflow(id int64) error {
	return r.send(id, "overflow", Overflow{Message: "events were missed: read anew what you need"})
}

func (r *eventReader) event(ctx context.Context, e event) error {
	if e.overflow {
		return r.overflow(e.id)
	}
	visible, err := r.visible(ctx, e)
	if err != nil || !visible {
		return err
	}
	data, err := e.data(r.api)
	if err != nil {
		return err
	}
	return r.send(e.id, string(e.kind), data)
}

// visible reports whether the event is about a device that the reader may see.
func (r *eventReader) visible(ctx context.Context, e event) (bool, error) {
	scope := r.principal.Scope
	if scope.Group == "" {
		return true, nil
	}
	if e.record != nil {
		return inScope(scope, e.record.Group), nil
	}
	d, err := r.api.Devices.Get(ctx, e.device)
	if errors.Is(err, device.ErrNotFound) {
		return false, nil
	}
	return err == nil && inScope(scope, d.Group), err
}

// data returns what the event shows.
func (e *event) data(a *API) (any, error) {
	switch {
	case e.deleted:
		return DeletedDevice{ID: string(e.device), Deleted: true}, nil
	case e.record != nil:
		return a.showDevice(*e.record, a.Now()), nil
	case e.task != nil:
		return showTask(*e.task)
	default:
		s := e.session
		return Session{
			ID: sessionName(s.ID), Device: string(s.Device), Events: append([]string{}, s.Events...), StartedAt: s.StartedAt.UTC(),
			EndedAt: s.EndedAt.UTC(), Outcome: s.Outcome, RPCs: s.RPCs, Calls: showCalls(s.Calls), Retries: s.RetryCount, Address: s.Address, Node: s.Node,
		}, nil
	}
}

func (r *eventReader) send(id int64, name string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	return r.write(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", id, name, raw))
}

func (r *eventReader) write(text string) error {
	r.exchange.extendWriteDeadline(eventWriteTime)
	if _, err := io.WriteString(r.out, text); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	r.flush()
	return nil
}
