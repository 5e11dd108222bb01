package access

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestARuleIsReadWithCarefulDefaults(t *testing.T) {
	r, err := ParseRule(json.RawMessage(`{"name":"Phones","methods":["certificate","digest"],"rotate":true,"rotateAfter":"720h","identity":{"serialNumber":"{L}"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if !r.Enabled || r.Unknown != Quarantine || r.Rebootstrap != Quarantine || time.Duration(r.RotateAfter) != 720*time.Hour || r.BasicWithoutTLS {
		t.Errorf("%+v", r)
	}
	again, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := ParseRule(again); err != nil || second.RotateAfter != r.RotateAfter || second.Identity.SerialNumber != "{L}" {
		t.Errorf("%s was read as %+v, %v", again, second, err)
	}
}

func TestWhatCannotBeARuleIsRefusedNamingTheField(t *testing.T) {
	long := strings.Repeat("x", 101)
	for body, field := range map[string]string{
		`[]`:                                     "",
		`{"name":"r"} {}`:                        "",
		`{"methods":["none"]}`:                   "name",
		`{"name":"` + long + `"}`:                "name",
		`{"name":"r","priority":1001}`:           "priority",
		`{"name":"r","priority":"5"}`:            "priority",
		`{"name":"r"}`:                           "methods",
		`{"name":"r","methods":["tls"]}`:         "methods[0]",
		`{"name":"r","methods":["none","none"]}`: "methods[1]",
		`{"name":"r","methods":["certificate"]}`: "identity",
		`{"name":"r","methods":["proxy"],"identity":{"serialNumber":"{L"}}`:                    "identity.serialNumber",
		`{"name":"r","methods":["proxy"],"identity":{"mac":"000e08"}}`:                         "identity.mac",
		`{"name":"r","methods":["proxy"],"identity":{"oui":"{CN}","generic":[""]}}`:            "identity.generic[0]",
		`{"name":"r","methods":["none"],"unknown":"drop"}`:                                     "unknown",
		`{"name":"r","methods":["none"],"rebootstrap":""}`:                                     "rebootstrap",
		`{"name":"r","methods":["none"],"rotate":true}`:                                        "rotate",
		`{"name":"r","methods":["digest"],"rotateAfter":"2h"}`:                                 "rotateAfter",
		`{"name":"r","methods":["digest"],"rotate":true,"rotateAfter":"1m"}`:                   "rotateAfter",
		`{"name":"r","methods":["digest"],"rotate":true,"rotateAfter":3600}`:                   "rotateAfter",
		`{"name":"r","methods":["digest"],"rotate":true,"rotateAfter":"30 days"}`:              "rotateAfter",
		`{"name":"r","methods":["none"],"listeners":[""]}`:                                     "listeners[0]",
		`{"name":"r","methods":["none"],"filter":"color = red"}`:                               "filter",
		`{"name":"r","methods":["none"],"filter":"lastInform > now-1h"}`:                       "filter",
		`{"name":"r","methods":["none"],"filter":"model = ` + strings.Repeat("x", 2000) + `"}`: "filter",
		`{"name":"r","methods":["none"],"metods":[]}`:                                          "metods",
	} {
		_, err := ParseRule(json.RawMessage(body))
		var wrong *FieldError
		if !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%.80s: %v, want an error of %q", body, err, field)
		}
	}
}

func TestWhatCannotBeASharedCredentialIsRefusedNamingTheField(t *testing.T) {
	if _, err := ParseSharedCredential(json.RawMessage(`{"name":"Factory","username":"cisco","password":"v1.x.y","rule":"r","listeners":["cwmp"],"filter":"oui = 000E08"}`)); err != nil {
		t.Fatal(err)
	}
	for body, field := range map[string]string{
		`{}`:                                   "username",
		`{"username":"a:b","password":"v1.x"}`: "username",
		`{"username":"` + strings.Repeat("ä", 257) + `","password":"v1.x"}`: "username",
		`{"username":"a"}`: "password",
		`{"username":"a","password":"v1.x","filter":"nonsense = 1"}`:                  "filter",
		`{"username":"a","password":"v1.x","rule":"` + strings.Repeat("r", 65) + `"}`: "rule",
		`{"username":"a","password":"v1.x","name":"a\nb"}`:                            "name",
		`{"username":"a","password":"v1.x","pass":"x"}`:                               "pass",
	} {
		_, err := ParseSharedCredential(json.RawMessage(body))
		var wrong *FieldError
		if !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%.80s: %v, want an error of %q", body, err, field)
		}
	}
	for password, ok := range map[string]bool{"": false, "pa:ss wörd": true, "a\x00b": false, strings.Repeat("漢", 256): true, strings.Repeat("a", 257): false} {
		if err := CheckPassword(password); (err == nil) != ok {
			t.Errorf("a password of %d bytes: %v", len(password), err)
		}
	}
}

func TestSerialNumbersThatTellNoTwoDevicesApart(t *testing.T) {
	for serial, want := range map[string]bool{
		"": true, "  ": true, "0000": true, "000000000000": true, "FFFFFFFF": true, "1234567890": true, "Default": true, "xxxx": true,
		"0": false, "77": false, "88012BA01234": false, "0000000000001": false, "our-default": true,
	} {
		if got := append(DefaultSerials(), "OUR-DEFAULT").Ambiguous(serial); got != want {
			t.Errorf("%q: %t", serial, got)
		}
	}
}
