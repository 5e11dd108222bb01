package access

import (
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// fields are those of a device that filters of rules may name: what it is, never
// how it is at the moment.
func fields() []string {
	return []string{"id", "manufacturer", "oui", "productClass", "serialNumber", "mac", "model", "hardwareVersion", "softwareVersion", "address", "tags", "group"}
}

// Schema returns the fields that the filter of a rule or of a shared credential may
// name.
func Schema() *query.Schema {
	var some []query.Field
	for _, f := range device.Schema().Fields() {
		if slices.Contains(fields(), f.Name) {
			some = append(some, f)
		}
	}
	return query.NewSchema(some...)
}

// filter is a parsed filter; the empty one fits every device.
type filter struct{ expr query.Expr }

// parseFilter reads a filter of a document.
func parseFilter(text string) (filter, error) {
	if text == "" {
		return filter{}, nil
	}
	expr, err := query.Parse(Schema(), text)
	if err != nil {
		return filter{}, &FieldError{Field: "filter", Message: "is no filter of devices: " + err.Error(), cause: err}
	}
	return filter{expr}, nil
}

func (f filter) fits(d *device.Device) bool {
	if f.expr == nil {
		return true
	}
	return query.Match(f.expr, func(name string) (query.Value, bool) { return d.Field(name, d.LastInform) })
}
