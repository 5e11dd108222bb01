package device

import "time"

// ModelKey identifies devices that behave alike: maker, product class and
// firmware.
type ModelKey struct {
	Manufacturer    string
	ProductClass    string
	SoftwareVersion string
}

// ModelLimits is what was learnt of a model's limits. Zero means unknown.
type ModelLimits struct {
	// GetParameterValues is how many names one GetParameterValues may carry.
	GetParameterValues int `json:"getParameterValues,omitempty"`
	// LevelByLevel says that the device cannot list its whole tree by one
	// GetParameterNames.
	LevelByLevel bool `json:"levelByLevel,omitempty"`
	// SetParameterValues is how many parameters one SetParameterValues may carry.
	SetParameterValues int `json:"setParameterValues,omitempty"`
	// Methods are the RPCs that the model says it has (TR-069 A.3.1.1), as of
	// MethodsAt; empty if it was not asked.
	Methods   []string  `json:"methods,omitempty"`
	MethodsAt time.Time `json:"methodsAt,omitzero"`
	// Lacks are RPCs that it answered with fault 9000, whatever it lists.
	Lacks []string `json:"lacks,omitempty"`
}
