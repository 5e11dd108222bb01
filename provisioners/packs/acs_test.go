package packs_test

import (
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// acsWords are the lines, without spaces at their ends, with which a phone is sent to the
// ACS of acsSettings.
func acsWords() []struct {
	pack, model string
	lines       []string
	// off is the line that switches TR-069 off.
	off string
} {
	return []struct {
		pack, model string
		lines       []string
		off         string
	}{
		{"cisco", "8851", []string{
			`<ACS_URL ua="na">https://acs.example.com/</ACS_URL>`, `<ACS_Username ua="na">the-user</ACS_Username>`, `<ACS_Password ua="na">the-secret</ACS_Password>`,
			`<Periodic_Inform_Interval ua="na">900</Periodic_Inform_Interval>`, `<Periodic_Inform_Enable ua="na">Yes</Periodic_Inform_Enable>`,
			`<Connection_Request_Username ua="na">cr-user</Connection_Request_Username>`, `<Connection_Request_Password ua="na">cr-secret</Connection_Request_Password>`,
			`<Enable_TR-069 ua="na">Yes</Enable_TR-069>`,
		}, `<Enable_TR-069 ua="na">No</Enable_TR-069>`},
		{"yealink", "SIP-T46S", []string{
			"static.managementserver.enable = 1", "static.managementserver.url = https://acs.example.com/", "static.managementserver.username = the-user",
			"static.managementserver.password = the-secret", "static.managementserver.periodic_inform_enable = 1", "static.managementserver.periodic_inform_interval = 900",
			"static.managementserver.connection_request_username = cr-user", "static.managementserver.connection_request_password = cr-secret",
		}, "static.managementserver.enable = 0"},
		{"grandstream", "GRP2614", []string{
			`<item name="tr069.enable">Yes</item>`, `<item name="tr069.url">https://acs.example.com/</item>`, `<item name="tr069.username">the-user</item>`,
			`<item name="tr069.password">the-secret</item>`, `<item name="tr069.periodicInform">Yes</item>`, `<item name="tr069.periodicInformInterval">900</item>`,
			`<item name="tr069.connectionRequestUsername">cr-user</item>`, `<item name="tr069.connectionRequestPassword">cr-secret</item>`,
		}, `<item name="tr069.enable">No</item>`},
		{"grandstream", "GXP1630", []string{
			"<P4503>https://acs.example.com/</P4503>", "<P4504>the-user</P4504>", "<P4505>the-secret</P4505>", "<P4506>1</P4506>", "<P4507>900</P4507>",
			"<P4511>cr-user</P4511>", "<P4512>cr-secret</P4512>",
		}, "<P4503></P4503>"},
		{"fanvil", "X5U", []string{
			"<EnableTR069>1</EnableTR069>", "<ACSURL>https://acs.example.com/</ACSURL>", "<ACSUserName>the-user</ACSUserName>", "<ACSPassword>the-secret</ACSPassword>",
			"<PeriodixInterval>900</PeriodixInterval>", "<CPEUserName>cr-user</CPEUserName>", "<CPEPassword>cr-secret</CPEPassword>",
		}, "<EnableTR069>0</EnableTR069>"},
		{"htek", "UC924", []string{
			"<TR069_Enable>1</TR069_Enable>", "<TR069_AcsUrl>https://acs.example.com/</TR069_AcsUrl>", "<TR069_AcsUserName>the-user</TR069_AcsUserName>",
			"<TR069_AcsPassword>the-secret</TR069_AcsPassword>", "<TR069_PeriodicInform>1</TR069_PeriodicInform>", "<TR069_InformInterval>900</TR069_InformInterval>",
			"<TR069_ConReqUserName>cr-user</TR069_ConReqUserName>", "<TR069_ConReqPassword>cr-secret</TR069_ConReqPassword>",
		}, "<TR069_Enable>0</TR069_Enable>"},
		{"panasonic", "KX-UT136", []string{
			`ACS_URL="https://acs.example.com/"`, `ACS_USER_ID="the-user"`, `ACS_PASS="the-secret"`, `PERIODIC_INFORM_ENABLE="Y"`, `PERIODIC_INFORM_INTERVAL="900"`,
			`CON_REQ_USER_ID="cr-user"`, `CON_REQ_PASS="cr-secret"`,
		}, `ACS_URL=""`},
	}
}

func acsSettings(enabled string) []provisioners.Entry {
	return []provisioners.Entry{
		{Path: "account.1.user", Value: "200"},
		{Path: "cwmp.enabled", Value: enabled}, {Path: "cwmp.url", Value: "https://acs.example.com/"}, {Path: "cwmp.username", Value: "the-user"},
		{Path: "cwmp.password", Value: "the-secret"}, {Path: "cwmp.informInterval", Value: "900"},
		{Path: "cwmp.connectionRequest.username", Value: "cr-user"}, {Path: "cwmp.connectionRequest.password", Value: "cr-secret"},
	}
}

func TestFilesSwitchTR069OnInTheMakersWords(t *testing.T) {
	b := newBench(t, shipped(t)...)
	for _, c := range acsWords() {
		p, m := find(t, b, c.pack, c.model)
		on, off := confirmingLines(t, p, m, b.phone(t, p, m, acsSettings("true"))), confirmingLines(t, p, m, b.phone(t, p, m, acsSettings("false")))
		for _, line := range c.lines {
			if !on[line] {
				t.Errorf("%s %s is not given %s", c.pack, c.model, line)
			}
		}
		if on[c.off] || !off[c.off] {
			t.Errorf("%s %s is given %s: %t when it is on, %t when it is off", c.pack, c.model, c.off, on[c.off], off[c.off])
		}
	}
}

func TestAManagedCiscoIsNotGivenTheCredentialsOfConnectionRequestsByFile(t *testing.T) {
	b := newBench(t, shipped(t)...)
	p, m := find(t, b, "cisco", "8851")
	phone := b.phone(t, p, m, acsSettings("true"))
	phone.SetOwned(resolve(t, b, p, m, readDataModel(t, "cisco-8851"), acsSettings("true")).Owned)
	lines := confirmingLines(t, p, m, phone)
	for _, c := range acsWords()[:1] {
		for _, line := range c.lines {
			reserved := strings.Contains(line, "Connection_Request") || strings.Contains(line, "Periodic_Inform")
			if lines[line] == reserved {
				t.Errorf("%s is in the file: %t", line, lines[line])
			}
		}
	}
}

// confirmingLines returns the lines of the file after which a phone holds its settings.
func confirmingLines(t *testing.T, p *pack.Pack, m *pack.Model, phone provisioners.Phone) map[string]bool {
	t.Helper()
	lines := map[string]bool{}
	for _, f := range p.FilesOf(m) {
		if !f.Confirms {
			continue
		}
		content, err := p.Render(t.Context(), f, phone)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			lines[strings.TrimSpace(line)] = true
		}
	}
	return lines
}
