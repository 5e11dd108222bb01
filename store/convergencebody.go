package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// convergenceBody is what stores keep of a Convergence beside its device and revision.
type convergenceBody struct {
	UpdatedAt   time.Time                 `json:"updatedAt,omitzero"`
	Wanted      string                    `json:"wanted,omitempty"`
	Model       string                    `json:"model,omitempty"`
	Owned       []string                  `json:"owned,omitempty"`
	Unmapped    []provisioners.Unmapped   `json:"unmapped,omitempty"`
	Instances   []provisioners.Instances  `json:"instances,omitempty"`
	Adding      *provisioners.Adding      `json:"adding,omitempty"`
	Confirmed   []provisioners.Confirmed  `json:"confirmed,omitempty"`
	Differences []provisioners.Difference `json:"differences,omitempty"`
	Restore     []string                  `json:"restore,omitempty"`
	Deliveries  []provisioners.Delivery   `json:"deliveries,omitempty"`
	Notified    string                    `json:"notified,omitempty"`
	Attempts    int                       `json:"attempts,omitempty"`
	Losses      int                       `json:"losses,omitempty"`
	NextTry     time.Time                 `json:"nextTry,omitzero"`
}

// EncodeConvergence returns what a store keeps of a Convergence beside its device and
// revision, as JSON. Only a time that JSON cannot hold makes it fail.
func EncodeConvergence(c provisioners.Convergence) (string, error) {
	c = WholeConvergence(c)
	raw, err := json.Marshal(convergenceBody{
		UpdatedAt: c.UpdatedAt, Wanted: c.Wanted, Model: c.Model, Owned: c.Owned, Unmapped: c.Unmapped, Instances: c.Instances, Adding: c.Adding,
		Confirmed: c.Confirmed, Differences: c.Differences, Restore: c.Restore, Deliveries: c.Deliveries, Notified: c.Notified,
		Attempts: c.Attempts, Losses: c.Losses, NextTry: c.NextTry,
	})
	if err != nil {
		return "", fmt.Errorf("encode the convergence of device %s: %w", c.Device, err)
	}
	return string(raw), nil
}

// DecodeConvergence is the inverse of EncodeConvergence: all but the device and the
// revision. It returns an error for what is no such JSON.
func DecodeConvergence(body string) (provisioners.Convergence, error) {
	var b convergenceBody
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return provisioners.Convergence{}, fmt.Errorf("stored convergence is damaged: %w", err)
	}
	return provisioners.Convergence{
		UpdatedAt: b.UpdatedAt, Wanted: b.Wanted, Model: b.Model, Owned: b.Owned, Unmapped: b.Unmapped, Instances: b.Instances, Adding: b.Adding,
		Confirmed: b.Confirmed, Differences: b.Differences, Restore: b.Restore, Deliveries: b.Deliveries, Notified: b.Notified,
		Attempts: b.Attempts, Losses: b.Losses, NextTry: b.NextTry,
	}, nil
}

// WholeConvergence returns c as it comes back from a store: times in whole
// milliseconds of UTC. It leaves what c refers to as it is.
func WholeConvergence(c provisioners.Convergence) provisioners.Convergence {
	c.UpdatedAt, c.NextTry = whole(c.UpdatedAt), whole(c.NextTry)
	if c.Adding != nil {
		adding := *c.Adding
		adding.At = whole(adding.At)
		c.Adding = &adding
	}
	c.Differences = slices.Clone(c.Differences)
	for i := range c.Differences {
		c.Differences[i].Since = whole(c.Differences[i].Since)
	}
	return c
}

// whole returns the time in whole milliseconds of UTC.
func whole(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
