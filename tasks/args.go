package tasks

import (
	"fmt"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Bounds of single arguments.
const (
	// MaxPaths is how many paths or parameters one task may name.
	MaxPaths = 2000
	// MaxDelaySeconds is the longest DelaySeconds: a day and a half.
	MaxDelaySeconds = 36 * 3600
)

// NoArgs are the arguments of kinds that have none.
type NoArgs struct{}

// Validate returns nil.
func (*NoArgs) Validate() error { return nil }

// GetParameterValuesArgs are the arguments of GetParameterValues.
type GetParameterValuesArgs struct {
	// Paths are parameters, or branches with their final dot.
	Paths []string `json:"paths"`
}

// Validate checks the paths.
func (a *GetParameterValuesArgs) Validate() error { return checkPaths(a.Paths) }

// SetParameterValuesArgs are the arguments of SetParameterValues.
type SetParameterValuesArgs struct {
	Parameters []ParameterSetting `json:"parameters"`
	// OnlyIfDifferent leaves out what the device already reports; without it
	// the RPC is always sent.
	OnlyIfDifferent bool `json:"onlyIfDifferent,omitempty"`
	// ParameterKey is stored by the device with the change; at most 32
	// characters.
	ParameterKey string `json:"parameterKey,omitempty"`
}

// Validate checks the parameters.
func (a *SetParameterValuesArgs) Validate() error {
	if err := checkLength("parameterKey", a.ParameterKey, 32); err != nil {
		return err
	}
	if len(a.Parameters) == 0 {
		return &ArgumentError{Field: "parameters", Message: "must have at least one parameter"}
	}
	return checkSettings(a.Parameters)
}

func (a *SetParameterValuesArgs) seal(seal sealer) error { return sealSettings(a.Parameters, seal) }

// GetParameterNamesArgs are the arguments of GetParameterNames.
type GetParameterNamesArgs struct {
	// Path is a parameter, an object with its final dot, or empty for the root.
	Path string `json:"path"`
	// NextLevel limits the answer to the children of an object.
	NextLevel bool `json:"nextLevel,omitempty"`
}

// Validate checks the path; NextLevel needs an object (TR-069 A.3.2.3).
func (a *GetParameterNamesArgs) Validate() error {
	if err := checkBranch("path", a.Path); err != nil {
		return err
	}
	if a.NextLevel && a.Path != "" && !device.IsObject(a.Path) {
		return &ArgumentError{Field: "nextLevel", Message: "goes with an object, whose path ends with a dot"}
	}
	return nil
}

// GetParameterAttributesArgs are the arguments of GetParameterAttributes.
type GetParameterAttributesArgs struct {
	Paths []string `json:"paths"`
}

// Validate checks the paths.
func (a *GetParameterAttributesArgs) Validate() error { return checkPaths(a.Paths) }

// SetParameterAttributesArgs are the arguments of SetParameterAttributes.
type SetParameterAttributesArgs struct {
	Parameters []AttributeSetting `json:"parameters"`
}

// AttributeSetting changes the attributes of one parameter or branch; what is
// absent stays.
type AttributeSetting struct {
	Path string `json:"path"`
	// Notification is 0 to 6 (TR-069 A.3.2.4).
	Notification *int `json:"notification,omitempty"`
	// AccessList replaces the list where it is present, also when empty.
	AccessList *[]string `json:"accessList,omitempty"`
}

// Validate checks every parameter.
func (a *SetParameterAttributesArgs) Validate() error {
	if len(a.Parameters) == 0 || len(a.Parameters) > MaxPaths {
		return &ArgumentError{Field: "parameters", Message: fmt.Sprintf("must have 1 to %d parameters", MaxPaths)}
	}
	for i, p := range a.Parameters {
		field := fmt.Sprintf("parameters[%d]", i)
		if err := checkPath(field+".path", p.Path); err != nil {
			return err
		}
		if p.Notification == nil && p.AccessList == nil {
			return &ArgumentError{Field: field, Message: "must have notification, accessList or both"}
		}
		if p.Notification != nil && (*p.Notification < 0 || *p.Notification > 6) {
			return &ArgumentError{Field: field + ".notification", Message: "must be between 0 and 6"}
		}
	}
	return nil
}

// AddObjectArgs are the arguments of AddObject.
type AddObjectArgs struct {
	// ObjectName is the object with its final dot.
	ObjectName string `json:"objectName"`
	// Parameters are set on the new instance; their paths are relative to it.
	Parameters []ParameterSetting `json:"parameters,omitempty"`
}

// Validate checks the object and the parameters.
func (a *AddObjectArgs) Validate() error {
	if err := checkObject("objectName", a.ObjectName); err != nil {
		return err
	}
	return checkSettings(a.Parameters)
}

func (a *AddObjectArgs) seal(seal sealer) error { return sealSettings(a.Parameters, seal) }

// DeleteObjectArgs are the arguments of DeleteObject.
type DeleteObjectArgs struct {
	// ObjectName is the instance with its number and final dot.
	ObjectName string `json:"objectName"`
}

// Validate checks the instance.
func (a *DeleteObjectArgs) Validate() error { return checkObject("objectName", a.ObjectName) }

// RefreshArgs are the arguments of Refresh.
type RefreshArgs struct {
	// Path is an object with its final dot, or empty for the whole tree.
	Path string `json:"path"`
}

// Validate checks the path.
func (a *RefreshArgs) Validate() error { return checkBranch("path", a.Path) }

// ProfileFile is the DownloadArgs.File of the file with the device's own settings, as
// its vendor pack makes it when the device fetches it. It holds secrets: it is for
// devices that have proven who they are.
const ProfileFile = "@profile"

// DownloadArgs are the arguments of Download.
type DownloadArgs struct {
	// FileType is the type that the device is told, such as "1 Firmware Upgrade
	// Image"; empty takes that of the file.
	FileType string `json:"fileType,omitempty"`
	// File names a file of ours, or is ProfileFile; URL names one elsewhere. Exactly one
	// is given.
	File           string `json:"file,omitempty"`
	URL            string `json:"url,omitempty"`
	Username       string `json:"username,omitempty"`
	Password       string `json:"password,omitempty"`
	TargetFileName string `json:"targetFileName,omitempty"`
	DelaySeconds   int    `json:"delaySeconds,omitempty"`
	// SealedPassword holds Password at rest.
	SealedPassword secret.Sealed `json:"sealedPassword,omitempty"`
}

// Validate checks what is sent to the device against the bounds of TR-069
// A.3.2.8.
func (a *DownloadArgs) Validate() error {
	if (a.File == "") == (a.URL == "") {
		return &ArgumentError{Field: "file", Message: "exactly one of file and url must be given"}
	}
	if strings.HasPrefix(a.File, "@") && a.File != ProfileFile {
		return &ArgumentError{Field: "file", Message: `must be the name of a file, or "` + ProfileFile + `"`}
	}
	if a.SealedPassword != "" {
		return &ArgumentError{Field: "sealedPassword", Message: "is not an argument"}
	}
	if a.URL != "" && a.FileType == "" {
		return &ArgumentError{Field: "fileType", Message: "must be given with url"}
	}
	if a.URL != "" {
		if err := checkURL("url", a.URL, transferSchemes()); err != nil {
			return err
		}
	}
	if err := checkRange("delaySeconds", a.DelaySeconds, 0, MaxDelaySeconds); err != nil {
		return err
	}
	return checkLengths([]textBound{
		{"fileType", a.FileType, 64}, {"file", a.File, 256}, {"url", a.URL, 256}, {"username", a.Username, 256}, {"password", a.Password, 256},
		{"targetFileName", a.TargetFileName, 256},
	})
}

func (a *DownloadArgs) delay() time.Duration { return time.Duration(a.DelaySeconds) * time.Second }
