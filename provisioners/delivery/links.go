package delivery

import (
	"net/url"
	"regexp"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// links returns the addresses of a phone: below the setting provisioning.url, else the
// configured URL, else the host that the phone spoke to.
func (s *Server) links(a *asked, settings *provisioners.Effective, p *pack.Pack, m *pack.Model) provisioners.Links {
	base := s.options.FilesURL
	if base == nil && hostPattern.MatchString(a.Host) {
		base = &url.URL{Scheme: a.Protocol, Host: a.Host}
	}
	return p.Links(base, m, a.device, settings)
}

// hostPattern is what the host of a request may be: what else a phone sends would only
// come back to it.
var hostPattern = regexp.MustCompile(`^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$`)

// text returns the value of a setting, empty if it has none.
func text(settings *provisioners.Effective, path string) string {
	setting, _ := settings.Setting(path)
	return setting.Value
}
