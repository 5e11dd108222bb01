package pack

import (
	"maps"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// PhoneOf returns what templates see of a device of the model whose settings are the given
// ones (canonical texts by path, secrets in the clear) above the pack's defaults. It needs
// no store: it is for examples and for rendering without a server.
func (p *Pack) PhoneOf(m *Model, d device.Device, settings map[string]string) provisioners.Phone {
	entries := make([]provisioners.Entry, 0, len(settings))
	for _, settingPath := range slices.SortedFunc(maps.Keys(settings), provisioners.ComparePaths) {
		entries = append(entries, provisioners.Entry{Path: settingPath, Value: settings[settingPath]})
	}
	served := p.Served(m)
	effective := p.catalogue.Example(entries, d, served)
	return effective.Phone(d, served)
}
