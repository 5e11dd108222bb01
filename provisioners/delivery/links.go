package delivery

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// firmwareFolder is where a phone finds firmware below its base URL.
const firmwareFolder = "firmware"

// links returns the addresses of a phone: below the setting provisioning.url, else the
// configured URL, else the host that the phone spoke to.
func (s *Server) links(a *asked, settings *provisioners.Effective, p *pack.Pack, m *pack.Model) provisioners.Links {
	base := s.base(a, settings)
	if base == nil {
		return provisioners.Links{Firmware: text(settings, "firmware.url")}
	}
	l := provisioners.Links{Base: base.String(), Scheme: base.Scheme, Host: base.Hostname(), Port: portOf(base), Firmware: text(settings, "firmware.url")}
	if name := text(settings, "firmware.file"); l.Firmware == "" && name != "" {
		l.Firmware = l.Base + firmwareFolder + "/" + url.PathEscape(name)
	}
	l.Directory = directoryLink(l.Base, a, p, m)
	return l
}

// directoryLink returns where the phone finds its company directory, empty if its pack
// makes none, or nothing names the phone.
func directoryLink(base string, a *asked, p *pack.Pack, m *pack.Model) string {
	if !a.known {
		return ""
	}
	for _, f := range p.FilesOf(m) {
		if f.Directory {
			return base + f.NameFor(m, a.device.MAC, a.device.SerialNumber)
		}
	}
	return ""
}

// base returns the URL, with its final slash, below which the phone finds its files; nil
// if neither settings nor the request say.
func (s *Server) base(a *asked, settings *provisioners.Effective) *url.URL {
	if given, err := url.Parse(text(settings, "provisioning.url")); err == nil && given.Host != "" {
		return below(given)
	}
	if s.options.FilesURL != nil {
		return below(s.options.FilesURL)
	}
	if !hostPattern.MatchString(a.Host) {
		return nil
	}
	return &url.URL{Scheme: a.Protocol, Host: a.Host, Path: "/"}
}

// hostPattern is what the host of a request may be: what else a phone sends would only
// come back to it.
var hostPattern = regexp.MustCompile(`^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$`)

// below returns a URL with its final slash.
func below(u *url.URL) *url.URL {
	copied := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, User: u.User}
	if !strings.HasSuffix(copied.Path, "/") {
		copied.Path += "/"
	}
	return &copied
}

// portOf returns the port of a URL, that of its scheme if it names none.
func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443", "tftp": "69", "ftp": "21"}[u.Scheme]
}

// text returns the value of a setting, empty if it has none.
func text(settings *provisioners.Effective, path string) string {
	setting, _ := settings.Setting(path)
	return setting.Value
}
