package main

import (
	"context"
	"encoding/json"

	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/provisioners/converge"
	"github.com/dialtone-acs/dialtone/tasks"
)

// plannerPort is the planner of settings as sessions want it.
type plannerPort struct{ planner *converge.Planner }

// Begin implements acs.Planner.
func (p plannerPort) Begin(ctx context.Context, v acs.Visit) (acs.Course, error) {
	c, err := p.planner.Begin(ctx, converge.Visit(v))
	if c == nil || err != nil {
		return nil, err
	}
	return coursePort{c}, nil
}

// Resume implements acs.Planner.
func (p plannerPort) Resume(ctx context.Context, v acs.Visit, progress json.RawMessage) (acs.Course, error) {
	c, err := p.planner.Resume(ctx, converge.Visit(v), progress)
	if err != nil {
		return nil, err
	}
	return coursePort{c}, nil
}

// coursePort is a course as sessions want it.
type coursePort struct{ course *converge.Course }

// MarshalJSON implements json.Marshaler.
func (c coursePort) MarshalJSON() ([]byte, error) { return c.course.MarshalJSON() }

// Next implements acs.Course.
func (c coursePort) Next(ctx context.Context, v acs.Visit) (cwmp.Message, bool, error) {
	return c.course.Next(ctx, converge.Visit(v))
}

// Answer implements acs.Course.
func (c coursePort) Answer(ctx context.Context, v acs.Visit, m cwmp.Message) error {
	return c.course.Answer(ctx, converge.Visit(v), m)
}

// Lost implements acs.Course.
func (c coursePort) Lost(ctx context.Context, v acs.Visit, f tasks.Fault) error {
	return c.course.Lost(ctx, converge.Visit(v), f)
}
