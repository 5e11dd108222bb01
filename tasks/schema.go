package tasks

import "github.com/dialtone-acs/dialtone/device/query"

// Schema returns the fields of a task that filters name.
func Schema() *query.Schema {
	return query.NewSchema(
		query.Field{Name: "id", Type: query.String},
		query.Field{Name: "device", Type: query.String},
		query.Field{Name: "kind", Type: query.String, Search: true},
		query.Field{Name: "state", Type: query.String, Search: true},
		query.Field{Name: "createdBy", Type: query.String, Search: true},
		query.Field{Name: "uniqueKey", Type: query.String},
		query.Field{Name: "createdAt", Type: query.Time},
		query.Field{Name: "updatedAt", Type: query.Time},
		query.Field{Name: "finishedAt", Type: query.Time},
		query.Field{Name: "faultCode", Type: query.Int},
		query.Field{Name: "faultReason", Type: query.String},
		query.Field{Name: "priority", Type: query.Int},
		query.Field{Name: "retryOf", Type: query.String},
		query.Field{Name: "retriedBy", Type: query.String},
	)
}

// Field returns the value of a field of Schema, as query.Match asks for it; ok
// is false for a field that is not in the schema.
func (t *Task) Field(name string) (value query.Value, ok bool) {
	switch name {
	case "createdAt":
		return query.TimeValue(t.CreatedAt), true
	case "updatedAt":
		return query.TimeValue(t.UpdatedAt), true
	case "finishedAt":
		return query.TimeValue(t.FinishedAt), true
	case "priority":
		return query.IntValue(int64(t.Priority)), true
	case "faultCode":
		if t.Fault == nil {
			return query.Value{}, false
		}
		return query.IntValue(int64(t.Fault.Code)), true
	case "faultReason":
		if t.Fault == nil {
			return query.TextValue(""), true
		}
		return query.TextValue(string(t.Fault.Reason)), true
	}
	text, ok := map[string]string{
		"id": string(t.ID), "device": string(t.Device), "kind": string(t.Kind), "state": string(t.State), "createdBy": t.CreatedBy, "uniqueKey": t.UniqueKey,
		"retryOf": string(t.RetryOf), "retriedBy": string(t.RetriedBy),
	}[name]
	return query.TextValue(text), ok
}
