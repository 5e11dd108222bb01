package dhcp_test

import (
	"errors"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/dhcp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// ouis are of makers, as their packs have them.
func ouis() map[string][]string {
	return map[string][]string{
		"yealink": {"001565", "805EC0"}, "snom": {"000413"}, "poly": {"0004f2"}, "grandstream": {"000b82"}, "fanvil": {"0c383e"},
		"gigaset": {"7c2f80"}, "mitel": {"00085d"}, "htek": {"001fc1"}, "sangoma": {"005058"},
	}
}

// site is an installation with all that can be said.
func site() dhcp.Installation {
	return dhcp.Installation{
		ACSURL: "https://acs.example.net:7547/", FilesURL: "https://files.example.net:7567/", TFTPServers: []netip.Addr{netip.MustParseAddr("10.9.0.1")},
		ProvisioningCode: "SITE-042", RetryMinimumWait: 5, RetryMultiplier: 2000, IPv6: true, Gateway: dhcp.Identity{OUI: "00D0EC", SerialNumber: "SER123", ProductClass: "GW-1"}, OUIs: ouis(),
	}
}

// cases are installations of which there are golden files for each server.
func cases() map[string]dhcp.Installation {
	makers := site()
	makers.ACSURL, makers.IPv6, makers.Gateway = "", false, dhcp.Identity{}
	makers.Classes = []string{"cisco", "cisco-spa", "yealink", "snom", "panasonic", "mitel", "sangoma-d", "every"}
	makers.FilesURL = "http://files.example.net/p"
	shared := makers
	shared.Classes, shared.Existing66 = []string{"cisco", "yealink", "every"}, true
	shared.Subnets = []netip.Prefix{netip.MustParsePrefix("10.9.0.0/24"), netip.MustParsePrefix("10.10.0.0/16")}
	hostile := site()
	hostile.ACSURL = "http://acs.example.net:7547/a,b;c'd$(e)&f=%20?x={mac}=~*!#y"
	hostile.FilesURL = "http://files.example.net/$HOME/'(x),y;&"
	hostile.ProvisioningCode = "A,B;$C #{}&%"
	return map[string]dhcp.Installation{"site": site(), "makers": makers, "option-66-in-use": shared, "hostile": hostile}
}

func TestConfigurationsAreAsTheGoldenOnes(t *testing.T) {
	for name, installation := range cases() {
		for _, server := range dhcp.Servers() {
			t.Run(name+" for "+string(server), func(t *testing.T) {
				if server == dhcp.CiscoIOS && len(installation.Classes) > 2 {
					installation.Classes = []string{"cisco"} // It gives the same to all.
				}
				c, err := dhcp.Config(server, installation)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, filepath.Join("testdata", name, string(server)+".txt"), written(c))
			})
		}
	}
}

// written is a configuration as a golden file has it.
func written(c dhcp.Configuration) string {
	var b strings.Builder
	for _, p := range c.Parts {
		b.WriteString("==> " + p.Filename + " (" + p.Language + ")\n" + p.Text)
	}
	b.WriteString("==> checks\n")
	for _, check := range c.Checks {
		b.WriteString(check.Command + "\n    " + check.Expect + "\n")
	}
	b.WriteString("==> notes\n" + strings.Join(c.Notes, "\n") + "\n")
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff(string(want), got); difference != "" {
		t.Errorf("%s (-want +got), -update writes it:\n%s", file, difference)
	}
}

func TestAValueThatNoServerCanBeToldIsRefusedByItsName(t *testing.T) {
	bad := []string{"http://x.example.net/\"", "http://x.example.net/\\", "http://x.example.net/\n", "http://x.example.net/ ", "http://x.example.net/`", "http://x.example.net/|", "http://x.example.net/<", "http://x.example.net/\u2019", "http://", "x"}
	for field, change := range map[string]func(*dhcp.Installation, string){
		"acsUrl":   func(i *dhcp.Installation, s string) { i.ACSURL = s },
		"filesUrl": func(i *dhcp.Installation, s string) { i.FilesURL = s },
	} {
		for _, value := range bad {
			i := site()
			change(&i, value)
			wantRefused(t, i, field)
		}
	}
	for field, change := range map[string]func(*dhcp.Installation){
		"provisioningCode":    func(i *dhcp.Installation) { i.ProvisioningCode = "a\"b" },
		"retryMinimumWait":    func(i *dhcp.Installation) { i.RetryMinimumWait = 70000 },
		"retryMultiplier":     func(i *dhcp.Installation) { i.RetryMultiplier = 1 },
		"gatewayOui":          func(i *dhcp.Installation) { i.Gateway.OUI = "x" },
		"gatewaySerialNumber": func(i *dhcp.Installation) { i.Gateway.SerialNumber = "a\nb" },
		"gatewayProductClass": func(i *dhcp.Installation) { i.Gateway.ProductClass = `a\` },
		"tftpServers":         func(i *dhcp.Installation) { i.TFTPServers = []netip.Addr{netip.MustParseAddr("2001:db8::1")} },
		"subnets":             func(i *dhcp.Installation) { i.Subnets = []netip.Prefix{netip.MustParsePrefix("10.9.0.1/24")} },
		"ciscoPath":           func(i *dhcp.Installation) { i.CiscoPath = "a\"b" },
		"classes":             func(i *dhcp.Installation) { i.Classes = []string{"nobody"} },
		"ouis":                func(i *dhcp.Installation) { i.OUIs = map[string][]string{"yealink": {"00:15"}} },
	} {
		i := site()
		change(&i)
		wantRefused(t, i, field)
	}
	long := site()
	long.ACSURL = "https://acs.example.net/" + strings.Repeat("a", 220)
	wantRefused(t, long, "acsUrl")
	tooLongForGigaset := site()
	tooLongForGigaset.FilesURL, tooLongForGigaset.Classes = "https://files.example.net/"+strings.Repeat("a", 60), []string{"gigaset"}
	wantRefused(t, tooLongForGigaset, "filesUrl")
	query := site()
	query.FilesURL = "https://files.example.net/?a=b"
	wantRefused(t, query, "filesUrl")
	wantRefused(t, dhcp.Installation{}, "acsUrl")
	wantRefused(t, dhcp.Installation{ACSURL: "http://acs.example.net/", Classes: []string{"yealink"}, OUIs: ouis()}, "classes")
	wantRefused(t, dhcp.Installation{FilesURL: "http://files.example.net/", Classes: []string{"gigaset"}}, "classes")
}

// wantRefused tries all servers.
func wantRefused(t *testing.T, i dhcp.Installation, field string) {
	t.Helper()
	for _, server := range dhcp.Servers() {
		c, err := dhcp.Config(server, i)
		var refused *dhcp.FieldError
		if !errors.As(err, &refused) || refused.Field != field {
			t.Errorf("%s with a bad %s: %v %v", server, field, err, c.Parts)
		}
	}
}

func TestAServerThatIsNotKnownIsRefused(t *testing.T) {
	if _, err := dhcp.Config("nobody", site()); !errors.Is(err, dhcp.ErrServer) {
		t.Errorf("%v", err)
	}
}

func TestClassesThatAServerCannotTellApartAreRefused(t *testing.T) {
	for server, class := range map[dhcp.Server]string{dhcp.MikroTik: "gigaset", dhcp.CiscoIOS: "yealink"} {
		i := site()
		i.Classes = []string{"cisco", class}
		var refused *dhcp.FieldError
		if _, err := dhcp.Config(server, i); !errors.As(err, &refused) || refused.Field != "classes" || !strings.Contains(refused.Reason, class) {
			t.Errorf("%s: %v", server, err)
		}
	}
}

func TestTheOrderOfACiscoPhoneIsToldAndWhatItMeansForASiteThatUsesOption66(t *testing.T) {
	for _, server := range dhcp.Servers() {
		i := site()
		i.Existing66 = true
		c, err := dhcp.Config(server, i)
		if err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(c.Notes, "\n")
		if !strings.Contains(notes, "66, 160, 159, 150, 60, 43 and 125") {
			t.Errorf("%s: the order is not told:\n%s", server, notes)
		}
		gives66 := regexp.MustCompile(`(?m)tftp-server|code=66|-OptionId 66|option 66|"code": 66`).MatchString(c.Parts[0].Text)
		if server.TellsApart() && (!gives66 || !strings.Contains(notes, "get a 66 of their own")) {
			t.Errorf("%s: gives 66 %t\n%s", server, gives66, notes)
		}
		if !server.TellsApart() && (gives66 || !strings.Contains(notes, "Option 66 is left as the site has it")) {
			t.Errorf("%s: gives 66 %t\n%s", server, gives66, notes)
		}
	}
}

func TestAnAnswerThatMayNotFitIsToldBefore(t *testing.T) {
	i := site()
	i.FilesURL += strings.Repeat("a", 60)
	c, err := dhcp.Config(dhcp.Dnsmasq, i)
	if err != nil || !strings.Contains(strings.Join(c.Notes, "\n"), "What phones of the class cisco are given takes ") {
		t.Errorf("%v, %v", err, c.Notes)
	}
	c, err = dhcp.Config(dhcp.Dnsmasq, dhcp.Installation{ACSURL: "http://acs.example.net/", FilesURL: "http://f.example.net/"})
	if err != nil || strings.Contains(strings.Join(c.Notes, "\n"), "given takes") {
		t.Errorf("%v, %v", err, c.Notes)
	}
}

func TestEveryClassCanBeWrittenForSomeServer(t *testing.T) {
	all, err := dhcp.Classes()
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range all {
		i := site()
		i.Classes = []string{class.Name}
		c, err := dhcp.Config(dhcp.Dnsmasq, i)
		if err != nil || !strings.Contains(c.Parts[0].Text, class.Title) {
			t.Errorf("%s: %v", class.Name, err)
		}
		for _, code := range class.AllOptions() {
			if code == 0 {
				t.Errorf("%s has an option 0", class.Name)
			}
		}
	}
}
