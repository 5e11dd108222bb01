package mapping_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

func two() []string {
	return []string{
		"account.1.user=100", "account.1.password=one", "account.1.registrar=sip.example.com",
		"account.2.user=200", "account.2.password=two", "account.2.registrar=sip.example.com", "account.2.enabled=false",
	}
}

func TestAccountsBecomeTheParametersOfEachLayout(t *testing.T) {
	const fixed, added, client = "Services.VoiceService.1.VoiceProfile.1.", "Services.VoiceService.1.VoiceProfile.", "Services.VoiceService.1.SIP."
	for name, test := range map[string]struct {
		phone phone
		want  []string
	}{
		"a profile for each account, whose instances have any numbers": {addableProfiles(), []string{
			added + "3.SIP.RegistrarServer=sip.example.com", added + "7.SIP.RegistrarServer=sip.example.com",
			added + "3.SIP.OutboundProxy=", added + "7.SIP.OutboundProxy=",
			added + "3.Line.1.SIP.AuthUserName=100", added + "7.Line.4.SIP.AuthUserName=200",
			added + "3.Line.1.SIP.AuthPassword=secret:one", added + "7.Line.4.SIP.AuthPassword=secret:two",
			added + "3.Line.1.SIP.URI=sip:100@sip.example.com", added + "7.Line.4.SIP.URI=sip:200@sip.example.com",
			added + "3.Enable=Enabled", added + "7.Enable=Enabled",
			added + "3.Line.1.Enable=Enabled", added + "7.Line.4.Enable=Disabled",
			"Time.Enable=1 xsd:boolean",
		}},
		"lines of one profile": {fixedLines(), []string{
			fixed + "SIP.RegistrarServer=sip.example.com", fixed + "SIP.OutboundProxy=",
			fixed + "Line.1.SIP.AuthUserName=100", fixed + "Line.2.SIP.AuthUserName=200",
			fixed + "Line.1.SIP.AuthPassword=secret:one", fixed + "Line.2.SIP.AuthPassword=secret:two",
			fixed + "Line.1.SIP.URI=sip:100@sip.example.com", fixed + "Line.2.SIP.URI=sip:200@sip.example.com",
			fixed + "Enable=Enabled", fixed + "Line.1.Enable=Enabled", fixed + "Line.2.Enable=Disabled",
			"Time.Enable=1 xsd:boolean",
		}},
		"clients and networks": {secondIssue(), []string{
			client + "Network.5.ProxyServer=sip.example.com", client + "Network.9.ProxyServer=sip.example.com",
			client + "Client.1.AuthUserName=100", client + "Client.2.AuthUserName=200",
			client + "Client.1.AuthPassword=secret:one", client + "Client.2.AuthPassword=secret:two",
			client + "Client.1.RegisterURI=sip:100", client + "Client.2.RegisterURI=sip:200",
			client + "Client.1.Network=Device." + client + "Network.5", client + "Client.2.Network=Device." + client + "Network.9",
			client + "Client.1.Enable=1 xsd:boolean", client + "Client.2.Enable=0 xsd:boolean",
			"Time.Enable=1 xsd:boolean",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := resolved(t, parsed(t), test.phone.input(t, two()...))
			if diff := cmp.Diff(test.want, lines(r, test.phone.root)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// has checks that lines are there, and with a minus before them that they are not.
func has(t *testing.T, all []string, want ...string) {
	t.Helper()
	for _, line := range want {
		unwanted, not := strings.CutPrefix(line, "-")
		if slices.Contains(all, unwanted) == not {
			t.Errorf("%s\nin\n%s", line, strings.Join(all, "\n"))
		}
	}
}

func TestWhatADeviceIsToHaveFollowsFromWhatItHas(t *testing.T) {
	const fixed, added = "Services.VoiceService.1.VoiceProfile.1.", "Services.VoiceService.1.VoiceProfile."
	without := func(p phone, path string) phone {
		p.names = slices.DeleteFunc(slices.Clone(p.names), func(n name) bool { return n.Path == path })
		return p
	}
	readOnly := func(p phone, path string) phone {
		p.names = slices.Clone(p.names)
		for i := range p.names {
			p.names[i].Writable = p.names[i].Writable && p.names[i].Path != path
		}
		return p
	}
	with := func(p phone, table string, numbers ...int) phone {
		instances := map[string][]int{}
		for known, has := range p.instances {
			instances[known] = has
		}
		if instances[p.root+table] = numbers; numbers == nil {
			delete(instances, p.root+table)
		}
		p.instances = instances
		return p
	}
	displaying := func(p phone) phone {
		p.names = append(slices.Clone(p.names), names("Services.VoiceService.{i}.VoiceProfile.{i}.Line.{i}.CallingFeatures.CallerIDName W")...)
		return p
	}
	full := func(p phone, table string) phone {
		p.full = map[string]bool{p.root + table: true}
		return p
	}
	const genericLine = "Services.VoiceService.{i}.VoiceProfile.{i}.Line.{i}."
	for name, test := range map[string]struct {
		phone    phone
		settings []string
		want     []string
	}{
		"accounts with a gap": {with(fixedLines(), fixed+"Line.", 2, 5, 8), []string{"account.1.user=1", "account.3.user=3"}, []string{
			fixed + "Line.2.SIP.AuthUserName=1", fixed + "Line.8.SIP.AuthUserName=3", fixed + "Line.5.Enable=Disabled",
			fixed + "Line.2.Enable=Enabled", "-" + fixed + "Line.5.SIP.AuthUserName=3",
		}},
		"no accounts": {fixedLines(), []string{"time.ntp.primary=ntp.example.com"}, []string{
			fixed + "Line.1.Enable=Disabled", fixed + "Line.2.Enable=Disabled", "Time.NTPServer1=ntp.example.com", "-" + fixed + "Enable=Enabled",
		}},
		"more accounts than a fixed table has lines": {fixedLines(), []string{"account.3.user=3", "account.3.registrar=sip.example.com"}, []string{
			"unmapped account.3.user: the device has room for 2 accounts", "-" + fixed + "SIP.RegistrarServer=sip.example.com",
			"unmapped account.3.registrar: the device has room for 2 accounts",
		}},
		"more accounts than there are profiles": {addableProfiles(), []string{"account.1.user=1", "account.3.user=3"}, []string{
			"missing " + added, added + "3.Line.1.SIP.AuthUserName=1",
		}},
		"a new profile without a line": {with(with(addableProfiles(), added, 3, 7, 8), added+"8.Line."), []string{"account.3.user=3"}, []string{
			"unknown " + added + "8.Line.",
		}},
		"profiles that are not known": {with(addableProfiles(), added), []string{"account.1.user=1"}, []string{"unknown " + added}},
		"a table that takes no more": {full(with(addableProfiles(), added, 3), added), []string{"account.1.user=1", "account.2.user=2"}, []string{
			"missing " + added + "3.Line.", "-missing " + added, added + "3.Line.1.SIP.AuthUserName=1",
		}},
		"profiles that may be many": {with(fixedLines(), added), []string{"account.1.user=1", "time.ntp.primary=ntp.example.com"}, []string{
			"unknown " + added, "Time.NTPServer1=ntp.example.com",
		}},
		"two profiles that are fixed": {with(with(fixedLines(), added, 4, 2), added+"2.Line.", 1), []string{"account.1.user=1"}, []string{
			added + "2.Line.1.SIP.AuthUserName=1", added + "4.Line.1.Enable=Disabled",
		}},
		"a service that is not the first": {with(with(with(fixedLines(), "Services.VoiceService.", 6), "Services.VoiceService.6.VoiceProfile.", 1), "Services.VoiceService.6.VoiceProfile.1.Line.", 1),
			[]string{"account.1.user=1"}, []string{"Services.VoiceService.6.VoiceProfile.1.Line.1.SIP.AuthUserName=1"}},
		"another value on a shared profile": {fixedLines(), []string{
			"account.1.user=1", "account.2.user=2", "account.1.registrar=one.example.com", "account.2.registrar=two.example.com", "account.2.port=5061",
		}, []string{
			fixed + "SIP.RegistrarServer=one.example.com", fixed + "Line.1.SIP.URI=sip:1@one.example.com", "-" + fixed + "SIP.RegistrarServerPort=5061 xsd:unsignedInt",
			"unmapped account.2.registrar: the device has one such parameter for several accounts, and the first of them has another value",
			"unmapped account.2.port: it goes together with account.2.registrar, which the device cannot be given by a parameter",
		}},
		"a value without a counterpart": {fixedLines(), []string{"account.1.transport=tls"}, []string{
			`unmapped account.1.transport: the device cannot be given "tls"`,
		}},
		"a value that is excepted, and what goes together with it": {fixedLines(), []string{"account.1.registrar=sip.example.com", "account.1.port=0"}, []string{
			`unmapped account.1.port: the device cannot be given "0"`, "-" + fixed + "SIP.RegistrarServer=sip.example.com",
			"unmapped account.1.registrar: it goes together with account.1.port, which the device cannot be given by a parameter",
		}},
		"what goes together with what nothing carries": {fixedLines(), []string{"account.1.registrar=sip.example.com", "account.1.backupRegistrar=b.example.com"}, []string{
			"unmapped account.1.registrar: it goes together with account.1.backupRegistrar, which the device cannot be given by a parameter",
			"-" + fixed + "SIP.RegistrarServer=sip.example.com",
		}},
		"a list": {fixedLines(), []string{"account.1.codecs=g722,pcmu"}, []string{fixed + "Line.1.X_ACME_Codecs=G.722,PCMU"}},
		"a list with what the device has not": {fixedLines(), []string{"account.1.codecs=g722,opus"}, []string{
			`unmapped account.1.codecs: the device cannot be given "opus"`,
		}},
		"a text that people read": {with(displaying(fixedLines()), fixed+"Line.", 1), []string{"account.1.displayName=A\r\n\tB"}, []string{
			fixed + "Line.1.CallingFeatures.CallerIDName=A   B",
		}},
		"booleans and numbers": {fixedLines(), []string{"account.1.mwi=false", "account.1.expires=600", "account.1.port=5062"}, []string{
			fixed + "Line.1.CallingFeatures.MWIEnable=0 xsd:boolean", fixed + "SIP.RegisterExpires=600 xsd:unsignedInt", fixed + "SIP.RegistrarServerPort=5062 xsd:unsignedInt",
		}},
		"a parameter that is not there": {without(fixedLines(), genericLine+"X_ACME_Codecs"), []string{"account.1.codecs=g722"}, []string{
			"unmapped account.1.codecs: the device has no parameter for it",
		}},
		"a parameter that cannot be changed": {readOnly(fixedLines(), genericLine+"CallingFeatures.MWIEnable"), []string{"account.1.mwi=true"}, []string{
			"unmapped account.1.mwi: the device does not let it be changed",
		}},
		"a parameter that never can be changed": {fixedLines(), []string{"time.ntp.secondary=b.example.com"}, []string{
			"unmapped time.ntp.secondary: the device does not let it be changed",
		}},
		"what another layout has": {secondIssue(), []string{"account.1.mwi=true"}, []string{"unmapped account.1.mwi: the device has no parameter for it"}},
		"no layout at all": {phone{root: "Device.", names: names(clock)}, []string{"account.1.user=1", "time.zone=Europe/Berlin"}, []string{
			"unmapped account.1.user: the device has no parameter for it", "unmapped time.zone: the device has no parameter for it",
		}},
		"a zone": {fixedLines(), []string{"time.zone=Europe/Berlin"}, []string{"Time.LocalTimeZone=CET-1CEST,M3.5.0,M10.5.0/3"}},
		"a zone, at the first path that the device has": {addableProfiles(), []string{"time.zone=Asia/Kolkata"}, []string{
			"Time.LocalTimeZoneName=IST-5:30", "-Time.LocalTimeZone=IST-5:30",
		}},
		"a secret": {fixedLines(), []string{"admin.password=hunter2"}, []string{"X_ACME_Admin=secret:hunter2"}},
		"a text of which a part is missing": {fixedLines(), []string{"account.1.label=x", "account.1.registrar=sip.example.com"}, []string{
			fixed + "SIP.RegistrarServer=sip.example.com", "-" + fixed + "Line.1.SIP.URI=sip:@sip.example.com",
		}},
		"a parameter that the operator names": {fixedLines(), []string{
			"vendor.acme.InternetGatewayDevice.Time.NTPServer1=own.example.com", "vendor.acme.Device.X_ACME_Admin=x", "vendor.acme.Device.Time.NTPServer2=x",
			"vendor.acme.Device.Nothing.Here=x", "vendor.other.Device.Time.NTPServer1=x", "vendor.acme.Time.Enable=0",
		}, []string{
			"Time.NTPServer1=own.example.com", "X_ACME_Admin=x", "-Time.Enable=0", "Time.Enable=1 xsd:boolean",
			"unmapped vendor.acme.Device.Time.NTPServer2: the device does not let it be changed",
			"unmapped vendor.acme.Device.Nothing.Here: the device has no parameter for it",
		}},
		"a parameter that the operator names, and a setting of the same": {fixedLines(), []string{
			"vendor.acme.Device.Time.NTPServer1=own.example.com", "time.ntp.primary=ntp.example.com",
		}, []string{
			"Time.NTPServer1=own.example.com", "-Time.NTPServer1=ntp.example.com", "unmapped time.ntp.primary: another setting has the same parameter",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			has(t, lines(resolved(t, parsed(t), test.phone.input(t, test.settings...)), test.phone.root), test.want...)
		})
	}
}

func TestALineIsMadeInANewProfile(t *testing.T) {
	p := addableProfiles()
	p.instances["InternetGatewayDevice.Services.VoiceService.1.VoiceProfile."] = []int{3, 7, 8}
	p.instances["InternetGatewayDevice.Services.VoiceService.1.VoiceProfile.8.Line."] = []int{}
	r := resolved(t, parsed(t), p.input(t, "account.3.user=3"))
	has(t, lines(r, p.root), "missing Services.VoiceService.1.VoiceProfile.8.Line.", "Services.VoiceService.1.VoiceProfile.3.Line.1.Enable=Disabled")
	r = resolved(t, parsed(t), p.input(t, "account.1.user=1"))
	if len(r.Missing) > 0 {
		t.Errorf("a line is made for no account: %v", r.Missing)
	}
}

func TestADeviceThatWasAskedWithoutInstancesIsBelievedToHaveWhatIsBelow(t *testing.T) {
	p := addableProfiles()
	p.names = names("Services.VoiceService.", "Services.VoiceService.{i}.", "Services.VoiceService.{i}.VoiceProfile. W", clock)
	r := resolved(t, parsed(t), p.input(t, "account.1.user=1"))
	has(t, lines(r, p.root), "Services.VoiceService.1.VoiceProfile.3.Line.1.SIP.AuthUserName=1")
	p.instances = map[string][]int{p.root + "Services.VoiceService.1.VoiceProfile.": {}}
	r = resolved(t, parsed(t), p.input(t, "account.1.user=1"))
	has(t, lines(r, p.root), "missing Services.VoiceService.1.VoiceProfile.")
}

func TestWhatIsCarriedIsOwned(t *testing.T) {
	settings := []string{
		"account.1.user=1", "account.1.registrar=one.example.com", "account.2.user=2", "account.2.registrar=two.example.com", "account.2.label=Two",
		"time.ntp.secondary=b.example.com", "time.ntp.primary=a.example.com", "vendor.acme.Device.X_ACME_Admin=x", "cwmp.connectionRequest.username=u",
	}
	apart := []string{
		"account.1.enabled", "account.1.registrar", "account.1.outboundProxy", "account.1.authUser", "account.1.user",
		"account.2.enabled", "account.2.outboundProxy", "account.2.authUser",
		"cwmp.connectionRequest.username", "time.ntp.primary", "vendor.acme.Device.X_ACME_Admin",
	}
	for name, test := range map[string]struct {
		split string
		want  []string
		has   string
	}{
		// The URI of account 2 has a registrar that cannot be given.
		"by one road each":      {"split: true", apart, "-Services.VoiceService.1.VoiceProfile.1.Line.2.SIP.URI=sip:2@two.example.com"},
		"by parameters and all": {"split: false", append(slices.Clone(apart), "account.2.user"), "-x"},
	} {
		t.Run(name, func(t *testing.T) {
			m := parsed(t, "version: 1", "version: 1\n"+test.split, "[account.N.registrar, account.N.port, account.N.backupRegistrar]", "[account.N.mwi, account.N.codecs]")
			r := resolved(t, m, fixedLines().input(t, settings...))
			slices.Sort(test.want)
			got := slices.Sorted(slices.Values(r.Owned))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			has(t, lines(r, "Device."), test.has)
		})
	}
}

func TestWithoutNamesNothingIsResolvedAndAMappingKnowsWhetherItWantsThem(t *testing.T) {
	m := parsed(t)
	for setting, want := range map[string]bool{
		"account.4.user=1": true, "time.zone=Europe/Berlin": true, "vendor.acme.Device.X=1": true, "vendor.acme.X=1": false, "vendor.other.Device.X=1": false,
		"syslog.server=log.example.com": false, "account.1.dialPlan=x": false, "cwmp.connectionRequest.username=x": true, "account.1.user=": false,
	} {
		in := phone{root: "Device."}.input(t, setting)
		if got := m.Wants(in); got != want {
			t.Errorf("%s: got %v, want %v", setting, got, want)
		}
		if diff := cmp.Diff(mapping.Resolved{}, resolved(t, m, in)); diff != "" {
			t.Error(diff)
		}
	}
}
