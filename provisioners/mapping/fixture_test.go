package mapping_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// acme is a mapping that uses everything that one may have.
const acme = `
version: 1
profile: {file: '{mac}.xml', fileType: 3 Vendor Configuration File}
ca: {fileType: X 02FEDC CA}
factoryReset: silent
discover: [Services.VoiceService., VoiceService., Time., ManagementServer.]
places:
  services: Services.
  service: ['{services}VoiceService.1.', VoiceService.1., VoiceService.]
layouts:
  - name: a profile for each account
    many: '{service}VoiceProfile.'
    account: {profile: '{service}VoiceProfile.{n}.', line: '{profile}Line.1.'}
  - name: lines of one profile
    with: ['{service}VoiceProfile.1.Line.']
    account: {profile: '{service}VoiceProfile.1.', line: '{profile}Line.{n}.'}
  - name: TR-104 issue 2
    with: ['{service}SIP.Client.']
    account: {client: '{service}SIP.Client.{n}.', network: '{service}SIP.Network.{n}.'}
parameters:
  - {setting: account.N.registrar, path: '{profile}SIP.RegistrarServer'}
  - {setting: account.N.registrar, path: ['{network}RegistrarServer', '{network}ProxyServer']}
  - {setting: account.N.registrar, path: '{profile}SIP.UserAgentDomain', optional: true}
  - {setting: account.N.port, path: ['{profile}SIP.RegistrarServerPort', '{network}RegistrarServerPort'], type: unsignedInt, except: ["0"]}
  - {setting: account.N.transport, path: '{profile}SIP.RegistrarServerTransport', values: {udp: UDP, tcp: TCP}}
  - {setting: account.N.expires, path: '{profile}SIP.RegisterExpires', type: unsignedInt}
  - {setting: account.N.outboundProxy, path: '{profile}SIP.OutboundProxy', empty: ''}
  - {setting: account.N.authUser, path: ['{line}SIP.AuthUserName', '{client}AuthUserName']}
  - {setting: account.N.password, path: ['{line}SIP.AuthPassword', '{client}AuthPassword']}
  - {settings: [account.N.user, account.N.registrar], path: '{line}SIP.URI', text: 'sip:{account.N.user}@{account.N.registrar}'}
  - {setting: account.N.user, path: '{client}RegisterURI', text: 'sip:{account.N.user}'}
  - {setting: account.N.codecs, path: '{line}X_ACME_Codecs', values: {pcmu: 'PCMU', pcma: 'PCMA', g722: 'G.722'}}
  - {setting: account.N.mwi, path: '{line}CallingFeatures.MWIEnable', type: boolean}
  - {setting: account.N.displayName, path: '{line}CallingFeatures.CallerIDName', optional: true}
  - {for: account, path: '{client}Network', value: '{network}'}
  - {for: account, path: '{profile}Enable', value: Enabled}
  - {setting: account.N.enabled, path: '{line}Enable', values: {"true": Enabled, "false": Disabled}, default: "true", absent: Disabled}
  - {setting: account.N.enabled, path: '{client}Enable', type: boolean, absent: "0"}
  - {setting: time.zone, path: [Time.LocalTimeZoneName, Time.LocalTimeZone], convert: posix}
  - {setting: time.ntp.primary, path: Time.NTPServer1}
  - {setting: time.ntp.secondary, path: Time.NTPServer2}
  - {setting: admin.password, path: X_ACME_Admin, secret: true}
  - {path: Time.Enable, value: "true", type: boolean}
together:
  - [account.N.registrar, account.N.port, account.N.backupRegistrar]
reserved: [cwmp.connectionRequest.username]
`

func catalogue(t testing.TB) *provisioners.Catalogue {
	t.Helper()
	c, err := provisioners.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// parsed reads the mapping of acme with some of its text replaced.
func parsed(t testing.TB, replace ...string) *mapping.Mapping {
	t.Helper()
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(acme, replace[i]) {
			t.Fatalf("the mapping has no %q", replace[i])
		}
	}
	m, err := mapping.Parse([]byte(strings.NewReplacer(replace...).Replace(acme)), catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// phone is a device as the mapping is told of it.
type phone struct {
	root      string
	names     []provisioners.ParameterName
	instances map[string][]int
	full      map[string]bool
}

// names makes a list of lines: a path, and a W after one that can be changed.
func names(lines ...string) (all []provisioners.ParameterName) {
	for _, text := range lines {
		for line := range strings.Lines(text) {
			fields := strings.Fields(line)
			if len(fields) > 0 {
				all = append(all, provisioners.ParameterName{Path: fields[0], Writable: len(fields) > 1})
			}
		}
	}
	slices.SortFunc(all, func(a, b provisioners.ParameterName) int { return strings.Compare(a.Path, b.Path) })
	return all
}

const clock = `
Time.
Time.Enable W
Time.NTPServer1 W
Time.NTPServer2
X_ACME_Admin W
`

// firstIssue is a tree of TR-104 issue 1 with these tables.
func firstIssue(below, profiles, lines string) []provisioners.ParameterName {
	const tree = `
SERVICE.
SERVICE.{i}.
SERVICE.{i}.VoiceProfile. PROFILES
SERVICE.{i}.VoiceProfile.{i}. W
SERVICE.{i}.VoiceProfile.{i}.Enable W
SERVICE.{i}.VoiceProfile.{i}.SIP.
SERVICE.{i}.VoiceProfile.{i}.SIP.RegistrarServer W
SERVICE.{i}.VoiceProfile.{i}.SIP.RegistrarServerPort W
SERVICE.{i}.VoiceProfile.{i}.SIP.RegistrarServerTransport W
SERVICE.{i}.VoiceProfile.{i}.SIP.RegisterExpires W
SERVICE.{i}.VoiceProfile.{i}.SIP.OutboundProxy W
SERVICE.{i}.VoiceProfile.{i}.Line. LINES
SERVICE.{i}.VoiceProfile.{i}.Line.{i}. W
SERVICE.{i}.VoiceProfile.{i}.Line.{i}.Enable W
SERVICE.{i}.VoiceProfile.{i}.Line.{i}.SIP.AuthUserName W
SERVICE.{i}.VoiceProfile.{i}.Line.{i}.SIP.AuthPassword W
SERVICE.{i}.VoiceProfile.{i}.Line.{i}.SIP.URI W
SERVICE.{i}.VoiceProfile.{i}.Line.{i}.X_ACME_Codecs W
SERVICE.{i}.VoiceProfile.{i}.Line.{i}.CallingFeatures.MWIEnable W
`
	return names(strings.NewReplacer("SERVICE", below, "PROFILES", profiles, "LINES", lines).Replace(tree), clock)
}

// fixedLines is a phone with one profile and the lines 1 and 2, and no more.
func fixedLines() phone {
	return phone{
		root: "Device.", names: append(firstIssue("Services.VoiceService", "", ""), names("Time.LocalTimeZone W")...),
		instances: map[string][]int{
			"Device.Services.VoiceService.1.VoiceProfile.":        {1},
			"Device.Services.VoiceService.1.VoiceProfile.1.Line.": {1, 2},
		},
	}
}

// addableProfiles is a gateway that makes a profile and a line for each account; it has
// two, whose numbers have gaps.
func addableProfiles() phone {
	const root = "InternetGatewayDevice."
	return phone{
		root: root, names: append(firstIssue("Services.VoiceService", "W", "W"), names("Time.LocalTimeZoneName W", "Time.LocalTimeZone W")...),
		instances: map[string][]int{
			root + "Services.VoiceService.1.VoiceProfile.":        {3, 7},
			root + "Services.VoiceService.1.VoiceProfile.3.Line.": {1},
			root + "Services.VoiceService.1.VoiceProfile.7.Line.": {4},
		},
	}
}

// secondIssue is a phone of TR-104 issue 2 with two clients and networks.
func secondIssue() phone {
	return phone{
		root: "Device.",
		names: names(`
Services.VoiceService.
Services.VoiceService.{i}.
Services.VoiceService.{i}.SIP.Client. W
Services.VoiceService.{i}.SIP.Client.{i}. W
Services.VoiceService.{i}.SIP.Client.{i}.Enable W
Services.VoiceService.{i}.SIP.Client.{i}.AuthUserName W
Services.VoiceService.{i}.SIP.Client.{i}.AuthPassword W
Services.VoiceService.{i}.SIP.Client.{i}.RegisterURI W
Services.VoiceService.{i}.SIP.Client.{i}.Network W
Services.VoiceService.{i}.SIP.Network. W
Services.VoiceService.{i}.SIP.Network.{i}. W
Services.VoiceService.{i}.SIP.Network.{i}.ProxyServer W
Services.VoiceService.{i}.SIP.Network.{i}.RegistrarServerPort W
`, clock, "Time.LocalTimeZone W"),
		instances: map[string][]int{
			"Device.Services.VoiceService.1.SIP.Client.":  {2, 1},
			"Device.Services.VoiceService.1.SIP.Network.": {5, 9},
		},
	}
}

// input returns what the mapping is asked for a phone with settings "path=value".
func (p phone) input(t testing.TB, settings ...string) mapping.Input {
	t.Helper()
	return p.inputOf(t, catalogue(t), settings)
}

func (p phone) inputOf(t testing.TB, c *provisioners.Catalogue, settings []string) mapping.Input {
	t.Helper()
	var entries []provisioners.Entry
	for _, one := range settings {
		path, value, _ := strings.Cut(one, "=")
		text, err := c.Parse(path, value)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, provisioners.Entry{Path: path, Value: text})
	}
	served := provisioners.Served{Pack: "acme", Model: "A10", Lines: 12, Keys: 10}
	d := device.Device{ID: "d", Model: "A10"}
	effective := c.Example(entries, d, served)
	in := mapping.Input{
		Root: p.root, Instances: p.instances, Full: p.full, Pack: "acme",
		Effective: &effective, Phone: effective.Phone(d, served),
	}
	if p.names != nil {
		in.Names = mapping.NewNames(p.names)
	}
	return in
}

func resolved(t testing.TB, m *mapping.Mapping, in mapping.Input) mapping.Resolved {
	t.Helper()
	r, err := m.Resolve(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lines returns what was resolved, a line for each parameter without the root, table and
// unmapped setting.
func lines(r mapping.Resolved, root string) (all []string) {
	for _, p := range r.Parameters {
		value := p.Value
		if p.IsSecret {
			value = "secret:" + p.Secret.Reveal()
		}
		line := strings.TrimPrefix(p.Path, root) + "=" + value
		if p.Type != "xsd:string" {
			line += " " + p.Type
		}
		all = append(all, line)
	}
	for _, table := range r.Unknown {
		all = append(all, "unknown "+strings.TrimPrefix(table, root))
	}
	for _, table := range r.Missing {
		all = append(all, "missing "+strings.TrimPrefix(table, root))
	}
	for _, u := range r.Unmapped {
		all = append(all, "unmapped "+u.Setting+": "+u.Reason)
	}
	return all
}

type name = provisioners.ParameterName
