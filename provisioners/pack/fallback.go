package pack

import "github.com/dialtone-acs/dialtone/device"

// fallbackModel is the name of the one model of a pack that serves devices of any maker.
const fallbackModel = "generic"

// fallback checks a pack that serves what no other pack does.
func (b *builder) fallback() {
	m := b.manifest
	if !m.Fallback {
		return
	}
	b.pack.Fallback = true
	if len(m.Models) != 1 || m.Models[0].Name != fallbackModel {
		b.wrong(at("models"), "a pack with fallback: true has one model, %s", fallbackModel)
	}
	if _, ok := b.content[mappingName]; !ok {
		b.wrong(at("fallback"), "a pack with fallback: true needs %s", mappingName)
	}
	for key, has := range map[string]bool{
		"files": len(m.Files) > 0, "static": len(m.Static) > 0, "ouis": len(m.OUIs) > 0, "userAgents": len(m.UserAgents) > 0,
		"certificate": m.Certificate != nil,
	} {
		if has {
			b.wrong(at(key), "a pack with fallback: true has no %s: its devices are of any maker, and known by CWMP alone", key)
		}
	}
}

// fallback returns the pack for devices that no other serves, and its model. They are
// reached by CWMP only.
func (r *Registry) fallback(d device.Device) (*Pack, *Model, bool) {
	if d.Root == "" {
		return nil, nil, false
	}
	for _, p := range r.packs {
		if p.Fallback {
			return p, p.Models[0], true
		}
	}
	return nil, nil, false
}
