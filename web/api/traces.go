package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/trace"
)

const tracesTag = "Traces"

// Traces keeps what was traced, as trace.Store describes.
type Traces interface {
	Trace(ctx context.Context, id device.ID, after string, limit, bytes int) ([]trace.Entry, error)
	DeleteTrace(ctx context.Context, id device.ID, limit int) (int, error)
	TraceUsage(ctx context.Context, id device.ID) (int64, error)
}

func (a *API) registerTraces() {
	register(a, operation{
		id: "listTraceOrders", method: http.MethodGet, path: "/traceOrders", tag: tracesTag, summary: "List what is being traced, and was in the last week",
		description: "All of them at once. Who is limited to a group sees the orders for that group.",
	}, a.listTraceOrders)
	register(a, operation{
		id: "createTraceOrder", method: http.MethodPost, path: "/traceOrders", tag: tracesTag, summary: "Trace the sessions of devices for a time",
		description: "Every HTTP message of their CWMP sessions from the Inform on, with secrets masked, is kept for a week, at most 16 MiB a device. " +
			"Tracing begins within seconds.",
		status: http.StatusCreated, problems: []problemKind{kindNotFound, kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.createTraceOrder)
	register(a, operation{
		id: "deleteTraceOrder", method: http.MethodDelete, path: "/traceOrders/{id}", tag: tracesTag, summary: "End tracing",
		description: "What was traced stays.", status: http.StatusNoContent, problems: []problemKind{kindNotFound, kindConflict},
	}, a.deleteTraceOrder)
	register(a, operation{
		id: "getDeviceTrace", method: http.MethodGet, path: "/devices/{id}/trace", tag: tracesTag, summary: "Read the messages that were traced of a device",
		description: "In the order in which they came and went. A page ends after a number of messages or bytes.",
		problems:    []problemKind{kindNotFound},
	}, a.getDeviceTrace)
	register(a, operation{
		id: "exportDeviceTrace", method: http.MethodGet, path: "/devices/{id}/trace/export", tag: tracesTag, summary: "Get the trace of a device as a file",
		description: "One JSON object a line, as getDeviceTrace shows them; `dialtone sim --replay` plays the device's half of it. An answer that breaks off is not complete.",
		problems:    []problemKind{kindNotFound},
	}, a.exportDeviceTrace)
	a.path("/devices/{id}/trace/export").Get.Responses["200"].Content = map[string]*huma.MediaType{
		jsonLinesType: {Schema: a.schemas().Schema(reflect.TypeFor[TraceMessage](), true, "")},
	}
	register(a, operation{
		id: "deleteDeviceTrace", method: http.MethodDelete, path: "/devices/{id}/trace", tag: tracesTag, summary: "Delete the trace of a device",
		status: http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteDeviceTrace)
}

// TraceOrder is an order to trace as answers show it.
type TraceOrder struct {
	ID        string    `json:"id"`
	Device    string    `json:"device,omitempty"`
	Filter    string    `json:"filter,omitempty"`
	Group     string    `json:"group" doc:"The group to which who ordered it is limited: devices elsewhere are not traced."`
	Until     time.Time `json:"until"`
	Active    bool      `json:"active"`
	Reason    string    `json:"reason"`
	CreatedAt time.Time `json:"createdAt"`
	CreatedBy string    `json:"createdBy"`
}

func (a *API) showTraceOrder(d declared.Document, o trace.Order) TraceOrder {
	return TraceOrder{
		ID: d.ID, Device: string(o.Device), Filter: o.Filter, Group: o.Scope, Until: o.Until.UTC(), Active: a.Now().Before(o.Until), Reason: o.Reason,
		CreatedAt: d.CreatedAt.UTC(), CreatedBy: d.UpdatedBy,
	}
}

func (a *API) listTraceOrders(ctx context.Context, _ *noInput) (*pageOutput[TraceOrder], error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	documents, err := a.Declared.Documents(ctx, declared.TraceOrder)
	if err != nil {
		return nil, err
	}
	orders := []TraceOrder{}
	for _, d := range documents {
		var o trace.Order
		if json.Unmarshal(d.Body, &o) == nil && inScope(s, o.Scope) {
			orders = append(orders, a.showTraceOrder(d, o))
		}
	}
	total := len(orders)
	return newPage(orders, "", &total, func(o TraceOrder) (TraceOrder, error) { return o, nil })
}

// NewTraceOrder is the body that orders a trace.
type NewTraceOrder struct {
	Device  string `json:"device,omitempty" doc:"The id of the device; or filter is given."`
	Filter  string `json:"filter,omitempty" maxLength:"2000" doc:"Which devices, in the filter language."`
	Minutes int    `json:"minutes" minimum:"1" maximum:"1440" default:"30"`
	Reason  string `json:"reason,omitempty" maxLength:"500"`
}

type createTraceOrderInput struct {
	Body NewTraceOrder
}

type traceOrderOutput struct {
	Body TraceOrder
}

func (a *API) createTraceOrder(ctx context.Context, in *createTraceOrderInput) (*traceOrderOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	now := a.Now()
	o := trace.Order{Filter: in.Body.Filter, Scope: s.Group, Until: now.Add(time.Duration(in.Body.Minutes) * time.Minute), Reason: in.Body.Reason}
	if in.Body.Device != "" {
		d, err := a.visible(ctx, in.Body.Device)
		if err != nil {
			return nil, err
		}
		o.Device = d.ID
	}
	if err := o.Check(a.deviceSchema, now); err != nil {
		var field *trace.FieldError
		if errors.As(err, &field) {
			return nil, invalid("body."+field.Field, field.Message)
		}
		return nil, err
	}
	if err := a.traceRoom(ctx, now); err != nil {
		return nil, err
	}
	body, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("encode order: %w", err)
	}
	id := string(device.NewID())
	note(ctx, "traceOrder/"+id, "")
	_, stored, err := a.putDeclared(ctx, declared.TraceOrder, id, "", body)
	if err != nil {
		return nil, err
	}
	change(ctx, nil, auditedDocument(stored))
	return &traceOrderOutput{Body: a.showTraceOrder(stored, o)}, nil
}

// traceRoom refuses an order where as many are in force as may be.
func (a *API) traceRoom(ctx context.Context, now time.Time) error {
	documents, err := a.Declared.Documents(ctx, declared.TraceOrder)
	if err != nil {
		return err
	}
	active := 0
	for _, d := range documents {
		var o trace.Order
		if json.Unmarshal(d.Body, &o) == nil && now.Before(o.Until) {
			active++
		}
	}
	if active >= trace.MaxOrders {
		return kindLimit.problem(fmt.Sprintf("%d orders are in force, as many as may be: end one", active))
	}
	return nil
}

type traceOrderPath struct {
	ID string `path:"id" maxLength:"64" doc:"The id of the order."`
}

func (a *API) deleteTraceOrder(ctx context.Context, in *traceOrderPath) (*nothing, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, "traceOrder/"+in.ID, "")
	d, err := a.Declared.Document(ctx, declared.TraceOrder, in.ID)
	if err != nil && !errors.Is(err, declared.ErrNotFound) {
		return nil, err
	}
	var o trace.Order
	if err != nil || json.Unmarshal(d.Body, &o) != nil || !inScope(s, o.Scope) {
		return nil, kindNotFound.problem("there is no such order")
	}
	before, err := a.deleteDeclared(ctx, declared.TraceOrder, in.ID, "order")
	if err != nil {
		return nil, err
	}
	change(ctx, auditedDocument(before), nil)
	return nil, nil
}

// TraceMessage is one HTTP message of a traced session.
type TraceMessage struct {
	ID        string          `json:"id"`
	Session   string          `json:"session" doc:"The same for all messages of one session."`
	At        time.Time       `json:"at"`
	Direction trace.Direction `json:"direction" enum:"fromDevice,toDevice"`
	Method    string          `json:"method" doc:"The CWMP message in it; empty for none."`
	Start     string          `json:"start" doc:"The request line or status line."`
	Headers   []string        `json:"headers" nullable:"false"`
	Body      string          `json:"body" doc:"Secrets masked."`
	Cut       int             `json:"cut" doc:"How many bytes are left out at the end of the body."`
}

func showTraceMessage(e trace.Entry) (TraceMessage, error) {
	return TraceMessage{
		ID: e.ID, Session: sessionName(e.Session), At: e.At.UTC(), Direction: e.Direction, Method: e.Method, Start: e.Start,
		Headers: append([]string{}, e.Headers...), Body: e.Body, Cut: e.Cut,
	}, nil
}

type traceInput struct {
	DevicePath
	After    string `query:"after" maxLength:"64" doc:"The id of the last message that is known."`
	PageSize int    `query:"pageSize" default:"100" minimum:"1" maximum:"500"`
}

// traceBytes is about how much one page of a trace holds, in bytes.
const traceBytes = 2 << 20

func (a *API) getDeviceTrace(ctx context.Context, in *traceInput) (*pageOutput[TraceMessage], error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	entries, err := a.Traces.Trace(ctx, d.ID, in.After, in.PageSize, traceBytes)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(entries) > 0 {
		last := entries[len(entries)-1].ID
		more, err := a.Traces.Trace(ctx, d.ID, last, 1, 1)
		if err != nil {
			return nil, err
		}
		if len(more) > 0 {
			next = last
		}
	}
	return newPage(entries, next, nil, showTraceMessage)
}

func (a *API) exportDeviceTrace(ctx context.Context, in *DevicePath) (*exportOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "trace")
	page, err := a.Traces.Trace(ctx, d.ID, "", 100, traceBytes)
	if err != nil {
		return nil, err
	}
	return &exportOutput{ContentDisposition: `attachment; filename="trace-` + string(d.ID) + `.jsonl"`, Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", jsonLinesType)
		if err := a.writeTrace(hc, d.ID, page); err != nil {
			a.Logger.WarnContext(hc.Context(), "export of a trace broke off", slog.String(logkeys.Request, requestID(hc.Context())), slog.Any(logkeys.Error, err))
			panic(http.ErrAbortHandler) // The only way left to tell that it is not complete.
		}
	}}, nil
}

// writeTrace writes the page and all that follow it.
func (a *API) writeTrace(hc huma.Context, id device.ID, page []trace.Entry) error {
	x := exchangeOf(hc.Context())
	response := humaecho.Unwrap(hc).Response()
	encoder := json.NewEncoder(response)
	for len(page) > 0 {
		x.extendWriteDeadline(answerTime)
		for _, e := range page {
			message, err := showTraceMessage(e)
			if err != nil {
				return err
			}
			if err := encoder.Encode(message); err != nil {
				return fmt.Errorf("write message: %w", err)
			}
		}
		response.Flush()
		var err error
		if page, err = a.Traces.Trace(hc.Context(), id, page[len(page)-1].ID, 100, traceBytes); err != nil {
			return fmt.Errorf("read trace: %w", err)
		}
	}
	return nil
}

func (a *API) deleteDeviceTrace(ctx context.Context, in *DevicePath) (*nothing, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "trace")
	if _, err := a.Traces.DeleteTrace(ctx, d.ID, 0); err != nil {
		return nil, err
	}
	return nil, nil
}
