package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners/roster"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

// importCommand brings phones, lines and settings in, also beside a server that runs, or
// makes the files of AstLinux without one.
type importCommand struct {
	dataOptions

	File       string            `arg:"" help:"CSV, JSON, or the massdeployment.conf of AstLinux." type:"path"`
	Format     string            `default:"auto" enum:"auto,csv,json,massdeployment" help:"${enum}: auto goes by the name of the file: .csv, .json, else massdeployment."`
	Group      string            `help:"Group of the phones and lines that name none." placeholder:"GROUP"`
	MakeGroups bool              `help:"Make the groups that are named and missing."`
	Apply      bool              `help:"Store it. Without, nothing is stored, and the table says what would become of each row."`
	Templates  string            `help:"Folder with the templates of massdeployment.conf, NAME.conf for the template NAME." placeholder:"DIR" type:"path"`
	Models     map[string]string `name:"model" help:"Models of the phones of a template of massdeployment.conf, where the template does not say it." placeholder:"TEMPLATE=MODEL;..."`
	Registrar  string            `help:"Registrar of the accounts of massdeployment.conf." placeholder:"HOST"`

	WritePasswords bool `help:"Give the phones of massdeployment.conf that have no password one, and write it into the file; without --apply and --generate that is all."`

	generateOptions `group:"Files of AstLinux"`
}

const (
	// maxImportFile bounds the file that is brought in, in bytes.
	maxImportFile = 64 << 20
	// maxTemplateFiles bounds how many templates are read.
	maxTemplateFiles = 1000
)

// errRefused is returned if rows were refused; the table says which and why.
var errRefused = errors.New("not every row can be brought in")

// Run brings the file in, or makes what its templates make.
func (c *importCommand) Run(ctx context.Context, s *streams) error {
	read, err := c.read()
	if err != nil {
		return err
	}
	if c.WritePasswords {
		if read, err = c.writePasswords(s, read); err != nil {
			return err
		}
	}
	switch {
	case c.Generate != "":
		return c.generate(ctx, s, read)
	case c.WritePasswords && !c.Apply:
		return problemsOf(read.Wrong, nil)
	}
	return withStore(ctx, c.dataOptions, func(opened store.Store) error { return c.bring(ctx, s, opened, read) })
}

// read reads the file and its templates.
func (c *importCommand) read() (roster.Read, error) {
	raw, err := readBounded(c.File, maxImportFile)
	if err != nil {
		return roster.Read{}, err
	}
	source := roster.Source{
		Format: c.format(), Content: bytes.NewReader(raw), Group: c.Group, Models: c.Models, Registrar: c.Registrar, Templates: map[string]string{},
	}
	if (c.WritePasswords || c.Generate != "") && source.Format != roster.MassDeployment {
		return roster.Read{}, errors.New("--write-passwords and --generate: are for massdeployment.conf")
	}
	if c.Templates != "" {
		if source.Templates, err = readTemplates(c.Templates); err != nil {
			return roster.Read{}, fmt.Errorf("--templates: %w", err)
		}
	}
	read, err := source.Read()
	if err != nil {
		return read, fmt.Errorf("%s: %w", c.File, err)
	}
	return read, nil
}

func (c *importCommand) format() roster.Format {
	if c.Format != "auto" {
		return roster.Format(c.Format)
	}
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".csv":
		return roster.CSV
	case ".json":
		return roster.JSON
	default:
		return roster.MassDeployment
	}
}

// readTemplates reads the templates of a folder, by name.
func readTemplates(folder string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.conf"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 || len(paths) > maxTemplateFiles {
		return nil, fmt.Errorf("%s must have 1 to %d files *.conf", folder, maxTemplateFiles)
	}
	templates := make(map[string]string, len(paths))
	for _, path := range paths {
		raw, err := readBounded(path, 1<<20)
		if err != nil {
			return nil, err
		}
		templates[strings.TrimSuffix(filepath.Base(path), ".conf")] = string(raw)
	}
	return templates, nil
}

// readBounded reads a file of at most so many bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(raw)) > limit {
		err = fmt.Errorf("%s is larger than %d bytes", path, limit)
	}
	return raw, err
}

// writePasswords gives the list its missing passwords, in its file too, and reads it
// anew.
func (c *importCommand) writePasswords(s *streams, read roster.Read) (roster.Read, error) {
	made := read.List.GeneratePasswords()
	if made == 0 {
		return read, nil
	}
	if err := replaceFile(c.File, func(w io.Writer) error { _, err := read.List.WriteTo(w); return err }); err != nil {
		return read, fmt.Errorf("write the passwords: %w", err)
	}
	fmt.Fprintf(s.err, "wrote %d passwords into %s\n", made, c.File)
	return c.read()
}

// replaceFile replaces a file that exists at once, with the rights that it has.
func replaceFile(path string, write func(io.Writer) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".dialtone-*")
	if err != nil {
		return err
	}
	err = write(temporary)
	err = errors.Join(err, temporary.Chmod(info.Mode().Perm()), temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// bring applies the roster to the store, and leaves an audit entry of what it stored.
func (c *importCommand) bring(ctx context.Context, s *streams, opened store.Store, read roster.Read) error {
	service, err := rosterService(ctx, c.dataOptions, opened)
	if err != nil {
		return err
	}
	outcomes, err := service.Apply(ctx, read.Roster, roster.How{DryRun: !c.Apply, MakeGroups: c.MakeGroups, By: commandActor})
	counts, shown := showOutcomes(s.out, read.Wrong, outcomes)
	if err = errors.Join(err, shown); err != nil {
		return err
	}
	text := fmt.Sprintf("%d created, %d changed, %d unchanged, %d refused", counts[roster.Created], counts[roster.Changed], counts[roster.Unchanged], counts[roster.Refused])
	if !c.Apply {
		text += " (dry run: --apply stores it)"
	}
	fmt.Fprintln(s.err, text)
	if c.Apply {
		log := &audited{log: users.NewAuditLog(opened.Audit(), clock)}
		if err := log.note(ctx, "importRoster", "import/"+string(c.format()), text); err != nil {
			return err
		}
	}
	if counts[roster.Refused] > 0 {
		return errRefused
	}
	return nil
}
