package shelf

import (
	"errors"
	"regexp"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

const (
	// FileType is the type of the files that are versions of packs.
	FileType = "X Vendor Pack"
	// BuiltIn is the version of a pack that came with the program.
	BuiltIn = "builtIn"
	// MaxZip is the largest upload in bytes.
	MaxZip = pack.MaxZip
)

// Choice is the body of a declared.VendorPack: which version of a pack is in force.
type Choice struct {
	// Active is the name of a file, empty for the one that came with the program.
	Active string `json:"active"`
	// Checked is when the version was found fit.
	Checked time.Time `json:"checked,omitzero"`
}

var (
	// ErrNotFound is returned for a pack or a version that is not there.
	ErrNotFound = errors.New("no such version of a vendor pack")
	// ErrInUse is returned for a version that is in force and is not to be deleted.
	ErrInUse = errors.New("the version of the vendor pack is in force")
)

// versionDigits is how many digits of the SHA-256 of a zip are its version.
const versionDigits = 12

var fileName = regexp.MustCompile(`^pack-([a-z0-9-]+)-([0-9a-f]{12})\.zip$`)

// FileName returns the name of the file of a version.
func FileName(pack, version string) string { return "pack-" + pack + "-" + version + ".zip" }

// ParseFileName returns the pack and the version that a file is; ok is false for one
// that is none.
func ParseFileName(name string) (pack, version string, ok bool) {
	parts := fileName.FindStringSubmatch(name)
	if parts == nil {
		return "", "", false
	}
	return parts[1], parts[2], true
}
