package mapping

import "slices"

// Split reports whether files leave out what parameters carry.
func (m *Mapping) Split() bool { return m.split }

// Profile returns the name of the file that is delivered by Download, as the pack names
// it, and its FileType; ok is false if there is none.
func (m *Mapping) Profile() (file, fileType string, ok bool) {
	if m.profile == nil {
		return "", "", false
	}
	return m.profile.file, m.profile.fileType, true
}

// CAFileType returns the FileType of a custom CA, empty if the devices take none.
func (m *Mapping) CAFileType() string { return m.caFileType }

// SilentAfterFactoryReset reports whether a device that was reset does not speak CWMP until
// a file switches it on.
func (m *Mapping) SilentAfterFactoryReset() bool { return m.silent }

// Discover returns the partial paths below the root whose names are to be asked.
func (m *Mapping) Discover() []string { return slices.Clone(m.discover) }

// Settings returns the settings that it can carry, and those that it reserves, as patterns
// of the catalogue (account.N.registrar), in order.
func (m *Mapping) Settings() []string { return slices.Clone(m.patterns) }

// Together returns the groups of settings that go by one road, as patterns. What no
// parameter carries may be in one: where it is declared, none of the group is carried.
func (m *Mapping) Together() [][]string {
	groups := make([][]string, len(m.together))
	for i, group := range m.together {
		groups[i] = slices.Clone(group)
	}
	return groups
}
