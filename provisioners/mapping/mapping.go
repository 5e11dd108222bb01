package mapping

import (
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Input is what parameters are computed from.
type Input struct {
	// Root is the device's root object: "Device." or "InternetGatewayDevice.".
	Root string
	// Names are what devices of this kind have; nil if that is not known yet.
	Names *Names
	// Instances are those of the device, by the path of their table with its final dot. A
	// table that is not in it is not known. Paths are full, with instance numbers.
	Instances map[string][]int
	// Full are tables, as those of Instances, to which the device adds no more instances,
	// whatever its names say: it refused to.
	Full map[string]bool
	// Pack is the name of the pack, for its own settings (vendor.PACK.KEY).
	Pack string
	// Effective are the device's settings, Phone is made of them (Effective.Phone).
	Effective *provisioners.Effective
	Phone     provisioners.Phone
}

// Resolved is what a device is to have.
type Resolved struct {
	// Parameters are in the order in which they are to be set, each path once.
	Parameters []Parameter
	// Unknown are tables, by their full paths, whose instances must be known first; with any
	// of them, or with Missing, the Parameters are not all.
	Unknown []string
	// Missing are tables in which the next instance must be made first (AddObject).
	Missing []string
	// Owned are the paths of the settings that parameters carry, in order. Those that wait
	// for instances are neither here nor in Unmapped.
	Owned []string
	// Unmapped are declared settings that the mapping has and this device has not, or
	// cannot be given beside others, and why.
	Unmapped []provisioners.Unmapped
}

// Parameter is one parameter as it is to be.
type Parameter struct {
	// Path is full, Type as "xsd:string".
	Path string
	Type string
	// Value is empty for a secret, whose value is in Secret.
	Value    string
	IsSecret bool
	Secret   secret.Text
	// Setting is the path of the setting that it carries, empty for one that carries none,
	// or more than one.
	Setting string
	// Also are the same setting of further accounts, which it carries too.
	Also []string
	// Adopt returns the value of the setting that a value of the parameter amounts to; ok
	// is false if there is none. It is nil where none can be.
	Adopt func(value string) (setting string, ok bool)
}
