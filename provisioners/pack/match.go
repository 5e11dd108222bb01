package pack

import (
	"crypto/x509"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// Bounds of what is looked at in a request.
const (
	maxPath      = 1024
	maxUserAgent = 512
)

// Asked is a request for a file.
type Asked struct {
	// Path is decoded and as the phone sent it: a leading slash may miss, slashes may
	// be doubled or turned.
	Path      string
	Query     url.Values
	UserAgent string
	// Certificate is the client's, verified; nil if there was none.
	Certificate *x509.Certificate
}

// Match is what a request may mean.
type Match struct {
	Pack *Pack
	// Model is nil if nothing in the request says it, or if several fit.
	Model *Model
	// Models are all that fit.
	Models []*Model
	// File or Static is what was asked for; both are nil if the path is none of the
	// pack's, and only the User-Agent, the certificate or the OUI told the pack.
	File   *File
	Static *Static
	// MAC is canonical (device.ParseMAC), or empty.
	MAC      string
	Serial   string
	Firmware string
	// Agent says that the User-Agent is one of the vendor's, Certified that the
	// certificate names the phone.
	Agent     bool
	Certified bool

	rank int
}

// Match returns what a request may mean, the best first. A path that leaves its folder
// means nothing.
func (r *Registry) Match(a Asked) []Match {
	segments, ok := segmentsOf(a.Path)
	if !ok {
		return nil
	}
	var all []Match
	for _, p := range r.packs {
		if p.Fallback {
			continue
		}
		all = append(all, p.match(a, segments)...)
	}
	slices.SortStableFunc(all, func(a, b Match) int { return b.rank - a.rank })
	return all
}

// segmentsOf returns the folders and the name of a path; ok is false for one that cannot
// be a file's.
func segmentsOf(path string) (segments []string, ok bool) {
	if len(path) > maxPath || strings.ContainsRune(path, 0) {
		return nil, false
	}
	for _, segment := range strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' }) {
		switch segment {
		case "..":
			return nil, false
		case ".":
		default:
			segments = append(segments, segment)
		}
	}
	return segments, true
}

// match returns what a request may mean to one pack.
func (p *Pack) match(a Asked, segments []string) []Match {
	known := p.identify(a, segments)
	models := p.Models
	if known.Model != nil {
		models = []*Model{known.Model}
	}
	var all []Match
	for _, f := range p.Files {
		fit := servedBy(f, known.Model)
		if len(fit) == 0 {
			continue
		}
		if m, ok := p.matchName(known, f.pattern, segments, fit, f.served); ok {
			m.File = f
			all = append(all, m)
		}
	}
	for _, s := range p.Static {
		if m, ok := p.matchName(known, s.pattern, segments, models, p.Models); ok {
			m.Static = s
			all = append(all, m)
		}
	}
	if len(all) == 0 && (known.Agent || known.Certified || p.hasOUI(known.MAC)) {
		known.Models = models
		all = append(all, known.ranked())
	}
	return all
}

// servedBy returns the models that may have asked for a file: those that ask for it, or of
// them the one that the request names, if it does. It copies none: it is asked for each
// file of each pack at each request.
func servedBy(f *File, named *Model) []*Model {
	if named == nil {
		return f.served
	}
	if i := slices.Index(f.served, named); i >= 0 {
		return f.served[i : i+1 : i+1]
	}
	return nil
}

// indexFiles fills served of each file.
func (p *Pack) indexFiles() {
	for _, f := range p.Files {
		f.served = slices.DeleteFunc(slices.Clone(p.Models), func(m *Model) bool { return !f.Serves(m) })
	}
}

// matchName reads the path. A name that another model has in it than the one that the
// request names is believed, as phones are sold under several names; but not a file that
// is not for the model that the request names.
func (p *Pack) matchName(known Match, pattern *namePattern, segments []string, models, others []*Model) (Match, bool) {
	f, ok := pattern.match(segments, models)
	if !ok {
		if f, ok = pattern.match(segments, others); !ok {
			return Match{}, false
		}
		known.Model = nil
	}
	m := known
	m.Models = f.models
	if len(f.models) == 1 {
		m.Model = f.models[0]
	}
	if f.mac != "" {
		m.MAC = f.mac
	}
	if f.serial != "" {
		m.Serial = f.serial
	}
	m.rank = 8
	if f.mac == "" && f.serial == "" {
		// A name that only this vendor's phones ask for says more than a MAC.
		m.rank++
	}
	return m.ranked(), true
}

// ranked completes the rank.
func (m Match) ranked() Match {
	if m.Certified {
		m.rank += 32
	}
	if m.Agent {
		m.rank += 16
	}
	if m.MAC != "" && m.Pack.hasOUI(m.MAC) {
		m.rank += 4
	}
	if m.Model != nil {
		m.rank += 2
	}
	return m
}

// identify reads what a request says whichever file it is for: the certificate before the
// User-Agent, before the query, before a MAC anywhere in the path.
func (p *Pack) identify(a Asked, segments []string) Match {
	m := Match{Pack: p}
	if m.MAC = macOf(a.Query); m.MAC == "" {
		m.MAC = macIn(segments)
	}
	p.readAgent(&m, a.UserAgent)
	if p.certificate == nil || a.Certificate == nil {
		return m
	}
	subject := a.Certificate.Subject
	if mac := macOfSubject(subject, p.certificate.MAC); mac != "" {
		m.MAC, m.Certified = mac, p.hasOUI(mac)
	}
	if model := p.modelNamed(attribute(subject, p.certificate.Model)); model != nil {
		m.Model, m.Certified = model, true
	}
	if serial := attribute(subject, p.certificate.Serial); serial != "" && m.Certified {
		m.Serial = serial
	}
	return m
}

func macOf(query url.Values) string {
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

var twelveDigits = regexp.MustCompile(`(?i)(?:^|[^0-9a-z])(?:cfg|config|snom|spa)?([0-9a-f]{12})(?:[^0-9a-z]|$)`)

// macIn returns the MAC in a path, the one of the last folder or name that has one: names
// that no pack knows may have it too.
func macIn(segments []string) string {
	for _, segment := range slices.Backward(segments) {
		if digits := twelveDigits.FindStringSubmatch(segment); digits != nil {
			if mac, err := device.ParseMAC(digits[1]); err == nil {
				return mac
			}
		}
	}
	return ""
}

// readAgent reads a User-Agent by the first pattern that fits.
func (p *Pack) readAgent(m *Match, userAgent string) {
	userAgent = userAgent[:min(len(userAgent), maxUserAgent)]
	for _, pattern := range p.userAgents {
		values := pattern.FindStringSubmatch(userAgent)
		if values == nil {
			continue
		}
		m.Agent = true
		for i, group := range pattern.SubexpNames() {
			switch value := values[i]; group {
			case "model":
				m.Model = p.modelNamed(value)
			case "firmware":
				m.Firmware = value
			case "serial":
				m.Serial = value
			case "mac":
				if mac, err := device.ParseMAC(value); err == nil {
					m.MAC = mac
				}
			}
		}
		return
	}
}
