package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Order asks to trace the sessions of one device, or of those that a filter
// matches, until a time. It is the body of a declared.TraceOrder.
type Order struct {
	// Device is the one device; Filter, in the language of the device list, selects
	// several. Exactly one is given.
	Device device.ID `json:"device,omitempty"`
	Filter string    `json:"filter,omitempty"`
	// Scope is the group of who gave the order: devices elsewhere are not traced.
	Scope string `json:"scope,omitempty"`
	// Until is when the tracing ends, at most MaxDuration after it began.
	Until time.Time `json:"until"`
	// Reason says for people what it is for.
	Reason string `json:"reason,omitempty"`
}

// Bounds of orders.
const (
	// MaxDuration is how long an order lasts at most.
	MaxDuration = 24 * time.Hour
	// MaxOrders is how many orders there may be at once.
	MaxOrders = 50
	maxFilter = 2000
	maxReason = 500
)

// FieldError says which field of an order is wrong and what was expected.
type FieldError struct {
	Field   string
	Message string
}

// Error returns field and message.
func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

// Check returns a *FieldError for what cannot be, seen at now.
func (o *Order) Check(schema *query.Schema, now time.Time) error {
	switch {
	case (o.Device == "") == (o.Filter == ""):
		return &FieldError{"device", "exactly one of device and filter must be given"}
	case len(o.Filter) > maxFilter:
		return &FieldError{"filter", fmt.Sprintf("must have at most %d bytes", maxFilter)}
	case len(o.Reason) > maxReason:
		return &FieldError{"reason", fmt.Sprintf("must have at most %d bytes", maxReason)}
	case !o.Until.After(now):
		return &FieldError{"until", "must be in the future"}
	case o.Until.Sub(now) > MaxDuration:
		return &FieldError{"until", fmt.Sprintf("must be at most %s from now", MaxDuration)}
	}
	if o.Filter != "" {
		if _, err := query.Parse(schema, o.Filter, query.WithNow(now)); err != nil {
			return &FieldError{"filter", err.Error()}
		}
	}
	return nil
}

// Orders are the orders that are in force. It is plain data: nobody changes it.
type Orders struct{ all []compiled }

type compiled struct {
	order  Order
	filter query.Expr
}

// Reader returns the function that makes Orders of documents, for a declared.Watch.
// A document that cannot be read is logged and left out.
func Reader(schema *query.Schema, logger *slog.Logger) func([]declared.Document) (*Orders, error) {
	return func(documents []declared.Document) (*Orders, error) {
		orders := &Orders{}
		for _, d := range documents {
			c, err := compile(schema, d)
			if err != nil {
				logger.Error("order to trace cannot be read and is left out", logkeys.Name, d.ID, logkeys.Error, err)
				continue
			}
			orders.all = append(orders.all, c)
		}
		return orders, nil
	}
}

func compile(schema *query.Schema, d declared.Document) (compiled, error) {
	c := compiled{}
	decoder := json.NewDecoder(bytes.NewReader(d.Body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c.order); err != nil {
		return c, fmt.Errorf("decode order: %w", err)
	}
	if c.order.Filter == "" {
		return c, nil
	}
	filter, err := query.Parse(schema, c.order.Filter, query.WithNow(d.CreatedAt))
	if err != nil {
		return c, fmt.Errorf("filter of order: %w", err)
	}
	if filter == nil {
		return c, errors.New("filter of order is empty")
	}
	c.filter = filter
	return c, nil
}

// Active reports whether any order is in force at now: where none is, nothing of a
// session is looked at.
func (o *Orders) Active(now time.Time) bool {
	if o == nil {
		return false
	}
	for i := range o.all {
		if now.Before(o.all[i].order.Until) {
			return true
		}
	}
	return false
}

// Wants reports whether the sessions of a device are to be traced at now.
func (o *Orders) Wants(d *device.Device, now time.Time) bool {
	if o == nil {
		return false
	}
	for i := range o.all {
		if o.all[i].wants(d, now) {
			return true
		}
	}
	return false
}

func (c *compiled) wants(d *device.Device, now time.Time) bool {
	if !now.Before(c.order.Until) || !inGroup(d.Group, c.order.Scope) {
		return false
	}
	if c.order.Device != "" {
		return c.order.Device == d.ID
	}
	return query.Match(c.filter, func(name string) (query.Value, bool) { return d.Field(name, now) })
}

// inGroup reports whether a group is in the subtree of another, empty for all.
func inGroup(group, top string) bool {
	return top == "" || group == top || strings.HasPrefix(group, top+"/")
}
