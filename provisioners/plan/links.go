package plan

import (
	"net/url"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// firmwareFolder is where a phone finds firmware below its base URL.
const firmwareFolder = "firmware"

// links returns the addresses that the templates of a phone see, as the road gives
// them to a phone that asks at the configured URL.
func (r *Renderer) links(d device.Device, e *provisioners.Effective, p *pack.Pack, m *pack.Model) provisioners.Links {
	text := func(path string) string {
		setting, _ := e.Setting(path)
		return setting.Value
	}
	links := provisioners.Links{Firmware: text("firmware.url")}
	base := r.base
	if given, err := url.Parse(text("provisioning.url")); err == nil && given.Host != "" {
		base = given
	}
	if base == nil {
		return links
	}
	links.Base = strings.TrimSuffix((&url.URL{Scheme: base.Scheme, User: base.User, Host: base.Host, Path: base.Path}).String(), "/") + "/"
	links.Scheme, links.Host, links.Port = base.Scheme, base.Hostname(), portOf(base)
	if file := text("firmware.file"); links.Firmware == "" && file != "" {
		links.Firmware = links.Base + firmwareFolder + "/" + url.PathEscape(file)
	}
	if f := directoryFile(p, m); f != nil {
		links.Directory = links.Base + f.NameFor(m, d.MAC, d.SerialNumber)
	}
	return links
}

// portOf returns the port of a URL, that of its scheme if it names none.
func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443", "tftp": "69", "ftp": "21"}[u.Scheme]
}

// directoryFile returns the file with which a model is given the company directory,
// nil if none is.
func directoryFile(p *pack.Pack, m *pack.Model) *pack.File {
	for _, f := range p.FilesOf(m) {
		if f.Directory {
			return f
		}
	}
	return nil
}
