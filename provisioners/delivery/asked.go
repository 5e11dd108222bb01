package delivery

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// asked is a request and what is known of it.
type asked struct {
	files.Request
	packs *pack.Registry
	// matches are what the packs make of it, the best first.
	matches []pack.Match
	// macs are the MAC addresses that it names, the best known first, each once.
	macs []string

	// device is who asks, if known. Its model may be the one that the request names,
	// where the record has none that a pack knows.
	device device.Device
	known  bool
	// pack and model serve the device, both nil if none does.
	pack  *pack.Pack
	model *pack.Model
	// queried says that the query names a phone.
	queried bool
}

// read has the packs read a request.
func (s *Server) read(r files.Request) *asked {
	if r.At.IsZero() {
		r.At = s.options.Now()
	}
	r.At = r.At.UTC().Truncate(time.Millisecond)
	a := &asked{Request: r, packs: s.options.Packs()}
	a.matches = a.packs.Match(pack.Asked{Path: r.Path, Query: r.Query, UserAgent: r.UserAgent, Certificate: r.Certificate})
	a.nameAll()
	return a
}

// nameAll notes the MAC addresses of the request: that of the path before what else
// says who asks. A path that a pack reads without one, such as y000000000066.cfg, has
// none, whatever it looks like.
func (a *asked) nameAll() {
	inPath := macIn(a.Path)
	for i := range a.matches {
		if m := &a.matches[i]; m.MAC == inPath && (m.File != nil || m.Static != nil) {
			a.name(inPath)
		}
	}
	if mac := macOfQuery(a.Query); mac != "" {
		a.queried = true
		a.name(mac)
	}
	isFile := false
	for i := range a.matches {
		isFile = isFile || a.matches[i].File != nil || a.matches[i].Static != nil
		a.name(a.matches[i].MAC)
	}
	if !isFile {
		a.name(inPath)
	}
	a.name(macIn(a.UserAgent))
}

func (a *asked) name(mac string) {
	if mac != "" && !slices.Contains(a.macs, mac) {
		a.macs = append(a.macs, mac)
	}
}

// macPattern finds a MAC address that stands for itself: no hexadecimal digit touches
// it.
var macPattern = regexp.MustCompile(`(?:^|[^0-9A-Fa-f])([0-9A-Fa-f]{12}|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5})(?:[^0-9A-Fa-f]|$)`)

// maxSearched bounds the text in which a MAC address is looked for.
const maxSearched = 1024

// macIn returns the first MAC address in a text, or "".
func macIn(text string) string {
	found := macPattern.FindStringSubmatch(text[:min(len(text), maxSearched)])
	if found == nil {
		return ""
	}
	mac, err := device.ParseMAC(found[1])
	if err != nil || strings.HasPrefix(mac, "00:00:00:") {
		return "" // A number that was filled up with zeros.
	}
	return mac
}

// macOfQuery returns the MAC address that a query names, or "".
func macOfQuery(query url.Values) string {
	for name, values := range query {
		if !strings.EqualFold(name, "mac") {
			continue
		}
		for _, value := range values {
			if mac, err := device.ParseMAC(value); err == nil {
				return mac
			}
		}
	}
	return ""
}

// isPhone reports whether a request looks like a phone's.
func (a *asked) isPhone() bool { return len(a.matches) != 0 || len(a.macs) != 0 }

// serial returns the serial number that the User-Agent or the certificate names, or "".
// One in a path alone could be any word.
func (a *asked) serial() string {
	for i := range a.matches {
		if m := &a.matches[i]; m.Serial != "" && (m.Agent || m.Certified) {
			return m.Serial
		}
	}
	return ""
}

// firmwareVersion returns the firmware that the User-Agent names to a pack, or "".
func (a *asked) firmwareVersion() string {
	for i := range a.matches {
		if m := &a.matches[i]; m.Agent && m.Firmware != "" && (a.pack == nil || m.Pack.Name == a.pack.Name) {
			return m.Firmware
		}
	}
	return ""
}

// certified returns the MAC address that the certificate names to a pack, or "".
func (a *asked) certified() string {
	if a.Certificate == nil {
		return ""
	}
	for _, m := range a.packs.Match(pack.Asked{Certificate: a.Certificate}) {
		if m.Certified && m.MAC != "" {
			return m.MAC
		}
	}
	return ""
}

// address returns where the request came from as it is recorded.
func (a *asked) address() string {
	if a.Address == (netip.Addr{}) {
		return ""
	}
	return a.Address.Unmap().WithZone("").String()
}

// file returns the last segment of the path.
func (a *asked) file() string {
	segments := segmentsOf(a.Path)
	if len(segments) == 0 {
		return ""
	}
	return segments[len(segments)-1]
}

// segmentsOf returns the parts of a path, whichever way its slashes are turned.
func segmentsOf(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' })
}
