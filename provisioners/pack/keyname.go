package pack

import "regexp"

// nameOf says what a name may be in each format: that of an element, an attribute or a
// key. JSON and CSV take any as a value.
var nameOf = map[Format]struct {
	pattern *regexp.Regexp
	words   string
}{
	FormatXML:        {regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`), "letters, digits and _ . -, and begins with a letter or _"},
	FormatPanasonic:  {regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`), "letters, digits and _, and begins with a letter"},
	FormatKeyValue:   {regexp.MustCompile(`^[A-Za-z0-9_$](?: ?[A-Za-z0-9_.:/@$-])*$`), "letters, digits, _ . : / @ $ - and single spaces"},
	FormatColonValue: {regexp.MustCompile(`^[A-Za-z0-9_$](?: ?[A-Za-z0-9_./@$-])*$`), "letters, digits, _ . / @ $ - and single spaces"},
	FormatText:       {regexp.MustCompile(`^[A-Za-z0-9_$](?: ?[A-Za-z0-9_.:/@$-])*$`), "letters, digits, _ . : / @ $ - and single spaces"},
}

// name returns a text that stands where the format has a name, such as the key of
// vendor.PACK.KEY. One that is no name there is a *ValueError.
func (g *guard) name(format Format, x any) (string, error) {
	text, err := plainText(x)
	if err != nil {
		return "", err
	}
	rule, ok := nameOf[format]
	if !ok || rule.pattern.MatchString(text) {
		return g.made(text)
	}
	path := "a name"
	if _, ok := g.vendor[text]; ok && g.pack != nil {
		path = "vendor." + g.pack.Name + "." + text
	}
	return "", &ValueError{Path: path, reason: "a name in the format " + string(format) + " is of " + rule.words}
}
