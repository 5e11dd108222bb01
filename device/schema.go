package device

import (
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
)

// Schema returns the fields of a device that filters and orders name: those of
// the API's device.
func Schema() *query.Schema {
	return query.NewSchema(
		query.Field{Name: "id", Type: query.String},
		query.Field{Name: "manufacturer", Type: query.String, Search: true},
		query.Field{Name: "oui", Type: query.String},
		query.Field{Name: "productClass", Type: query.String, Search: true},
		query.Field{Name: "serialNumber", Type: query.String, Search: true},
		query.Field{Name: "mac", Type: query.String, Search: true, MAC: true},
		query.Field{Name: "model", Type: query.String, Search: true},
		query.Field{Name: "hardwareVersion", Type: query.String},
		query.Field{Name: "softwareVersion", Type: query.String, Search: true},
		query.Field{Name: "address", Type: query.String, Search: true},
		query.Field{Name: "tags", Type: query.StringList, Search: true},
		query.Field{Name: "group", Type: query.String},
		query.Field{Name: "firstSeen", Type: query.Time},
		query.Field{Name: "lastInform", Type: query.Time},
		query.Field{Name: "online", Type: query.Bool, Unordered: true},
		query.Field{Name: "revision", Type: query.Int},
	)
}

// Field returns the value of a field of Schema at now, as query.Match asks for
// it; ok is false for a field that is not in the schema.
func (d *Device) Field(name string, now time.Time) (value query.Value, ok bool) {
	switch name {
	case "tags":
		return query.ListValue(d.Tags...), true
	case "firstSeen":
		return query.TimeValue(d.FirstSeen), true
	case "lastInform":
		return query.TimeValue(d.LastInform), true
	case "online":
		return query.BoolValue(d.Online(now)), true
	case "revision":
		return query.IntValue(d.Revision), true
	}
	text, ok := map[string]string{
		"id": string(d.ID), "manufacturer": d.Manufacturer, "oui": d.OUI, "productClass": d.ProductClass,
		"serialNumber": d.SerialNumber, "mac": d.MAC, "model": d.Model, "hardwareVersion": d.HardwareVersion,
		"softwareVersion": d.SoftwareVersion, "address": d.Address, "group": d.Group,
	}[name]
	return query.TextValue(text), ok
}
