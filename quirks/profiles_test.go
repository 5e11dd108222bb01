package quirks_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/quirks"
)

func builtIn(t *testing.T) []quirks.Profile {
	t.Helper()
	profiles, err := quirks.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return profiles
}

func TestEveryBuiltInProfileSaysWhyAndDoesSomething(t *testing.T) {
	for _, p := range builtIn(t) {
		if p.Why == "" || !p.BuiltIn || reflect.DeepEqual(p.Behaviour, quirks.Behaviour{}) {
			t.Errorf("%s: %+v", p.ID, p)
		}
	}
}

func TestBuiltInProfilesFindTheirDevices(t *testing.T) {
	set := quirks.NewSet(builtIn(t), nil)
	for _, c := range []struct {
		name    string
		subject quirks.Subject
		want    quirks.Behaviour
	}{
		{"a device that nobody wrote of is by the book", quirks.Subject{Manufacturer: "Example", ProductClass: "X1"}, quirks.Behaviour{}},
		{"a Cisco multiplatform phone is asked for its diagnostics", quirks.Subject{Manufacturer: "Cisco Systems, Inc.", OUI: "00562B", ProductClass: "CP-8841-3PCC"},
			quirks.Behaviour{NoDiagnosticsEvent: true, NoTransferComplete: true}},
		{"a Cisco router's tree is listed level by level", quirks.Subject{Manufacturer: "Cisco", ProductClass: "867VAE"}, quirks.Behaviour{LevelByLevel: true, GetParameterValuesNames: 16}},
		{"an SPA adapter is not asked for its log", quirks.Subject{Manufacturer: "Cisco", ProductClass: "SPA122"},
			quirks.Behaviour{NoDiagnosticsEvent: true, IgnoredParameters: []string{"*.DeviceInfo.DeviceLog"}}},
		{"a Grandstream phone is asked little at a time", quirks.Subject{Manufacturer: "Grandstream Networks"}, quirks.Behaviour{GetParameterValuesNames: 16, SetParameterValuesParameters: 16}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := set.For(c.subject).Behaviour; !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func parse(t *testing.T, id, body string) quirks.Profile {
	t.Helper()
	p, err := quirks.ParseProfile(id, json.RawMessage(body))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnOperatorsProfileWinsAndSaysWhichFieldsItDecides(t *testing.T) {
	own := parse(t, "own", `{"name":"Own","devices":{"productClass":"GXP*"},"behaviour":{"getParameterValuesNames":8,"booleanWords":true}}`)
	r := quirks.NewSet(builtIn(t), []quirks.Profile{own}).For(quirks.Subject{Manufacturer: "Grandstream", ProductClass: "GXP2135"})
	if b := r.Behaviour; b.GetParameterValuesNames != 8 || b.SetParameterValuesParameters != 16 || !b.BooleanWords {
		t.Errorf("got %+v", b)
	}
	var said []string
	for _, a := range r.Applied {
		said = append(said, a.Profile.ID+":"+strings.Join(a.Fields, ","))
	}
	want := []string{"grandstream-values:setParameterValuesParameters", "own:booleanWords,getParameterValuesNames"}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("got %v, want %v", said, want)
	}
}

func TestAProfileCanTakeBackWhatAnotherSays(t *testing.T) {
	own := parse(t, "own", `{"name":"Own","priority":1,"devices":{"manufacturer":"*cisco*"},"behaviour":{"noDiagnosticsEvent":false}}`)
	if quirks.NewSet(builtIn(t), []quirks.Profile{own}).For(quirks.Subject{Manufacturer: "Cisco", ProductClass: "CP-8841-3PCC"}).Behaviour.NoDiagnosticsEvent {
		t.Error("the built-in profile still decides")
	}
}

func TestAProfileWithTheIDOfABuiltInOneStandsInItsPlace(t *testing.T) {
	off := parse(t, "grandstream-values", `{"name":"Off","disabled":true,"devices":{"manufacturer":"*"},"behaviour":{}}`)
	r := quirks.NewSet(builtIn(t), []quirks.Profile{off}).For(quirks.Subject{Manufacturer: "Grandstream"})
	if len(r.Applied) != 0 || r.Behaviour.GetParameterValuesNames != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestAProfileThatCannotBeIsRefusedByField(t *testing.T) {
	for _, c := range []struct{ name, id, body, field string }{
		{"an id with a capital", "Own", `{}`, "id"},
		{"an unknown field", "own", `{"nme":"x"}`, "nme"},
		{"a wrong type", "own", `{"name":"x","behaviour":{"levelByLevel":"yes"}}`, "behaviour.levelByLevel"},
		{"no name", "own", `{"devices":{"oui":"*"}}`, "name"},
		{"no devices", "own", `{"name":"x"}`, "devices"},
		{"two objects", "own", `{"name":"x"} {}`, "body"},
		{"too many names", "own", `{"name":"x","devices":{"oui":"*"},"behaviour":{"getParameterValuesNames":5000}}`, "behaviour.getParameterValuesNames"},
		{"a branch without its dot", "own", `{"name":"x","devices":{"oui":"*"},"behaviour":{"rootBranches":["DeviceInfo"]}}`, "behaviour.rootBranches[0]"},
		{"a fault of the server", "own", `{"name":"x","devices":{"oui":"*"},"behaviour":{"busyFaults":[8005]}}`, "behaviour.busyFaults[0]"},
		{"a type that CWMP has not", "own", `{"name":"x","devices":{"oui":"*"},"behaviour":{"types":{"*":"int"}}}`, "behaviour.types.*"},
		{"an empty pattern", "own", `{"name":"x","devices":{"oui":"*"},"behaviour":{"ignoredParameters":[""]}}`, "behaviour.ignoredParameters[0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := quirks.ParseProfile(c.id, json.RawMessage(c.body))
			var field *quirks.FieldError
			if !errors.As(err, &field) || field.Field != c.field {
				t.Errorf("got %v, want the field %s", err, c.field)
			}
		})
	}
}

func TestADocumentThatCannotBeReadIsLeftOut(t *testing.T) {
	read := quirks.Reader(nil, slog.New(slog.DiscardHandler))
	set, err := read([]declared.Document{{ID: "new", Body: json.RawMessage(`{"fromTheFuture":1}`)}, {ID: "own", Body: json.RawMessage(`{"name":"x","devices":{"oui":"*"},"behaviour":{"levelByLevel":true}}`)}})
	if err != nil || len(set.Profiles()) != 1 || !set.For(quirks.Subject{}).Behaviour.LevelByLevel {
		t.Errorf("got %v, %v", set, err)
	}
}

func TestPatternsMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"*", "", true}, {"*", "any", true}, {"a*c", "abbc", true}, {"a*c", "abbd", false}, {"CP-*-3PCC", "cp-8841-3pcc", true},
		{"*.MACAddress", "Device.X.MACAddress", true}, {"*.MACAddress", "Device.X.MACAddresses", false}, {"*a*b*", "xxaxxbxx", true}, {"a", "ab", false}, {"ab", "a", false},
		{strings.Repeat("*a", 100), strings.Repeat("a", 99), false},
	} {
		if got := quirks.Match(c.pattern, c.text); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.pattern, c.text, got)
		}
	}
}

func TestTheLongestPatternOfATypeCounts(t *testing.T) {
	p := parse(t, "own", `{"name":"x","devices":{"oui":"*"},"behaviour":{"types":{"*":"xsd:string","*.Interval":"xsd:unsignedInt"}}}`)
	if got, ok := p.Behaviour.Type("Device.Interval"); got != "xsd:unsignedInt" || !ok {
		t.Errorf("got %q", got)
	}
	if got, _ := p.Behaviour.Type("Device.Other"); got != "xsd:string" {
		t.Errorf("got %q", got)
	}
}
