package delivery

import (
	"context"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// acsOf returns what a file says of the ACS: its address, and who the device is there.
// The device's credential is made if it has none. A phone that is not told where to go
// is not told either as whom: it may have the address of another ACS.
func (s *Server) acsOf(ctx context.Context, j *job, host string) (a provisioners.ACS, err error) {
	if !j.speaksCWMP() {
		return a, nil
	}
	if s.options.ACSURL != nil {
		if !hostPattern.MatchString(host) {
			host = ""
		}
		a.URL = s.options.ACSURL(host)
	}
	if a.URL == "" && !declared(j.settings, "cwmp.url") {
		return a, nil
	}
	if !j.file.Secrets || j.device.Quarantined || declared(j.settings, "cwmp.username") || declared(j.settings, "cwmp.password") {
		return a, nil
	}
	a.Username, a.Password, err = s.issuer.of(ctx, j.device.ID)
	return a, err
}

// speaksCWMP reports whether the settings have the device inform an ACS, and its pack can
// make use of that.
func (j *job) speaksCWMP() bool {
	return j.pack.Mapping != nil && text(j.settings, "cwmp.enabled") == "true"
}

// placeholderACS stands for the ACS where the content of a file is compared: its address
// and the device's credential are not among what the phone is to hold.
func placeholderACS() provisioners.ACS {
	return provisioners.ACS{URL: "http://acs.invalid/", Username: "username", Password: secret.NewText("password")}
}

// declared reports whether a setting has a value.
func declared(settings *provisioners.Effective, path string) bool {
	setting, ok := settings.Setting(path)
	return ok && (setting.Value != "" || !setting.Secret.IsZero())
}
