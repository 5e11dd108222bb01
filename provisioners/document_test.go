package provisioners_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners"
)

var update = flag.Bool("update", false, "write the tables of settings anew")

const (
	documentPath = "../docs/settings.md"
	tablesBegin  = "<!-- settings -->\n"
	tablesEnd    = "<!-- end of settings -->"
)

func TestTheSettingsDocumentHasTheCatalogueAsItIs(t *testing.T) {
	document, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(document), tablesBegin)
	_, tail, ended := strings.Cut(rest, tablesEnd)
	if !found || !ended {
		t.Fatalf("%s has no place for the tables", documentPath)
	}
	want := head + tablesBegin + tables(catalogue(t)) + tablesEnd + tail
	if want == string(document) {
		return
	}
	if !*update {
		t.Fatalf("%s is not that of the catalogue: run this test with -update", documentPath)
	}
	if err := os.WriteFile(documentPath, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tables returns a table of each group of the catalogue.
func tables(c *provisioners.Catalogue) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nVersion %d of the catalogue.\n", c.Version())
	for _, group := range c.Groups() {
		fmt.Fprintf(&b, "\n### %s\n\n", group.Title)
		if group.Help != "" {
			b.WriteString(group.Help + "\n\n")
		}
		var ranges []string
		for _, r := range group.Settings[len(group.Settings)-1].Indexes {
			ranges = append(ranges, fmt.Sprintf("%s is %d to %d.", r.Letter, r.From, r.To))
		}
		if len(ranges) > 0 {
			b.WriteString(strings.Join(ranges, " ") + "\n\n")
		}
		b.WriteString("| path | type | meaning |\n| --- | --- | --- |\n")
		for i := range group.Settings {
			s := &group.Settings[i]
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Path, values(s), meaning(s))
		}
	}
	b.WriteString("\n### Settings of a vendor\n\n`vendor.PACK.KEY` is any text for the templates of the pack PACK: what a vendor has and the catalogue does not. KEY is of letters, digits, `_ . : / @ $ -`\n" +
		"and single spaces, and begins and ends with a letter, a digit or `_`. A pack writes it where the phone's format has a name: one that is no name there\n" +
		"(such as `a:b` in XML) makes the device `failing`, with the path in the reason.\n\n" +
		"`vendor.PACK.Device.X.Y` is no text for templates but the CWMP parameter `X.Y` below whichever root the device has; `InternetGatewayDevice.` means the same.\n\n")
	return b.String()
}

// values says in short what values a setting takes.
func values(s *provisioners.Setting) string {
	text := string(s.Type)
	if s.Type == provisioners.ChoiceType || s.Type == provisioners.ListType {
		text += ": " + strings.Join(s.Choices, ", ")
	} else if len(s.Choices) > 0 {
		text += ", or " + strings.Join(s.Choices, ", ")
	}
	if s.Type == provisioners.TextType && s.Max != nil {
		text += fmt.Sprintf(", at most %d characters", *s.Max)
	}
	if s.Min != nil && s.Max != nil {
		text += fmt.Sprintf(", %d to %d", *s.Min, *s.Max)
	}
	return strings.ReplaceAll(text, "|", "\\|")
}

func meaning(s *provisioners.Setting) string {
	text := s.Title + "."
	if s.Help != "" {
		text += " " + s.Help
	}
	if s.Unit != "" {
		text += " In " + s.Unit + "."
	}
	if s.Default != "" {
		text += " Default `" + s.Default + "`."
	}
	if s.Pattern != "" {
		text += " Matches `" + s.Pattern + "`."
	}
	for _, mark := range []struct {
		set  bool
		word string
	}{{s.EndUser, "user"}, {s.Secret, "secret"}, {s.Deprecated, "deprecated"}} {
		if mark.set {
			text += " *" + mark.word + "*"
		}
	}
	return strings.ReplaceAll(text, "|", "\\|")
}
