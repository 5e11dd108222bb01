package pack

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// documents are files of each format that are as they should be.
func documents() map[Format]string {
	return map[Format]string{
		FormatXML:      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a - b -->\n<r a=\"1 &amp; 2\" b='x\"y'>\n  <x:e/>t&#10;&lt;<![CDATA[<&]]>\n  <i.1_-></i.1_-></r>\n",
		FormatKeyValue: "# a\n; b\n[head]\n<x>\n\na = 1\nb=\n", FormatColonValue: "# a\n\nsip line1 user: 1\nb:\n",
		FormatPanasonic: panasonicFirst + "\r\n\r\nA=\"1\"\r\nB=\"\"\r\n", FormatJSON: "{\"a\": [1, \"b\"]}", FormatCSV: "a,\"b,c\"\r\nd,e\r\n", FormatText: "a\nb",
	}
}

func TestWhatIsGivenToPhonesIsNeverTakenForWellFormedIfTheFullCheckRefusesIt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for format, document := range documents() {
		if err := format.wellFormed([]byte(document)); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		refused := 0
		for range 30_000 {
			content := mutated(random, []byte(document))
			_, full := format.Structure(content)
			quick := format.wellFormed(content)
			if quick != nil {
				refused++
			}
			if full != nil && quick == nil {
				t.Fatalf("%s: %q is %v", format, content, full)
			}
		}
		if refused == 0 && format != FormatText {
			t.Errorf("%s: nothing was refused", format)
		}
	}
}

// mutated changes a few places of a document.
func mutated(random *rand.Rand, document []byte) []byte {
	content := bytes.Clone(document)
	for range 1 + random.IntN(3) {
		at, other := random.IntN(len(content)), "<>&;'\"/=:-!?[] \n\r#x1\x01"
		switch random.IntN(3) {
		case 0:
			content[at] = other[random.IntN(len(other))]
		case 1:
			content = append(content[:at], content[at+1:]...)
		default:
			content = append(content[:at], append([]byte{other[random.IntN(len(other))]}, content[at:]...)...)
		}
	}
	return content
}

func BenchmarkWellFormed(b *testing.B) {
	for format, document := range documents() {
		content := []byte(document)
		if format == FormatXML {
			content = []byte("<r>" + string(bytes.Repeat([]byte("<item name=\"account.1\">a &amp; b</item>\n"), 500)) + "</r>")
		} else if format == FormatKeyValue {
			content = bytes.Repeat(content, 500)
		}
		b.Run(string(format), func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				if err := format.wellFormed(content); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
