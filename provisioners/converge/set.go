package converge

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

const (
	// maxAttempts is how many sessions in a row may begin to set values without coming to
	// an end, before the next one waits.
	maxAttempts = 4
	// firstWait is how long it waits first, longestWait at most.
	firstWait   = 10 * time.Minute
	longestWait = 24 * time.Hour
)

// requestDenied and notSupported are faults that halving a request does not help against.
const (
	notSupported  = 9000
	requestDenied = 9001
)

// setValues sends the next values.
func (c *Course) setValues(ctx context.Context, v Visit) (cwmp.Message, error) {
	if err := c.loadKnown(ctx, v); err != nil {
		return nil, err
	}
	batch := c.Queue.current()
	if batch == nil {
		c.Stage, c.Looking = stageLook, false
		return nil, nil
	}
	if stop, err := c.attempt(ctx, v); stop || err != nil {
		return nil, err
	}
	m := &cwmp.SetParameterValues{ParameterKey: c.parameterKey()}
	kept := batch[:0:0]
	for _, path := range batch {
		if p := c.parameter(path); p != nil && (v.Proven || !isSecret(p)) {
			m.ParameterList = append(m.ParameterList, cwmp.ParameterValueStruct{Name: path, Value: reveal(p), Type: c.typeOf(p)})
			kept = append(kept, path)
		}
	}
	c.Queue.replace(kept)
	if len(kept) == 0 {
		return nil, nil
	}
	return m, nil
}

// parameterKey names the generation of the settings, at most 32 characters (TR-069
// A.3.2.1): a device that reports another one was reset, or changed by others.
func (c *Course) parameterKey() string {
	const digits = 16
	return "dt-" + c.effective.Fingerprint[:min(digits, len(c.effective.Fingerprint))]
}

// attempt counts a session that changes something, before it does. It says to stop where
// too many did not come to an end.
func (c *Course) attempt(ctx context.Context, v Visit) (stop bool, err error) {
	if c.Begun {
		return false, nil
	}
	r := &c.Record
	if r.Attempts >= maxAttempts {
		if r.NextTry.IsZero() {
			r.NextTry = v.Now.Add(min(longestWait, firstWait<<min(r.Attempts-maxAttempts, 10)))
		}
		if v.Now.Before(r.NextTry) {
			return true, c.finish(ctx, v, fmt.Sprintf("%d sessions in a row ended while the device was given its settings", r.Attempts))
		}
		r.NextTry = time.Time{}
	}
	c.Begun = true
	r.Attempts++
	return false, c.save(ctx)
}

// setTold notes what the device made of the values that were sent.
func (c *Course) setTold(_ Visit, m cwmp.Message) error {
	switch m := m.(type) {
	case *cwmp.SetParameterValuesResponse:
		c.taken(m.Status)
	case *cwmp.Fault:
		c.notTaken(m)
	}
	return nil
}

// taken notes that the device took a batch: at once, or with its next restart.
func (c *Course) taken(status int) {
	for _, path := range c.Queue.current() {
		c.noteTries(path, c.Tries[path]+1)
		delete(c.Faults, path)
		if status != 0 {
			c.Later = noted(c.Later, path)
		}
		if p := c.parameter(path); p != nil && c.writeOnly(p) {
			c.confirm(p, provisioners.Confirmed{})
			continue
		}
		if !slices.Contains(c.Sent, path) {
			c.Sent = append(c.Sent, path)
		}
	}
	c.Queue.done()
}

// notTaken notes a fault: nothing of the batch is set (TR-069 A.3.2.1). The parameters
// that it names are left out; where it names none, half of the batch is tried.
func (c *Course) notTaken(f *cwmp.Fault) {
	batch := c.Queue.current()
	var rest []string
	named := false
	for _, path := range batch {
		i := slices.IndexFunc(f.ParameterFaults, func(p cwmp.SetParameterValuesFault) bool { return p.ParameterName == path })
		if i < 0 {
			rest = append(rest, path)
			continue
		}
		named = true
		c.refuse(path, refusal{f.ParameterFaults[i].Code, f.ParameterFaults[i].String})
	}
	switch {
	case named:
		c.Queue.replace(rest)
	case f.Code == requestDenied || f.Code == notSupported:
		for _, path := range batch {
			c.noteTries(path, maxTries)
			c.refuse(path, refusal{f.Code, f.String})
		}
		c.Queue.done()
	case !c.Queue.halve():
		c.Queue.done()
		c.refuse(batch[0], refusal{f.Code, f.String})
	}
}

// refuse notes a fault for one parameter. It is tried once more, alone, after all others.
func (c *Course) refuse(path string, r refusal) {
	c.noteTries(path, min(maxTries, c.Tries[path]+1))
	if c.Faults == nil {
		c.Faults = map[string]refusal{}
	}
	r.Text = clip(secret.Conceal(r.Text, c.effective.Secrets()))
	c.Faults[path] = r
	if c.Tries[path] < maxTries {
		c.Queue.later(path)
	}
}
