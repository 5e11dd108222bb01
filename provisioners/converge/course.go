package converge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/tasks"
)

// stage is where a course is.
type stage string

const (
	stageNames   stage = ""
	stageObjects stage = "objects"
	stageRead    stage = "read"
	stageSet     stage = "set"
	stageLook    stage = "look"
	stageNotify  stage = "notify"
	stageEnd     stage = "end"
	stageOver    stage = "over"
)

// Course is the way of one device to its settings in one session. It is used by one
// goroutine at a time.
type Course struct {
	planner *Planner
	progress

	// What follows is made anew where a session goes on at another node.
	prepared  bool
	pack      *pack.Pack
	served    provisioners.Served
	effective provisioners.Effective
	input     mapping.Input
	model     *dataModel
	resolved  mapping.Resolved
	known     map[string]value
	// restored are the Restoring of a course at its end.
	restored []string
}

// progress is what of a course is kept between requests.
type progress struct {
	Stage  stage
	Cause  cause
	Record provisioners.Convergence
	// Begun says that the attempt was counted.
	Begun bool `json:",omitempty"`
	// Walk are names yet to be asked, Seen the objects that were.
	Walk []ask
	Seen map[string]bool `json:",omitempty"`
	// Untold are paths whose names the device failed to tell.
	Untold []string `json:",omitempty"`
	// Listed are tables whose instances were asked in this session, Gathered the instances
	// that were told beside.
	Listed   map[string]bool  `json:",omitempty"`
	Gathered map[string][]int `json:",omitempty"`
	// Making says that an AddObject is under way, Made how many were sent, Full which tables
	// take no further instance.
	Making bool            `json:",omitempty"`
	Made   int             `json:",omitempty"`
	Full   map[string]bool `json:",omitempty"`
	// Reading says that the values to be read are in Queue, Setting those to be set, Looking
	// those to be read back, Asking those to be notified of, and
	// Asked how often that was asked.
	Reading bool  `json:",omitempty"`
	Looking bool  `json:",omitempty"`
	Asking  bool  `json:",omitempty"`
	Asked   int   `json:",omitempty"`
	Queue   queue `json:",omitzero"`
	// Absent are parameters that the device says it does not have, Unreadable those that it
	// does not tell.
	Absent     map[string]bool `json:",omitempty"`
	Unreadable map[string]bool `json:",omitempty"`
	// Tries is how often the value of a path was sent, Faults what the device answered.
	// Later are those that it takes over when it restarts.
	Tries  map[string]int       `json:",omitempty"`
	Since  map[string]time.Time `json:",omitempty"`
	Faults map[string]refusal   `json:",omitempty"`
	Sent   []string             `json:",omitempty"`
	Later  map[string]bool      `json:",omitempty"`
	Rounds int                  `json:",omitempty"`
	// Restoring are the paths that people asked to be restored, of which they need not ask
	// again if the session is lost.
	Restoring []string `json:",omitempty"`
	// Told are names, and Walked partial paths all of whose names were asked, that the
	// data model does not have yet.
	Told   []provisioners.ParameterName `json:",omitempty"`
	Walked []string                     `json:",omitempty"`
	// Requests counts those of the course.
	Requests int `json:",omitempty"`
}

// refusal is a fault for one parameter.
type refusal struct {
	Code int
	Text string
}

type value struct{ text, xsdType string }

// MarshalJSON returns the progress.
func (c *Course) MarshalJSON() ([]byte, error) { return json.Marshal(c.progress) }

// maxRequests bounds the requests of one course.
const maxRequests = 300

// Next returns the next request and whether it is a read, or nil at the end.
func (c *Course) Next(ctx context.Context, v Visit) (cwmp.Message, bool, error) {
	if err := c.prepare(ctx, v); err != nil {
		return nil, false, err
	}
	for c.Stage != stageOver {
		m, err := c.step(ctx, v)
		if err != nil {
			return nil, false, err
		}
		if m == nil {
			continue
		}
		if c.Requests++; c.Requests > maxRequests {
			return nil, false, c.finish(ctx, v, fmt.Sprintf("it took more than %d requests", maxRequests))
		}
		return m, isRead(m), nil
	}
	return nil, false, nil
}

// step does what a stage has to do: it returns a request, or moves on.
func (c *Course) step(ctx context.Context, v Visit) (cwmp.Message, error) {
	switch c.Stage {
	case stageNames:
		return c.askNames(ctx, v)
	case stageObjects:
		return c.askObjects(ctx, v)
	case stageRead:
		return c.readValues(ctx, v)
	case stageSet:
		return c.setValues(ctx, v)
	case stageLook:
		return c.lookAgain(ctx, v)
	case stageNotify:
		return c.askNotification(v), nil
	default:
		return nil, c.end(ctx, v)
	}
}

// Answer takes the response, or the *cwmp.Fault, to the last request.
func (c *Course) Answer(ctx context.Context, v Visit, m cwmp.Message) error {
	if err := c.prepare(ctx, v); err != nil {
		return err
	}
	switch c.Stage {
	case stageNames:
		return c.namesTold(ctx, m)
	case stageObjects:
		return c.objectsTold(ctx, v, m)
	case stageRead:
		return c.valuesTold(m)
	case stageSet:
		return c.setTold(v, m)
	case stageLook:
		return c.lookTold(m)
	case stageNotify:
		return c.notificationTold(ctx, m)
	}
	return nil
}

// Lost says that the last request will not be answered. What made the device need a
// course may not be seen again: the next session begins one, whatever it tells.
func (c *Course) Lost(ctx context.Context, v Visit, _ tasks.Fault) error {
	o := &c.planner.o
	if v.Device.Provisioning.Managed {
		if err := o.Provisioning.Reconsider(ctx, v.Device.ID, v.Now); err != nil && !errors.Is(err, device.ErrNotFound) {
			return fmt.Errorf("have the next session go on: %w", err)
		}
	}
	if c.Begun || c.Record.Device == "" {
		return nil // The attempt is counted.
	}
	c.Record.Attempts++
	_, err := o.Convergences.PutConvergence(ctx, c.Record)
	if errors.Is(err, provisioners.ErrConflict) || errors.Is(err, device.ErrNotFound) {
		return nil
	}
	return err
}

func isRead(m cwmp.Message) bool {
	switch m.(type) {
	case *cwmp.GetParameterNames, *cwmp.GetParameterValues:
		return true
	}
	return false
}
