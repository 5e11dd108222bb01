package access

import (
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Verdict is what is to be done about an Inform.
type Verdict string

// The verdicts.
const (
	// Allowed: the session is opened.
	Allowed Verdict = "allowed"
	// Quarantined: it is opened, and the device is given nothing in it.
	Quarantined Verdict = "quarantined"
	// Challenged: 401, by Decision.Methods.
	Challenged Verdict = "challenged"
	// Refused: fault 8001.
	Refused Verdict = "refused"
)

// Decision is what a Set says of one Inform.
type Decision struct {
	Verdict Verdict
	// Rule is the ID of the rule that counted, and Name its name.
	Rule, Name string
	// Reason says in words why the device is refused or quarantined.
	Reason string
	// Methods are what a challenge offers.
	Methods []Method
	// Clash says that somebody else spoke as the device, or as somebody else with its
	// credentials: a person should look at it.
	Clash bool
	// Unknown is what is done about the device if there is no record of it.
	Unknown Reaction
	// Returned says that a device that had credentials of its own came back without
	// them and was let in: it may use what it has now until it is seen to use its own
	// again.
	Returned bool
	// Own says that it has proven to be this very device.
	Own bool
	// Rotates says that the rule gives devices credentials of their own; Issue that
	// this one is to get some.
	Rotates, Issue bool
}

// Brief decides where neither the record nor the Inform can change the decision but
// for what storing a contact checks anyway: that the device whose credentials were
// shown is the one that informs. ok is false where Decide has to be asked.
func (s *Set) Brief(a Account, now time.Time) (d Decision, ok bool) {
	i := slices.IndexFunc(s.rules, func(r Rule) bool { return r.hears(a.Listener) })
	r := &s.rules[i]
	switch {
	case r.filter.expr != nil:
		return Decision{}, false
	case r.open():
		return r.decision(Allowed), true
	case a.Device != "" && !a.Superseded && r.takesPassword(a.Method, a.Secure):
		d = r.decision(Allowed)
		d.Own, d.Issue = true, r.renews(a, now)
		return d, true
	default:
		return Decision{}, false
	}
}

// Decide says whether an account may speak as a device.
func (s *Set) Decide(a Account, c Candidate) Decision {
	r := s.rule(a.Listener, &c)
	if r.open() {
		return r.newcomer(&c, shared)
	}
	switch s.proof(r, a, &c) {
	case own:
		if !c.known() {
			return r.newcomer(&c, own)
		}
		d := r.decision(Allowed)
		d.Own, d.Issue = true, r.renews(a, c.Now)
		return d
	case another:
		return r.refusal("the credentials or the certificate are those of another device", true)
	case shared, anybody:
		return r.unproven(a, &c)
	default:
		return r.ask(a, "the rule takes nothing of what was shown")
	}
}

// proof says how far what was shown goes under a rule.
func (s *Set) proof(r *Rule, a Account, c *Candidate) proof {
	best := nothing
	if r.takes(None) {
		best = anybody
	}
	if r.takesPassword(a.Method, a.Secure) {
		best = max(best, s.passwordProof(r, a, c))
		if a.Device != "" && a.Device != c.Device.ID {
			return another
		}
	}
	if best != own && a.Certificate != nil && r.takes(a.certificateMethod()) {
		proven := r.identity.proves(a.Certificate, &c.Device)
		if proven == another {
			return another
		}
		best = max(best, proven)
	}
	return best
}

func (s *Set) passwordProof(r *Rule, a Account, c *Candidate) proof {
	switch {
	case a.Device != "" && a.Device == c.Device.ID && !a.Superseded:
		return own
	case a.Device != "" && a.Device == c.Device.ID:
		return shared // It had this before it was given one of its own.
	case slices.ContainsFunc(a.Shared, func(id string) bool { return s.sharedFits(id, r, c) }):
		return shared
	default:
		return nothing
	}
}

// sharedFits reports whether a shared credential counts for a device.
func (s *Set) sharedFits(id string, r *Rule, c *Candidate) bool {
	return slices.ContainsFunc(s.shared, func(have SharedCredential) bool {
		return have.ID == id && (have.Rule == "" || have.Rule == r.ID) && have.filter.fits(&c.Device)
	})
}

// unproven decides about a device that has shown nothing of its own.
func (r *Rule) unproven(a Account, c *Candidate) Decision {
	switch {
	case !c.known():
		return r.newcomer(c, shared)
	case r.asksPassword() && a.Username == "" && len(c.Credentials) > 0 && !(c.Asked && (c.Bootstrap || !c.bound())):
		// A device shows its credentials only when it is asked.
		return r.ask(a, "the device has credentials of its own and shows none")
	case !r.asksPassword() || !c.bound():
		d := r.decision(Allowed)
		d.Issue = r.Rotate
		return d
	case !c.Bootstrap:
		return r.refusal("the device has credentials of its own, and came without them and without 0 BOOTSTRAP", true)
	default:
		return r.returned()
	}
}

// returned decides about a device that comes back without the credentials that it
// had.
func (r *Rule) returned() Decision {
	const reason = "the device came back with 0 BOOTSTRAP and without credentials of its own"
	switch r.Rebootstrap {
	case Accept:
		d := r.decision(Allowed)
		d.Returned, d.Issue = true, r.Rotate
		return d
	case Quarantine:
		d := r.decision(Quarantined)
		d.Returned, d.Reason = true, reason
		return d
	default:
		return r.refusal(reason, true)
	}
}

// newcomer decides about a device of which there may be no record.
func (r *Rule) newcomer(c *Candidate, shown proof) Decision {
	d := r.decision(Allowed)
	d.Own = shown == own
	d.Issue = r.Rotate && shown != own
	if c.known() {
		return d
	}
	switch r.Unknown {
	case Refuse:
		return r.refusal("unknown devices are not accepted", false)
	case Quarantine:
		d.Verdict, d.Issue, d.Reason = Quarantined, false, "the device is unknown"
	}
	return d
}

// ask asks for a password, if that is of use.
func (r *Rule) ask(a Account, reason string) Decision {
	methods := r.offers(a.Secure)
	if len(methods) == 0 {
		return r.refusal(reason, false)
	}
	d := r.decision(Challenged)
	d.Methods, d.Reason = methods, reason
	return d
}

func (r *Rule) refusal(reason string, clash bool) Decision {
	d := r.decision(Refused)
	d.Reason, d.Clash = reason, clash
	return d
}

func (r *Rule) decision(v Verdict) Decision {
	return Decision{Verdict: v, Rule: r.ID, Name: r.Name, Unknown: r.Unknown, Rotates: r.Rotate}
}

// renews reports whether the device's own credential is old enough to be replaced.
func (r *Rule) renews(a Account, now time.Time) bool {
	return r.Rotate && a.Device != "" && r.RotateAfter > 0 && now.Sub(a.CreatedAt) > time.Duration(r.RotateAfter)
}

// Judge says what the other credentials of a device mean for one of them, as Account
// has it.
func Judge(used device.Credential, all []device.Credential) (superseded, outdated bool) {
	for _, other := range all {
		if !other.Issued || other.Username == used.Username || !other.CreatedAt.After(used.CreatedAt) {
			continue
		}
		if other.SeenAt.IsZero() {
			outdated = true
		} else {
			superseded = true
		}
	}
	return superseded, outdated
}
