package converge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// notifiedAge is how many times as long parameters stay unread of which the device tells
// changes by itself.
const notifiedAge = 7

// end sees to the files, and notes what came of it all.
func (c *Course) end(ctx context.Context, v Visit) error {
	c.own()
	c.Record.Attempts = 0
	c.restored = c.Restoring
	c.Record.Restore = without(c.Record.Restore, c.restored)
	held, err := c.profile(ctx, v)
	if err != nil {
		return err
	}
	if err := c.certificateAuthority(ctx, v); err != nil {
		return err
	}
	if err := c.report(ctx); err != nil {
		return err
	}
	out := outcome{Course: c, v: v, fileHeld: held}
	return out.note(ctx, c.stuck())
}

// pause ends the course for this session: the next one goes on.
func (c *Course) pause(ctx context.Context, v Visit) error {
	c.Record.NextTry = v.Now
	out := outcome{Course: c, v: v, early: true}
	return out.note(ctx, "")
}

// finish ends the course before its end, and says why.
func (c *Course) finish(ctx context.Context, v Visit, why string) error {
	if c.Record.NextTry.IsZero() || !v.Now.Before(c.Record.NextTry) {
		c.Record.NextTry = v.Now.Add(firstWait)
	}
	out := outcome{Course: c, v: v, early: true}
	return out.note(ctx, why)
}

// own notes which settings parameters carry, and which nothing does.
func (c *Course) own() {
	c.Record.Owned = nil
	if c.pack.Mapping.Split() {
		c.Record.Owned = c.resolved.Owned
	}
	c.Record.Unmapped = slices.Clone(c.resolved.Unmapped)
	for _, table := range c.resolved.Missing {
		c.Record.Unmapped = append(c.Record.Unmapped, provisioners.Unmapped{Setting: table, Reason: "the device makes no further instance of this table"})
	}
	for path := range c.Absent {
		if p := c.parameter(path); p != nil && p.Setting != "" {
			c.Record.Unmapped = append(c.Record.Unmapped, provisioners.Unmapped{Setting: p.Setting, Reason: "the device says that it has no parameter " + path})
		}
	}
	files := len(c.pack.FilesOf(c.modelOf())) > 0
	if files {
		for i := range c.Record.Unmapped {
			c.Record.Unmapped[i].Reason += "; its file carries it"
		}
	} else {
		c.Record.Unmapped = append(c.Record.Unmapped, c.uncarried()...)
	}
	slices.SortFunc(c.Record.Unmapped, func(a, b provisioners.Unmapped) int { return provisioners.ComparePaths(a.Setting, b.Setting) })
	c.Record.Unmapped = slices.CompactFunc(c.Record.Unmapped, func(a, b provisioners.Unmapped) bool { return a.Setting == b.Setting })
	c.Record.Unmapped = c.Record.Unmapped[:min(len(c.Record.Unmapped), maxUnmapped)]
}

// uncarried returns the declared settings of which no parameter is known, of a device
// without files.
func (c *Course) uncarried() []provisioners.Unmapped {
	known := map[string]bool{}
	for _, path := range c.resolved.Owned {
		known[path] = true
	}
	for _, u := range c.Record.Unmapped {
		known[u.Setting] = true
	}
	var all []provisioners.Unmapped
	for i := range c.effective.Settings {
		path := c.effective.Settings[i].Path
		if !known[path] && !forServer(path) {
			all = append(all, provisioners.Unmapped{Setting: path, Reason: "no parameter is known for it"})
		}
	}
	return all
}

// forServer reports whether a setting is for this server, and not for the device.
func forServer(path string) bool {
	for _, prefix := range []string{"provisioning.", "firmware.", "cwmp.", "vendor."} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return path == "owner" || strings.HasPrefix(path, "account.") && strings.HasSuffix(path, ".line")
}

// report notes on the data model which settings its devices are not given.
func (c *Course) report(ctx context.Context) error {
	patterns := make([]provisioners.Unmapped, len(c.Record.Unmapped))
	for i, u := range c.Record.Unmapped {
		patterns[i] = provisioners.Unmapped{Setting: pattern(u.Setting), Reason: u.Reason}
	}
	changed := c.model.report(patterns)
	if c.model.stored.Pack != c.pack.Name && c.model.stored.Revision > 0 {
		c.model.stored.Pack, changed = c.pack.Name, true
	}
	if !changed {
		return nil
	}
	return c.planner.models.save(ctx, c.model)
}

// pattern returns the path of a setting with N for every index.
func pattern(path string) string {
	segments := strings.Split(path, ".")
	for i, segment := range segments {
		if i > 0 && segment != "" && strings.Trim(segment, "0123456789") == "" {
			segments[i] = "N"
		}
	}
	return strings.Join(segments, ".")
}

// stuck says why the device cannot be given its settings, empty if it can.
func (c *Course) stuck() string {
	var all []string
	for i := range c.Record.Differences {
		d := &c.Record.Differences[i]
		switch d.Kind {
		case provisioners.Kept, provisioners.RefusedValue, provisioners.Withheld:
			name := d.Setting
			if name == "" {
				name = d.Path
			}
			all = append(all, name+": "+d.Reason)
		}
	}
	for _, d := range c.Record.Deliveries {
		if d.Problem != "" {
			all = append(all, d.Problem)
		}
	}
	// What waits for a proof comes first: the record tells by it when to go on (due).
	slices.SortStableFunc(all, func(a, b string) int {
		return boolOf(strings.Contains(b, unproven)) - boolOf(strings.Contains(a, unproven))
	})
	switch len(all) {
	case 0:
		return ""
	case 1:
		return all[0]
	default:
		return fmt.Sprintf("%s (and %d more)", all[0], len(all)-1)
	}
}

func boolOf(b bool) int {
	if b {
		return 1
	}
	return 0
}
