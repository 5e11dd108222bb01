package tasks

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// UploadArgs are the arguments of Upload (TR-069 A.4.1.5).
type UploadArgs struct {
	// FileType is the type that the device is told, such as "2 Vendor Log File".
	FileType string `json:"fileType"`
	// Instance chooses one of several files of the types "3 Vendor Configuration
	// File" and "4 Vendor Log File", whose names it ends; 0 for other types.
	Instance int `json:"instance,omitempty"`
	// URL is where the device sends the file; empty for this server, which keeps
	// it.
	URL          string `json:"url,omitempty"`
	Username     string `json:"username,omitempty"`
	Password     string `json:"password,omitempty"`
	DelaySeconds int    `json:"delaySeconds,omitempty"`
	// SealedPassword holds Password at rest.
	SealedPassword secret.Sealed `json:"sealedPassword,omitempty"`
}

// MaxInstance bounds UploadArgs.Instance.
const MaxInstance = 999

// fileTypePattern is the FileType of TR-069 A.3.2.8 and A.4.1.5.
var fileTypePattern = regexp.MustCompile(`^(?:[1-9][0-9]*|X)(?: [^\s\pZ\pC]+)+$`)

// Validate checks what is sent to the device against the bounds of TR-069
// A.4.1.5.
func (a *UploadArgs) Validate() error {
	if !fileTypePattern.MatchString(a.FileType) {
		return &ArgumentError{Field: "fileType", Message: `must be a number and words, such as "2 Vendor Log File", or "X" and words`}
	}
	if err := checkRange("instance", a.Instance, 0, MaxInstance); err != nil {
		return err
	}
	if numbered := a.FileType == "3 Vendor Configuration File" || a.FileType == "4 Vendor Log File"; numbered != (a.Instance > 0) {
		return &ArgumentError{Field: "instance", Message: `goes with "3 Vendor Configuration File" and "4 Vendor Log File", which need one`}
	}
	if a.SealedPassword != "" {
		return &ArgumentError{Field: "sealedPassword", Message: "is not an argument"}
	}
	if a.URL == "" && (a.Username != "" || a.Password != "") {
		return &ArgumentError{Field: "url", Message: "must be given with username and password"}
	}
	if a.URL != "" {
		if err := checkURL("url", a.URL, transferSchemes()); err != nil {
			return err
		}
	}
	if err := checkRange("delaySeconds", a.DelaySeconds, 0, MaxDelaySeconds); err != nil {
		return err
	}
	return checkLengths([]textBound{{"fileType", a.FileType, 60}, {"url", a.URL, 256}, {"username", a.Username, 256}, {"password", a.Password, 256}})
}

// Told returns the FileType with the instance, as the device is told it.
func (a *UploadArgs) Told() string {
	if a.Instance == 0 {
		return a.FileType
	}
	return a.FileType + " " + strconv.Itoa(a.Instance)
}

func (a *UploadArgs) delay() time.Duration { return time.Duration(a.DelaySeconds) * time.Second }

func (a *UploadArgs) passwords() []passwordAt { return []passwordAt{{&a.Password, &a.SealedPassword}} }

func (a *UploadArgs) mask() any {
	return struct {
		FileType     string          `json:"fileType"`
		Instance     int             `json:"instance,omitempty"`
		URL          string          `json:"url,omitempty"`
		Username     string          `json:"username,omitempty"`
		Password     json.RawMessage `json:"password,omitempty"`
		Secret       bool            `json:"secret,omitempty"`
		DelaySeconds int             `json:"delaySeconds,omitempty"`
	}{a.FileType, a.Instance, a.URL, a.Username, maskedPassword(a), maskedPassword(a) != nil, a.DelaySeconds}
}

// MaxScheduleSeconds is how far ahead ScheduleInform and ScheduleDownload may
// reach: thirty days.
const MaxScheduleSeconds = 30 * 24 * 3600

// ScheduleInformArgs are the arguments of ScheduleInform (TR-069 A.4.1.2).
type ScheduleInformArgs struct {
	// DelaySeconds is how long the device waits, 1 to MaxScheduleSeconds.
	DelaySeconds int `json:"delaySeconds"`
}

// Validate checks the delay.
func (a *ScheduleInformArgs) Validate() error {
	return checkRange("delaySeconds", a.DelaySeconds, 1, MaxScheduleSeconds)
}

func (a *ScheduleInformArgs) delay() time.Duration {
	return time.Duration(a.DelaySeconds) * time.Second
}

// ScheduleDownloadArgs are the arguments of ScheduleDownload (TR-069 A.4.1.8).
type ScheduleDownloadArgs struct {
	// FileType is the type that the device is told; empty takes that of the file.
	FileType string `json:"fileType,omitempty"`
	// File names a file of ours, or is ProfileFile; URL names one elsewhere. Exactly one
	// is given.
	File           string `json:"file,omitempty"`
	URL            string `json:"url,omitempty"`
	Username       string `json:"username,omitempty"`
	Password       string `json:"password,omitempty"`
	TargetFileName string `json:"targetFileName,omitempty"`
	// Windows are one or two windows of time that do not overlap, the earlier
	// first.
	Windows []TimeWindow `json:"windows"`
	// SealedPassword holds Password at rest.
	SealedPassword secret.Sealed `json:"sealedPassword,omitempty"`
}

// TimeWindow is when and how a device may fetch a file.
type TimeWindow struct {
	// StartSeconds and EndSeconds count from when the device is told.
	StartSeconds int `json:"startSeconds"`
	EndSeconds   int `json:"endSeconds"`
	// Mode is one of WindowModes, or "X" and words of a vendor's own.
	Mode string `json:"mode"`
	// UserMessage is shown to the user where Mode asks for a confirmation; at most
	// 256 characters.
	UserMessage string `json:"userMessage,omitempty"`
	// MaxRetries is how often the device tries again; nil or -1 leaves it to the
	// device.
	MaxRetries *int `json:"maxRetries,omitempty"`
}

// WindowModes are the modes of a TimeWindow (TR-069 A.4.1.8).
func WindowModes() []string {
	return []string{"1 At Any Time", "2 Immediately", "3 When Idle", "4 Confirmation Needed"}
}

// Validate checks what is sent to the device against the bounds of TR-069
// A.4.1.8.
func (a *ScheduleDownloadArgs) Validate() error {
	same := DownloadArgs{
		FileType: a.FileType, File: a.File, URL: a.URL, Username: a.Username, Password: a.Password, TargetFileName: a.TargetFileName, SealedPassword: a.SealedPassword,
	}
	if err := same.Validate(); err != nil {
		return err
	}
	if len(a.Windows) < 1 || len(a.Windows) > 2 {
		return &ArgumentError{Field: "windows", Message: "must have one or two windows"}
	}
	end := 0
	for i, w := range a.Windows {
		if err := w.check(fmt.Sprintf("windows[%d]", i), end); err != nil {
			return err
		}
		end = w.EndSeconds
	}
	return nil
}

// check checks a window that may begin at the given second.
func (w *TimeWindow) check(field string, from int) error {
	if err := checkRange(field+".startSeconds", w.StartSeconds, from, MaxScheduleSeconds-1); err != nil {
		return err
	}
	if err := checkRange(field+".endSeconds", w.EndSeconds, w.StartSeconds+1, MaxScheduleSeconds); err != nil {
		return err
	}
	if !slices.Contains(WindowModes(), w.Mode) && !(fileTypePattern.MatchString(w.Mode) && w.Mode[0] == 'X') {
		return &ArgumentError{Field: field + ".mode", Message: `must be "1 At Any Time", "2 Immediately", "3 When Idle", "4 Confirmation Needed", or "X" and words`}
	}
	if w.MaxRetries != nil {
		if err := checkRange(field+".maxRetries", *w.MaxRetries, -1, 1000); err != nil {
			return err
		}
	}
	return checkLengths([]textBound{{field + ".mode", w.Mode, 64}, {field + ".userMessage", w.UserMessage, 256}})
}

// delay is the end of the last window.
func (a *ScheduleDownloadArgs) delay() time.Duration {
	if len(a.Windows) == 0 {
		return 0
	}
	return time.Duration(a.Windows[len(a.Windows)-1].EndSeconds) * time.Second
}

func (a *ScheduleDownloadArgs) passwords() []passwordAt {
	return []passwordAt{{&a.Password, &a.SealedPassword}}
}

func (a *ScheduleDownloadArgs) mask() any {
	return struct {
		FileType       string          `json:"fileType,omitempty"`
		File           string          `json:"file,omitempty"`
		URL            string          `json:"url,omitempty"`
		Username       string          `json:"username,omitempty"`
		Password       json.RawMessage `json:"password,omitempty"`
		Secret         bool            `json:"secret,omitempty"`
		TargetFileName string          `json:"targetFileName,omitempty"`
		Windows        []TimeWindow    `json:"windows"`
	}{a.FileType, a.File, a.URL, a.Username, maskedPassword(a), maskedPassword(a) != nil, a.TargetFileName, a.Windows}
}

// CancelTransferArgs are the arguments of CancelTransfer (TR-069 A.4.1.9).
type CancelTransferArgs struct {
	// Task is the download, upload or scheduled download to cancel; CommandKey
	// names one that no task of ours asked for. Exactly one is given.
	Task       ID     `json:"task,omitempty"`
	CommandKey string `json:"commandKey,omitempty"`
}

// Validate checks that one transfer is named.
func (a *CancelTransferArgs) Validate() error {
	if (a.Task == "") == (a.CommandKey == "") {
		return &ArgumentError{Field: "task", Message: "exactly one of task and commandKey must be given"}
	}
	if a.Task != "" {
		if _, err := ParseID(string(a.Task)); err != nil {
			return &ArgumentError{Field: "task", Message: "must be the id of a task"}
		}
	}
	return checkLength("commandKey", a.CommandKey, 32)
}
