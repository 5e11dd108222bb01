package cpe

import (
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// live computes the value of a parameter that the model names with @. The caller
// holds mu.
func (d *Device) live(t *tree, name, path string) string {
	if table, ok := strings.CutPrefix(name, "count:"); ok {
		parent := path[:strings.LastIndexByte(path, '.')+1]
		return strconv.Itoa(len(t.instances(parent + table + ".")))
	}
	c, id := &d.config, &d.config.Identity
	switch name {
	case "manufacturer":
		return id.Manufacturer
	case "oui":
		return id.OUI
	case "modelName":
		return id.ModelName
	case "productClass":
		return id.ProductClass
	case "serialNumber":
		return id.SerialNumber
	case "hardwareVersion":
		return id.HardwareVersion
	case "mac":
		return colonMAC(id.MAC)
	case "softwareVersion":
		return d.software
	case "acsURL":
		return c.ACSURL
	case "acsUsername":
		return c.Username
	case "acsPassword":
		return c.Password
	case "connectionRequestUsername":
		return c.ConnectionRequestUsername
	case "connectionRequestPassword":
		return c.ConnectionRequestPassword
	}
	return d.liveState(name)
}

// liveState computes what depends on more than the configuration.
func (d *Device) liveState(name string) string {
	now := d.config.Clock.Now()
	switch name {
	case "deviceSummary":
		service := "VoiceService:1.0[1](Endpoint:1, SIPEndpoint:1)"
		if d.config.Model.voice == VoiceIssue2 {
			service = "VoiceService:2.0[1](SIPClient:1)"
		}
		return strings.TrimSuffix(d.config.Root, ".") + ":1.1[](Baseline:1), " + service
	case "upTime":
		return strconv.FormatInt(int64(now.Sub(d.bootTime)/time.Second), 10)
	case "currentTime":
		return cwmp.NewDateTime(now).Raw
	case "interval":
		return strconv.FormatInt(max(1, int64(d.config.Interval/time.Second)), 10)
	case "ipAddress":
		return d.localHost
	case "connectionRequestURL":
		return d.connectionRequestURL()
	}
	return ""
}

// colonMAC writes a MAC address with colons.
func colonMAC(mac string) string {
	if len(mac) != 12 {
		return mac
	}
	var b strings.Builder
	for i := 0; i < len(mac); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(mac[i : i+2])
	}
	return b.String()
}

// get returns the value of a parameter by its path below the root.
func (d *Device) get(path string) string {
	e, ok := d.tree.parameter(d.config.Root + path)
	if !ok {
		return ""
	}
	return d.tree.value(e)
}
