package cpe

import (
	"maps"
	"slices"
)

// presets are the manners of clients that exist, as far as an ACS sees them.
var presets = map[string][]string{
	"icwmp": {
		"no-soap-action", "content-type-empty-post", "expect-continue", "wants-namespaces", "wants-prefixes", "wants-max-envelopes",
		"wants-file-type", "status-one", "duplicates-9003", "cwmp-1-4",
	},
	"easycwmp":   {"soap-action-bare", "wants-namespaces", "wants-prefixes", "wants-max-envelopes", "cwmp-1-0"},
	"rdk":        {"wants-must-understand", "wants-order", "wants-length", "final-empty-post", "digest-verbatim", "names-256"},
	"catawampus": {"constant-id", "open-array-type", "any-type", "fault-to-fault", "wants-order", "accepts-gzip", "cwmp-1-0"},
	"netcwmp": {
		"digest-without-qop", "small-buffers", "wants-length", "local-time", "tells-secrets", "values-of-long-type", "schema-1999", "cwmp-1-0",
	},
	"horde":         {"content-type-application", "wants-prefixes", "cwmp-1-0"},
	"cwmp-sim":      {"basic-first", "digest-count-fixed", "cookies-without-login"},
	"genieacs-sim":  {"basic-first", "cookies-with-attributes", "wants-prefixes", "cwmp-1-0"},
	"thomson":       {"is-thomson", "umlauts", "latin-1", "chunked", "basic-first", "cwmp-1-0"},
	"zyxel":         {"is-zyxel", "no-more-requests", "cwmp-1-0"},
	"mikrotik":      {"is-mikrotik", "wants-length", "goes-after-transfer"},
	"tp-link":       {"is-tp-link", "cookies-with-path", "cookies-forgotten", "digit-booleans", "ignores-sets"},
	"grandstream":   {"is-grandstream", "names-9002"},
	"cisco-spa":     {"is-cisco-spa", "value-left-out", "no-diagnostics-event"},
	"cisco-867":     {"is-cisco-867", "no-whole-tree", "names-16"},
	"sagemcom":      {"is-sagemcom", "no-root-names", "cookies-with-path"},
	"avm":           {"is-avm", "connection-after-401"},
	"datacom-dm955": {"is-dm955", "cookies-forgotten", "connection-per-request"},
}

// Presets returns the names of all presets, in order.
func Presets() []string { return slices.Sorted(maps.Keys(presets)) }

// Preset returns the oddities that make up a client that exists, such as "icwmp", and
// whether there is one of that name.
func Preset(name string) (oddities []string, ok bool) {
	parts, ok := presets[name]
	return slices.Clone(parts), ok
}
