package device

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

const (
	// MaxIndexedParameters bounds how many parameters are indexed.
	MaxIndexedParameters = 16
	// MaxIndexedName is the longest name of an indexed parameter in bytes.
	MaxIndexedName = 32
	// MaxIndexedPaths bounds the paths of one name.
	MaxIndexedPaths = 16
	// MaxIndexedValue is the longest value in bytes that is indexed.
	MaxIndexedValue = 256
)

// IndexedParameters are the parameters whose values are copied into
// Device.Indexed, so that lists of devices can show, filter and order by them.
// Each has a name, and one path for each data model in which it occurs. The
// zero value has none. It is immutable and safe for concurrent use.
type IndexedParameters struct {
	paths  map[string][]string
	byPath map[string]string
}

// ParseIndexedParameters reads the parameters from their names and paths; the
// paths of one name are joined by "|". It returns an error that wraps ErrInvalid
// for a name that CheckIndexedName refuses or that differs from another only in
// case, for a path that is no full name of a parameter, that is named twice or
// that is secret by its name, and for too many of either.
func ParseIndexedParameters(pathsByName map[string]string) (IndexedParameters, error) {
	p := IndexedParameters{paths: map[string][]string{}, byPath: map[string]string{}}
	if len(pathsByName) > MaxIndexedParameters {
		return p, fmt.Errorf("%w: %d indexed parameters, at most %d are allowed", ErrInvalid, len(pathsByName), MaxIndexedParameters)
	}
	for _, name := range slices.Sorted(maps.Keys(pathsByName)) {
		if err := p.add(name, strings.Split(pathsByName[name], "|")); err != nil {
			return IndexedParameters{}, err
		}
	}
	return p, nil
}

func (p *IndexedParameters) add(name string, paths []string) error {
	if err := CheckIndexedName(name); err != nil {
		return err
	}
	for other := range p.paths {
		if strings.EqualFold(other, name) {
			return fmt.Errorf("%w: the names %s and %s differ only in case", ErrInvalid, other, name)
		}
	}
	if len(paths) > MaxIndexedPaths {
		return fmt.Errorf("%w: %s has %d paths, at most %d are allowed", ErrInvalid, name, len(paths), MaxIndexedPaths)
	}
	for _, path := range paths {
		if err := checkIndexedPath(path); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if other, taken := p.byPath[path]; taken {
			return fmt.Errorf("%w: %s: %s is a path of %s already", ErrInvalid, name, path, other)
		}
		p.byPath[path] = name
	}
	p.paths[name] = paths
	return nil
}

// CheckIndexedName checks that a name is one of an indexed parameter: a
// lower-case letter, then letters and digits, at most MaxIndexedName of them.
// The error wraps ErrInvalid.
func CheckIndexedName(name string) error {
	const first, further = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	if name == "" || len(name) > MaxIndexedName || !strings.Contains(first, name[:1]) || strings.Trim(name, first+further) != "" {
		return fmt.Errorf("%w: name %q must be a lower-case letter and then letters and digits, at most %d of them", ErrInvalid, name, MaxIndexedName)
	}
	return nil
}

func checkIndexedPath(path string) error {
	if err := CheckPath(path); err != nil {
		return err
	}
	switch {
	case IsObject(path):
		return fmt.Errorf("%w: path %q names an object, expected a parameter", ErrInvalid, path)
	case !strings.Contains(path, "."):
		return fmt.Errorf("%w: path %q must be a full name such as Device.DeviceInfo.SerialNumber", ErrInvalid, path)
	case secret.NameIsSecret(path):
		return fmt.Errorf("%w: path %q names a secret, which cannot be indexed", ErrInvalid, path)
	}
	return nil
}

// Names returns the names in order.
func (p IndexedParameters) Names() []string { return slices.Sorted(maps.Keys(p.paths)) }

// Name returns the name of the parameter that a path is one of; ok is false for
// a parameter that is not indexed.
func (p IndexedParameters) Name(path string) (name string, ok bool) {
	name, ok = p.byPath[path]
	return name, ok
}

// Gone returns the names whose parameter a device no longer has: below branch,
// an object with its final dot or empty for all, exactly the paths for which
// has reports true are there. A name counts as gone only if all of its paths
// below the device's root lie in the branch: what lies elsewhere may still have
// the value. An empty root stands for every data model.
func (p IndexedParameters) Gone(root, branch string, has func(path string) bool) []string {
	var gone []string
	for _, name := range p.Names() {
		own := slices.DeleteFunc(slices.Clone(p.paths[name]), func(path string) bool { return !strings.HasPrefix(path, root) })
		remains := func(path string) bool { return !strings.HasPrefix(path, branch) || has(path) }
		if len(own) > 0 && !slices.ContainsFunc(own, remains) {
			gone = append(gone, name)
		}
	}
	return gone
}

// IndexedValue returns a value as Device.Indexed holds it: the value itself, or
// the empty text, which counts as missing, where it is longer than
// MaxIndexedValue bytes or not valid UTF-8 without NUL. It is never cut: a part
// of a value would match filters that the value does not. The parameter tree
// has the value in full.
func IndexedValue(value string) string {
	if len(value) > MaxIndexedValue || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return ""
	}
	return value
}

// mergeIndexed returns known with the reported values; it returns known itself
// where nothing changed.
func mergeIndexed(known, reported map[string]string) map[string]string {
	changed := false
	for name, value := range reported {
		before, ok := known[name]
		changed = changed || !ok || before != value
	}
	if !changed {
		return known
	}
	merged := make(map[string]string, len(known)+len(reported))
	maps.Copy(merged, known)
	maps.Copy(merged, reported)
	return merged
}
