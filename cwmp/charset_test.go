package cwmp

import (
	"errors"
	"strings"
	"testing"
)

func TestTheCharacterEncodingIsFound(t *testing.T) {
	const umlautUTF8, umlautLatin1 = "\xC3\xBC", "\xFC"
	for _, c := range []struct {
		name, contentType, declaration, umlaut, want string
	}{
		{"nothing said", "", "", umlautUTF8, "ü"},
		{"UTF-8 declared", "", "UTF-8", umlautUTF8, "ü"},
		{"Latin-1 declared", "", "ISO-8859-1", umlautLatin1, "ü"},
		{"Latin-1 in the header", "text/xml; charset=iso-8859-1", "", umlautLatin1, "ü"},
		{"a quoted charset in odd case", `Text/XML;Charset="ISO-8859-1"`, "", umlautLatin1, "ü"},
		{"header and declaration agree", "text/xml; charset=latin1", "ISO-8859-1", umlautLatin1, "ü"},
		{"header says UTF-8 and is right", "text/xml; charset=utf-8", "ISO-8859-1", umlautUTF8, "ü"},
		{"header says UTF-8 and is wrong", "text/xml; charset=utf-8", "ISO-8859-1", umlautLatin1, "ü"},
		{"header says Latin-1 and is wrong", "text/xml; charset=iso-8859-1", "UTF-8", umlautUTF8, "ü"},
		{"header says Latin-1 and is right", "text/xml; charset=iso-8859-1", "UTF-8", umlautLatin1, "ü"},
		{"neither is UTF-8", "text/xml; charset=windows-1252", "ISO-8859-1", "\x80", "€"},
		{"Latin-9", "", "ISO-8859-15", "\xA4", "€"},
		{"ASCII said, UTF-8 meant", "text/xml; charset=us-ascii", "", umlautUTF8, "ü"},
		{"UTF-8 said, Latin-1 meant", "", "UTF-8", umlautLatin1, "\uFFFD"},
		{"header without charset", "text/xml; boundary=x", "", umlautUTF8, "ü"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := soap("", "<cwmp:Reboot><CommandKey>"+c.umlaut+"</CommandKey></cwmp:Reboot>")
			if c.declaration != "" {
				body = `<?xml version="1.0" encoding="` + c.declaration + `"?>` + body
			}
			envelope, err := DecodeWithContentType([]byte(body), c.contentType, DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, "message", envelope.Message, Message(&Reboot{CommandKey: c.want}))
		})
	}
}

func TestAnUnknownCharsetInTheHeaderIsRejected(t *testing.T) {
	_, err := DecodeWithContentType([]byte(soap("", emptyResponse)), "text/xml; charset=utf-16le", DefaultLimits())
	var decodeErr *DecodeError
	if !errors.As(err, &decodeErr) || decodeErr.Kind != Charset {
		t.Errorf("got %v", err)
	}
}

func TestTheByteOrderMarkOverridesWhatIsDeclared(t *testing.T) {
	body := "\xEF\xBB\xBF" + `<?xml version="1.0" encoding="ISO-8859-1"?>` + soap("", "<cwmp:Reboot><CommandKey>ü</CommandKey></cwmp:Reboot>")
	wantEqual(t, "message", mustDecode(t, []byte(body)).Message, Message(&Reboot{CommandKey: "ü"}))
}

func TestCleaningReplacesEveryBadCharacterAtEveryPlace(t *testing.T) {
	bad := map[string]int{"\x00": 1, "\x1F": 1, "\x0B": 1, "\xFF": 1, "\xC0\xBC": 2, "\xED\xA0\x80": 3, "\uFFFE": 1, "\uFFFF": 1, "\xE2\x82": 2}
	good := []string{"\t", "\n", "\r", " ", "\x7F", "\u0080", "é", "\uFFFD", "\U0010FFFF"}
	const frame = "0123456789abcdefghi"
	for at := range frame {
		for text, marks := range bad {
			want := frame[:at] + strings.Repeat("\uFFFD", marks) + frame[at:]
			if got := clean([]byte(frame[:at] + text + frame[at:])); got != want {
				t.Errorf("%q at %d: got %q", text, at, got)
			}
		}
		for _, text := range good {
			want := frame[:at] + text + frame[at:]
			if got := clean([]byte(want)); got != want {
				t.Errorf("%q at %d: got %q", text, at, got)
			}
		}
	}
}
