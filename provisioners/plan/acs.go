package plan

import (
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// WithACS returns a Renderer whose files say where phones find the ACS: what url returns
// for the host of this server's files, which is empty if it is not known.
func (r *Renderer) WithACS(url func(host string) string) *Renderer {
	with := *r
	with.acsURL = url
	return &with
}

// setACS puts the ACS into what templates see, where a phone's file says it. A mask stands
// for the phone's credential, which nothing makes before the phone asks.
func (r *Renderer) setACS(phone provisioners.Phone, p *pack.Pack, e *provisioners.Effective) {
	enabled, _ := e.Setting("cwmp.enabled")
	if p.Mapping == nil || enabled.Value != "true" {
		return
	}
	a := provisioners.ACS{Username: Mask, Password: secret.NewText(Mask)}
	if r.acsURL != nil {
		host := ""
		if r.base != nil {
			host = r.base.Host
		}
		a.URL = r.acsURL(host)
	}
	phone.SetACS(a)
}
