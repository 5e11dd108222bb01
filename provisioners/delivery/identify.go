package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// maxNamed bounds the MAC addresses of one request that are looked up.
const maxNamed = 4

// identify finds the device that asks. Who is not known is no error.
func (s *Server) identify(ctx context.Context, a *asked) error {
	if err := a.checkCertificate(); err != nil {
		return err
	}
	for _, mac := range a.macs[:min(len(a.macs), maxNamed)] {
		if done, err := s.lookUp(ctx, a, mac); done || err != nil {
			return err
		}
	}
	if done, err := s.bySerial(ctx, a, a.serial()); done || err != nil {
		return err
	}
	if s.options.Leases == nil || len(a.macs) != 0 {
		return nil
	}
	mac, ok := s.options.Leases.MAC(ctx, a.Address)
	if !ok {
		return nil
	}
	a.name(mac)
	_, err := s.lookUp(ctx, a, mac)
	return err
}

// checkCertificate refuses a phone that asks with its own certificate for the file of
// another. The phone that the certificate names is the first to be looked up.
func (a *asked) checkCertificate() error {
	own := a.certified()
	if own == "" {
		return nil
	}
	for _, mac := range a.macs {
		if mac != own {
			return forbidden("the certificate is of the phone %s", own)
		}
	}
	a.name(own)
	return nil
}

func (s *Server) lookUp(ctx context.Context, a *asked, mac string) (found bool, err error) {
	d, err := s.options.Devices.ByIdentity(ctx, device.MACIdentity(mac))
	if errors.Is(err, device.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find the phone %s: %w", mac, err)
	}
	a.device, a.known = d, true
	return true, nil
}

// bySerial finds the one device of a serial number; two of them are none.
func (s *Server) bySerial(ctx context.Context, a *asked, serial string) (found bool, err error) {
	if serial == "" {
		return false, nil
	}
	field, ok := device.Schema().Field("serialNumber")
	if !ok {
		return false, errors.New("find a phone by its serial number: there is no such field")
	}
	page, err := s.options.Devices.List(ctx, device.List{
		Filter: query.Compare{Field: field, Op: query.Equal, Value: query.TextValue(query.Fold(serial))}, PageSize: 2, Now: a.At,
	})
	if err != nil {
		return false, fmt.Errorf("find the phone of serial number %q: %w", serial, err)
	}
	if len(page.Devices) != 1 {
		return false, nil
	}
	a.device, a.known = page.Devices[0], true
	return true, nil
}

// settleModel finds the pack and the model that serve the device: those of its record,
// else those that the request names. A request of another maker's phone is refused:
// whoever it is, it is not the one that was added.
func (s *Server) settleModel(a *asked) error {
	p, m, ok := a.packs.ModelOf(a.device)
	if ok {
		if other := a.otherMaker(p); other != nil {
			return forbidden("the device is a phone of %s, and the User-Agent is of %s", p.Title, other.Title)
		}
		a.pack, a.model = p, m
		return nil
	}
	for i := range a.matches {
		match := &a.matches[i]
		if match.Model == nil || !match.Agent && !match.Certified && !ownsMAC(match.Pack, a.device.MAC) {
			continue
		}
		if maker := a.makerOf(a.device.MAC); maker != nil && !ownsMAC(match.Pack, a.device.MAC) {
			return forbidden("the MAC address is of %s, and the User-Agent of %s", maker.Title, match.Pack.Title)
		}
		named := a.device
		named.Model = match.Model.Name
		if p, m, ok = a.packs.ModelOf(named); ok && p == match.Pack {
			a.device, a.pack, a.model = named, p, m
			return nil
		}
	}
	return nil
}

// otherMaker returns the pack whose phones have that User-Agent, if it is not of the
// device's.
func (a *asked) otherMaker(own *pack.Pack) *pack.Pack {
	var other *pack.Pack
	for i := range a.matches {
		switch m := &a.matches[i]; {
		case !m.Agent:
		case m.Pack.Name == own.Name:
			return nil
		case other == nil:
			other = m.Pack
		}
	}
	return other
}

// makerOf returns the pack whose maker the MAC address is of, nil if none says so.
func (a *asked) makerOf(mac string) *pack.Pack {
	for _, p := range a.packs.Packs() {
		if ownsMAC(p, mac) {
			return p
		}
	}
	return nil
}

// ownsMAC reports whether a MAC address is of the pack's maker.
func ownsMAC(p *pack.Pack, mac string) bool {
	digits := strings.ReplaceAll(mac, ":", "")
	return len(digits) == 12 && slices.Contains(p.OUIs, digits[:6])
}
