package acs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// CourseState is a course under way in a session.
type CourseState struct {
	// Progress is the course's state as JSON; MarshalJSON fills it from live.
	Progress json.RawMessage
	// Sending is how many names or parameters the request under way carries, Key the
	// ParameterKey that it sets.
	Sending int
	Key     string

	live Course
	// attributes are what the request under way asks of notification; they are lost
	// where a session goes to another node, and then only not noted.
	attributes []cwmp.SetParameterAttributesStruct
}

// MarshalJSON encodes the state of the course.
func (c *CourseState) MarshalJSON() ([]byte, error) {
	progress := c.Progress
	if c.live != nil {
		encoded, err := json.Marshal(c.live)
		if err != nil {
			return nil, fmt.Errorf("encode progress of settings: %w", err)
		}
		progress = encoded
	}
	return json.Marshal(struct {
		Progress json.RawMessage `json:",omitempty"`
		Sending  int             `json:",omitempty"`
		Key      string          `json:",omitempty"`
	}{progress, c.Sending, c.Key})
}

// settingsSource is the source of work that brings the device to its settings. It comes
// after the tasks: what people ask for goes first.
type settingsSource struct {
	planner   Planner
	sessions  device.SessionStore
	tree      *tree
	limits    *modelLimits
	indexed   device.IndexedParameters
	behaviour func(*device.Device) *quirks.Behaviour
	now       func() time.Time
	logger    *slog.Logger
}

func (t *settingsSource) name() string { return "settings" }

func (t *settingsSource) next(ctx context.Context, s *Session) (cwmp.Message, bool, error) {
	if s.Quiet || s.Course == nil && s.Settled > s.Changes {
		return nil, false, nil
	}
	v, limits, err := t.visit(ctx, s)
	if err != nil {
		return nil, false, err
	}
	if err := t.begin(ctx, s, v); err != nil || s.Course == nil {
		return nil, false, err
	}
	request, isRead, err := s.Course.live.Next(ctx, v)
	if err != nil {
		return nil, false, t.broken(ctx, s, err)
	}
	if request == nil {
		s.Course, s.Settled = nil, s.Changes+1
		return nil, false, nil
	}
	t.sending(s, limits, request)
	return request, isRead, nil
}

// visit gathers what the planner is told.
func (t *settingsSource) visit(ctx context.Context, s *Session) (Visit, *limitsOf, error) {
	limits, err := t.limits.of(ctx, s.Device.ModelKey(), t.behaviour(&s.Device))
	if err != nil {
		return Visit{}, nil, fmt.Errorf("read limits of the model: %w", err)
	}
	return Visit{
		Device: &s.Device, Events: s.Events, Proven: s.Proven, Changed: s.Changes > 0, Host: s.Host,
		Values: limits.names(), Parameters: limits.settings(), Now: t.now(),
	}, limits, nil
}

// begin has a course under way, unless there is nothing to do.
func (t *settingsSource) begin(ctx context.Context, s *Session, v Visit) (err error) {
	switch {
	case s.Course == nil:
		var course Course
		if course, err = t.planner.Begin(ctx, v); err != nil {
			return t.broken(ctx, s, err)
		}
		if course == nil {
			s.Settled = s.Changes + 1
			return nil
		}
		s.Course = &CourseState{live: course}
	case s.Course.live == nil:
		if s.Course.live, err = t.planner.Resume(ctx, v, s.Course.Progress); err != nil {
			return t.broken(ctx, s, err)
		}
	}
	return nil
}

// broken ends the course of a server that failed at it: the session goes on, and the next
// one begins anew. It returns nil but for a context that ended.
func (t *settingsSource) broken(ctx context.Context, s *Session, err error) error {
	s.Course, s.Settled = nil, s.Changes+1
	if ctx.Err() != nil {
		return err
	}
	t.logger.ErrorContext(ctx, "cannot bring the device to its settings", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Error, err)
	return nil
}

// sending notes what the answer to a request will be measured by, and writes values as
// the device wants them.
func (t *settingsSource) sending(s *Session, limits *limitsOf, request cwmp.Message) {
	c := s.Course
	c.Sending, c.Key, c.attributes = 0, "", nil
	switch m := request.(type) {
	case *cwmp.GetParameterValues:
		c.Sending = len(m.ParameterNames)
	case *cwmp.SetParameterValues:
		c.Sending, c.Key = len(m.ParameterList), m.ParameterKey
		for i := range m.ParameterList {
			p := &m.ParameterList[i]
			if known, ok := limits.behaviour.Type(p.Name); ok {
				p.Type = known
			}
			p.Value = toWire(limits.behaviour, p.Value, p.Type)
		}
	case *cwmp.AddObject:
		c.Key = m.ParameterKey
	case *cwmp.SetParameterAttributes:
		c.attributes = m.ParameterList
	}
}

func (t *settingsSource) answer(ctx context.Context, s *Session, m cwmp.Message) error {
	if s.Course == nil {
		return nil
	}
	v, limits, err := t.visit(ctx, s)
	if err != nil {
		return err
	}
	if err := t.note(ctx, s, limits, m); err != nil {
		return err
	}
	if err := t.begin(ctx, s, v); err != nil || s.Course == nil {
		return err
	}
	if err := s.Course.live.Answer(ctx, v, m); err != nil {
		return t.broken(ctx, s, err)
	}
	return nil
}

// note stores what an answer tells of the device and its model.
func (t *settingsSource) note(ctx context.Context, s *Session, limits *limitsOf, m cwmp.Message) error {
	switch m := m.(type) {
	case *cwmp.Fault:
		return t.noteFault(ctx, s, limits, m)
	case *cwmp.GetParameterValuesResponse:
		observations, err := t.tree.values(s.Device.ID, m.ParameterList)
		if err != nil {
			return err
		}
		if err := t.tree.observe(ctx, s.Device.ID, t.now(), observations); err != nil {
			return err
		}
		return noteReported(ctx, t.sessions, s, reported(m.ParameterList, t.indexed))
	case *cwmp.SetParameterValuesResponse, *cwmp.AddObjectResponse:
		return noteReported(ctx, t.sessions, s, device.Reported{ParameterKey: &s.Course.Key})
	case *cwmp.SetParameterAttributesResponse:
		var observations []device.Observation
		for _, a := range s.Course.attributes {
			observations = append(observations, device.Observation{Path: a.Name, Notification: &a.Notification})
		}
		return t.tree.observe(ctx, s.Device.ID, t.now(), observations)
	}
	return nil
}

// noteFault notes what a fault tells of how much the model takes at once.
func (t *settingsSource) noteFault(ctx context.Context, s *Session, limits *limitsOf, f *cwmp.Fault) error {
	switch {
	case s.Course.Sending < 2:
		return nil
	case s.Course.Key != "" && f.Code == resourcesExceeded:
		return limits.tooManySettings(ctx, s.Course.Sending)
	case s.Course.Key == "" && tooLarge(f.Code):
		return limits.tooMany(ctx, s.Course.Sending)
	}
	return nil
}

func (t *settingsSource) lost(ctx context.Context, s *Session, f tasks.Fault) error {
	return t.leave(ctx, s, f)
}

func (t *settingsSource) unsent(ctx context.Context, s *Session, f tasks.Fault) error {
	return t.leave(ctx, s, f)
}

// leave ends the course without its end.
func (t *settingsSource) leave(ctx context.Context, s *Session, f tasks.Fault) error {
	if s.Course == nil {
		return nil
	}
	v, _, err := t.visit(ctx, s)
	if err == nil {
		err = t.begin(ctx, s, v)
	}
	if err != nil || s.Course == nil {
		return err
	}
	err = s.Course.live.Lost(ctx, v, f)
	s.Course, s.Settled = nil, s.Changes+1
	if errors.Is(err, device.ErrSessionLost) {
		return nil
	}
	return err
}
