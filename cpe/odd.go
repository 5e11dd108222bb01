package cpe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icholy/digest"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// Oddity is one thing that real devices do otherwise than the standard says. Name it
// in Config.Odd and the device does it.
type Oddity struct {
	// Name is in lower case with hyphens.
	Name string
	// Manner says what the device does.
	Manner string

	// config changes what the device is; applied twice it changes no more than once.
	config func(*Config)
	// text changes a message before it is sent; nil is an empty POST.
	text func(message cwmp.Message, text string) string
	// request changes the HTTP request that carries a message.
	request func(*post)
	// envelope changes what the device is about to send; request is what it
	// answers, nil if it is a request of the device.
	envelope func(request cwmp.Message, envelope *cwmp.Envelope)
	// answer is what an RPC is answered with; nil is what any device answers.
	answer func(d *Device, request cwmp.Message) cwmp.Message
	// check refuses an answer of the ACS that the device cannot read.
	check func(*response) error
	// challenge changes how the device challenges a connection request.
	challenge func(*digest.Challenge)
	// own is what the device sends once the Inform is answered.
	own func() []cwmp.Message
}

// oddities is all of them; what one changes is changed further by those after it, so
// that the order is that of the work: messages, their text, its bytes, HTTP.
var oddities = slices.Concat(
	identityOddities, flowOddities, answerOddities, listOddities, settingOddities, messageOddities, valueOddities, faultOddities, transferOddities,
	envelopeOddities, charsetOddities, readerOddities, cookieOddities, httpOddities, loginOddities, connectionRequestOddities,
)

// Oddities returns all that Config.Odd may name, beside presets.
func Oddities() []Oddity { return slices.Clone(oddities) }

func oddityNamed(name string) (Oddity, bool) {
	i := slices.IndexFunc(oddities, func(o Oddity) bool { return o.Name == name })
	if i < 0 {
		return Oddity{}, false
	}
	return oddities[i], true
}

// OddityError says that Config.Odd names what there is not.
type OddityError struct {
	// Name is what was named.
	Name string
}

// Error names it.
func (e *OddityError) Error() string {
	return fmt.Sprintf("cpe: Odd: there is no oddity or preset %q", e.Name)
}

// ExpandOdd returns the oddities that names stand for, each once and in the order in
// which a device applies them; names may be those of presets. It returns an
// *OddityError for a name that is neither.
func ExpandOdd(names []string) ([]string, error) {
	wanted := make(map[string]bool)
	for _, name := range names {
		if parts, ok := Preset(name); ok {
			for _, part := range parts {
				wanted[part] = true
			}
			continue
		}
		if _, ok := oddityNamed(name); !ok {
			return nil, &OddityError{Name: name}
		}
		wanted[name] = true
	}
	var expanded []string
	for _, o := range oddities {
		if wanted[o.Name] {
			expanded = append(expanded, o.Name)
		}
	}
	return expanded, nil
}

// manner is the oddities of a device; nil where there are none.
type manner []Oddity

// newManner returns the manner of names.
func newManner(names []string) (manner, error) {
	names, err := ExpandOdd(names)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	var m manner
	for _, name := range names {
		o, _ := oddityNamed(name)
		m = append(m, o)
	}
	return m, nil
}

func (m manner) configure(c *Config) {
	for _, o := range m {
		if o.config != nil {
			o.config(c)
		}
	}
}

func (m manner) write(message cwmp.Message, text string) string {
	for _, o := range m {
		if o.text != nil {
			text = o.text(message, text)
		}
	}
	return text
}

func (m manner) send(p *post) {
	for _, o := range m {
		if o.request != nil {
			o.request(p)
		}
	}
}

func (m manner) address(request cwmp.Message, envelope *cwmp.Envelope) {
	for _, o := range m {
		if o.envelope != nil {
			o.envelope(request, envelope)
		}
	}
}

func (m manner) answer(d *Device, request cwmp.Message) cwmp.Message {
	for _, o := range m {
		if o.answer == nil {
			continue
		}
		if answer := o.answer(d, request); answer != nil {
			return answer
		}
	}
	return nil
}

func (m manner) read(r *response) error {
	for _, o := range m {
		if o.check == nil {
			continue
		}
		if err := o.check(r); err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return nil
}

func (m manner) demand(challenge *digest.Challenge) {
	for _, o := range m {
		if o.challenge != nil {
			o.challenge(challenge)
		}
	}
}

func (m manner) requests() []*outgoing {
	var own []*outgoing
	for _, o := range m {
		if o.own == nil {
			continue
		}
		for _, message := range o.own() {
			// Whatever the ACS answers is well.
			own = append(own, &outgoing{message: message, answer: make(chan cwmp.Message, 1)})
		}
	}
	return own
}

// quirk is the config of an oddity that is one of the Quirks.
func quirk(set func(*Quirks)) func(*Config) {
	return func(c *Config) { set(&c.Quirks) }
}

// replaced is the text of an oddity that replaces something in messages of some
// methods; no methods are all.
func replaced(old, with string, methods ...string) func(cwmp.Message, string) string {
	return changed(func(text string) string { return strings.ReplaceAll(text, old, with) }, methods...)
}

func changed(change func(string) string, methods ...string) func(cwmp.Message, string) string {
	return func(message cwmp.Message, text string) string {
		if message == nil || len(methods) > 0 && !slices.Contains(methods, message.Method()) {
			return text
		}
		return change(text)
	}
}
