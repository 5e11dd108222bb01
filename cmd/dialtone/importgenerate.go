package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners/massdeployment"
	"github.com/dialtone-acs/dialtone/provisioners/pbx"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
)

// generateOptions make the files of AstLinux without a server or a store, as
// phoneprov-massdeployment does.
type generateOptions struct {
	Generate  string `help:"Write what the templates make below this folder, each file where its template says; / is where AstLinux has them. Nothing is brought in." placeholder:"DIR" type:"path"`
	SIPServer string `name:"sip-server" help:"Address that @SIP_SERVER_IPV4@ stands for. Default: --registrar." placeholder:"ADDR"`
	Append    bool   `help:"The file holds some of the phones: add them to the files for Asterisk that are there."`
	Force     bool   `help:"Overwrite files that exist."`
	Reload    bool   `help:"Run the command of --pbx-reload in the end."`
	PBXReload string `name:"pbx-reload" help:"As of serve." placeholder:"COMMAND"`
}

// generatedMode is the rights of a file with passwords that phones or Asterisk read.
const generatedMode = 0o640

// generate writes the files. It writes none if one cannot be made, or must not be
// overwritten.
func (c *importCommand) generate(ctx context.Context, s *streams, read roster.Read) error {
	if c.Reload && c.PBXReload == "" {
		return errors.New("--reload: needs --pbx-reload")
	}
	server := c.SIPServer
	if server == "" {
		server = c.Registrar
	}
	files, wrong := massdeployment.Files(read.List, read.Templates, server)
	if err := problemsOf(read.Wrong, wrong); err != nil {
		return err
	}
	root, err := os.OpenRoot(c.Generate)
	if err != nil {
		return fmt.Errorf("--generate: %w", err)
	}
	defer root.Close()
	if err := c.checkOverwritten(root, files); err != nil {
		return err
	}
	for _, f := range files {
		if err := c.write(root, f); err != nil {
			return fmt.Errorf("write %s: %w", placeIn(f), err)
		}
		fmt.Fprintln(s.out, placeIn(f))
	}
	if !c.Reload {
		return nil
	}
	teller := pbx.Writer{Reload: c.PBXReload}
	return teller.Tell(ctx)
}

// placeIn returns the name of a file below the root.
func placeIn(f massdeployment.File) string { return strings.TrimPrefix(path.Join(f.Path, f.Name), "/") }

// joins reports whether a file is added to.
func (o *generateOptions) joins(f massdeployment.File) bool {
	return o.Append && f.Context != "phoneprov"
}

// checkOverwritten refuses files that exist, all at once.
func (o *generateOptions) checkOverwritten(root *os.Root, files []massdeployment.File) error {
	var errs []error
	for _, f := range files {
		if o.Force || o.joins(f) {
			continue
		}
		if _, err := root.Lstat(placeIn(f)); err == nil {
			errs = append(errs, fmt.Errorf("%s exists: --force overwrites it", placeIn(f)))
		} else if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// write writes a file at once: who reads it sees all of the old or all of the new.
func (o *generateOptions) write(root *os.Root, f massdeployment.File) error {
	text := f.Text.Reveal()
	if o.joins(f) {
		former, err := root.ReadFile(placeIn(f))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		text = joined(string(former), text, f.Section)
	}
	if err := root.MkdirAll(path.Dir(placeIn(f)), 0o755); err != nil {
		return err
	}
	temporary := path.Join(path.Dir(placeIn(f)), ".dialtone-"+f.Name)
	err := root.WriteFile(temporary, []byte(text), generatedMode)
	if err == nil {
		err = root.Rename(temporary, placeIn(f))
	}
	if err != nil {
		return errors.Join(err, root.Remove(temporary))
	}
	return nil
}

// joined returns a file with text after what was there; the heading of the text is left
// out where the file ends in the same section.
func joined(former, text, section string) string {
	if former == "" {
		return text
	}
	if !strings.HasSuffix(former, "\n") {
		former += "\n"
	}
	last := ""
	for line := range strings.Lines(former) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "[") {
			last = line
		}
	}
	if heading := "[" + section + "]"; section != "" && last == heading {
		text = strings.TrimPrefix(text, heading+"\n")
	}
	return former + text
}
