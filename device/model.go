package device

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
}
