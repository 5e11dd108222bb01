package trace_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/trace"
)

func TestSecretsLeaveTheBody(t *testing.T) {
	const planted = "s3cret"
	for _, c := range []struct{ name, body, want string }{
		{"the value of a secret parameter", `<P><Name>Device.ManagementServer.Password</Name><Value xsi:type="xsd:string">s3cret</Value></P>`,
			`<P><Name>Device.ManagementServer.Password</Name><Value xsi:type="xsd:string">[secret]</Value></P>`},
		{"a value before its name", `<P><Value>s3cret</Value><Name>A.WEPKey</Name></P>`, `<P><Value>[secret]</Value><Name>A.WEPKey</Name></P>`},
		{"the password of a Download", `<a:Download><Username>u</Username><Password>s3cret</Password></a:Download>`, `<a:Download><Username>u</Username><Password>[secret]</Password></a:Download>`},
		{"the path of a file", `<URL>http://acs:7567/files/t/abcdefghijklmnopqrstuvwxyz/fw.bin</URL>`, `<URL>http://acs:7567/files/t/[secret]/fw.bin</URL>`},
		{"a public value stays", `<P><Name>Device.DeviceInfo.SoftwareVersion</Name><Value>1.2</Value></P>`, `<P><Name>Device.DeviceInfo.SoftwareVersion</Name><Value>1.2</Value></P>`},
		{"an empty secret stays", `<P><Name>A.Password</Name><Value/></P>`, `<P><Name>A.Password</Name><Value/></P>`},
		{"CDATA", `<P><Name>A.Password</Name><Value><![CDATA[s3cret]]></Value></P>`, `<P><Name>A.Password</Name><Value>[secret]</Value></P>`},
		{"what is broken off in a value", `<P><Name>A.Password</Name><Value>s3cret`, ``},
		{"what is no XML", `Password=s3cret&<<`, ``},
		{"a mismatch of tags", `<P><Name>A.Password</Name></X><Value>s3cret</Value>`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := trace.NewMasker().Body([]byte(c.body))
			if strings.Contains(got, planted) || c.want != "" && got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCredentialsLeaveTheHeaders(t *testing.T) {
	headers := http.Header{
		"Authorization": {`Digest username="u", realm="r", nonce="NONCE", uri="/", response="RESPONSE", nc=00000001, cnonce="CNONCE"`, "Basic QmFzaWM="},
		"Cookie":        {"session=0123456789abcdef; Path=/"},
		"X-Api-Key":     {"KEY"},
		"Content-Type":  {"text/xml"},
	}
	got := strings.Join(trace.NewMasker().Headers(headers, []string{"Authorization", "Content-Type", "Cookie", "X-Api-Key"}), "\n")
	want := `Authorization: Digest username="u", realm="r", nonce=[secret], uri="/", response=[secret], nc=00000001, cnonce=[secret]
Authorization: Basic [secret]
Content-Type: text/xml
Cookie: session=012345…; Path=/
X-Api-Key: [secret]`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

func FuzzNoPlantedSecretLeavesTheMasker(f *testing.F) {
	f.Add(`<x>`, `</x>`)
	f.Add(`<x><Name>A.B</Name>`, ``)
	f.Add(`<x><Password>`, `</Password></x>`)
	f.Fuzz(func(t *testing.T, before, after string) {
		const planted = "PLANTEDSECRET"
		if strings.Contains(before+after, planted) {
			t.Skip()
		}
		body := before + `<P><Name>A.Password</Name><Value>` + planted + `</Value></P>` + after
		got := trace.NewMasker().Body([]byte(body))
		// Inside of a comment or CDATA section it is no element, and no server sent it.
		if strings.Contains(got, planted) && !strings.Contains(before, "<!") && !strings.Contains(before, "<?") {
			t.Errorf("%q became %q", body, got)
		}
	})
}
