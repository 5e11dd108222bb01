package delivery_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

const mappedManifest = `
name: mapped
vendor: Mapped
version: 1
ouis: ["0a0b0c"]
defaults: {cwmp.enabled: true}
models: [{name: M1, lines: 4, keys: 0}]
files:
  - {name: '{mac}.boot', template: boot.tmpl, format: text}
  - {name: '{mac}.mapped', template: profile.tmpl, format: text, secrets: true, confirms: true}
  - {name: '{mac}.second', template: profile.tmpl, format: text, secrets: true}
`

const (
	profileTemplate = "acs={{.cwmp.url}} as={{.cwmp.username}}:{{.cwmp.password}}\nzone={{.time.zone}} base={{.links.base}} firmware={{.links.firmware}}\n" +
		"{{range .accounts}}user{{.n}}={{.user}}\n{{end}}{{range $path, $is := .owned}}without {{$path}}\n{{end}}"
	plainTemplate = "acs={{.cwmp.url}} as={{.cwmp.username}}:{{.cwmp.password}}\n"
)

const mappedMAC = "0a:0b:0c:00:00:01"

// The pack's mappings.
const (
	noMapping = ""
	split     = "split: true\n" + whole
	whole     = "profile: {file: '{mac}.mapped', fileType: 3 Vendor Configuration File}\n" + profileless
	// profileless has no file for a download.
	profileless = `version: 1
discover: [Time.]
parameters: [{setting: time.zone, path: Time.LocalTimeZone, convert: posix}]
`
)

// newMapped returns a fixture with a pack that has a mapping, and a phone of it.
func newMapped(t testing.TB, mapping string, change func(*delivery.Options)) *fixture {
	t.Helper()
	f := newFixture(t, func(o *delivery.Options) {
		o.ACSURL = func(host string) string {
			name, _, _ := strings.Cut(host, ":")
			if name == "" {
				return ""
			}
			return "http://" + name + ":7547/"
		}
		if change != nil {
			change(o)
		}
	})
	catalogue, err := provisioners.DefaultCatalogue()
	fatal(t, err)
	folder := fstest.MapFS{
		"mapped/pack.yaml":    {Data: []byte(mappedManifest)},
		"mapped/boot.tmpl":    {Data: []byte(plainTemplate)},
		"mapped/profile.tmpl": {Data: []byte(profileTemplate)},
	}
	if mapping != noMapping {
		folder["mapped/cwmp.yaml"] = &fstest.MapFile{Data: []byte(mapping)}
	}
	p, err := pack.Load(t.Context(), folder, "mapped", catalogue)
	fatal(t, err)
	f.packs = pack.NewRegistry(append(f.packs.Packs(), p)...)
	f.phone(t, "mapped", mappedMAC, "M1")
	return f
}

// manage has parameters carry the settings of these paths for the phone.
func (f *fixture) manage(t testing.TB, owned ...string) device.Device {
	t.Helper()
	c, err := f.converged.Convergence(t.Context(), "mapped")
	if err != nil {
		c = provisioners.Convergence{Device: "mapped"}
	}
	c.Owned = owned
	_, err = f.converged.PutConvergence(t.Context(), c)
	fatal(t, err)
	d := f.devices.get("mapped")
	d.LastInform, d.InformInterval, d.Provisioning.Managed = f.now, 300, true
	f.devices.put(d)
	return d
}

// profile takes the phone's file.
func (f *fixture) profile(t testing.TB) string {
	t.Helper()
	return f.take(t, files.Request{Path: "/0a0b0c000001.mapped"})
}

func (f *fixture) effective(t testing.TB) *provisioners.Effective {
	t.Helper()
	e, err := f.resolver.Effective(t.Context(), f.devices.get("mapped"))
	fatal(t, err)
	return &e
}

// hash returns the hash of the phone's profile.
func (f *fixture) hash(t testing.TB, owned ...string) string {
	t.Helper()
	hash, ok, err := f.server.Profiles().Hash(t.Context(), f.devices.get("mapped"), f.effective(t), owned)
	fatal(t, err)
	if !ok || len(hash) != 32 {
		t.Fatalf("hash %q, %t", hash, ok)
	}
	return hash
}

var loginPattern = regexp.MustCompile(`as=([^:\n]*):(\S*)`)

// login returns the user name and the password in a file.
func login(content string) (username, password string) {
	found := loginPattern.FindStringSubmatch(content)
	if found == nil {
		return "", ""
	}
	return found[1], found[2]
}

// credentials are those of devices in memory, in order of CreatedAt and user name.
type credentials struct {
	mu  sync.Mutex
	all []device.Credential
	// putting is called before a credential is stored, without the lock.
	putting func(device.Credential)
	err     error
}

func newCredentials() *credentials { return &credentials{} }

func (s *credentials) PutCredential(_ context.Context, c device.Credential) error {
	if s.putting != nil {
		s.putting(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.all = append(s.all, c)
	slices.SortFunc(s.all, func(a, b device.Credential) int {
		return a.CreatedAt.Compare(b.CreatedAt)*2 + strings.Compare(a.Username, b.Username)
	})
	return nil
}

func (s *credentials) CredentialsOf(_ context.Context, id device.ID) ([]device.Credential, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var of []device.Credential
	for _, c := range s.all {
		if c.Device == id {
			of = append(of, c)
		}
	}
	return of, s.err
}

func (s *credentials) DeleteCredential(_ context.Context, username string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.all)
	s.all = slices.DeleteFunc(s.all, func(c device.Credential) bool { return c.Username == username })
	if len(s.all) == before {
		return device.ErrNotFound
	}
	return s.err
}

func (s *credentials) of(t testing.TB, id device.ID) []device.Credential {
	t.Helper()
	all, err := s.CredentialsOf(t.Context(), id)
	if err != nil && !errors.Is(err, s.err) {
		t.Fatal(err)
	}
	return all
}
