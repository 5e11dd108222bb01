package cwmp

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const emptyResponse = "<cwmp:RebootResponse/>"

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestWhatIsNoMessageIsRejectedWithItsKind(t *testing.T) {
	limits := DefaultLimits()
	plain := soap("", emptyResponse)
	for _, c := range []struct {
		name string
		body string
		kind DecodeErrorKind
	}{
		{"text that is no XML", "hello", Structure},
		{"binary garbage", "\x16\x03\x01\x02garbage", Structure},
		{"a truncated envelope", plain[:len(plain)-10], Malformed},
		{"a truncated tag", plain[:len(plain)-1], Malformed},
		{"an end tag too many", plain + "</soap:Envelope>", Malformed},
		{"end tags crossed", soap("", "<cwmp:Reboot><a><b></a></b></cwmp:Reboot>"), Malformed},
		{"an attribute given twice", soap("", `<cwmp:Reboot a="1" a="2"/>`), Malformed},
		{"an attribute without quotes", soap("", `<cwmp:Reboot a=1/>`), Malformed},
		{"an attribute without a value", soap("", `<cwmp:Reboot a/>`), Malformed},
		{"a less-than sign in an attribute", soap("", `<cwmp:Reboot a="<"/>`), Malformed},
		{"an undefined entity in an attribute", soap("", `<cwmp:Reboot a="&x;"/>`), Malformed},
		{"a CDATA end in text", soap("", `<cwmp:Reboot><CommandKey>]]></CommandKey></cwmp:Reboot>`), Malformed},
		{"a comment without end", soap("", `<!-- `+emptyResponse), Malformed},
		{"a comment with two hyphens inside", soap("", `<!-- a -- b -->`+emptyResponse), Malformed},
		{"a CDATA section without end", soap("", `<![CDATA[ `+emptyResponse), Malformed},
		{"an instruction without end", soap("", `<?a `+emptyResponse), Malformed},
		{"a second XML declaration", soap("", `<?xml version="1.0"?>`+emptyResponse), Malformed},
		{"XML 1.1", `<?xml version="1.1"?>` + plain, Malformed},
		{"a declaration without end", `<?xml version="1.0" ` + strings.Repeat(" ", 600) + "?>" + plain, Malformed},

		{"a document type", `<!DOCTYPE a>` + plain, Forbidden},
		{"a document type in lower case", `<!doctype a>` + plain, Forbidden},
		{"an external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + soap("", "<cwmp:Reboot><CommandKey>&x;</CommandKey></cwmp:Reboot>"), Forbidden},
		{"entities that expand to billions", `<!DOCTYPE a [` + repeat(10, `<!ENTITY e%d "&e0;&e0;">`) + `]>` + plain, Forbidden},
		{"an entity declaration without document type", `<!ENTITY x "y">` + plain, Forbidden},
		{"a document type after a comment that ends early", `<!--x--><!DOCTYPE a><!--y-->` + plain, Forbidden},
		{"a document type inside the envelope", soap("", "<!DOCTYPE a>"+emptyResponse), Forbidden},
		{"a document type after the envelope", plain + "<!DOCTYPE a>", Forbidden},

		{"SOAP 1.2", strings.ReplaceAll(plain, "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"), SOAPVersion},
		{"an envelope without namespace", "<Envelope><Body/></Envelope>", SOAPVersion},
		{"an envelope of an undeclared prefix", "<soap:Envelope><soap:Body/></soap:Envelope>", SOAPVersion},

		{"10,000 nested elements", soap("", strings.Repeat("<a>", 10000)+strings.Repeat("</a>", 10000)), TooDeep},
		{"1,000,000 nested elements without end", strings.Repeat("<a>", 1000000), TooDeep},
		{"one element too deep", soap("", strings.Repeat("<a>", limits.Depth-2)+"<b/>"+strings.Repeat("</a>", limits.Depth-2)), TooDeep},

		{"one list item too many", soap("", "<cwmp:GetParameterValues><ParameterNames>"+repeat(limits.Parameters+1, "<string>%d</string>")+"</ParameterNames></cwmp:GetParameterValues>"), TooMany},
		{"too many elements", soap("", "<cwmp:Reboot>"+strings.Repeat("<a/>", limits.Elements)+"</cwmp:Reboot>"), TooMany},
		{"too many comments", soap("", strings.Repeat("<!---->", limits.Elements)+emptyResponse), TooMany},
		{"one attribute too many", soap("", "<cwmp:Reboot"+repeat(limits.Attributes+1, ` a%d="1"`)+"/>"), TooMany},
		{"1,000,000 attributes", soap("", "<cwmp:Reboot"+repeat(1000000, ` a%d="1"`)+"/>"), TooMany},
		{"too many namespaces in scope", soap("", repeat(limits.Depth-4, `<a xmlns:a%[1]d="a" xmlns:b%[1]d="b" xmlns:c%[1]d="c">`)+strings.Repeat("</a>", limits.Depth-4)), TooMany},
		{"a long element name", soap("", "<cwmp:"+strings.Repeat("n", 1<<20)+"/>"), TooMany},
		{"a long attribute name", soap("", "<cwmp:Reboot "+strings.Repeat("n", 1<<20)+`=""/>`), TooMany},
		{"a long attribute value", soap("", `<cwmp:Reboot a="`+strings.Repeat("n", 1<<20)+`"/>`), TooMany},

		{"UTF-16 with a byte order mark", "\xFF\xFE<\x00a\x00", Charset},
		{"UTF-16 without a byte order mark", "<\x00a\x00/\x00>\x00", Charset},
		{"UTF-16 declared", `<?xml version="1.0" encoding="UTF-16"?>` + plain, Charset},
		{"UTF-7 declared", `<?xml version="1.0" encoding="UTF-7"?>` + plain, Charset},
		{"EBCDIC declared", `<?xml version="1.0" encoding='IBM037'?>` + plain, Charset},

		{"another root element", "<a/>", Structure},
		{"no element at all", "<!-- a -->", Structure},
		{"no Body", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/></e:Envelope>`, Structure},
		{"a Body in no namespace", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><Body/></e:Envelope>`, Structure},
		{"two Body elements", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/><e:Body/></e:Envelope>`, Structure},
		{"two Header elements", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Header/><e:Body/></e:Envelope>`, Structure},
		{"the Body before the Header", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/><e:Header/></e:Envelope>`, Structure},
		{"two envelopes", plain + plain, Structure},
		{"text after the envelope", plain + "junk", Structure},
		{"text before the envelope", "junk" + plain, Structure},
		{"text in place of a message", soap("", "junk"), Structure},
		{"two messages", soap("", emptyResponse+emptyResponse), Structure},
		{"two ID headers", soap("<cwmp:ID>1</cwmp:ID><cwmp:ID>1</cwmp:ID>", emptyResponse), Structure},
		{"SOAP multi-references", soap("", `<cwmp:GetParameterValues><ParameterNames href="#id1"/></cwmp:GetParameterValues>`), Structure},

		{"an unknown header that must be understood", soap(`<x:Secret xmlns:x="urn:x" soap:mustUnderstand="1"/>`, emptyResponse), MustUnderstand},
		{"one that is addressed to the next node", soap(`<x:Secret xmlns:x="urn:x" soap:mustUnderstand="true" soap:actor="http://schemas.xmlsoap.org/soap/actor/next"/>`, emptyResponse), MustUnderstand},
		{"an ID header of another namespace that must be understood", soap(`<x:ID xmlns:x="urn:x" soap:mustUnderstand="1">1</x:ID>`, emptyResponse), MustUnderstand},
	} {
		t.Run(c.name, func(t *testing.T) {
			envelope, err := Decode([]byte(c.body), limits)
			var decodeErr *DecodeError
			if envelope != nil || !errors.As(err, &decodeErr) {
				t.Fatalf("got %v, %v, want a DecodeError", envelope, err)
			}
			if decodeErr.Kind != c.kind {
				t.Errorf("got %v, want kind %v", err, c.kind)
			}
			if len(decodeErr.Error()) > 200 {
				t.Errorf("error of %d bytes", len(decodeErr.Error()))
			}
		})
	}
}

func TestAHeaderThatIsNotUnderstoodIsNamedAndCanBeAnswered(t *testing.T) {
	_, err := Decode([]byte(soap(`<cwmp:ID>7</cwmp:ID><x:Secret xmlns:x="urn:x" soap:mustUnderstand="1"/>`, emptyResponse)), DefaultLimits())
	want := &DecodeError{Kind: MustUnderstand, Reason: "header not understood", Element: "Secret", ID: "7", HasID: true, Namespace: NamespaceV1_0}
	var got *DecodeError
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	wantEqual(t, "error", got, want)
	answer := mustEncode(t, &Envelope{ID: got.ID, HasID: got.HasID, Namespace: got.Namespace, Message: MustUnderstandFault(got.Element)})
	wantEqual(t, "fault", mustDecode(t, answer), withID("7", &Fault{SOAPCode: SOAPMustUnderstand, SOAPString: "Header not understood: Secret"}))
}

func TestNothingButSpaceIsEmpty(t *testing.T) {
	for _, body := range []string{"", " ", "\r\n\t \n", "\xEF\xBB\xBF", "\xEF\xBB\xBF \r\n", "\x00"} {
		if _, err := Decode([]byte(body), DefaultLimits()); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: %v, want ErrEmpty", body, err)
		}
	}
}

func TestAnEnvelopeWithAnEmptyBodyIsAnEmptyBody(t *testing.T) {
	for _, body := range []string{"", "\r\n ", "<!-- a -->"} {
		if _, err := Decode([]byte(soap("", body)), DefaultLimits()); !errors.Is(err, ErrEmptyBody) {
			t.Errorf("%q: %v, want ErrEmptyBody", body, err)
		}
	}
}

func TestErrorsNeverQuoteValues(t *testing.T) {
	const secret = "hunter2"
	for _, body := range []string{
		soap("", `<cwmp:Reboot><CommandKey>`+secret+`</CommandKey`),
		soap("", `<cwmp:Reboot a="`+secret+`&`+secret+`;"/>`),
		soap("", secret),
		secret + soap("", emptyResponse),
		soap("", `<cwmp:Reboot>`+secret+`]]></cwmp:Reboot>`),
	} {
		_, err := Decode([]byte(body), DefaultLimits())
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestWhatIsJustInsideTheLimitsIsAccepted(t *testing.T) {
	limits := Limits{Depth: 5, Elements: 8, Parameters: 3, Attributes: 5, NameLength: 22, AttributeLength: 41}
	body := soap("", "<cwmp:GetParameterNames><ParameterPath>A.</ParameterPath><NextLevel>1</NextLevel><Extra><More/></Extra></cwmp:GetParameterNames>")
	if _, err := Decode([]byte(body), limits); err != nil {
		t.Fatal(err)
	}
	for _, tighter := range []Limits{
		{Depth: 4, Elements: 8, Parameters: 3, Attributes: 5, NameLength: 22, AttributeLength: 41},
		{Depth: 5, Elements: 7, Parameters: 3, Attributes: 5, NameLength: 22, AttributeLength: 41},
		{Depth: 5, Elements: 8, Parameters: 2, Attributes: 5, NameLength: 22, AttributeLength: 41},
		{Depth: 5, Elements: 8, Parameters: 3, Attributes: 4, NameLength: 22, AttributeLength: 41},
		{Depth: 5, Elements: 8, Parameters: 3, Attributes: 5, NameLength: 21, AttributeLength: 41},
		{Depth: 5, Elements: 8, Parameters: 3, Attributes: 5, NameLength: 22, AttributeLength: 40},
	} {
		if _, err := Decode([]byte(body), tighter); err == nil {
			t.Errorf("%+v: no error", tighter)
		}
	}
	if diff := cmp.Diff(DefaultLimits(), Limits{}.withDefaults()); diff != "" {
		t.Errorf("zero limits are not the defaults:\n%s", diff)
	}
}

func TestAnArrayThatClaimsBillionsCostsNothing(t *testing.T) {
	body := []byte(soap("", `<cwmp:GetParameterValuesResponse><ParameterList enc:arrayType="cwmp:ParameterValueStruct[4294967295]"/></cwmp:GetParameterValuesResponse>`))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	mustDecode(t, body)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d bytes allocated", used)
	}
}
