package files

import "github.com/dialtone-acs/dialtone/device/query"

// Schema returns the fields of a file that filters name.
func Schema() *query.Schema {
	return query.NewSchema(
		query.Field{Name: "name", Type: query.String, Search: true},
		query.Field{Name: "type", Type: query.String, Search: true},
		query.Field{Name: "oui", Type: query.String},
		query.Field{Name: "productClass", Type: query.String, Search: true},
		query.Field{Name: "version", Type: query.String, Search: true},
		query.Field{Name: "size", Type: query.Int},
		query.Field{Name: "sha256", Type: query.String},
		query.Field{Name: "createdAt", Type: query.Time},
		query.Field{Name: "device", Type: query.String},
	)
}

// Field returns the value of a field of Schema, as query.Match asks for it; ok
// is false for a field that is not in the schema.
func (f *File) Field(name string) (value query.Value, ok bool) {
	switch name {
	case "size":
		return query.IntValue(f.Size), true
	case "createdAt":
		return query.TimeValue(f.CreatedAt), true
	}
	text, ok := map[string]string{
		"name": f.Name, "type": f.Type, "oui": f.OUI, "productClass": f.ProductClass, "version": f.Version, "sha256": f.SHA256, "device": string(f.Device),
	}[name]
	return query.TextValue(text), ok
}
