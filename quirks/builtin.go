package quirks

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed profiles/*.yaml
var profileFiles embed.FS

// BuiltIn returns the profiles that come with the program, in order of ID. Each file
// of the folder profiles holds those of one maker, by ID. An error says that a file is
// not as ParseProfile wants it.
func BuiltIn() ([]Profile, error) {
	names, err := profileFiles.ReadDir("profiles")
	if err != nil {
		return nil, fmt.Errorf("read built-in quirk profiles: %w", err)
	}
	var all []Profile
	for _, entry := range names {
		profiles, err := readProfiles(path.Join("profiles", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("built-in quirk profiles: %s: %w", entry.Name(), err)
		}
		all = append(all, profiles...)
	}
	slices.SortFunc(all, func(a, b Profile) int { return compareIDs(a, b) })
	return all, nil
}

func compareIDs(a, b Profile) int {
	switch {
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	default:
		return 0
	}
}

func readProfiles(name string) ([]Profile, error) {
	text, err := profileFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var documents map[string]any
	if err := yaml.Unmarshal(text, &documents); err != nil {
		return nil, err
	}
	var profiles []Profile
	for id, document := range documents {
		body, err := json.Marshal(document)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		p, err := ParseProfile(id, body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		p.BuiltIn = true
		profiles = append(profiles, p)
	}
	return profiles, nil
}
