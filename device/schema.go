package device

import (
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
)

// IndexedField begins the name of the field of an indexed parameter:
// "parameter.registration".
const IndexedField = "parameter."

// Schema returns the fields of a device that filters and orders name: those of
// the API's device, and one for each of the named indexed parameters
// (IndexedParameters.Names). A bare word does not search the latter. It panics
// for a name that cannot be that of a field or is given twice.
func Schema(indexed ...string) *query.Schema {
	fields := []query.Field{
		{Name: "id", Type: query.String},
		{Name: "manufacturer", Type: query.String, Search: true},
		{Name: "oui", Type: query.String},
		{Name: "productClass", Type: query.String, Search: true},
		{Name: "serialNumber", Type: query.String, Search: true},
		{Name: "mac", Type: query.String, Search: true, MAC: true},
		{Name: "model", Type: query.String, Search: true},
		{Name: "hardwareVersion", Type: query.String},
		{Name: "softwareVersion", Type: query.String, Search: true},
		{Name: "address", Type: query.String, Search: true},
		{Name: "tags", Type: query.StringList, Search: true},
		{Name: "group", Type: query.String},
		{Name: "firstSeen", Type: query.Time},
		{Name: "lastInform", Type: query.Time},
		{Name: "online", Type: query.Bool, Unordered: true},
		{Name: "late", Type: query.Bool, Unordered: true},
		{Name: "offline", Type: query.Bool, Unordered: true},
		{Name: "neverSeen", Type: query.Bool, Unordered: true},
		{Name: "quarantined", Type: query.Bool, Unordered: true},
		{Name: "alarms", Type: query.StringList},
		{Name: "pack", Type: query.String},
		{Name: "provisioning", Type: query.String},
		{Name: "lastFetch", Type: query.Time},
		{Name: "revision", Type: query.Int},
	}
	for _, name := range indexed {
		fields = append(fields, query.Field{Name: IndexedField + name, Type: query.String})
	}
	return query.NewSchema(fields...)
}

// Field returns the value of a field of Schema at now, as query.Match asks for
// it; ok is false for a field that is not in the schema. Every indexed parameter
// has a field, whatever Schema was given.
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
	case "late":
		return query.BoolValue(d.State(now) == StateLate), true
	case "offline":
		return query.BoolValue(d.State(now) == StateOffline), true
	case "neverSeen":
		return query.BoolValue(d.State(now) == StateNever), true
	case "quarantined":
		return query.BoolValue(d.Quarantined), true
	case "alarms":
		return query.ListValue(d.alarmKinds()...), true
	case "lastFetch":
		return query.TimeValue(d.Provisioning.FetchedAt), true
	case "revision":
		return query.IntValue(d.Revision), true
	}
	if name, ok := strings.CutPrefix(name, IndexedField); ok {
		return query.TextValue(d.Indexed[name]), true
	}
	text, ok := map[string]string{
		"id": string(d.ID), "manufacturer": d.Manufacturer, "oui": d.OUI, "productClass": d.ProductClass,
		"serialNumber": d.SerialNumber, "mac": d.MAC, "model": d.Model, "hardwareVersion": d.HardwareVersion,
		"softwareVersion": d.SoftwareVersion, "address": d.Address, "group": d.Group,
		"pack": d.Provisioning.Pack, "provisioning": string(d.Provisioning.State()),
	}[name]
	return query.TextValue(text), ok
}

func (d *Device) alarmKinds() []string {
	var kinds []string
	for _, a := range d.Alarms {
		kinds = append(kinds, string(a.Kind))
	}
	return kinds
}
