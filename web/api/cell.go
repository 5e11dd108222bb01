package api

import (
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
)

// cell returns a value as a cell of a table that people open in a spreadsheet.
func cell(v query.Value) string {
	switch v.Type {
	case query.Int:
		return strconv.FormatInt(v.Int, 10)
	case query.Bool:
		return strconv.FormatBool(v.Bool)
	case query.Time:
		if v.Time.IsZero() {
			return ""
		}
		return v.Time.UTC().Format(time.RFC3339Nano)
	case query.StringList:
		return plainCell(strings.Join(v.List, ","))
	default:
		return plainCell(v.Text)
	}
}
