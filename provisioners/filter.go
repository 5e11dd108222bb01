package provisioners

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// filterFields are those of a device that limit entries: what it is, never how it is
// at the moment, as settings that come and go would never converge.
func filterFields() []string {
	return []string{
		"id", "manufacturer", "oui", "productClass", "serialNumber", "mac", "model", "hardwareVersion", "softwareVersion", "tags", "group",
	}
}

// FilterSchema returns the fields that Entry.Filter may name.
func FilterSchema() *query.Schema {
	var some []query.Field
	for _, field := range device.Schema().Fields() {
		if slices.Contains(filterFields(), field.Name) {
			some = append(some, field)
		}
	}
	return query.NewSchema(some...)
}

// MatchModel reports whether a model matches a pattern, in which * stands for any
// text, also none, and all else for itself in either case.
func MatchModel(pattern, model string) bool {
	pattern, model = strings.ToLower(pattern), strings.ToLower(model)
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == model
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(model) < len(first)+len(last) || !strings.HasPrefix(model, first) || !strings.HasSuffix(model, last) {
		return false
	}
	model = model[len(first) : len(model)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(model, part)
		if !found {
			return false
		}
		model = after
	}
	return true
}

// counted puts a number and a noun together: "the model has 1 line".
func counted(what string, n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	if n == 0 {
		return what + " no " + noun
	}
	return what + " " + strconv.Itoa(n) + " " + noun
}
