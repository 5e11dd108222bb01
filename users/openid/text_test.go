package openid

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users"
)

func TestRulesAreRead(t *testing.T) {
	for text, want := range map[string]RoleRule{
		"admins=admin":                        {Value: "admins", Role: users.Admin},
		"*=viewer":                            {Value: Anybody, Role: users.Viewer},
		"s=support@acme/south":                {Value: "s", Role: users.Support, Scope: device.Scope{Group: "acme/south"}},
		"s=support@a=b":                       {Value: "s", Role: users.Support, Scope: device.Scope{Group: "a=b"}},
		"cn=ops,dc=example=night-shift":       {Value: "cn=ops,dc=example", Role: "night-shift"},
		"CN=A B,OU=x=viewer@Acme GmbH/Süd":    {Value: "CN=A B,OU=x", Role: users.Viewer, Scope: device.Scope{Group: "Acme GmbH/Süd"}},
		"jane@example.com=admin":              {Value: "jane@example.com", Role: users.Admin},
		"https://example.com/?a=%20=operator": {Value: "https://example.com/?a=%20", Role: users.Operator},
	} {
		if got, err := ParseRoleRule(text); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestWhatIsNoRuleIsRefused(t *testing.T) {
	for _, text := range []string{"", "admin", "=admin", "x=", "x=Admin", "x=a b", "x=@acme", "x=admin@", "x=admin@a//b", "x=admin@/a", "x=admin@a/", "x=admin@ a", "x=admin@a\nb", "x=admin@\xff"} {
		if rule, err := ParseRoleRule(text); !errors.Is(err, ErrRule) {
			t.Errorf("%q: got %+v, %v, want ErrRule", text, rule, err)
		}
	}
}

func TestOnlyAPathOfThisOriginIsReturnedTo(t *testing.T) {
	for text, want := range map[string]string{
		"/": "/", "/devices": "/devices", "/devices?filter=a%3Ab&x#top": "/devices?filter=a%3Ab&x#top", "/gruppe/süd": "/gruppe/süd", "/a//b": "/a//b", "/@x": "/@x",
		"": "/", "devices": "/", "//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "https://evil.example": "/",
		"/\t/evil.example": "/", "/\n/evil.example": "/", "\t//evil.example": "/", " /x": "/", "/a\x00b": "/", "/a\x7f": "/", "/\u2028x": "/", "/\xff": "/",
		"javascript:alert(1)": "/", "/%zz": "/", "/" + strings.Repeat("a", maxReturnTo): "/",
	} {
		if got := samePath(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestNamesBecomeNamesOfUsers(t *testing.T) {
	for text, want := range map[string]string{
		"jane": "jane", "Jane.Doe": "jane.doe", "jane@Example.COM": "jane@example.com", "jane+acs@example.com": "jane-acs@example.com",
		`ACME\jane`: "acme-jane", "Jane  Doe": "jane-doe", "Jörg Müller": "jorg-muller", "José": "jose", "ｊａｎｅ": "jane", "İpek": "ipek",
		"_jane": "jane", ".": "", "@jane": "jane", "jane!": "jane", "jane\n": "jane", "王jane": "jane", "王": "", "": "", "-": "",
		strings.Repeat("a", 64): strings.Repeat("a", 64), strings.Repeat("a", 65): "", "a\xffb": "a-b", "007": "007",
	} {
		got, ok := normalName(text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %t, want %q", text, got, ok, want)
		}
	}
}

func TestDisplayNamesAreOneBoundedLine(t *testing.T) {
	for text, want := range map[string]string{
		"Jané Doe": "Jané Doe", " Jane \n\t Doe ": "Jane Doe", "Jane\u202eDoe": "Jane Doe", "\xff": "", " ": "", strings.Repeat("é", 100): strings.Repeat("é", 64),
	} {
		if got := displayName(claims{"name": text}); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := displayName(claims{"name": 7.0}); got != "" {
		t.Errorf("a number: got %q", got)
	}
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	keeper, err := secret.NewKeeper(bytes.Repeat([]byte{1}, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	good := Options{Issuer: "https://idp.example/realms/acme", ClientID: "c", Keeper: keeper, Roles: []RoleRule{{Value: Anybody, Role: users.Viewer}}}
	for name, change := range map[string]func(*Options){
		"no issuer":               func(o *Options) { o.Issuer = "" },
		"an issuer without TLS":   func(o *Options) { o.Issuer = "http://idp.example" },
		"a private address":       func(o *Options) { o.Issuer = "http://10.0.0.1" },
		"no URL":                  func(o *Options) { o.Issuer = "idp.example" },
		"another scheme":          func(o *Options) { o.Issuer = "ftp://localhost" },
		"a password in the URL":   func(o *Options) { o.Issuer = "https://a:b@idp.example" },
		"a space in the issuer":   func(o *Options) { o.Issuer = "https://idp.example/a b" },
		"no client":               func(o *Options) { o.ClientID = "" },
		"no rules":                func(o *Options) { o.Roles = nil },
		"nothing to seal it with": func(o *Options) { o.Keeper = nil },
	} {
		o := good
		change(&o)
		if _, err := New(o); !errors.Is(err, ErrOptions) {
			t.Errorf("%s: got %v, want ErrOptions", name, err)
		}
	}
	for _, issuer := range []string{good.Issuer, "http://localhost:8080", "http://127.0.0.2", "http://[::1]:80/x"} {
		o := good
		o.Issuer, o.Name = issuer, "Acme"
		if p, err := New(o); err != nil || p.Name() != "Acme" {
			t.Errorf("%s: %v", issuer, err)
		}
	}
	if p, err := New(good); err != nil || p.Name() != "OpenID" {
		t.Errorf("without a name: %v", err)
	}
}
