package cwmp

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus is every XML file of testdata.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir("testdata", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if filepath.Ext(path) == ".xml" {
			files[path], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// outline writes everything that the messages can see of an element.
func outline(b *strings.Builder, e *element) {
	fmt.Fprintf(b, "{%q %q %q %q %v %v %v %d", e.space, e.local, e.text, e.typ, e.isNil, e.mustUnderstand, e.forOthers, e.children)
	for c := e.first; c != nil; c = c.next {
		outline(b, c)
	}
	b.WriteString("}")
}

func outlineOf(d *document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q ", d.namespace)
	outline(&b, d.root)
	return b.String()
}

// checkReaders demands that what the stream reader accepts is read alike by the
// tree reader. It reports whether the stream reader did.
func checkReaders(t testing.TB, body []byte, limits Limits) bool {
	t.Helper()
	limits = limits.withDefaults()
	text, err := prepare(body, "")
	if err != nil {
		return false
	}
	streamed, ok := readStream(text, limits)
	if !ok {
		return false
	}
	read, err := readTree(text, limits)
	if err != nil {
		t.Fatalf("the stream reader accepts what the tree reader does not: %v\n%q", err, body)
	}
	if got, want := outlineOf(streamed), outlineOf(read); got != want {
		t.Fatalf("the readers differ on %q:\nstream %s\ntree   %s", body, got, want)
	}
	return true
}

func TestTheReadersAgreeOnTheCorpus(t *testing.T) {
	for name, body := range corpus(t) {
		checkReaders(t, body, DefaultLimits())
		if filepath.Dir(name) == "testdata" && !checkReaders(t, body, DefaultLimits()) && !strings.Contains(string(body), "&#13;") {
			t.Errorf("%s: what this package writes is not read by the stream reader", name)
		}
	}
}

// TestTheReadersAgreeOnEveryDefect cuts a document at every byte, and puts every
// character that has a meaning in XML at every place of it.
func TestTheReadersAgreeOnEveryDefect(t *testing.T) {
	body := []byte(`<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c='urn:dslforum-org:cwmp-1-0'>` +
		`<e:Body> <c:A b="d" ><N e:t="x">a&amp;b</N><V/></c:A></e:Body></e:Envelope>`)
	if !checkReaders(t, body, DefaultLimits()) {
		t.Fatal("the stream reader refuses the sound document")
	}
	accepted := 0
	for at := range body {
		checkReaders(t, body[:at], DefaultLimits())
		for _, c := range "<>/=\"' &;:!?-]\r\n.0ax\x00é" {
			for _, rest := range []int{at, at + 1} {
				defect := string(body[:at]) + string(c) + string(body[rest:])
				if checkReaders(t, []byte(defect), DefaultLimits()) {
					accepted++
				}
			}
		}
	}
	if accepted == 0 {
		t.Error("no document was accepted: nothing was compared")
	}
}

func TestTheReadersAgreeAtTheLimits(t *testing.T) {
	body := []byte(soap("", "<cwmp:A b='1' c='2'><D>1</D><D>2</D><D>3</D></cwmp:A>"))
	for n := 1; n <= 64; n++ {
		for _, limits := range []Limits{{Depth: n}, {Elements: n}, {Parameters: n}, {Attributes: n}, {NameLength: n}, {AttributeLength: n}} {
			checkReaders(t, body, limits)
			text, err := prepare(body, "")
			if err != nil {
				t.Fatal(err)
			}
			_, streamed := readStream(text, limits.withDefaults())
			_, err = readTree(text, limits.withDefaults())
			if streamed != (err == nil) {
				t.Errorf("%+v: stream reader %v, tree reader %v", limits, streamed, err)
			}
		}
	}
}

func FuzzReadersAgree(f *testing.F) {
	for _, body := range corpus(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		checkReaders(t, body, Limits{Depth: 16, Elements: 200, Parameters: 40, Attributes: 12, NameLength: 64, AttributeLength: 200})
	})
}
