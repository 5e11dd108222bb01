package provisioners

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Phone is what templates see of a device: a tree whose leaves are strings, and every
// setting is in it, empty if it has no value. It holds secrets in the clear: whatever
// prints it with fmt or a template gets a mask.
//
//	device.{id,mac,macUpper,macColons,serial,model,firmware,group}
//	model.{name,code,title,lines,keys,expansionModules,expansionKeys}, model.var.X
//	accounts    list: n, index0, and what account.N has
//	keys        list: n, index0, and what key.N has; those that have a type
//	expansions  list: n, index0, model, keys (as above)
//	phonebooks  list: n, index0, and what phonebook.N has
//	vendor.KEY  of the pack that serves the device, but no parameters (ParameterOfVendorKey)
//	links.{base,host,scheme,port,firmware,directory}    SetLinks
//	directory   list: name, number                      SetDirectory
//	owned       the paths of settings that parameters carry    SetOwned
//
// and every other setting at its own path: network.vlan.voice.id, time.zone, owner.
type Phone map[string]any

// Format writes a mask for every verb.
func (p Phone) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, secret.Mask) }

// Phone returns what templates see. E is from a Resolver or from Catalogue.Example.
func (e *Effective) Phone(d device.Device, s Served) Phone {
	values := make(map[string]string, len(e.Settings))
	for i := range e.Settings {
		if text := e.Settings[i].text(); text != "" {
			values[e.Settings[i].Path] = text
		}
	}
	b := phoneBuilder{catalogue: e.catalogue, values: values, served: &s, exist: instances{}}
	for i := range e.Settings {
		p := readPath(e.Settings[i].Path)
		for depth := range p.indexes {
			b.exist.note(&p, depth, nil)
		}
	}
	return b.build(d)
}

// EmptyPhone returns what templates see of a device of which nothing is known: every
// leaf is there and empty, every list has nothing in it.
func (c *Catalogue) EmptyPhone() Phone {
	e := Effective{catalogue: c}
	return e.Phone(device.Device{}, Served{})
}

// Links are the addresses that templates see.
type Links struct {
	// Base is the URL, with its final slash, below which the phone finds its files.
	Base string
	// Scheme, Host (without port) and Port are those of Base.
	Scheme, Host, Port string
	// Firmware is the URL of the firmware that the phone should have, Directory that of
	// its company directory; empty for none.
	Firmware, Directory string
}

// SetLinks puts the addresses into the tree.
func (p Phone) SetLinks(l Links) {
	p["links"] = map[string]any{
		"base": l.Base, "scheme": l.Scheme, "host": l.Host, "port": l.Port, "firmware": l.Firmware, "directory": l.Directory,
	}
}

// Contact is an entry of a company directory.
type Contact struct{ Name, Number string }

// SetDirectory puts the company directory into the tree.
func (p Phone) SetDirectory(contacts []Contact) {
	list := make([]any, len(contacts))
	for i, c := range contacts {
		list[i] = map[string]any{"name": c.Name, "number": c.Number}
	}
	p["directory"] = list
}

// SetOwned puts the paths of the settings that parameters carry into the tree: files
// leave these out. None are without it.
func (p Phone) SetOwned(paths []string) {
	owned := make(map[string]bool, len(paths))
	for _, path := range paths {
		owned[path] = true
	}
	p["owned"] = owned
}

// phoneBuilder makes the tree of one device.
type phoneBuilder struct {
	catalogue *Catalogue
	values    map[string]string
	served    *Served
	exist     instances
}

func (b *phoneBuilder) build(d device.Device) Phone {
	p := Phone{
		"device": deviceTree(&d), "model": b.modelTree(), "vendor": b.vendorTree(),
		"accounts": b.accounts(), "keys": b.keys("key.#", nil), "expansions": b.expansions(),
		"phonebooks": b.list("phonebook.#", nil, nil),
	}
	p.SetLinks(Links{})
	p.SetDirectory(nil)
	for i := range b.catalogue.groups {
		for j := range b.catalogue.groups[i].Settings {
			if s := &b.catalogue.groups[i].Settings[j]; len(s.Indexes) == 0 {
				plant(p, s.Path, b.value(s, s.Path))
			}
		}
	}
	return p
}

// value returns the value of a setting, the catalogue's default if it has none.
func (b *phoneBuilder) value(s *Setting, path string) string {
	if value, ok := b.values[path]; ok {
		return value
	}
	return s.Default
}

// plant puts a value into a tree.
func plant(tree map[string]any, path, value string) {
	first, rest, nested := strings.Cut(path, ".")
	if !nested {
		tree[first] = value
		return
	}
	below, ok := tree[first].(map[string]any)
	if !ok {
		below = map[string]any{}
		tree[first] = below
	}
	plant(below, rest, value)
}

func deviceTree(d *device.Device) map[string]any {
	mac := strings.ReplaceAll(d.MAC, ":", "")
	return map[string]any{
		"id": string(d.ID), "mac": mac, "macUpper": strings.ToUpper(mac), "macColons": d.MAC, "serial": d.SerialNumber,
		"model": d.Model, "firmware": d.SoftwareVersion, "group": d.Group,
	}
}

func (b *phoneBuilder) modelTree() map[string]any {
	variables := make(map[string]any, len(b.served.Variables))
	for name, value := range b.served.Variables {
		variables[name] = value
	}
	s := b.served
	return map[string]any{
		"name": s.Model, "title": s.Title, "code": s.Variables["code"], "var": variables,
		"lines": strconv.Itoa(s.Lines), "keys": strconv.Itoa(s.Keys),
		"expansionModules": strconv.Itoa(s.ExpansionModules), "expansionKeys": strconv.Itoa(s.ExpansionKeys),
	}
}

func (b *phoneBuilder) vendorTree() map[string]any {
	tree := map[string]any{}
	for path, value := range b.values {
		if pack, key, ok := vendorKey(path); ok && pack == b.served.Pack && ParameterOfVendorKey(key) == "" {
			tree[key] = value
		}
	}
	return tree
}

// list returns the elements that exist for a shape that ends in an index, below the
// outer indexes; add completes each.
func (b *phoneBuilder) list(shape string, outer []int, add func(element map[string]any, indexes []int) bool) []any {
	list := []any{}
	for _, n := range b.exist[fill(shapePrefix(shape, len(outer)), outer)] {
		indexes := append(outer[:len(outer):len(outer)], n)
		element := map[string]any{"n": strconv.Itoa(n), "index0": strconv.Itoa(n - 1)}
		for _, s := range b.catalogue.below(shape) {
			_, leaf, _ := strings.Cut(s.shape[len(shape):], ".")
			plant(element, leaf, b.value(s, fill(s.shape, indexes)))
		}
		if add == nil || add(element, indexes) {
			list = append(list, element)
		}
	}
	return list
}

func (b *phoneBuilder) accounts() []any {
	return b.list("account.#", nil, func(a map[string]any, _ []int) bool {
		fallBack(a, "user", a["number"])
		fallBack(a, "number", a["user"])
		fallBack(a, "authUser", a["user"])
		fallBack(a, "label", a["number"])
		fallBack(a, "displayName", a["label"])
		return true
	})
}

func (b *phoneBuilder) keys(shape string, outer []int) []any {
	return b.list(shape, outer, func(key map[string]any, _ []int) bool {
		fallBack(key, "account", "1")
		return key["type"] != ""
	})
}

func (b *phoneBuilder) expansions() []any {
	return b.list("expansion.#", nil, func(module map[string]any, indexes []int) bool {
		module["keys"] = b.keys("expansion.#.key.#", indexes)
		return true
	})
}

// fallBack gives a leaf without a value another one.
func fallBack(tree map[string]any, leaf string, value any) {
	if tree[leaf] == "" {
		tree[leaf] = value
	}
}
