package converge

import (
	"context"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// lookAgain reads back what was set: a device may take a value and make another of it.
func (c *Course) lookAgain(ctx context.Context, v Visit) (cwmp.Message, error) {
	if err := c.loadKnown(ctx, v); err != nil {
		return nil, err
	}
	if !c.Looking {
		c.Looking, c.Queue = true, newQueue(c.Sent, v.Values)
	}
	if batch := c.Queue.current(); batch != nil {
		return &cwmp.GetParameterValues{ParameterNames: batch}, nil
	}
	again := c.looked(v)
	c.Sent = nil
	if len(again) > 0 && c.Rounds == 0 {
		c.Rounds++
		c.Stage, c.Queue = stageSet, newQueue(again, v.Parameters)
		return nil, nil
	}
	c.refused(v)
	c.Stage = stageNotify
	return nil, nil
}

// lookTold notes values that were read back. What the device took and does not tell counts
// as set.
func (c *Course) lookTold(m cwmp.Message) error {
	switch m := m.(type) {
	case *cwmp.GetParameterValuesResponse:
		c.learn(m)
	case *cwmp.Fault:
		if c.Queue.halve() {
			return nil
		}
		c.Unreadable = noted(c.Unreadable, c.Queue.current()[0])
		c.Queue.done()
	}
	return nil
}

// looked compares what was set with what was read back, and returns what is to be set once
// more.
func (c *Course) looked(v Visit) (again []string) {
	for _, path := range c.Sent {
		p := c.parameter(path)
		switch {
		case p == nil:
		case c.Unreadable[path] || c.has(p):
			c.confirm(p, provisioners.Confirmed{})
		case c.Later[path]:
			c.differs(v, p, provisioners.Difference{Kind: provisioners.Later, Reason: "the device takes it over when it restarts"})
		case c.Tries[path] < maxTries && c.Rounds == 0:
			again = append(again, path)
		default:
			c.differs(v, p, provisioners.Difference{Kind: provisioners.Kept, Reason: fmt.Sprintf("the device keeps %q", clip(c.known[path].text))})
		}
	}
	return again
}

// refused notes the parameters that the device answers with a fault.
func (c *Course) refused(v Visit) {
	for i := range c.resolved.Parameters {
		p := &c.resolved.Parameters[i]
		if f, ok := c.Faults[p.Path]; ok {
			c.differs(v, p, provisioners.Difference{Kind: provisioners.RefusedValue, Reason: refusalText(p, f), Code: f.Code})
		}
	}
}

// refusalText says in words what a fault means. The device's own words may repeat a value,
// so that those about a secret are left out.
func refusalText(p *mapping.Parameter, f refusal) string {
	if isSecret(p) || f.Text == "" {
		return fmt.Sprintf("the device refuses it with fault %d", f.Code)
	}
	return fmt.Sprintf("the device refuses it with fault %d: %s", f.Code, clip(f.Text))
}

// differs notes that a parameter is not as it should be after it was set.
func (c *Course) differs(v Visit, p *mapping.Parameter, why provisioners.Difference) {
	d := c.difference(p)
	d.Kind, d.Reason, d.Code, d.Since, d.Tries = why.Kind, why.Reason, why.Code, v.Now, c.Tries[p.Path]
	if since, ok := c.Since[p.Path]; ok {
		d.Since = since
	}
	c.Record.Differences = slices.DeleteFunc(c.Record.Differences, func(other provisioners.Difference) bool { return other.Path == p.Path })
	if len(c.Record.Differences) < provisioners.MaxDifferences {
		c.Record.Differences = append(c.Record.Differences, d)
	}
}
