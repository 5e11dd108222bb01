package tasks

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestParseAcceptsWhatTheKindTakes(t *testing.T) {
	for _, c := range []struct{ kind, args string }{
		{"getParameterValues", `{"paths":["Device.DeviceInfo.","Device.Time.NTPServer1"]}`},
		{"setParameterValues", `{"parameters":[{"path":"Device.Time.Enable","value":true,"type":"xsd:boolean"},{"path":"Device.X","value":300}],"onlyIfDifferent":true,"parameterKey":"k"}`},
		{"getParameterNames", `{"path":""}`},
		{"getParameterNames", `{"path":"Device.","nextLevel":true}`},
		{"getParameterAttributes", `{"paths":["Device."]}`},
		{"setParameterAttributes", `{"parameters":[{"path":"Device.X","notification":2},{"path":"Device.Y.","accessList":[]}]}`},
		{"addObject", `{"objectName":"Device.A.","parameters":[{"path":"Name","value":"x"}]}`},
		{"deleteObject", `{"objectName":"Device.A.1."}`},
		{"refresh", `{"path":""}`},
		{"download", `{"file":"f.bin"}`},
		{"download", `{"fileType":"1 Firmware Upgrade Image","url":"http://files.example.net/f.bin","username":"u","password":"p","delaySeconds":5}`},
		{"reboot", ``},
		{"factoryReset", `{}`},
		{"getRPCMethods", `{}`},
	} {
		if _, err := Kind(c.kind).Parse(json.RawMessage(c.args)); err != nil {
			t.Errorf("%s %s: %v", c.kind, c.args, err)
		}
	}
}

func TestParseNamesTheFieldThatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, kind, args, field string }{
		{"an unknown kind", "explode", `{}`, "kind"},
		{"an unknown argument", "reboot", `{"now":true}`, "now"},
		{"no paths", "getParameterValues", `{}`, "paths"},
		{"a path of the wrong type", "getParameterValues", `{"paths":[1]}`, "paths"},
		{"an empty path", "getParameterValues", `{"paths":["Device.","" ]}`, "paths[1]"},
		{"a path twice", "getParameterValues", `{"paths":["Device.A","Device.A"]}`, "paths[1]"},
		{"a path with white space", "getParameterValues", `{"paths":["Device.A B"]}`, "paths[0]"},
		{"a path that is too long", "getParameterValues", `{"paths":["` + strings.Repeat("a", 257) + `"]}`, "paths[0]"},
		{"nothing to set", "setParameterValues", `{"parameters":[]}`, "parameters"},
		{"an object to set", "setParameterValues", `{"parameters":[{"path":"Device.","value":"x"}]}`, "parameters[0].path"},
		{"a parameter twice", "setParameterValues", `{"parameters":[{"path":"D.A","value":"x"},{"path":"D.A","value":"y"}]}`, "parameters[1].path"},
		{"a type that is none", "setParameterValues", `{"parameters":[{"path":"D.A","value":"x","type":"string"}]}`, "parameters[0].type"},
		{"a null value", "setParameterValues", `{"parameters":[{"path":"D.A","value":null}]}`, "value"},
		{"a value that XML cannot carry", "setParameterValues", `{"parameters":[{"path":"D.A","value":"a\u0001b"}]}`, "parameters[0].value"},
		{"a sealed value from outside", "setParameterValues", `{"parameters":[{"path":"D.A","value":"x","sealed":"v1.x"}]}`, "parameters[0].sealed"},
		{"a ParameterKey that is too long", "setParameterValues", `{"parameters":[{"path":"D.A","value":"x"}],"parameterKey":"` + strings.Repeat("k", 33) + `"}`, "parameterKey"},
		{"next level of a parameter", "getParameterNames", `{"path":"Device.A","nextLevel":true}`, "nextLevel"},
		{"nothing to change", "setParameterAttributes", `{"parameters":[{"path":"D.A"}]}`, "parameters[0]"},
		{"a notification that is none", "setParameterAttributes", `{"parameters":[{"path":"D.A","notification":7}]}`, "parameters[0].notification"},
		{"an object without its dot", "addObject", `{"objectName":"Device.A"}`, "objectName"},
		{"neither file nor url", "download", `{}`, "file"},
		{"both file and url", "download", `{"file":"a","url":"http://x/","fileType":"1 F"}`, "file"},
		{"url without a type", "download", `{"url":"http://x/"}`, "fileType"},
		{"a relative url", "download", `{"url":"/x","fileType":"1 F"}`, "url"},
		{"a url with credentials", "download", `{"url":"http://u:p@x/","fileType":"1 F"}`, "url"},
		{"a url of a foreign scheme", "download", `{"url":"gopher://x/","fileType":"1 F"}`, "url"},
		{"a negative delay", "download", `{"file":"a","delaySeconds":-1}`, "delaySeconds"},
		{"two objects", "reboot", `{}{}`, "kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Kind(c.kind).Parse(json.RawMessage(c.args))
			var argument *ArgumentError
			if !errors.As(err, &argument) {
				t.Fatalf("error = %v, want an ArgumentError", err)
			}
			if argument.Field != c.field {
				t.Errorf("field = %q, want %q (%v)", argument.Field, c.field, err)
			}
			if !errors.Is(err, ErrInvalid) {
				t.Error("does not wrap ErrInvalid")
			}
		})
	}
}

func FuzzParseArgs(f *testing.F) {
	for _, info := range Kinds() {
		f.Add(string(info.Kind), `{"paths":["Device."],"path":"Device.","parameters":[{"path":"Device.A","value":1,"type":"xsd:int","notification":1}],"objectName":"Device.A.","file":"x"}`)
		f.Add(string(info.Kind), `{}`)
	}
	f.Fuzz(func(t *testing.T, kind, args string) {
		parsed, err := Kind(kind).Parse(json.RawMessage(args))
		if err != nil {
			var argument *ArgumentError
			if !errors.As(err, &argument) || argument.Field == "" || argument.Message == "" {
				t.Fatalf("error %v does not name field and expectation", err)
			}
			return
		}
		raw, err := json.Marshal(parsed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Kind(kind).Parse(raw); err != nil {
			t.Fatalf("what was parsed is refused once written: %v", err)
		}
	})
}
