package users

import (
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// within reports whether a scope lies in another, or is the same.
func within(inner, outer device.Scope) bool {
	return outer.Group == "" || inner.Group == outer.Group || strings.HasPrefix(inner.Group, outer.Group+"/")
}
