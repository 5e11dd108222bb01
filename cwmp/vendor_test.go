package cwmp

import (
	"strings"
	"testing"
)

func TestWhatAVendorsRPCMayCarryIsAccepted(t *testing.T) {
	for _, body := range []string{
		"", "5", "<Line>1</Line>", "<a/><b c='1'/>\n", `<Value xsi:type="xsd:string">a &lt; &#x42;</Value>`,
		`<v:a xmlns:v="urn:v"><v:b/></v:a>`, `<cwmp:a xml:lang="en"/>`, "<![CDATA[<not markup>]]>",
		strings.Repeat("<a>", DefaultLimits().Depth-3) + strings.Repeat("</a>", DefaultLimits().Depth-3),
		strings.Repeat("x", MaxVendorContent),
	} {
		if err := CheckVendorRPC("X_00AABB_Ring", body); err != nil {
			t.Errorf("%.40q: %v", body, err)
			continue
		}
		data := mustEncode(t, goldenEnvelope(&VendorRPC{Name: "X_00AABB_Ring", Body: body}))
		if m, ok := mustDecode(t, data).Message.(*Unknown); !ok || m.ContentDropped || (m.Content == "") != (body == "") {
			t.Errorf("%.40q was read back as %+v", body, m)
		}
	}
}

func TestWhatAVendorsRPCMayNotCarryIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"an end tag that closes the message":   "</X_00AABB_Ring><cwmp:Reboot/>",
		"an end tag and a start tag":           "</content><content>",
		"an element without end":               "<a>",
		"end tags crossed":                     "<a><b></a></b>",
		"a bare ampersand":                     "a & b",
		"an entity that XML lacks":             "&nbsp;",
		"a character that XML lacks":           "&#0;",
		"a control character":                  "\x01",
		"a comment":                            "<a><!-- b --></a>",
		"a processing instruction":             "<?a b?>",
		"an XML declaration":                   `<?xml version="1.0"?><a/>`,
		"a document type":                      "<!DOCTYPE a>",
		"a prefix that is not declared":        "<v:a/>",
		"an attribute's prefix not declared":   `<a v:b="1"/>`,
		"a type's prefix that is not declared": `<a xsi:type="v:b"/>`,
		"an attribute given twice":             `<a b="1" b="2"/>`,
		"too deep a nesting":                   strings.Repeat("<a>", DefaultLimits().Depth-2) + strings.Repeat("</a>", DefaultLimits().Depth-2),
		"too much of it":                       strings.Repeat("x", MaxVendorContent+1),
	} {
		err := CheckVendorRPC("X_00AABB_Ring", body)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if len(err.Error()) > 200 || !strings.HasPrefix(err.Error(), "cwmp: Body of X_00AABB_Ring: ") {
			t.Errorf("%s: %v", name, err)
		}
		if data, err := Encode(goldenEnvelope(&VendorRPC{Name: "X_00AABB_Ring", Body: body})); err == nil {
			t.Errorf("%s: written as %s", name, data)
		}
	}
}

func TestTheNameOfAVendorsRPCHasAVendorAndAName(t *testing.T) {
	for name, want := range map[string]bool{
		"X_00AABB_Ring": true, "X_EXAMPLE-NET_Ring2": true, "X_CATAWAMPUS_ORG_AddObjects": true,
		"": false, "X_": false, "X_Ring": false, "X__Ring": false, "X_00AABB_": false, "Reboot": false, "x_00AABB_Ring": false,
		"X_00AABB_RingResponse": false, "X_00AABB_a b": false, "X_00AABB_a:b": false, "X_00AABB_a/><b": false, "X_00AABB_é": false,
		"X_00AABB_" + strings.Repeat("a", 55): true, "X_00AABB_" + strings.Repeat("a", 56): false,
	} {
		if err := CheckVendorRPC(name, ""); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAVendorsRPCMayHaveANamespaceOfItsOwn(t *testing.T) {
	data := mustEncode(t, goldenEnvelope(&VendorRPC{Name: "X_00AABB_Ring", Namespace: `urn:v&"`, Body: "<a/>"}))
	wantEqual(t, "Decode", mustDecode(t, data).Message, Message(&Unknown{Name: "X_00AABB_Ring", Namespace: `urn:v&"`, Content: "<a></a>"}))
}

func TestTheContentOfAnAnswerIsKeptUpToItsLimit(t *testing.T) {
	for size, kept := range map[int]bool{MaxVendorContent: true, MaxVendorContent + 1: false} {
		m := mustDecode(t, []byte(soap("", "<cwmp:X_00AABB_RingResponse>"+strings.Repeat("x", size)+"</cwmp:X_00AABB_RingResponse>"))).Message.(*Unknown)
		if (len(m.Content) == size) != kept || m.ContentDropped == kept {
			t.Errorf("%d bytes: kept %d, dropped %v", size, len(m.Content), m.ContentDropped)
		}
	}
	m := mustDecode(t, []byte(soap("", "<cwmp:RingResponse><a/></cwmp:RingResponse>"))).Message.(*Unknown)
	if m.Content != "" || m.ContentDropped {
		t.Errorf("content of what is no vendor's RPC: %+v", m)
	}
}

func TestUnknownContentIsCheckedBeforeItIsWritten(t *testing.T) {
	if data, err := Encode(goldenEnvelope(&Unknown{Name: "X_00AABB_RingResponse", Content: "</a>"})); err == nil {
		t.Errorf("written as %s", data)
	}
}

func TestFileTypesOfUploadsAreToldFromOthers(t *testing.T) {
	for fileType, want := range map[string]bool{
		FileTypeUploadConfiguration: true, FileTypeUploadLog: true, FileTypeUploadNumberedConfiguration + " 1": true, FileTypeUploadNumberedLog + " 12": true,
		"X 000E08 Call Log": true, "X EXAMPLE-NET Log": true, "5 Crash Dump": true,
		"": false, "2": false, "X": false, "X 000E08": false, FileTypeFirmware: false, FileTypeConfiguration: false, "4 Tone File": false,
		FileTypeUploadLog + " 1": false, FileTypeUploadNumberedLog + " 0": false, FileTypeUploadNumberedLog + " 01": false, "3 Vendor  Configuration File 1": false,
		" 2 Vendor Log File": false, "0 File": false, "Vendor Log File": false, "5 " + strings.Repeat("x", 63): false, "5 a\tb": false,
	} {
		if err := CheckUploadFileType(fileType); (err == nil) != want {
			t.Errorf("%q: %v", fileType, err)
		}
	}
}
