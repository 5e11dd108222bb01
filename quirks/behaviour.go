package quirks

import (
	"slices"
	"time"
)

// Behaviour is how the server behaves toward a device, where that is not as toward
// every other. The zero value is a device by the book. A field that a profile leaves
// out is not said by it.
type Behaviour struct {
	// GetParameterValuesNames is how many names one GetParameterValues carries at
	// most; SetParameterValuesParameters how many parameters one SetParameterValues.
	// 0 is the server's own limit.
	GetParameterValuesNames      int `json:"getParameterValuesNames,omitempty"`
	SetParameterValuesParameters int `json:"setParameterValuesParameters,omitempty"`
	// LevelByLevel lists the tree one level at a time: the device cannot do it at
	// once.
	LevelByLevel bool `json:"levelByLevel,omitempty"`
	// RootBranches are the objects below the root, without it and with their final
	// dot, that are listed in place of the root, which the device refuses to list.
	RootBranches []string `json:"rootBranches,omitempty"`
	// WholeBranches are patterns of objects that are listed whole although the tree
	// is listed level by level: the device refuses NextLevel below them.
	WholeBranches []string `json:"wholeBranches,omitempty"`
	// NextLevelWords writes NextLevel as true or false; BooleanWords does so for
	// boolean values. Else they are 1 or 0.
	NextLevelWords bool `json:"nextLevelWords,omitempty"`
	BooleanWords   bool `json:"booleanWords,omitempty"`
	// Types are the types (such as "xsd:unsignedInt") to send for parameters that
	// match a pattern, whatever the device reports.
	Types map[string]string `json:"types,omitempty"`
	// IgnoredParameters are patterns of parameters that are never asked for.
	IgnoredParameters []string `json:"ignoredParameters,omitempty"`
	// CookieAlways sends the session's cookie with every answer: the device forgets
	// one that is not repeated.
	CookieAlways bool `json:"cookieAlways,omitempty"`
	// BusyFaults are CWMP fault codes that mean busy: the task is tried again later.
	BusyFaults []int `json:"busyFaults,omitempty"`
	// Lacks are RPCs that the device says it has and has not.
	Lacks []string `json:"lacks,omitempty"`
	// NoTransferComplete says that the device may not report the end of a download:
	// a firmware counts as installed once the device shows its version.
	NoTransferComplete bool `json:"noTransferComplete,omitempty"`
	// EndAfterTransferComplete sends nothing more in a session in which the device
	// reported a transfer: it reboots then, without ending the session.
	EndAfterTransferComplete bool `json:"endAfterTransferComplete,omitempty"`
	// NoDiagnosticsEvent says that 8 DIAGNOSTICS COMPLETE never comes: the state is
	// asked for.
	NoDiagnosticsEvent bool `json:"noDiagnosticsEvent,omitempty"`
	// SessionTimeout is how long the device may keep silent in a session, in seconds,
	// where that is more than the server's own.
	SessionTimeout int `json:"sessionTimeout,omitempty"`
	// KeepsConnectionRequestCredentials says that the device does not take new ones:
	// onboarding leaves them alone.
	KeepsConnectionRequestCredentials bool `json:"keepsConnectionRequestCredentials,omitempty"`
}

// Idle returns SessionTimeout as a duration.
func (b *Behaviour) Idle() time.Duration { return time.Duration(b.SessionTimeout) * time.Second }

// Busy reports whether a fault code means that the device is busy.
func (b *Behaviour) Busy(code int) bool { return slices.Contains(b.BusyFaults, code) }

// Ignores reports whether a parameter is never asked for.
func (b *Behaviour) Ignores(path string) bool { return matchesAny(b.IgnoredParameters, path) }

// Whole reports whether an object is listed whole.
func (b *Behaviour) Whole(object string) bool { return matchesAny(b.WholeBranches, object) }

// Type returns the type to send for a parameter; ok is false where no pattern
// matches. Of several that match the longest counts.
func (b *Behaviour) Type(path string) (xsdType string, ok bool) {
	best := ""
	for pattern, t := range b.Types {
		if len(pattern) >= len(best) && Match(pattern, path) && (len(pattern) > len(best) || pattern < best || best == "") {
			best, xsdType, ok = pattern, t, true
		}
	}
	return xsdType, ok
}

func matchesAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return Match(p, text) })
}
