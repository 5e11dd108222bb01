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
		{"download", `{"file":"@profile"}`},
		{"scheduleDownload", `{"file":"@profile","windows":[{"startSeconds":0,"endSeconds":60,"mode":"1 At Any Time"}]}`},
		{"download", `{"fileType":"1 Firmware Upgrade Image","url":"http://files.example.net/f.bin","username":"u","password":"p","delaySeconds":5}`},
		{"reboot", ``},
		{"factoryReset", `{}`},
		{"getRPCMethods", `{}`},
		{"upload", `{"fileType":"2 Vendor Log File"}`},
		{"upload", `{"fileType":"3 Vendor Configuration File","instance":2,"url":"https://files.example.net/in","username":"u","password":"p","delaySeconds":5}`},
		{"upload", `{"fileType":"X 00562B Dump"}`},
		{"scheduleInform", `{"delaySeconds":2592000}`},
		{"scheduleDownload", `{"file":"f.bin","windows":[{"startSeconds":0,"endSeconds":60,"mode":"1 At Any Time"},{"startSeconds":60,"endSeconds":120,"mode":"X 00562B Later","maxRetries":-1}]}`},
		{"cancelTransfer", `{"task":"01h2qcejqtf2nbrerr3vqjhp41"}`},
		{"cancelTransfer", `{"commandKey":"k"}`},
		{"getQueuedTransfers", `{}`},
		{"getAllQueuedTransfers", `{}`},
		{"changeDUState", `{"operations":[{"operation":"install","url":"http://x/a","uuid":"123e4567-e89b-12d3-a456-426614174000","executionEnvironment":"Device.SoftwareModules.ExecEnv.1."},{"operation":"update","url":"http://x/a"},{"operation":"uninstall","uuid":"123e4567-e89b-12d3-a456-426614174000"}]}`},
		{"setVouchers", `{"vouchers":["PGE+"]}`},
		{"getOptions", `{}`},
		{"vendorRPC", `{"name":"X_00562B_Blink"}`},
		{"vendorRPC", `{"name":"X_ACME_Set","body":"<A x=\"1\">&lt;b<![CDATA[<c>]]></A>text<B/>"}`},
		{"ipPing", `{"host":"192.0.2.1"}`},
		{"ipPing", `{"host":"2001:db8::1","numberOfRepetitions":1000,"timeoutMilliseconds":60000,"dataBlockSize":65535,"dscp":63,"interface":"Device.IP.Interface.1"}`},
		{"ipPing", `{"host":"a"}`},
		{"traceRoute", `{"host":"_sip.a-b.example.","numberOfTries":3,"maxHopCount":64}`},
		{"downloadDiagnostics", `{"url":"ftp://files.example.net/10M"}`},
		{"uploadDiagnostics", `{"url":"http://files.example.net/in","testFileLength":1}`},
		{"nsLookup", `{"host":"a.example","dnsServer":"ns.example"}`},
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
		{"what no file can be named", "download", `{"file":"@profiles"}`, "file"},
		{"a scheduled download of what no file can be named", "scheduleDownload", `{"file":"@","windows":[{"startSeconds":0,"endSeconds":60,"mode":"1 At Any Time"}]}`, "file"},
		{"two objects", "reboot", `{}{}`, "kind"},
		{"an upload of no type", "upload", `{}`, "fileType"},
		{"an upload whose type lacks its number", "upload", `{"fileType":"4 Vendor Log File"}`, "instance"},
		{"an upload whose type takes no number", "upload", `{"fileType":"2 Vendor Log File","instance":1}`, "instance"},
		{"credentials for our own place", "upload", `{"fileType":"2 Vendor Log File","password":"p"}`, "url"},
		{"an upload with a sealed password from outside", "upload", `{"fileType":"2 Vendor Log File","url":"http://x/","sealedPassword":"v1.x"}`, "sealedPassword"},
		{"an upload to a url with credentials", "upload", `{"fileType":"2 Vendor Log File","url":"http://u:p@x/"}`, "url"},
		{"a session at once", "scheduleInform", `{"delaySeconds":0}`, "delaySeconds"},
		{"a session too far ahead", "scheduleInform", `{"delaySeconds":2592001}`, "delaySeconds"},
		{"no window", "scheduleDownload", `{"file":"f"}`, "windows"},
		{"three windows", "scheduleDownload", `{"file":"f","windows":[{},{},{}]}`, "windows"},
		{"windows that overlap", "scheduleDownload", `{"file":"f","windows":[{"startSeconds":0,"endSeconds":60,"mode":"1 At Any Time"},{"startSeconds":59,"endSeconds":120,"mode":"1 At Any Time"}]}`, "windows[1].startSeconds"},
		{"a window without length", "scheduleDownload", `{"file":"f","windows":[{"startSeconds":60,"endSeconds":60,"mode":"1 At Any Time"}]}`, "windows[0].endSeconds"},
		{"a mode that is none", "scheduleDownload", `{"file":"f","windows":[{"startSeconds":0,"endSeconds":60,"mode":"5 Sometimes"}]}`, "windows[0].mode"},
		{"too many tries", "scheduleDownload", `{"file":"f","windows":[{"startSeconds":0,"endSeconds":60,"mode":"1 At Any Time","maxRetries":-2}]}`, "windows[0].maxRetries"},
		{"nothing to download", "scheduleDownload", `{"windows":[{"startSeconds":0,"endSeconds":60,"mode":"1 At Any Time"}]}`, "file"},
		{"nothing to cancel", "cancelTransfer", `{}`, "task"},
		{"a task that is none", "cancelTransfer", `{"task":"x"}`, "task"},
		{"a CommandKey that is too long", "cancelTransfer", `{"commandKey":"` + strings.Repeat("k", 33) + `"}`, "commandKey"},
		{"no operation", "changeDUState", `{"operations":[]}`, "operations"},
		{"an operation that is none", "changeDUState", `{"operations":[{"operation":"explode"}]}`, "operations[0].operation"},
		{"an installation of nothing", "changeDUState", `{"operations":[{"operation":"install"}]}`, "operations[0].url"},
		{"an update of nothing", "changeDUState", `{"operations":[{"operation":"update"}]}`, "operations[0].uuid"},
		{"a removal of nothing", "changeDUState", `{"operations":[{"operation":"uninstall"}]}`, "operations[0].uuid"},
		{"a UUID that is none", "changeDUState", `{"operations":[{"operation":"uninstall","uuid":"1"}]}`, "operations[0].uuid"},
		{"a module with a sealed password from outside", "changeDUState", `{"operations":[{"operation":"install","url":"http://x/","sealedPassword":"v1.x"}]}`, "operations[0].sealedPassword"},
		{"no voucher", "setVouchers", `{}`, "vouchers"},
		{"a voucher that is no base64", "setVouchers", `{"vouchers":["PGE+","%"]}`, "vouchers[1]"},
		{"an option name that is too long", "getOptions", `{"optionName":"` + strings.Repeat("o", 65) + `"}`, "optionName"},
		{"an RPC that is no vendor's", "vendorRPC", `{"name":"Reboot"}`, "name"},
		{"a vendor's answer", "vendorRPC", `{"name":"X_00562B_BlinkResponse"}`, "name"},
		{"XML that does not end", "vendorRPC", `{"name":"X_00562B_Blink","body":"<A>"}`, "body"},
		{"XML that ends too early", "vendorRPC", `{"name":"X_00562B_Blink","body":"</a><a>"}`, "body"},
		{"a declaration in XML", "vendorRPC", `{"name":"X_00562B_Blink","body":"<!DOCTYPE a><A/>"}`, "body"},
		{"a comment in XML", "vendorRPC", `{"name":"X_00562B_Blink","body":"<!-- a -->"}`, "body"},
		{"a host for the shell", "ipPing", `{"host":"a;reboot"}`, "host"},
		{"a host of two words", "ipPing", `{"host":"a b"}`, "host"},
		{"a host that is an option", "traceRoute", `{"host":"-f"}`, "host"},
		{"an address with a zone", "ipPing", `{"host":"fe80::1%eth0"}`, "host"},
		{"no host", "nsLookup", `{}`, "host"},
		{"a DNS server for the shell", "nsLookup", `{"host":"a","dnsServer":"$(id)"}`, "dnsServer"},
		{"too many repetitions", "ipPing", `{"host":"a","numberOfRepetitions":1001}`, "numberOfRepetitions"},
		{"a negative timeout", "ipPing", `{"host":"a","timeoutMilliseconds":-1}`, "timeoutMilliseconds"},
		{"an interface that is no path", "ipPing", `{"host":"a","interface":"eth 0"}`, "interface"},
		{"a test by a foreign scheme", "downloadDiagnostics", `{"url":"file:///etc/passwd"}`, "url"},
		{"a test that sends nothing", "uploadDiagnostics", `{"url":"http://x/"}`, "testFileLength"},
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
		f.Add(string(info.Kind), `{"paths":["Device."],"path":"Device.","parameters":[{"path":"Device.A","value":1,"type":"xsd:int","notification":1}],"objectName":"Device.A.","file":"x","host":"a","url":"http://x/","fileType":"2 Log","windows":[{"endSeconds":9,"mode":"2 Immediately"}],"operations":[{"operation":"update","url":"http://x/"}],"body":"<A/>","name":"X_A_B"}`)
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
