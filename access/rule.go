package access

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Rule says how some devices prove who they are, and what is done about those that
// cannot. For each device the enabled rule of the highest priority that fits counts,
// of several the first by ID.
type Rule struct {
	// ID is that of the document; empty for the rule that the options of the server
	// make.
	ID string `json:"-"`
	// Name is for people; at most 100 characters.
	Name string `json:"name"`
	// Priority is between -1000 and 1000; the higher one counts.
	Priority int  `json:"priority"`
	Enabled  bool `json:"enabled"`
	// Listeners are the names of the CWMP listeners that the rule is for, such as
	// "cwmp" and "cwmp-legacy"; empty for all.
	Listeners []string `json:"listeners,omitempty"`
	// Filter says which devices it is for, in the filter language over Schema. What
	// is known of a device counts more than what its Inform says, but for its address.
	// Empty is all.
	Filter string `json:"filter,omitempty"`
	// Methods are alternatives: one of them is enough.
	Methods []Method `json:"methods"`
	// BasicWithoutTLS takes Basic where the connection is not encrypted, too.
	BasicWithoutTLS bool `json:"basicWithoutTLS,omitempty"`
	// Unknown is done about a device of which there is no record.
	Unknown Reaction `json:"unknown"`
	// Rebootstrap is done about a device that has used credentials of its own before
	// and comes with 0 BOOTSTRAP and without them, as after a factory reset. Without
	// 0 BOOTSTRAP it is always refused.
	Rebootstrap Reaction `json:"rebootstrap"`
	// Rotate gives every device that comes without credentials of its own some, and
	// RotateAfter new ones when they are that old; 0 is never.
	Rotate      bool     `json:"rotate,omitempty"`
	RotateAfter Duration `json:"rotateAfter,omitempty"`
	// Identity says what a client certificate tells of its device.
	Identity Identity `json:"identity,omitzero"`

	filter   filter
	identity identity
}

// Bounds of documents.
const (
	maxName       = 100
	maxPriority   = 1000
	maxListeners  = 16
	maxFilter     = 2000
	shortestReuse = time.Hour
)

// ParseRule reads the body of a declared.AccessRule. What the body leaves out is the
// careful choice: unknown devices and those that come back after a reset are
// quarantined. It returns a *FieldError for what cannot be.
func ParseRule(body json.RawMessage) (Rule, error) {
	r := Rule{Enabled: true, Unknown: Quarantine, Rebootstrap: Quarantine}
	if err := decode(body, &r); err != nil {
		return Rule{}, err
	}
	return r.compiled()
}

// compiled returns the rule checked and ready to decide.
func (r Rule) compiled() (Rule, error) {
	for _, check := range []func() error{
		r.checkName, func() error { return checkListeners(r.Listeners) }, r.checkMethods, r.checkReactions, r.checkRotation,
		func() error { return checkFilter(r.Filter) },
	} {
		if err := check(); err != nil {
			return Rule{}, err
		}
	}
	var err error
	if r.identity, err = r.Identity.compiled(); err != nil {
		return Rule{}, err
	}
	if r.filter, err = parseFilter(r.Filter); err != nil {
		return Rule{}, err
	}
	return r, nil
}

func (r *Rule) checkName() error {
	switch {
	case strings.TrimSpace(r.Name) == "" || !printable(r.Name) || len([]rune(r.Name)) > maxName:
		return wrong("name", "must have 1 to %d printable characters", maxName)
	case r.Priority < -maxPriority || r.Priority > maxPriority:
		return wrong("priority", "must be between -%d and %d", maxPriority, maxPriority)
	}
	return nil
}

func (r *Rule) checkMethods() error {
	if len(r.Methods) == 0 {
		return wrong("methods", "must name at least one of none, basic, digest, certificate, proxy")
	}
	for i, m := range r.Methods {
		if !slices.Contains(Methods(), m) {
			return wrong(indexed("methods", i), "must be none, basic, digest, certificate or proxy")
		}
		if slices.Contains(r.Methods[:i], m) {
			return wrong(indexed("methods", i), "is named twice")
		}
	}
	if r.Identity.IsZero() && (r.takes(Certificate) || r.takes(Proxy)) {
		return wrong("identity", "must say which device a certificate is of: at least one of serialNumber, productClass, oui, mac")
	}
	return nil
}

func (r *Rule) checkReactions() error {
	for _, f := range []struct {
		name     string
		reaction Reaction
	}{{"unknown", r.Unknown}, {"rebootstrap", r.Rebootstrap}} {
		if !slices.Contains(Reactions(), f.reaction) {
			return wrong(f.name, "must be accept, quarantine or refuse")
		}
	}
	return nil
}

func (r *Rule) checkRotation() error {
	switch {
	case r.Rotate && !r.asksPassword():
		return wrong("rotate", "needs basic or digest among the methods: nobody would ask for what devices are given")
	case r.RotateAfter != 0 && !r.Rotate:
		return wrong("rotateAfter", "needs rotate")
	case r.RotateAfter != 0 && time.Duration(r.RotateAfter) < shortestReuse:
		return wrong("rotateAfter", "must be at least %s", shortestReuse)
	}
	return nil
}

func checkFilter(text string) error {
	if len(text) > maxFilter {
		return wrong("filter", "must have at most %d bytes", maxFilter)
	}
	return nil
}

func checkListeners(names []string) error {
	if len(names) > maxListeners {
		return wrong("listeners", "must be at most %d", maxListeners)
	}
	for i, name := range names {
		if name == "" || len(name) > 64 || !printable(name) {
			return wrong(indexed("listeners", i), "must be the name of a listener, such as cwmp")
		}
	}
	return nil
}

// takes reports whether the method is one of the rule's.
func (r *Rule) takes(m Method) bool { return slices.Contains(r.Methods, m) }

// asksPassword reports whether a user name and password are among what the rule
// takes.
func (r *Rule) asksPassword() bool { return slices.ContainsFunc(r.Methods, Method.password) }

// takesPassword reports whether a password that was given in this way counts.
func (r *Rule) takesPassword(m Method, secure bool) bool {
	return m.password() && r.takes(m) && (m != Basic || secure || r.BasicWithoutTLS)
}

// offers returns by which methods passwords are asked for, Digest first.
func (r *Rule) offers(secure bool) []Method {
	var offered []Method
	for _, m := range []Method{Digest, Basic} {
		if r.takesPassword(m, secure) {
			offered = append(offered, m)
		}
	}
	return offered
}

// open reports whether the rule asks for nothing at all.
func (r *Rule) open() bool { return len(r.Methods) == 1 && r.Methods[0] == None }

// hears reports whether the rule is for a listener.
func (r *Rule) hears(listener string) bool {
	return len(r.Listeners) == 0 || slices.Contains(r.Listeners, listener)
}
