package pack

import (
	"net/url"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// FirmwareFolder is where a phone finds firmware below its base URL.
const FirmwareFolder = "firmware"

// Links returns the addresses that the templates of a phone see. The phone finds its
// files below the setting provisioning.url, else below otherwise; that is nil if nobody
// knows, and then only what settings say is known. A device without an ID, which is
// nobody's, has no company directory.
func (p *Pack) Links(otherwise *url.URL, m *Model, d device.Device, e *provisioners.Effective) provisioners.Links {
	text := func(path string) string {
		setting, _ := e.Setting(path)
		return setting.Value
	}
	links := provisioners.Links{Firmware: text("firmware.url")}
	base := otherwise
	if given, err := url.Parse(text("provisioning.url")); err == nil && given.Host != "" {
		base = given
	}
	if base == nil {
		return links
	}
	below := url.URL{Scheme: base.Scheme, User: base.User, Host: base.Host, Path: strings.TrimSuffix(base.Path, "/") + "/"}
	links.Base, links.Scheme, links.Host, links.Port = below.String(), base.Scheme, base.Hostname(), portOf(base)
	if name := text("firmware.file"); links.Firmware == "" && name != "" {
		links.Firmware = links.Base + FirmwareFolder + "/" + url.PathEscape(name)
	}
	if f := p.DirectoryFile(m); f != nil && d.ID != "" {
		links.Directory = links.Base + f.NameFor(m, d.MAC, d.SerialNumber)
	}
	return links
}

// DirectoryFile returns the file with which a model is given the company directory, nil
// if none is.
func (p *Pack) DirectoryFile(m *Model) *File {
	for _, f := range p.FilesOf(m) {
		if f.Directory {
			return f
		}
	}
	return nil
}

// portOf returns the port of a URL, that of its scheme if it names none.
func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443", "tftp": "69", "ftp": "21"}[u.Scheme]
}
