package plan

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Renderer makes all files of a device, as it would be given them. It is safe for
// concurrent use.
type Renderer struct {
	base        *url.URL
	directories *directories
	// acsURL is that of WithACS, nil without.
	acsURL func(host string) string
}

// NewRenderer returns a Renderer. Base is where phones find this server's files, nil if
// only each phone's request says; links to the server are then empty. It returns an
// error without lines or a clock.
func NewRenderer(base *url.URL, lines provisioners.LineLister, now func() time.Time) (*Renderer, error) {
	if lines == nil || now == nil {
		return nil, errors.New("plan: a renderer needs lines and a clock")
	}
	return &Renderer{base: base, directories: &directories{lines: lines, now: now, kept: make(map[string]directory)}}, nil
}

// File is a file of one device.
type File struct {
	// Name is the one that the phone asks for, with its folders.
	Name        string
	ContentType string
	Content     []byte
	// Generic files are given to phones that are not known, too.
	Generic bool
	// Secrets says that the file may hold secrets, Confirms that a phone that took it
	// holds its settings.
	Secrets, Confirms bool
	// Static files are the same for all; Name may then hold placeholders.
	Static bool
	// Problem says why the file cannot be made; without secrets.
	Problem string
}

// Files makes the files of a device in the order in which it asks for them, none if
// no pack serves it. One that cannot be made has a Problem; the error is of what all
// have in common.
func (r *Renderer) Files(ctx context.Context, d device.Device, e provisioners.Effective, packs *pack.Registry) ([]File, error) {
	served, ok := packs.For(d)
	if !ok {
		return nil, nil
	}
	p, found := packs.Pack(served.Pack)
	if !found {
		return nil, fmt.Errorf("there is no pack %s", served.Pack)
	}
	m, found := p.Model(served.Model)
	if !found {
		return nil, fmt.Errorf("the pack %s has no model %s", served.Pack, served.Model)
	}
	phone := e.Phone(d, served)
	phone.SetLinks(p.Links(r.base, m, d, &e))
	r.setACS(phone, p, &e)
	if p.DirectoryFile(m) != nil {
		contacts, err := r.directories.of(ctx, d.Group)
		if err != nil {
			return nil, fmt.Errorf("render files of device %s: %w", d.ID, err)
		}
		phone.SetDirectory(contacts)
	}
	var made []File
	for _, f := range p.FilesOf(m) {
		file, err := render(ctx, p, f, phone, f.NameFor(m, d.MAC, d.SerialNumber))
		if err != nil {
			return nil, err
		}
		if file.Problem == "" {
			file.Problem = namesMissing(f.Name, d)
		}
		made = append(made, file)
	}
	for _, s := range p.Static {
		made = append(made, File{Name: s.Name, ContentType: s.ContentType, Content: s.Content, Generic: true, Static: true})
	}
	return made, nil
}

func render(ctx context.Context, p *pack.Pack, f *pack.File, phone provisioners.Phone, name string) (File, error) {
	made := File{Name: name, ContentType: f.ContentType, Generic: f.Generic, Secrets: f.Secrets, Confirms: f.Confirms}
	content, err := p.Render(ctx, f, phone)
	if ctx.Err() != nil {
		return made, fmt.Errorf("render %s: %w", f.Name, ctx.Err())
	}
	if err != nil {
		made.Problem = problemText(err)
		return made, nil
	}
	made.Content = content
	return made, nil
}

// namesMissing says that a file's name needs what is not known of the device.
func namesMissing(pattern string, d device.Device) string {
	switch {
	case d.MAC == "" && strings.Contains(strings.ToLower(pattern), "{mac"):
		return "the phone asks for it by its MAC address, which is not known"
	case d.SerialNumber == "" && strings.Contains(pattern, "{serial}"):
		return "the phone asks for it by its serial number, which is not known"
	}
	return ""
}
