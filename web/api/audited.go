package api

import (
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/users"
)

// What the audit log compares is what people decide, not what changes by itself.
// None of these types has a field that holds a secret.

type auditedUser struct {
	DisplayName        string     `json:"displayName,omitempty"`
	Role               users.Role `json:"role"`
	Scope              string     `json:"scope"`
	Disabled           bool       `json:"disabled"`
	MustChangePassword bool       `json:"mustChangePassword"`
	SecondFactor       bool       `json:"secondFactor"`
	HasPassword        bool       `json:"hasPassword"`
	// Password is masked, or empty if it stays.
	Password string `json:"password,omitempty"`
}

func auditedUserOf(u users.User) auditedUser {
	return auditedUser{
		DisplayName: u.DisplayName, Role: u.Role, Scope: u.Scope.Group, Disabled: u.Disabled, MustChangePassword: u.MustChangePassword,
		SecondFactor: u.SecondFactor.Key != "", HasPassword: u.PasswordHash != "",
	}
}

type auditedRole struct {
	Description string             `json:"description"`
	Permissions []users.Permission `json:"permissions"`
}

func auditedRoleOf(r users.RoleDefinition) auditedRole {
	return auditedRole{Description: r.Description, Permissions: r.Permissions.List()}
}

type auditedToken struct {
	Name    string     `json:"name"`
	Role    users.Role `json:"role"`
	Scope   string     `json:"scope"`
	Expires *time.Time `json:"expires,omitempty"`
}

func auditedTokenOf(t users.Token) auditedToken {
	return auditedToken{Name: t.Name, Role: t.Role, Scope: t.Scope.Group, Expires: shownTime(t.Expires)}
}

type auditedGroup struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

func auditedGroupOf(g device.Group) auditedGroup {
	return auditedGroup{Title: g.Title, Description: g.Description}
}

type auditedDevice struct {
	MAC          string   `json:"mac"`
	OUI          string   `json:"oui"`
	ProductClass string   `json:"productClass"`
	SerialNumber string   `json:"serialNumber"`
	Model        string   `json:"model"`
	Tags         []string `json:"tags"`
	Group        string   `json:"group"`
	Quarantined  bool     `json:"quarantined,omitempty"`
	Alarms       []string `json:"alarms,omitempty"`
	CWMPUsername string   `json:"cwmpUsername,omitempty"`
	CWMPPassword string   `json:"cwmpPassword,omitempty"`
	// Settings are those that a new device begins with, secrets masked.
	Settings map[string]any `json:"settings,omitempty"`
}

// masked stands for a secret that was given: that it was is no secret.
const masked = "•••"

// with returns the device with the credential that it was given.
func (d auditedDevice) with(l login) auditedDevice {
	if l.username != "" {
		d.CWMPUsername, d.CWMPPassword = l.username, masked
	}
	return d
}

// without returns the device with the credential that was taken from it, whose user
// name is not known any longer.
func (d auditedDevice) without(l login) auditedDevice {
	if l.set && l.username == "" {
		d.CWMPPassword = masked
	}
	return d
}

func auditedDeviceOf(d device.Device) auditedDevice {
	var alarms []string
	for _, alarm := range d.Alarms {
		alarms = append(alarms, string(alarm.Kind))
	}
	return auditedDevice{
		Quarantined: d.Quarantined, Alarms: alarms,
		MAC: d.MAC, OUI: d.OUI, ProductClass: d.ProductClass, SerialNumber: d.SerialNumber, Model: d.Model,
		Tags: append([]string{}, d.Tags...), Group: d.Group,
	}
}

type auditedFile struct {
	Type         string   `json:"type"`
	OUI          string   `json:"oui"`
	ProductClass string   `json:"productClass"`
	Version      string   `json:"version"`
	Siblings     []string `json:"siblings"`
	Size         int64    `json:"size"`
	SHA256       string   `json:"sha256"`
}

func auditedFileOf(f files.File) auditedFile {
	return auditedFile{
		Type: f.Type, OUI: f.OUI, ProductClass: f.ProductClass, Version: f.Version, Siblings: append([]string{}, f.Siblings...),
		Size: f.Size, SHA256: f.SHA256,
	}
}
