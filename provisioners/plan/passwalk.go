package plan

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// over looks at all devices of a scope, and returns when it did or the context ends.
// Where it cannot read or write it tries again at the same place.
func (p *Pass) over(ctx context.Context, s device.Scope) {
	token := ""
	for {
		next, err := p.step(ctx, s, token)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.o.Logger.WarnContext(ctx, "cannot mark devices: it is tried again", slog.String(logkeys.Group, s.Group), slog.Any(logkeys.Error, err))
			if !pause(ctx, retryDelay) {
				return
			}
		case next == "":
			return
		default:
			token = next
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// step looks at one page of devices and returns where the next begins.
func (p *Pass) step(ctx context.Context, s device.Scope, token string) (next string, err error) {
	page, err := p.o.Devices.List(ctx, device.List{Scope: s, PageSize: passPage, PageToken: token, Now: p.o.Now()})
	if err != nil {
		return "", fmt.Errorf("list devices: %w", err)
	}
	if len(page.Devices) == 0 {
		return page.NextPageToken, nil
	}
	if err := p.limiter.WaitN(ctx, len(page.Devices)); err != nil {
		return "", fmt.Errorf("keep the pace: %w", err)
	}
	return page.NextPageToken, p.mark(ctx, page.Devices)
}

// maxLooks bounds how often a device is looked at once more because its mark changed.
const maxLooks = 4

// mark computes what devices should have and marks those whose record says something
// else. These are looked at once more: whoever changed their settings meanwhile may have
// marked them before, and what was written over that mark was computed from settings that
// are no longer in force.
func (p *Pass) mark(ctx context.Context, devices []device.Device) error {
	for look := 1; ; look++ {
		changed, err := p.markOnce(ctx, devices, p.o.Packs())
		if err != nil || len(changed) == 0 {
			return err
		}
		if look == maxLooks {
			for _, id := range changed {
				p.Soon(id)
			}
			return nil
		}
		if devices, err = p.again(ctx, changed); err != nil || len(devices) == 0 {
			return err
		}
	}
}

// again reads devices as they are now, without those that are gone.
func (p *Pass) again(ctx context.Context, ids []device.ID) ([]device.Device, error) {
	var devices []device.Device
	for _, id := range ids {
		d, err := p.o.Devices.Get(ctx, id)
		switch {
		case errors.Is(err, device.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("read device %s: %w", id, err)
		default:
			devices = append(devices, d)
		}
	}
	return devices, nil
}

// markOnce is one look of mark. It returns the devices that it marked.
func (p *Pass) markOnce(ctx context.Context, devices []device.Device, packs *pack.Registry) (marked []device.ID, err error) {
	found, err := resolve(ctx, p.o.Resolver, devices, provisioners.Change{})
	if err != nil {
		return nil, err
	}
	for i, d := range devices {
		m, err := p.judge(ctx, d, found[i], packs)
		if err != nil {
			return nil, err
		}
		if _, changed := d.ApplyMark(m); !changed {
			continue
		}
		if _, err := p.o.Store.Mark(ctx, d.ID, m); errors.Is(err, device.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("mark device %s: %w", d.ID, err)
		}
		marked = append(marked, d.ID)
	}
	return marked, nil
}

// judge returns the mark of a device. Its files are made only where that can come out
// otherwise than the last time.
func (p *Pass) judge(ctx context.Context, d device.Device, e provisioners.Effective, packs *pack.Registry) (device.Mark, error) {
	m := device.Mark{At: p.o.Now().UTC().Truncate(time.Millisecond)}
	served, ok := packs.For(d)
	if !ok {
		return m, nil
	}
	m.Pack = served.Pack
	if e.Err != nil {
		m.Wanted, m.Problem = d.Provisioning.Wanted, problemText(e.Err)
		return m, nil
	}
	m.Wanted = e.Fingerprint
	if m.Wanted == d.Provisioning.Wanted && m.Pack == d.Provisioning.Pack && d.Provisioning.Problem == "" {
		return m, nil
	}
	files, err := p.o.Renderer.Files(ctx, d, e, packs)
	if err != nil {
		return m, err
	}
	for _, f := range files {
		if f.Problem != "" {
			m.Problem = bounded(f.Name + ": " + f.Problem)
			break
		}
	}
	return m, nil
}

// maxProblem bounds Mark.Problem in bytes.
const maxProblem = 512

func problemText(err error) string { return bounded(err.Error()) }

func bounded(text string) string {
	if len(text) <= maxProblem {
		return text
	}
	return strings.ToValidUTF8(text[:maxProblem-len("…")], "") + "…"
}

// within reports whether a group lies in the subtree of a scope.
func within(s device.Scope, group string) bool {
	return s.Group == "" || group == s.Group || len(group) > len(s.Group) && group[:len(s.Group)+1] == s.Group+"/"
}
