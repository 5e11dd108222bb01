package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/packs"
)

// packCommand works on vendor packs, without a server.
type packCommand struct {
	List   packListCommand   `cmd:"" help:"List the packs that this program holds, and their models."`
	Check  packCheckCommand  `cmd:"" help:"Check packs: every file is rendered for every model, with everything and with nothing declared."`
	Render packRenderCommand `cmd:"" help:"Render the files of a phone from settings in a file."`
}

type packListCommand struct{}

// Run lists the shipped packs.
func (packListCommand) Run(ctx context.Context, s *streams) error {
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		return err
	}
	all, err := packs.Load(ctx, catalogue)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PACK\tVERSION\tMODEL\tLINES\tKEYS\tTITLE")
	for _, p := range all {
		for _, m := range p.Models {
			fmt.Fprintf(table, "%s\t%d\t%s\t%d\t%d\t%s\n", p.Name, p.Version, m.Name, m.Lines, m.Keys, m.Title)
		}
	}
	return table.Flush()
}

type packCheckCommand struct {
	Packs []string `arg:"" name:"pack" help:"Folder or zip of a pack, or the name of one that this program holds."`
}

// errPacks is returned if a pack is not in order.
var errPacks = errors.New("not every pack is in order")

// Run checks packs and says what is wrong with them, one error on each line.
func (c *packCheckCommand) Run(ctx context.Context, s *streams) error {
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		return err
	}
	failed := false
	for _, name := range c.Packs {
		err := checkPack(ctx, name, catalogue, s.out)
		if found, ok := errors.AsType[pack.Errors](err); ok {
			failed = true
			for _, one := range found {
				fmt.Fprintln(s.out, filepath.Join(name, one.Error()))
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if failed {
		return errPacks
	}
	return nil
}

// checkPack checks one pack. Settings that it leaves out in silence are worth a note, and
// no error: who writes a pack for one customer need not know them all.
func checkPack(ctx context.Context, name string, c *provisioners.Catalogue, out io.Writer) error {
	p, err := loadPack(ctx, name, c)
	if err != nil {
		return err
	}
	if err := p.Check(ctx); err != nil {
		return err
	}
	ignored, err := p.Ignored(ctx)
	if err != nil {
		return err
	}
	if len(ignored) > 0 {
		fmt.Fprintf(out, "note  %s: no file shows %s, and the manifest does not call them unsupported\n", name, strings.Join(ignored, ", "))
	}
	fmt.Fprintf(out, "ok    %s: %s version %d, %d models, %d files\n", name, p.Title, p.Version, len(p.Models), len(p.Files)+len(p.Static))
	return nil
}

// loadPack reads a pack from a folder, a zip, or those that this program holds.
func loadPack(ctx context.Context, name string, c *provisioners.Catalogue) (*pack.Pack, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		return pack.Load(ctx, root.FS(), ".", c)
	case err == nil:
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return pack.LoadZip(ctx, file, info.Size(), c)
	case strings.ContainsAny(name, `/\.`):
		return nil, err
	}
	shipped, err := packs.Names()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(shipped, name) {
		return nil, fmt.Errorf("there is no such folder, zip or pack; this program holds %s", strings.Join(shipped, ", "))
	}
	return pack.Load(ctx, packs.FS(), name, c)
}
