package delivery

import (
	"context"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// ofModel answers a phone that is not known, or that no pack serves, with what is the
// same for all phones of a model.
func (s *Server) ofModel(ctx context.Context, a *asked) (*answer, error) {
	named := slices.ContainsFunc(a.matches, saysMaker)
	for i := range a.matches {
		switch m := &a.matches[i]; {
		case named && !saysMaker(*m):
			// The name of another maker's file.
		case m.Static != nil:
			return newMade(m.Static.Content).answer(a.file(), m.Static.ContentType), nil
		case m.File != nil && m.File.Generic:
			return s.generic(ctx, a, m)
		}
	}
	if a.known {
		return nil, notFound("no pack serves the model %q", a.device.Model)
	}
	return nil, notFound("the phone is not known")
}

// saysMaker reports whether more than the path says that the phone is of the pack's
// maker.
func saysMaker(m pack.Match) bool { return m.Agent || m.Certified }

// generic makes a file of the settings above all groups, without secrets.
func (s *Server) generic(ctx context.Context, a *asked, m *pack.Match) (*answer, error) {
	model := modelOf(m)
	if model == nil {
		return nil, notFound("the model of the phone is not known")
	}
	level, _ := s.options.Shared.Level(provisioners.LevelKey{Kind: provisioners.GlobalLevel})
	d := device.Device{Manufacturer: m.Pack.Vendor, Model: model.Name}
	settings := s.options.Catalogue.Example(s.plain(level.Entries), d, m.Pack.Served(model))
	if settings.Err != nil {
		return nil, fmt.Errorf("settings of a phone that is not known: %w", settings.Err)
	}
	rendered, err := s.render(ctx, &job{
		pack: m.Pack, model: model, file: m.File, device: d, settings: &settings,
		fingerprint: fmt.Sprintf("global %d %d", level.Revision, level.UpdatedAt.UnixMilli()), links: s.links(a, &settings, m.Pack, model),
	})
	if err != nil {
		return nil, err
	}
	return rendered.answer(a.file(), m.File.ContentType), nil
}

// modelOf returns the model for which a file is rendered, the first of those that fit.
func modelOf(m *pack.Match) *pack.Model {
	if m.Model != nil {
		return m.Model
	}
	for _, model := range m.Models {
		if m.File.Serves(model) {
			return model
		}
	}
	return nil
}

// plain returns the entries that hold no secret.
func (s *Server) plain(entries []provisioners.Entry) []provisioners.Entry {
	var plain []provisioners.Entry
	for _, e := range entries {
		setting, ok := s.options.Catalogue.Find(e.Path)
		if ok && !setting.Secret && e.Sealed == "" && !e.Generate {
			plain = append(plain, e)
		}
	}
	return plain
}

// stranger returns what is noted of a phone that is not known.
func (a *asked) stranger() *provisioners.Stranger {
	n := &provisioners.Stranger{
		Address: a.address(), UserAgent: shorten(a.UserAgent, maxUserAgent), Protocol: a.Protocol, Path: shorten(a.Path, maxFetchPath),
		SerialNumber: shorten(a.serial(), maxSerial), First: a.At, Last: a.At, Requests: 1,
	}
	if len(a.macs) != 0 {
		n.MAC = a.macs[0]
	}
	for i := range a.matches {
		m := &a.matches[i]
		if !m.Agent && !m.Certified && !ownsMAC(m.Pack, n.MAC) && len(a.matches) > 1 {
			continue // The name of the file alone, such as MAC.cfg, is that of many makers.
		}
		n.Pack = m.Pack.Name
		if m.Model != nil {
			n.Model = m.Model.Name
		}
		break
	}
	n.ID = strangerID(n)
	return n
}

func strangerID(n *provisioners.Stranger) string {
	switch {
	case n.MAC != "":
		return "mac-" + plainMAC(n.MAC)
	case n.SerialNumber != "":
		return "serial-" + n.SerialNumber
	default:
		return "address-" + n.Address
	}
}
