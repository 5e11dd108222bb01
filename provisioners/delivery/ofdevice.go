package delivery

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// ofDevice answers a device that a pack serves.
func (s *Server) ofDevice(ctx context.Context, a *asked) (*answer, error) {
	if f := a.wanted(); f != nil {
		return s.ofFile(ctx, a, f)
	}
	if f, ok := a.packs.Static(a.pack.Name, a.model.Name, a.Path); ok {
		return newMade(f.Content).answer(a.file(), f.ContentType), nil
	}
	for i := range a.matches {
		if m := &a.matches[i]; m.Static != nil && m.Pack == a.pack {
			return newMade(m.Static.Content).answer(a.file(), m.Static.ContentType), nil
		}
	}
	return nil, notFound("the pack %s has no such file for the model %s", a.pack.Name, a.model.Name)
}

// wanted returns the file that the device means: one of its model, else one of another
// model of the pack, as the phone knows better what it is. A path that is no file's,
// with the phone's MAC address in the query, means the file with its settings.
func (a *asked) wanted() *pack.File {
	if f, ok := a.packs.File(a.pack.Name, a.model.Name, a.Path); ok {
		return f
	}
	for i := range a.matches {
		if m := &a.matches[i]; m.File != nil && m.Pack == a.pack {
			return m.File
		}
	}
	if !a.queried {
		return nil
	}
	for _, f := range a.pack.FilesOf(a.model) {
		if f.Confirms {
			return f
		}
	}
	return nil
}

// ofFile makes a file of the device's settings, if it may go where it was asked from.
func (s *Server) ofFile(ctx context.Context, a *asked, f *pack.File) (*answer, error) {
	if err := s.mayGive(a, f); err != nil {
		return nil, err
	}
	settings, err := s.options.Resolver.Effective(ctx, a.device)
	if err != nil {
		return nil, fmt.Errorf("settings of the device: %w", err)
	}
	j := &job{pack: a.pack, model: a.model, file: f, device: a.device}
	if err := s.complete(ctx, j, &settings); err != nil {
		return nil, err
	}
	r, err := s.roadOf(ctx, j, a.At)
	if err != nil {
		return nil, err
	}
	return s.made(ctx, a, j, r)
}

// complete gives a job the settings of its device, and the company directory if the file
// shows it.
func (s *Server) complete(ctx context.Context, j *job, settings *provisioners.Effective) (err error) {
	j.settings, j.fingerprint = settings, settings.Fingerprint
	if j.file.Directory {
		j.contacts, err = provisioners.Directory(ctx, s.options.Lines, j.device.Group)
	}
	return err
}

// made makes the file of a job for the phone that asked.
func (s *Server) made(ctx context.Context, a *asked, j *job, r road) (*answer, error) {
	acs, err := s.acsOf(ctx, j, a.Host)
	if err != nil {
		return nil, err
	}
	j.acs, j.links = acs, s.links(a, j.settings, j.pack, j.model)
	j.setOwned(r.owned)
	m, err := s.render(ctx, j)
	if err != nil {
		return nil, err
	}
	answer := m.answer(a.file(), j.file.ContentType)
	answer.onlineFor, answer.held, answer.fileHeld = onlineFor(j.settings), r.held, r.fileHeld
	return answer, nil
}

// mayGive refuses a file that holds what is not for everybody.
func (s *Server) mayGive(a *asked, f *pack.File) error {
	if !f.Secrets && !f.Directory {
		return nil
	}
	if a.device.Quarantined {
		return forbidden("the device is in quarantine")
	}
	if !s.allowed(a.Address) {
		return forbidden("files with secrets do not go to the network of %s", a.address())
	}
	return nil
}
