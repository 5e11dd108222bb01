package cwmp

import (
	"errors"
	"slices"
	"strings"
)

// The versions of CWMP: 1.0 to 1.3 came with TR-069 Amendments 1 to 4, 1.4 with
// Amendment 5.
const (
	Version1_0 = "1.0"
	Version1_1 = "1.1"
	Version1_2 = "1.2"
	Version1_3 = "1.3"
	Version1_4 = "1.4"
)

// ErrVersion is returned by Negotiate if a device and this package have no version of
// CWMP in common. It is to be answered with FaultACSVersionMismatch.
var ErrVersion = errors.New("cwmp: no version of CWMP in common")

// Versions returns every version of CWMP that this package speaks, the lowest first.
func Versions() []string {
	return []string{Version1_0, Version1_1, Version1_2, Version1_3, Version1_4}
}

// Negotiate settles the version of CWMP for a session (TR-069 3.7.4) from what the
// Inform tells: the namespace of its envelope, its SupportedCWMPVersions header, and
// whether it has a SessionTimeout header.
//
// With SupportedCWMPVersions, which came with CWMP 1.4, the highest version in
// common is chosen, and use says that the answer must name it in UseCWMPVersion.
// Without, the version follows from the namespace, and use is false: an older device
// would refuse the header. It returns ErrVersion if there is none in common.
func Negotiate(namespace string, supported []string, hasSessionTimeout bool) (version string, use bool, err error) {
	if len(supported) > 0 {
		known := Versions()
		for _, v := range slices.Backward(known) {
			if slices.Contains(supported, v) {
				return v, true, nil
			}
		}
		return "", false, ErrVersion
	}
	if namespace == "" {
		return Version1_0, false, nil
	}
	if !IsNamespace(namespace) {
		return "", false, ErrVersion
	}
	switch minor := strings.TrimPrefix(namespace, namespacePrefix); {
	case minor == "0":
		return Version1_0, false, nil
	case minor == "1":
		return Version1_1, false, nil
	case minor == "2" && !hasSessionTimeout:
		return Version1_2, false, nil
	case minor == "2" || minor == "3":
		return Version1_3, false, nil
	}
	// Nothing above 1-2 is official, but there are devices that name what they
	// speak in this way.
	return Version1_4, false, nil
}

// AtLeast reports whether version, one of Versions, is since or a later one; false
// for a version that this package does not know.
func AtLeast(version, since string) bool {
	known := Versions()
	return slices.Contains(known, version) && slices.Index(known, version) >= slices.Index(known, since)
}

// NamespaceOf returns the namespace of a version of CWMP: 1.2 to 1.4 have the same.
// It is empty for a version that this package does not know.
func NamespaceOf(version string) string {
	switch version {
	case Version1_0:
		return NamespaceV1_0
	case Version1_1:
		return NamespaceV1_1
	case Version1_2, Version1_3, Version1_4:
		return NamespaceV1_2
	}
	return ""
}
