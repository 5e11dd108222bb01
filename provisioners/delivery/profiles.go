package delivery

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Profiles knows the files that carry what parameters do not: those that a mapping names,
// which devices fetch by a Download. It is safe for concurrent use.
type Profiles struct{ server *Server }

var _ files.ProfileOpener = (*Profiles)(nil)

// Profiles returns the profiles of the server's devices.
func (s *Server) Profiles() *Profiles { return &Profiles{s} }

// Profile says how a device is offered its file.
type Profile struct {
	// Name is one that files.CheckName takes.
	Name string
	// FileType is that of the Download (TR-069 A.3.2.8).
	FileType string
}

// Of returns the profile of a device, or files.ErrNotFound if there is no such device or
// its pack has none.
func (p *Profiles) Of(ctx context.Context, id device.ID) (Profile, error) {
	d, err := p.device(ctx, id)
	if err != nil {
		return Profile{}, err
	}
	j, fileType := p.server.profileJob(d)
	if j == nil {
		return Profile{}, files.ErrNotFound
	}
	name := path.Base(j.file.NameFor(j.model, d.MAC, d.SerialNumber))
	if files.CheckName(name) != nil {
		name = "profile" + path.Ext(j.file.Name) // Its MAC address or serial number is not known.
	}
	return Profile{Name: name, FileType: fileType}, nil
}

// Hash identifies the content of the device's profile if parameters carry the settings of
// these paths. It is the same as long as the phone would hold the same: the address of
// this server and the device's credential are not covered. E is from a Resolver. Ok is
// false if the device's pack has no profile. The error is that of the settings, or of
// making the file.
func (p *Profiles) Hash(ctx context.Context, d device.Device, e *provisioners.Effective, owned []string) (hash string, ok bool, err error) {
	j, _ := p.server.profileJob(d)
	if j == nil {
		return "", false, nil
	}
	if e.Err != nil {
		return "", true, e.Err
	}
	if err := p.server.complete(ctx, j, e); err != nil {
		return "", true, err
	}
	hash, err = p.server.hash(ctx, j, owned)
	return hash, true, err
}

// Open implements files.ProfileOpener: who holds the address of a download was given it in
// a session of the device, wherever the request comes from. The request is recorded as
// one of the device, and says nothing of what the device holds: the end of the download
// does.
func (p *Profiles) Open(ctx context.Context, id device.ID, r files.Request) (files.Opened, error) {
	d, err := p.device(ctx, id)
	if err != nil {
		return files.Opened{}, err
	}
	s := p.server
	a := s.read(r)
	a.device, a.known = d, true
	given, err := s.profile(ctx, a)
	if err != nil {
		s.refused(ctx, a, err)
		return files.Opened{}, err
	}
	return s.opened(a, given), nil
}

func (p *Profiles) device(ctx context.Context, id device.ID) (device.Device, error) {
	d, err := p.server.options.Devices.Get(ctx, id)
	switch {
	case errors.Is(err, device.ErrNotFound):
		return d, files.ErrNotFound
	case err != nil:
		return d, fmt.Errorf("find the device %s: %w", id, err)
	}
	return d, nil
}

// profileJob returns the work of making a device's profile, without its settings; nil if
// there is no profile.
func (s *Server) profileJob(d device.Device) (j *job, fileType string) {
	p, m, ok := s.options.Packs().ModelOf(d)
	if !ok {
		return nil, ""
	}
	f, fileType := profileFile(p, m)
	if f == nil {
		return nil, ""
	}
	return &job{pack: p, model: m, file: f, device: d}, fileType
}

// profileFile returns the file of a model that a download delivers, and its FileType; nil
// if there is none.
func profileFile(p *pack.Pack, m *pack.Model) (f *pack.File, fileType string) {
	if p.Mapping == nil {
		return nil, ""
	}
	name, fileType, ok := p.Mapping.Profile()
	if !ok {
		return nil, ""
	}
	for _, f := range p.FilesOf(m) {
		if f.Name == name {
			return f, fileType
		}
	}
	return nil, ""
}

// profile makes the file of a download.
func (s *Server) profile(ctx context.Context, a *asked) (*answer, error) {
	j, _ := s.profileJob(a.device)
	switch {
	case j == nil:
		return nil, notFound("no pack has a profile for the model %q", a.device.Model)
	case a.device.Quarantined:
		return nil, forbidden("the device is in quarantine")
	}
	a.pack, a.model = j.pack, j.model
	settings, err := s.options.Resolver.Effective(ctx, a.device)
	if err != nil {
		return nil, fmt.Errorf("settings of the device: %w", err)
	}
	if err := s.complete(ctx, j, &settings); err != nil {
		return nil, err
	}
	c, _, err := s.convergence(ctx, a.device.ID)
	if err != nil {
		return nil, err
	}
	return s.made(ctx, a, j, road{owned: c.Owned})
}

// placeholderHost stands for this server where the content of a file is compared.
const placeholderHost = "files.invalid"

// hash identifies what a phone holds by the file of a job.
func (s *Server) hash(ctx context.Context, of *job, owned []string) (string, error) {
	j := *of
	j.links = j.pack.Links(&url.URL{Scheme: "http", Host: placeholderHost}, j.model, j.device, j.settings)
	j.setOwned(owned)
	j.acs = provisioners.ACS{}
	if j.speaksCWMP() {
		j.acs = placeholderACS()
	}
	key := j.key()
	key.purpose = hashPurpose
	if kept, ok := s.cache.get(key); ok {
		return kept.digest, nil
	}
	content, err := s.make(ctx, &j)
	if err != nil {
		return "", err
	}
	sum := hmac.New(sha256.New, s.profileKey)
	_, _ = sum.Write(content)
	digest := hex.EncodeToString(sum.Sum(nil)[:hashSize])
	s.cache.put(key, made{digest: digest})
	return digest, nil
}

const (
	// profilePurpose is what the key of hashes is derived for.
	profilePurpose = "settings profile"
	// hashPurpose is cacheKey.purpose of a hash.
	hashPurpose = "hash"
	// hashSize is the length of a hash in bytes, before it is written in hexadecimal
	// digits.
	hashSize = 16
)
