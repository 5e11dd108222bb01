package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// firmwareName returns the name of the file below the folder of firmware that a path
// means.
func firmwareName(path string) (name string, ok bool) {
	segments := segmentsOf(path)
	if len(segments) < 2 || !strings.EqualFold(segments[len(segments)-2], pack.FirmwareFolder) {
		return "", false
	}
	return segments[len(segments)-1], true
}

// firmware answers with a file of the library: one that is firmware by its type, or
// that the setting firmware.file names, of the device or above all groups. The phone
// often does not say who it is when it asks; firmware is no secret.
func (s *Server) firmware(ctx context.Context, a *asked, name string) (*answer, error) {
	f, err := s.options.Library.Get(ctx, name)
	switch {
	case errors.Is(err, files.ErrNotFound):
		return nil, notFound("there is no file %q", shorten(name, maxFetchPath))
	case err != nil:
		return nil, fmt.Errorf("find firmware: %w", err)
	}
	ok, err := s.isFirmware(ctx, a, f)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, notFound("the file %s is not given as firmware", f.Name)
	}
	content, err := s.options.Library.OpenContent(ctx, f)
	switch {
	case errors.Is(err, files.ErrNotFound):
		return nil, notFound("the content of the file %s is gone", f.Name)
	case err != nil:
		return nil, fmt.Errorf("open firmware: %w", err)
	}
	return &answer{name: f.Name, contentType: "application/octet-stream", digest: f.SHA256, modified: f.CreatedAt, size: f.Size, content: content}, nil
}

// isFirmware reports whether a file may be given as firmware. What a device uploaded
// never is.
func (s *Server) isFirmware(ctx context.Context, a *asked, f files.File) (bool, error) {
	if f.Device != "" {
		return false, nil
	}
	if f.Type == files.TypeFirmware {
		return true, nil
	}
	level, _ := s.options.Shared.Level(provisioners.LevelKey{Kind: provisioners.GlobalLevel})
	for _, e := range level.Entries {
		if e.Path == "firmware.file" && e.Value == f.Name {
			return true, nil
		}
	}
	if !a.known {
		return false, nil
	}
	settings, err := s.options.Resolver.Effective(ctx, a.device)
	if err != nil {
		return false, fmt.Errorf("settings of the device: %w", err)
	}
	return text(&settings, "firmware.file") == f.Name, nil
}
