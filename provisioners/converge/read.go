package converge

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// readValues reads the values that are not known, or that may have changed.
func (c *Course) readValues(ctx context.Context, v Visit) (cwmp.Message, error) {
	if err := c.loadKnown(ctx, v); err != nil {
		return nil, err
	}
	if !c.Reading {
		c.Reading, c.Queue = true, newQueue(c.toRead(), v.Values)
	}
	if batch := c.Queue.current(); batch != nil {
		return &cwmp.GetParameterValues{ParameterNames: batch}, nil
	}
	c.Queue = newQueue(c.compare(v), v.Parameters)
	c.Stage = stageSet
	return nil, nil
}

// toRead returns the paths of the values to be read.
func (c *Course) toRead() []string {
	var paths []string
	for i := range c.resolved.Parameters {
		p := &c.resolved.Parameters[i]
		if _, known := c.known[p.Path]; !isSecret(p) && (c.Cause.Verify || !known) {
			paths = append(paths, p.Path)
		}
	}
	return paths
}

// loadKnown reads what the store knows of the parameters, once.
func (c *Course) loadKnown(ctx context.Context, v Visit) error {
	if c.known != nil {
		return nil
	}
	paths := make([]string, 0, len(c.resolved.Parameters))
	for i := range c.resolved.Parameters {
		paths = append(paths, c.resolved.Parameters[i].Path)
	}
	c.known = make(map[string]value, len(paths))
	if len(paths) == 0 {
		return nil
	}
	stored, err := c.planner.o.Parameters.Values(ctx, v.Device.ID, paths)
	if err != nil {
		return fmt.Errorf("read known values: %w", err)
	}
	for i := range stored {
		if p := &stored[i]; p.Known && p.Sealed == "" {
			c.known[p.Path] = value{p.Value, p.Type}
		}
	}
	return nil
}

// valuesTold notes values that were read. A batch that is refused is halved; a parameter
// that the device does not have is left out from then on.
func (c *Course) valuesTold(m cwmp.Message) error {
	switch m := m.(type) {
	case *cwmp.GetParameterValuesResponse:
		c.learn(m)
	case *cwmp.Fault:
		return c.notRead(m.Code)
	}
	return nil
}

// learn takes over the values of the batch under way. What the device leaves out it does
// not tell.
func (c *Course) learn(m *cwmp.GetParameterValuesResponse) {
	told := make(map[string]bool, len(m.ParameterList))
	for i := range m.ParameterList {
		p := &m.ParameterList[i]
		told[p.Name] = true
		if c.known != nil { // Else the store, which has all answers, is read later.
			c.known[p.Name] = value{p.Value, p.Type}
		}
	}
	for _, path := range c.Queue.current() {
		if !told[path] {
			c.Unreadable = noted(c.Unreadable, path)
		}
	}
	c.Queue.done()
}

// notRead halves a batch that the device does not answer, until the parameters at fault
// are known. One in an instance that was there before may be missing with it: then the
// instances are asked again.
func (c *Course) notRead(code int) error {
	if c.Queue.halve() {
		return nil
	}
	path := c.Queue.current()[0]
	if code == invalidName && c.forgetInstances(path) {
		c.Stage, c.Reading, c.Queue = stageObjects, false, queue{}
		return c.resolve()
	}
	if code == invalidName {
		c.Absent = noted(c.Absent, path)
	} else {
		c.Unreadable = noted(c.Unreadable, path)
	}
	c.Queue.done()
	return nil
}

func noted(set map[string]bool, path string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[path] = true
	return set
}

// parameter returns the parameter of a path as it is to be, nil if it is no longer one.
func (c *Course) parameter(path string) *mapping.Parameter {
	for i := range c.resolved.Parameters {
		if c.resolved.Parameters[i].Path == path {
			return &c.resolved.Parameters[i]
		}
	}
	return nil
}

// writeOnly reports whether what the device has is never known.
func (c *Course) writeOnly(p *mapping.Parameter) bool { return isSecret(p) || c.Unreadable[p.Path] }

// typeOf returns the type of a parameter: the device's own, where it told it.
func (c *Course) typeOf(p *mapping.Parameter) string {
	if known := c.known[p.Path].xsdType; known != "" {
		return cwmp.NormalType(known)
	}
	if p.Type != "" {
		return cwmp.NormalType(p.Type)
	}
	return cwmp.TypeString
}

// has reports whether the device is known to have the value.
func (c *Course) has(p *mapping.Parameter) bool {
	known, ok := c.known[p.Path]
	return ok && cwmp.SameValue(reveal(p), known.text, c.typeOf(p))
}
