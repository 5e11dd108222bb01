package dhcp

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed classes.yaml
var classesFile []byte

// Class is a kind of phone that a DHCP server can tell apart, and how it is led to its
// files. The fields are told in classes.yaml.
type Class struct {
	Name     string  `yaml:"name"`
	Title    string  `yaml:"title"`
	Contains string  `yaml:"contains"`
	Anywhere bool    `yaml:"anywhere"`
	In124    bool    `yaml:"in124"`
	Begins   string  `yaml:"begins"`
	Ends     string  `yaml:"ends"`
	MAC      bool    `yaml:"mac"`
	Every    bool    `yaml:"every"`
	ACS      bool    `yaml:"acs"`
	Options  []uint8 `yaml:"options"`
	Path     string  `yaml:"path"`
	Longest  int     `yaml:"longest"`
	TFTP     bool    `yaml:"tftp"`
	Within43 uint8   `yaml:"within43"`
	Raw43    bool    `yaml:"raw43"`
}

// Names of classes that are more than data.
const (
	// ClassTR069 are devices that look for an ACS.
	ClassTR069 = "tr069"
	// ClassCisco are Cisco multiplatform phones.
	ClassCisco = "cisco"
	// ClassEvery are all phones.
	ClassEvery = "every"
)

// Classes returns all kinds of phones, in the order in which configurations have them.
func Classes() ([]Class, error) {
	var all []Class
	decoder := yaml.NewDecoder(bytes.NewReader(classesFile))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("read the classes of phones: %w", err)
	}
	return all, nil
}

// defaultClasses are told apart where nothing else is asked.
func defaultClasses() []string { return []string{ClassTR069, ClassCisco} }

// chosen returns the classes that are named, in the order of all.
func chosen(names []string) ([]Class, error) {
	all, err := Classes()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(c Class) bool { return c.Name == name }) {
			return nil, &FieldError{Field: "classes", Reason: "names a class that there is not"}
		}
	}
	return slices.DeleteFunc(all, func(c Class) bool { return !slices.Contains(names, c.Name) }), nil
}

// IsDefault reports whether a configuration has the class where nothing else is asked.
func (c Class) IsDefault() bool { return slices.Contains(defaultClasses(), c.Name) }

// AllOptions returns all options of DHCPv4 that lead the phones of the class to their
// files.
func (c Class) AllOptions() []uint8 {
	all := slices.Clone(c.Options)
	if c.Within43 != 0 || c.Raw43 {
		all = append(all, OptionVendorSpecific)
	}
	if c.TFTP {
		all = append(all, OptionTFTPServers)
	}
	return all
}
