package provisioners

import (
	"errors"
	"strings"
	"testing"
)

func defaultCatalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACatalogueThatIsWrongIsRefusedWithItsLine(t *testing.T) {
	const head = "version: 1\ngroups:\n  - name: a\n    title: A\n    index: {N: {from: 1, to: 9}}\n    settings:\n"
	for _, test := range []struct {
		name, text, want string
		line             int
	}{
		{"no YAML", "version: [", "did not find", 1},
		{"no version", "groups: []", "version must be", 1},
		{"an unknown key of a setting", head + "      - {path: x, type: text, title: X, secrets: true}", `unknown key "secrets"`, 7},
		{"an unknown key of a group", "version: 1\ngroups:\n  - name: a\n    titel: A", `unknown key "titel"`, 4},
		{"a key that is there twice", head + "      - {path: x, path: y, type: text, title: X}", "twice", 7},
		{"a value of the wrong type", head + "      - {path: x, type: integer, title: X,\n         min: many}", "cannot unmarshal", 8},
		{"a group without a title", "version: 1\ngroups:\n  - name: a", "title", 3},
		{"an unknown type", head + "      - {path: x, type: string, title: X}", `unknown type "string"`, 7},
		{"a setting without a title", head + "      - {path: x, type: text}", "title", 7},
		{"an index that the group does not have", head + "      - {path: x.M.y, type: text, title: X}", `"M" is no part`, 7},
		{"a setting that is there twice", head + "      - {path: x, type: text, title: X}\n      - {path: x, type: text, title: X}", "x is there twice", 8},
		{"a setting that begins another", head + "      - {path: x, type: text, title: X}\n      - {path: x.y, type: text, title: X}", "beginning of x.y", 1},
		{"a choice without choices", head + "      - {path: x, type: choice, title: X}", "needs choices", 7},
		{"choices of a boolean", head + "      - {path: x, type: boolean, title: X, choices: [a]}", "has no choices", 7},
		{"bounds the wrong way round", head + "      - {path: x, type: integer, title: X, min: 2, max: 1}", "min is above max", 7},
		{"bounds of a host", head + "      - {path: x, type: host, title: X, max: 1}", "has no bounds", 7},
		{"a pattern that is none", head + "      - {path: x, type: text, title: X, pattern: \"(\"}", "pattern", 7},
		{"a pattern of a number", head + "      - {path: x, type: integer, title: X, pattern: 1}", "only a text has a pattern", 7},
		{"a unit of a text", head + "      - {path: x, type: text, title: X, unit: s}", "only a number has a unit", 7},
		{"a default that does not fit", head + "      - {path: x, type: integer, title: X, default: a}", "must be a whole number", 7},
		{"a default that is not canonical", head + "      - {path: x, type: integer, title: X, default: \"01\"}", "not canonical", 7},
		{"a secret of the end user", head + "      - {path: x, type: secret, title: X, endUser: true}", "secret", 7},
		{"a path that templates need", head + "      - {path: device.x, type: text, title: X}", "device is taken", 7},
		{"a range that is empty", "version: 1\ngroups:\n  - name: a\n    title: A\n    index: {N: {from: 2, to: 1}}\n    settings:\n      - {path: x.N, type: text, title: X}", "range of N", 7},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadCatalogue([]byte(test.text))
			var wrong *CatalogueError
			if !errors.As(err, &wrong) || !strings.Contains(wrong.Message, test.want) || wrong.Line != test.line {
				t.Errorf("refused with %v, want line %d: %s", err, test.line, test.want)
			}
		})
	}
}

func TestAPathIsFoundWithNumbersAndStarsWithinTheRanges(t *testing.T) {
	c := defaultCatalogue(t)
	for path, want := range map[string]string{
		"account.1.user": "account.N.user", "account.100.user": "account.N.user", "account.*.user": "account.N.user",
		"expansion.6.key.200.type": "expansion.M.key.N.type", "expansion.*.key.1.type": "expansion.M.key.N.type",
		"time.zone": "time.zone", "owner": "owner", "vendor.yealink.static.x": "vendor.yealink.static.x",
		"vendor.mitel.sip line1 mode": "vendor.mitel.sip line1 mode",
		"account.N.user":              "", "account.101.user": "", "account.0.user": "", "account.user": "", "account.1": "", "account.1.user.x": "",
		"expansion.7.model": "", "Time.zone": "", "": "", "vendor.x": "", "vendor.X.y": "", "vendor.x.": "", "vendor.x.*": "", "vendor.x.a\nb": "",
		"vendor.x." + strings.Repeat("a", MaxPath): "",
	} {
		if s, ok := c.Find(path); s.Path != want || ok != (want != "") {
			t.Errorf("%q is found as %q", path, s.Path)
		}
	}
}

func TestAVendorsSettingIsASecretByItsName(t *testing.T) {
	c := defaultCatalogue(t)
	for path, want := range map[string]bool{"vendor.snom.http_pass": true, "vendor.poly.device.auth.localAdminPassword": true, "vendor.snom.pass_length": false} {
		if s, ok := c.Find(path); !ok || s.Secret != want || (s.Type == SecretType) != want {
			t.Errorf("%s is %+v", path, s)
		}
	}
}

func TestWhatIsFoundIsTheCallersOwn(t *testing.T) {
	c := defaultCatalogue(t)
	s, _ := c.Find("account.1.transport")
	s.Choices[0] = "changed"
	groups := c.Groups()
	groups[0].Settings[0].Path = "changed"
	again, _ := c.Find("account.1.transport")
	if again.Choices[0] == "changed" || c.Groups()[0].Settings[0].Path == "changed" {
		t.Error("the catalogue was changed")
	}
}

func TestAMisspeltPathIsRefusedWithWhatWasMeant(t *testing.T) {
	c := defaultCatalogue(t)
	for path, want := range map[string]string{
		"acount.1.user":           "acount.1.user is no setting; did you mean account.1.user?",
		"account.3.usr":           "account.3.usr is no setting; did you mean account.3.user?",
		"account.*.Registrar":     "account.*.Registrar is no setting; did you mean account.*.registrar?",
		"time.timezone":           "time.timezone is no setting",
		"expansion.1.key.3.lable": "expansion.1.key.3.lable is no setting; did you mean expansion.1.key.3.label?",
		"account.101.user":        "account.101.user has an index that is out of range: in account.N.user N is 1 to 100 or *",
		"vendor.Snom.x":           "vendor.Snom.x is no setting: expected vendor.PACK.KEY, a pack of a-z 0-9 - and a key of letters, digits and _.:/@$-",
		"":                        " is no setting",
	} {
		if _, err := c.Parse(path, "x"); err == nil || err.Error() != want {
			t.Errorf("%s is refused with %q, want %q", path, err, want)
		}
	}
}
