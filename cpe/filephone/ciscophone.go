package filephone

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// CiscoPhone is a Phone of Cisco whose profile somebody can look at and change: a CWMP
// client that shares its settings, a person at its keys, a DHCP client.
type CiscoPhone struct {
	*Phone
	profile *cisco
	// given says that the phone was made with a server, placed that it knows one.
	given, placed bool
}

// noServer stands for the server that a phone was not told; nothing is asked of it.
const noServer = "http://server.invalid/"

// NewCisco is New for a phone of Cisco. Vendor is not looked at, and Files may be
// empty for a phone that gets its server with StartFrom.
func NewCisco(config Config) (*CiscoPhone, error) {
	config.Vendor = Cisco
	given := config.Files != ""
	if !given {
		config.Files = noServer
	}
	phone, err := New(config)
	if err != nil {
		return nil, err
	}
	profile, ok := phone.manner.(*cisco)
	if !ok {
		return nil, fmt.Errorf("filephone: %T is no phone of Cisco", phone.manner)
	}
	return &CiscoPhone{Phone: phone, profile: profile, given: given, placed: given}, nil
}

// Elements returns the elements of its profile by name, passwords included. Those that
// no profile had are missing, but for Profile_Rule.
func (p *CiscoPhone) Elements() map[string]string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return maps.Clone(p.profile.kept)
}

// Change sets elements, as on the phone's own pages.
func (p *CiscoPhone) Change(elements map[string]string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	maps.Copy(p.profile.kept, elements)
}

// Apply takes a profile that came otherwise than by the phone's rules; name is what an
// error calls it. What the phone refuses is a *RefusedError and changes nothing.
func (p *CiscoPhone) Apply(name string, content []byte) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.profile.take(file{name: name, content: content})
}

// Reset is the factory reset: the phone holds nothing any more.
func (p *CiscoPhone) Reset() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.profile.kept = newCisco().kept
	p.copies, p.image = map[string]kept{}, ""
}

// StartFrom is Start with what DHCP says of the server: a host or address, which is
// asked over TFTP; a URL without a path or with one that ends with a slash, whose folder
// is asked for the phone's first file; or the URL of a file, with macros as in rules,
// which takes the place of the first rule. A phone that has a rule of its own goes by
// that. Empty is a phone that DHCP says nothing to. The error is as that of Start;
// without a server and a rule it is ErrNoFile.
func (p *CiscoPhone) StartFrom(ctx context.Context, server string) (Outcome, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if err := p.place(server); err != nil {
		return Outcome{}, err
	}
	if !p.placed && !strings.Contains(p.profile.kept["Profile_Rule"], "://") {
		return Outcome{}, ErrNoFile
	}
	v := &visit{phone: p.Phone}
	err := p.manner.start(ctx, v)
	return v.outcome, err
}

// place turns the phone to a server.
func (p *CiscoPhone) place(server string) error {
	if server == "" {
		p.placed, p.profile.first = p.given, ""
		return nil
	}
	if !strings.Contains(server, "://") {
		server = "tftp://" + server
	}
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "tftp"}, u.Scheme) {
		return fmt.Errorf("filephone: %q is no server of http, https or tftp", server)
	}
	p.profile.first = ""
	if u.Path != "" && !strings.HasSuffix(u.Path, "/") {
		p.profile.first = server
		u.Path, u.RawPath, u.RawQuery = "/", "", ""
	}
	p.base, p.placed = u, true
	return nil
}

// ClockOf reads a time zone as POSIX has it in the variable TZ, such as
// CET-1CEST,M3.5.0,M10.5.0/3; false if it is none, or has a rule by days of the year.
func ClockOf(zone string) (Clock, bool) {
	offset, daylight, ok := posixZone(zone)
	return Clock{Known: ok, Offset: offset, Daylight: daylight}, ok
}
