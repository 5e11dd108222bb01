package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Summary reads no record but those of a small scope.
func (s summaries) Summary(ctx context.Context, scope device.Scope, now time.Time) (found device.Summary, err error) {
	err = s.read(ctx, "summary", func(c *conn) error {
		return snapshot(c, func() (err error) {
			found, err = c.summarize(ctx, scope, now)
			return err
		})
	})
	if err != nil {
		return device.Summary{}, err
	}
	return found, nil
}

func (c *conn) summarize(ctx context.Context, scope device.Scope, now time.Time) (device.Summary, error) {
	found, small, err := c.countScope(ctx, scope)
	if err != nil || found.Total == 0 {
		return found, err
	}
	q := summaryQuery{scope: scope, small: small}
	if err := c.countStates(ctx, q, now, &found); err != nil {
		return found, err
	}
	if err := c.countModels(ctx, q, &found); err != nil {
		return found, err
	}
	err = c.countTags(ctx, q, &found)
	return found, err
}

// smallScope is which part of the fleet a scope may hold at most so that to look
// up its devices one by one is cheaper than to walk indexes of all devices.
const smallScope = 12

// countScope counts the devices in the scope and says whether they are few.
func (c *conn) countScope(ctx context.Context, scope device.Scope) (found device.Summary, small bool, err error) {
	w := &where{}
	w.write("SELECT count(*), (SELECT count(*) FROM devices) FROM devices d WHERE ")
	w.scope(scope)
	err = c.search(ctx, func(r *row) error {
		found.Total = r.int()
		small = found.Total*smallScope < r.int()
		return nil
	}, w.text.String(), w.args)
	return found, small, err
}

// summaryQuery composes the queries of a summary.
type summaryQuery struct {
	scope device.Scope
	// small says that the devices are found by their group; else the index that has
	// all that is counted is walked.
	small bool
}

// devices returns where devices are read from.
func (q summaryQuery) devices(index string) string {
	if q.small {
		index = "devices_group"
	}
	return "devices d INDEXED BY " + index
}

// states counts the devices that are never seen, online and late.
func (q summaryQuery) states(now time.Time) (sql string, args []any) {
	fields := deviceFields(now, nil)
	w := &where{}
	w.write("SELECT ")
	for i, name := range []string{"neverSeen", "online", "late"} {
		if i > 0 {
			w.write(", ")
		}
		w.write("(SELECT count(*) FROM "+q.devices("devices_last_inform")+" WHERE "+fields[name].sql+" AND ", fields[name].args...)
		w.scope(q.scope)
		w.write(")")
	}
	return w.text.String(), w.args
}

func (c *conn) countStates(ctx context.Context, q summaryQuery, now time.Time, into *device.Summary) error {
	sql, args := q.states(now)
	return c.search(ctx, func(r *row) error {
		never, online, late := r.int(), r.int(), r.int()
		into.States = make(map[device.State]int)
		for state, n := range map[device.State]int{
			device.StateNever: never, device.StateOnline: online, device.StateLate: late, device.StateOffline: into.Total - never - online - late,
		} {
			if n > 0 {
				into.States[state] = n
			}
		}
		return nil
	}, sql, args)
}

// models counts the devices of each model and firmware.
func (q summaryQuery) models() (sql string, args []any) {
	w := &where{}
	w.write("SELECT d.model, d.software_version, count(*) AS devices FROM " + q.devices("devices_models") + " WHERE ")
	w.scope(q.scope)
	w.write(" GROUP BY d.model, d.software_version ORDER BY devices DESC, d.model, d.software_version LIMIT ?", device.MaxSummary)
	return w.text.String(), w.args
}

func (c *conn) countModels(ctx context.Context, q summaryQuery, into *device.Summary) error {
	into.Others = into.Total
	sql, args := q.models()
	return c.search(ctx, func(r *row) error {
		m := device.ModelCount{Model: r.text(), SoftwareVersion: r.text(), Count: r.int()}
		into.Models = append(into.Models, m)
		into.Others -= m.Count
		return nil
	}, sql, args)
}

// tags counts the devices with each tag.
func (q summaryQuery) tags() (sql string, args []any) {
	w := &where{}
	from, path := "device_tags t", "t.group_path"
	if q.small {
		// A CROSS JOIN keeps the order: the devices of the scope, and the tags of each.
		from, path = q.devices("")+" CROSS JOIN device_tags t ON t.device = d.n", "d.group_path"
	}
	w.write("SELECT t.text, count(*) AS devices FROM " + from + " WHERE ")
	w.subtree(path, q.scope)
	w.write(" GROUP BY t.tag, t.text ORDER BY devices DESC, t.text LIMIT ?", device.MaxSummary)
	return w.text.String(), w.args
}

func (c *conn) countTags(ctx context.Context, q summaryQuery, into *device.Summary) error {
	sql, args := q.tags()
	return c.search(ctx, func(r *row) error {
		into.Tags = append(into.Tags, device.TagCount{Tag: r.text(), Count: r.int()})
		return nil
	}, sql, args)
}
