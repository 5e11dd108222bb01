package mapping

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// check checks what the keys of an entry say together.
func (p *parser) check(e *entry) {
	p.checkPaths(e)
	if len(e.settings) == 0 {
		p.checkConstant(e)
	} else {
		p.checkSettings(e)
	}
	if !slices.Contains(kinds(), e.kind) {
		p.problems.add(e.at("type"), "the type must be one of %s", strings.Join(kinds(), ", "))
		return
	}
	for what, text := range map[string]*string{"absent": e.absent, "empty": e.empty} {
		if text == nil {
			continue
		}
		if _, ok := lexical(e.kind, *text); !ok {
			p.problems.add(e.at(what), "%s: %.60q is no %s", what, *text, e.kind)
		}
	}
	for _, c := range e.values {
		if _, ok := lexical(e.kind, c.parameter); !ok {
			p.problems.add(e.at("values"), "values: %.60q is no %s", c.parameter, e.kind)
		}
	}
}

// checkPaths checks that what is for an account is below the objects of one, and the
// other way round.
func (p *parser) checkPaths(e *entry) {
	if len(e.paths) == 0 {
		p.problems.add(e.line, "a parameter needs a path")
	}
	if e.perAccount && len(p.mapping.layouts) == 0 {
		p.problems.add(e.line, "what accounts have needs a layout")
	}
	for _, l := range e.paths {
		e.secret = e.secret || secret.NameIsSecret(l.rest)
		if !e.perAccount && p.isObjectOfAccount(l.base) {
			p.problems.add(l.line, "{%s} is an object of accounts: say for: account, or a setting of account.N", l.base)
		}
	}
	if e.absent != nil && !e.perAccount {
		p.problems.add(e.at("absent"), "absent is for what accounts have")
	}
}

// isObjectOfAccount reports whether a name is that of an object in a layout.
func (p *parser) isObjectOfAccount(name string) bool {
	return slices.ContainsFunc(p.mapping.layouts, func(l *layout) bool { _, ok := l.objects[name]; return ok })
}

// placeholder is a place in a value.
var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// checkConstant checks an entry without a setting.
func (p *parser) checkConstant(e *entry) {
	for key, is := range map[string]bool{
		"text": e.text != nil, "values": e.values != nil, "except": e.except != nil, "convert": e.convert != "", "default": e.fallback != "", "empty": e.empty != nil,
	} {
		if is {
			p.problems.add(e.at(key), "%s needs a setting", key)
		}
	}
	if e.value == nil {
		p.problems.add(e.line, "a parameter needs a setting, or a value")
		return
	}
	found := placeholder.FindAllStringSubmatch(*e.value, -1)
	for _, name := range found {
		if _, ok := p.names[name[1]]; !ok {
			p.problems.add(e.at("value"), "there is no place %.60q", name[1])
		}
		if !e.perAccount && p.isObjectOfAccount(name[1]) {
			p.problems.add(e.at("value"), "{%s} is an object of accounts: say for: account", name[1])
		}
	}
	if _, ok := lexical(e.kind, *e.value); !ok && slices.Contains(kinds(), e.kind) {
		p.problems.add(e.at("value"), "value: %.60q is no %s", *e.value, e.kind)
	}
}

// checkSettings checks an entry that carries settings.
func (p *parser) checkSettings(e *entry) {
	if e.value != nil {
		p.problems.add(e.at("value"), "a value is for parameters without a setting")
	}
	if len(e.settings) > 1 && e.text == nil {
		p.problems.add(e.settingLine(), "several settings need a text with each of them in braces")
	}
	for _, pattern := range e.settings {
		s, ok := p.setting(pattern)
		if !ok {
			p.problems.add(e.settingLine(), "there is no setting %.60q, or it is not written with account.N", pattern)
			continue
		}
		e.secret = e.secret || s.Secret
		if s.Display {
			e.display = append(e.display, pattern)
		}
		e.list = s.Type == provisioners.ListType
		if len(e.settings) == 1 {
			p.checkValues(e, &s)
		}
	}
	p.checkText(e)
}

// setting returns the setting of a pattern: account.N.x, or a path.
func (p *parser) setting(pattern string) (provisioners.Setting, bool) {
	if strings.Contains(pattern, "*") {
		return provisioners.Setting{}, false
	}
	if leaf, ok := strings.CutPrefix(pattern, accountPrefix); ok {
		pattern = "account.*." + leaf
	}
	return p.mapping.catalogue.Find(pattern)
}

// checkText checks that a text has the settings of its entry, and no others.
func (p *parser) checkText(e *entry) {
	if e.text == nil {
		return
	}
	missing := map[string]bool{}
	for _, pattern := range e.settings {
		missing[pattern] = true
	}
	for _, part := range e.text {
		if part.setting != "" && !slices.Contains(e.settings, part.setting) {
			p.problems.add(e.at("text"), "the text has {%.60s}, which is none of the entry's settings", part.setting)
		}
		delete(missing, part.setting)
	}
	for pattern := range maps.Keys(missing) {
		p.problems.add(e.at("text"), "the text has no {%s}", pattern)
	}
	if e.values != nil || e.except != nil || e.convert != "" {
		p.problems.add(e.at("text"), "a text has no values, no except and no convert")
	}
	if e.kind != "string" {
		p.problems.add(e.at("text"), "a text is a string")
	}
}

// checkValues checks conversions and the default of an entry for one setting.
func (p *parser) checkValues(e *entry, s *provisioners.Setting) {
	if e.convert != "" && (!slices.Contains(conversions(), e.convert) || s.Type != provisioners.ZoneType || e.values != nil) {
		p.problems.add(e.at("convert"), "convert must be one of %s, of a setting that is a zone, without values", strings.Join(conversions(), ", "))
	}
	if (e.values != nil || e.except != nil) && s.Secret {
		p.problems.add(e.settingLine(), "a secret has no values and no except")
		return
	}
	path := strings.Replace(e.settings[0], "account.N", "account.*", 1)
	isValue := func(text string) bool {
		canonical, err := p.mapping.catalogue.Parse(path, text)
		return err == nil && canonical == text && text != ""
	}
	for _, c := range e.values {
		if !isValue(c.setting) {
			p.problems.add(e.at("values"), "%.60q is no value of %s", c.setting, e.settings[0])
		}
	}
	for _, text := range e.except {
		if !isValue(text) {
			p.problems.add(e.at("except"), "%.60q is no value of %s", text, e.settings[0])
		}
	}
	if e.fallback == "" {
		return
	}
	if s.Secret || !isValue(e.fallback) {
		p.problems.add(e.at("default"), "default: %.60q is no value of %s", e.fallback, e.settings[0])
	} else if _, reason := e.wire(e.fallback, p.mapping.zones); reason != "" {
		p.problems.add(e.at("default"), "default: %s", reason)
	}
}
