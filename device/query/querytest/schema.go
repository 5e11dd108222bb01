package querytest

import (
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
)

// Now is the time to which the relative times of generated filters refer.
func Now() time.Time { return time.Date(2025, 3, 31, 8, 0, 0, 0, time.UTC) }

// Schema returns a schema like that of devices, with every type and property of
// fields.
func Schema() *query.Schema {
	text := func(name string) query.Field { return query.Field{Name: name, Type: query.String, Search: true} }
	return query.NewSchema(
		query.Field{Name: "id", Type: query.String},
		text("manufacturer"),
		query.Field{Name: "oui", Type: query.String},
		text("productClass"),
		text("serialNumber"),
		query.Field{Name: "mac", Type: query.String, Search: true, MAC: true},
		text("model"),
		text("softwareVersion"),
		text("address"),
		query.Field{Name: "group", Type: query.String},
		query.Field{Name: "tags", Type: query.StringList, Search: true},
		query.Field{Name: "firstSeen", Type: query.Time},
		query.Field{Name: "lastInform", Type: query.Time},
		query.Field{Name: "online", Type: query.Bool, Unordered: true},
		query.Field{Name: "revision", Type: query.Int},
		query.Field{Name: "parameter.vlanId", Type: query.String},
	)
}
