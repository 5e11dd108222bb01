package mapping_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

func TestAMappingTellsWhatItsFileSays(t *testing.T) {
	m := parsed(t)
	file, fileType, ok := m.Profile()
	if file != "{mac}.xml" || fileType != "3 Vendor Configuration File" || !ok {
		t.Errorf("the profile is %q of type %q, %v", file, fileType, ok)
	}
	if m.Split() || m.CAFileType() != "X 02FEDC CA" || !m.SilentAfterFactoryReset() {
		t.Error("it splits, or has no CA, or is not silent")
	}
	if diff := cmp.Diff([]string{"Services.VoiceService.", "VoiceService.", "Time.", "ManagementServer."}, m.Discover()); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"account.N.authUser", "account.N.codecs", "account.N.displayName", "account.N.enabled", "account.N.expires", "account.N.mwi", "account.N.outboundProxy", "account.N.password",
		"account.N.port", "account.N.registrar", "account.N.transport", "account.N.user", "admin.password", "cwmp.connectionRequest.username",
		"time.ntp.primary", "time.ntp.secondary", "time.zone",
	}
	if diff := cmp.Diff(want, m.Settings()); diff != "" {
		t.Error(diff)
	}
	const small = "version: 1\ndiscover: [Time.]\nparameters:\n  - {setting: time.zone, path: Time.Zone}\n"
	m, err := mapping.Parse([]byte(small), catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := m.Profile(); ok || m.CAFileType() != "" || m.SilentAfterFactoryReset() {
		t.Error("a small mapping has what it does not say")
	}
}

// faulty returns what is wrong with a text, as "line: message".
func faulty(t *testing.T, text string) (all []string) {
	t.Helper()
	_, err := mapping.Parse([]byte(text), catalogue(t))
	if err == nil {
		return nil
	}
	found, ok := errors.AsType[mapping.Problems](err)
	if !ok {
		t.Fatalf("got %v, which is no Problems", err)
	}
	for _, p := range found {
		all = append(all, fmt.Sprintf("%d: %s", p.Line, p.Message))
	}
	return all
}

func TestAFaultIsNamedWithItsLine(t *testing.T) {
	for name, test := range map[string]struct{ old, replacement, want string }{
		"an unknown key":                        {"factoryReset:", "factoryreset:", `5: unknown key "factoryreset"`},
		"an unknown key of a parameter":         {"optional: true", "optionall: true", `23: unknown key "optionall"`},
		"a key twice":                           {"factoryReset: silent", "version: 1", `5: the key "version" is there twice`},
		"no YAML":                               {"discover: [", "discover: [[", "did not find expected ',' or ']'"},
		"another version":                       {"version: 1", "version: 2", "2: version must be 1"},
		"a profile without a file":              {"file: '{mac}.xml', ", "", "3: the profile needs a file"},
		"a profile without a type":              {", fileType: 3 Vendor Configuration File", "", "3: a fileType has 1 to 64"},
		"an odd type":                           {"X 02FEDC CA", "'Ä'", "4: a fileType has 1 to 64"},
		"a list for a text":                     {"file: '{mac}.xml'", "file: [a]", "3: file must be a text"},
		"an unknown reset":                      {"silent", "loud", "5: factoryReset must be silent"},
		"what is discovered with a place":       {"[Services.VoiceService., ", "['{service}', ", "6: \"{service}\" must be a path with a final dot"},
		"what is discovered without a dot":      {"Time., M", "Time, M", `6: "Time" must be a path with a final dot`},
		"what is discovered twice":              {"Time., M", "VoiceService., M", `6: "VoiceService." is there twice`},
		"what is discovered with a root":        {"Time., M", "Device.Time., M", "6: \"Device.Time.\" has the root"},
		"nothing is discovered":                 {"[Services.VoiceService., VoiceService., Time., ManagementServer.]", "[]", "6: discover must be a list with something in it"},
		"a place without a dot":                 {"services: Services.", "services: Services", `8: "Services" must end with a dot`},
		"a place that is not above":             {"services: Services.", "services: '{service}X.'", `8: no place "service" is defined above`},
		"a place with an account":               {"services: Services.", "services: 'X.{n}.'", `8: "X.{n}." has {n}`},
		"a bad name of a place":                 {"services: Services.", "Services: Services.", `8: the name "Services" must be of letters`},
		"a name that is taken":                  {"account: {client: '{", "account: {service: '{", `19: the name "service" is taken`},
		"no path":                               {"services: Services.", "services: 'a b.'", `8: "a b." is no path`},
		"a layout without a name":               {"- name: lines of one profile\n    with", "- with", "14: a layout needs a name"},
		"a layout without objects":              {"    account: {profile: '{service}VoiceProfile.1.', line: '{profile}Line.{n}.'}\n", "", "14: a layout needs the objects"},
		"an account twice in an object":         {"line: '{profile}Line.1.'", "line: '{profile}Line.{n}.'", "13: \"{profile}Line.{n}.\" has {n} more than once"},
		"an object of nothing":                  {"line: '{profile}Line.1.'", "line: '{profil}Line.1.'", `13: no place "profil" is defined above`},
		"an object that begins with {n}":        {"line: '{profile}Line.1.'", "line: '{n}.Line.'", "13: \"{n}.Line.\" does not begin with the name of a place"},
		"many of two":                           {"many: '{service}VoiceProfile.'", "many: ['{service}A.', '{service}B.']", "12: many is one table"},
		"an unknown setting":                    {"setting: account.N.mwi", "setting: account.N.mwii", `33: there is no setting "account.N.mwii"`},
		"a setting with a star":                 {"setting: account.N.mwi", "setting: account.*.mwi", `33: there is no setting "account.*.mwi"`},
		"a setting of keys":                     {"setting: account.N.mwi", "setting: key.N.type", `33: there is no setting "key.N.type"`},
		"no path at all":                        {"path: Time.NTPServer1", "optional: true", "40: a parameter needs a path"},
		"an object for a parameter":             {"path: Time.NTPServer1", "path: Time.", `40: "Time." is an object`},
		"a place that is not there":             {"path: Time.NTPServer1", "path: '{tme}NTPServer1'", `40: there is no place "tme"`},
		"an object of accounts for all":         {"path: Time.NTPServer1", "path: '{line}NTPServer1'", "40: {line} is an object of accounts"},
		"an account in a path":                  {"path: '{line}X_ACME_Codecs'", "path: '{line}X.{n}.Codecs'", `32: "{line}X.{n}.Codecs" has {n}`},
		"an unknown type":                       {"MWIEnable', type: boolean", "MWIEnable', type: bool", "33: the type must be one of string"},
		"a value that is not of the type":       {`absent: "0"}`, `absent: "2"}`, `38: absent: "2" is no boolean`},
		"a counterpart that is not of the type": {"values: {udp: UDP, tcp: TCP}", "values: {udp: UDP}, type: int", `25: values: "UDP" is no int`},
		"a value that the setting has not":      {"values: {udp: UDP, tcp: TCP}", "values: {sctp: X}", `25: "sctp" is no value of account.N.transport`},
		"an exception that the setting has not": {`except: ["0"]`, `except: ["-1"]`, `24: "-1" is no value of account.N.port`},
		"a default that the setting has not":    {`default: "true"`, "default: Enabled", `37: default: "Enabled" is no value of account.N.enabled`},
		"a default without a counterpart":       {"tcp: TCP}}", "tcp: TCP}, default: tls}", `25: default: the device cannot be given "tls"`},
		"an empty default":                      {`default: "true"`, "default: ''", "37: default is a value of the setting"},
		"a value beside a setting":              {"path: Time.NTPServer1", "path: Time.NTPServer1, value: x", "40: a value is for parameters without a setting"},
		"neither setting nor value":             {"{for: account, path: '{profile}Enable', value: Enabled}", "{for: account, path: '{profile}Enable'}", "36: a parameter needs a setting, or a value"},
		"a default of nothing":                  {"value: Enabled}", "value: Enabled, default: x}", "36: default needs a setting"},
		"a place in a value that is not there":  {"value: '{network}'", "value: '{networks}'", `35: there is no place "networks"`},
		"for something else":                    {"for: account, path: '{profile}Enable'", "for: key, path: '{profile}Enable'", "36: for must be account"},
		"absent of all":                         {"path: Time.NTPServer1", "path: Time.NTPServer1, absent: x", "40: absent is for what accounts have"},
		"settings without a text":               {", text: 'sip:{account.N.user}@{account.N.registrar}'", "", "30: several settings need a text"},
		"a text without a setting":              {"@{account.N.registrar}'", "@x'", "30: the text has no {account.N.registrar}"},
		"a text with another":                   {"@{account.N.registrar}'", "@{account.N.registrar}{owner}'", "30: the text has {owner}"},
		"a text that is open":                   {"@{account.N.registrar}'", "@{account.N.registrar'", "30: a brace of"},
		"setting and settings":                  {"settings: [account.N.user, account.N.registrar]", "setting: owner, settings: [account.N.user, account.N.registrar]", "30: setting and settings: one of them"},
		"a conversion that is none":             {"convert: posix", "convert: windows", "39: convert must be one of posix, offset"},
		"a conversion of no zone":               {"path: Time.NTPServer1", "path: Time.NTPServer1, convert: posix", "40: convert must be one of"},
		"values of a secret":                    {"path: X_ACME_Admin", "path: X_ACME_Admin, values: {a: b}", "42: a secret has no values"},
		"no boolean":                            {"secret: true", "secret: yes", "42: secret must be true or false"},
		"one alone together":                    {"[account.N.registrar, account.N.port, account.N.backupRegistrar]", "[account.N.registrar]", "45: at least two settings go together"},
		"together what is carried by nothing":   {"[account.N.registrar, account.N.port, account.N.backupRegistrar]", "[owner, language.web]", "45: no parameter carries any"},
		"together with what is no setting":      {"account.N.backupRegistrar]", "account.N.backup]", `45: there is no setting "account.N.backup"`},
		"together twice":                        {"account.N.backupRegistrar]", "account.N.backupRegistrar]\n  - [account.N.port, owner]", `46: "account.N.port" is already named above`},
		"reserved and carried":                  {"reserved: [cwmp.connectionRequest.username]", "reserved: [time.zone]", `46: "time.zone" is reserved already, or a parameter carries it`},
		"reserved and no setting":               {"reserved: [cwmp.connectionRequest.username]", "reserved: [cwmp]", `46: there is no setting "cwmp"`},
		"an anchor":                             {"silent", "&a silent", "5: anchors and aliases are not taken"},
		"an alias":                              {"path: Time.NTPServer1", "path: *x", "unknown anchor"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(acme, test.old) {
				t.Fatalf("the mapping has no %q", test.old)
			}
			got := faulty(t, strings.Replace(acme, test.old, test.replacement, 1))
			if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, test.want) }) {
				t.Errorf("got %s\nwant %s", strings.Join(got, "\n"), test.want)
			}
		})
	}
}

func TestEveryFaultIsNamedInTheOrderOfLines(t *testing.T) {
	got := faulty(t, `version: 3
discover: [Time]
parameters:
  - {setting: nothing, path: X}
  - setting: time.zone
    path: Y.
    convert: none
    type: word
`)
	want := []string{
		"1: version must be 1", `2: "Time" must be a path with a final dot, without braces`,
		`4: there is no setting "nothing", or it is not written with account.N`, "5: a parameter needs a path", `6: "Y." is an object, not a parameter`,
		"7: convert must be one of posix, offset, of a setting that is a zone, without values",
		"8: the type must be one of string, boolean, int, unsignedInt, long, unsignedLong, dateTime",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestATextThatIsNoMappingIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"nothing":            {"", "1: is empty"},
		"Latin-1":            {"# \xe4\n", "0: is not UTF-8"},
		"nothing but a head": {"---", "1: is empty"},
		"a comment":          {"# nothing\n", "1: is empty"},
		"a list":             {"[a]", "1: a mapping must be keys with values"},
		"two documents":      {"version: 1\n---\nversion: 1\n", "0: holds more than one document"},
		"no parameters":      {"version: 1\n", "1: parameters is missing"},
		"too much":           {strings.Repeat("#", 300<<10), "0: is larger than 262144 bytes"},
		"too many places":    {"version: 1\nplaces:\n" + strings.Repeat("  a: A.\n", 51), "3: at most 50 places"},
		"a merge":            {"version: 1\n<<: {a: b}\n", `2: unknown key "<<"`},
		"null":               {"version: null\n", "1: version must be a text"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := faulty(t, test.text); !slices.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAMappingWithoutLayoutsHasNoAccounts(t *testing.T) {
	got := faulty(t, "version: 1\ndiscover: [Time.]\nparameters:\n  - {setting: account.N.user, path: X}\n")
	if want := []string{"4: what accounts have needs a layout"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
