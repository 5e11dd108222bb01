// Package packs holds the vendor packs that Dialtone ships: a folder for each, with data
// only. docs/packs.md says how they are written.
package packs

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Tests and golden files are in folders without a dot in their names, and stay out.
//
//go:embed */*.*
var shipped embed.FS

// FS returns the folders of the shipped packs.
func FS() fs.FS { return shipped }

// Names returns the names of the shipped packs, in order.
func Names() ([]string, error) {
	entries, err := fs.ReadDir(shipped, ".")
	if err != nil {
		return nil, fmt.Errorf("list the shipped packs: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if _, err := fs.Stat(shipped, entry.Name()+"/pack.yaml"); err == nil {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Load reads all shipped packs. It fails if one of them cannot be used, which the tests
// rule out.
func Load(ctx context.Context, c *provisioners.Catalogue) ([]*pack.Pack, error) {
	names, err := Names()
	if err != nil {
		return nil, err
	}
	var all []*pack.Pack
	for _, name := range names {
		p, err := pack.Load(ctx, shipped, name, c)
		if err != nil {
			return nil, fmt.Errorf("the shipped pack %s: %w", name, err)
		}
		all = append(all, p)
	}
	return all, nil
}
