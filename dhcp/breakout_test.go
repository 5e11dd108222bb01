package dhcp_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// anyText draws what somebody might give as a URL: harmless, and with all that could mean
// something to some server.
func anyText() *rapid.Generator[string] {
	pieces := rapid.SampledFrom([]string{
		"\"", "'", "\\", "$", "$(", "${x}", "`", "\n", "\r", "\t", "\x00", ";", ",", "#", "//", "/*", "{", "}", "[", "]", "(", ")", "<", ">", "|", "&", "!", "?", "%s", "%", "\u2019", "é", " ", "a", "7",
		"';Stop-Computer;'", "\"; option x 1; #", "\nserver=1.2.3.4", "\\\"", "$PSN.xml", "*", "~", "=", ":", "@", "+", ".",
	})
	return rapid.Custom(func(t *rapid.T) string {
		return "http://x.example.net/" + strings.Join(rapid.SliceOfN(pieces, 0, 6).Draw(t, "pieces"), "")
	})
}

// Whatever is given is refused, or is one value in one place: the text has as many lines
// as with a harmless value of the same kind, and no other quotes than before.
func TestNoValueBreaksOutOfAConfiguration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := site()
		value, field := anyText().Draw(t, "value"), rapid.SampledFrom([]string{"acs", "files", "code", "path"}).Draw(t, "field")
		switch field {
		case "acs":
			i.ACSURL = value
		case "files":
			i.FilesURL = value
		case "code":
			i.ProvisioningCode = value
		default:
			i.CiscoPath = value
		}
		for _, server := range dhcp.Servers() {
			c, err := dhcp.Config(server, i)
			if err != nil {
				continue
			}
			harmless, err := dhcp.Config(server, site())
			if err != nil {
				t.Fatal(err)
			}
			for n, p := range c.Parts {
				before := harmless.Parts[n].Text
				if strings.Count(p.Text, "\n") != strings.Count(before, "\n") && p.Language != "json" {
					t.Errorf("%s: other lines:\n%s", server, p.Text)
				}
				if quotes(p, "\"") != quotes(harmless.Parts[n], "\"") {
					t.Errorf("%s: other quotes:\n%s", server, p.Text)
				}
				if !utf8.ValidString(p.Text) || strings.ContainsFunc(p.Text, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }) {
					t.Errorf("%s: other characters:\n%s", server, p.Text)
				}
			}
		}
	})
}

// quotes counts what begins or ends a text, which is not what a text has in it. RouterOS
// and IOS are written in digits where a value has more, so what remains must be even.
func quotes(p dhcp.Part, mark string) int {
	count := strings.Count(strings.ReplaceAll(p.Text, `\`+mark, ""), mark)
	if p.Language == "ios" || p.Language == "routeros" {
		return count % 2
	}
	return count
}

func TestInPowerShellAValueEndsWhereItShould(t *testing.T) {
	i := site()
	i.FilesURL = "http://x.example.net/a';Stop-Computer;'b/"
	c, err := dhcp.Config(dhcp.Windows, i)
	if err != nil {
		t.Fatal(err)
	}
	if want := `-OptionId 66 -Value 'http://x.example.net/a'';Stop-Computer;''b/$PSN.xml'` + "\n"; !strings.Contains(c.Parts[0].Text, want) {
		t.Errorf("%s", c.Parts[0].Text)
	}
}

func TestWhatRouterOSWouldReplaceIsEscaped(t *testing.T) {
	i := site()
	i.FilesURL = "http://x.example.net/$a/"
	c, err := dhcp.Config(dhcp.MikroTik, i)
	if err != nil || !strings.Contains(c.Parts[0].Text, `value="s'http://x.example.net/\$a/\$PSN.xml'"`) {
		t.Errorf("%v: %s", err, c.Parts[0].Text)
	}
	i.FilesURL = "http://x.example.net/$(a)'/"
	c, err = dhcp.Config(dhcp.MikroTik, i)
	if err != nil || !strings.Contains(c.Parts[0].Text, `code=66 value="0x687474703a2f2f782e6578616d706c652e6e65742f2428612927`) {
		t.Errorf("%v: %s", err, c.Parts[0].Text)
	}
}

func TestTheConfigurationOfKeaIsJSONThatSaysTheSame(t *testing.T) {
	i := site()
	i.ACSURL = "http://acs.example.net/a,b;c'd{mac}"
	c, err := dhcp.Config(dhcp.Kea, i)
	if err != nil {
		t.Fatal(err)
	}
	for n, name := range []string{"Dhcp4", "Dhcp6"} {
		var whole map[string]struct {
			Classes []struct {
				Options []struct{ Name, Space, Data string } `json:"option-data"`
			} `json:"client-classes"`
		}
		if err := json.Unmarshal([]byte(c.Parts[n].Text), &whole); err != nil {
			t.Fatalf("%v\n%s", err, c.Parts[n].Text)
		}
		found := 0
		for _, class := range whole[name].Classes {
			for _, o := range class.Options {
				if o.Name == "acs-url" && o.Data == `http://acs.example.net/a\,b;c'd{mac}` {
					found++
				}
			}
		}
		if want := []int{4, 1}[n]; found != want {
			t.Errorf("%s says it %d times, want %d:\n%s", name, found, want, c.Parts[n].Text)
		}
	}
}

func TestWhatAnOptionSaysIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		option   int
		version6 bool
		content  string
		want     string
	}{
		"43":            {43, false, "\x01\x09http://a/\x02\x02S1\x42\x02hi", "ACS URL=http://a/ provisioning code=S1 sub-option 66=hi"},
		"43, prefixed":  {43, false, "\x0b\x01\x09http://a/", "form=sub-options after a length that does not belong there ACS URL=http://a/"},
		"43, a URL":     {43, false, "http://a/", "form=a URL without sub-options URL=http://a/"},
		"60 of a Cisco": {60, false, dhcp.CiscoClass("CP-8851-3PCC"), "vendor class=Cisco Systems, Inc. IP Phone CP-8851-3PCC means=Cisco multiplatform phone CP-8851-3PCC"},
		"60":            {60, false, "x dslforum.org", "vendor class=x dslforum.org means=looks for an ACS (TR-069)"},
		"66":            {66, false, "http://a/\x1b[2J", `text="http://a/\x1b[2J"`},
		"124":           {124, false, "\x00\x00\x0d\xe9\x02\x01x", "vendor class=x"},
		"125":           {125, false, "\x00\x00\x0d\xe9\x11\x01\x01A\x05\x01B\x0b\x09http://a/", "device OUI=A gateway serial number=B ACS URL=http://a/"},
		"150":           {150, false, "\x0a\x09\x00\x01\x0a\x09\x00\x02", "TFTP server=10.9.0.1 TFTP server=10.9.0.2"},
		"16":            {16, true, "\x00\x00\x0d\xe9\x00\x0cdslforum.org", "vendor class=dslforum.org means=looks for an ACS (TR-069)"},
		"17":            {17, true, "\x00\x00\x0d\xe9\x00\x03\x00\x015", "retry minimum wait (s)=5"},
	} {
		statements, err := dhcp.Describe(c.option, c.version6, []byte(c.content))
		var all []string
		for _, s := range statements {
			all = append(all, s.Name+"="+s.Value)
		}
		if got := strings.Join(all, " "); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
	for _, c := range []struct {
		option   int
		version6 bool
		content  string
	}{{43, false, "\x01\x09h"}, {125, false, "x"}, {150, false, "x"}, {124, false, "x"}, {16, true, "x"}, {17, true, "x"}, {1, false, "x"}, {66, true, "x"}, {66, false, strings.Repeat("x", 70000)}} {
		if statements, err := dhcp.Describe(c.option, c.version6, []byte(c.content)); err == nil {
			t.Errorf("%d: %v", c.option, statements)
		}
	}
}
