package digest

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	icholy "github.com/icholy/digest"
	"pgregory.net/rapid"
)

const (
	testRealm    = "Dialtone"
	testUser     = "00D0B8-CP8851-FCH1234"
	testPassword = "s3cret:with:colons"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func testOptions() Options {
	return Options{
		Key:      bytes.Repeat([]byte{7}, 32),
		Realm:    testRealm,
		Lifetime: 5 * time.Minute,
		Clock:    func() time.Time { return start },
	}
}

func newChallenger(t testing.TB, change func(*Options)) *Challenger {
	t.Helper()
	options := testOptions()
	if change != nil {
		change(&options)
	}
	challenger, err := NewChallenger(options)
	if err != nil {
		t.Fatal(err)
	}
	return challenger
}

func parse(t testing.TB, header string) Credentials {
	t.Helper()
	credentials, err := Parse(header)
	if err != nil {
		t.Fatalf("%v: %s", err, header)
	}
	return credentials
}

func lookup(passwords ...string) func(string) []string {
	return func(username string) []string {
		if username == testUser {
			return passwords
		}
		return nil
	}
}

// vectors are the examples of RFC 7616 section 3.9.1, RFC 2617 section 3.5, and RFC 2069 section 2.4 with erratum 749.
func vectors() map[string]struct{ header, realm, password, challenge string } {
	const (
		challenge7616 = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=%s, ` +
			`nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
		answer7616 = `Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=%s, ` +
			`nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, ` +
			`cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="%s", ` +
			`opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
		nonce2617 = `nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"`
	)
	return map[string]struct{ header, realm, password, challenge string }{
		"RFC 7616 MD5": {
			fmt.Sprintf(answer7616, "MD5", "8ca523f5e9506fed4657c9700eebdbec"),
			"http-auth@example.org", "Circle of Life", fmt.Sprintf(challenge7616, "MD5"),
		},
		"RFC 7616 SHA-256": {
			fmt.Sprintf(answer7616, "SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
			"http-auth@example.org", "Circle of Life", fmt.Sprintf(challenge7616, "SHA-256"),
		},
		"RFC 2617": {
			`Digest username="Mufasa", realm="testrealm@host.com", uri="/dir/index.html", qop=auth, nc=00000001, ` +
				`cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", ` + nonce2617,
			"testrealm@host.com", "Circle Of Life", `Digest realm="testrealm@host.com", qop="auth,auth-int", ` + nonce2617,
		},
		"RFC 2069": {
			`Digest username="Mufasa", realm="testrealm@host.com", uri="/dir/index.html", ` +
				`response="1949323746fe6a43ef61f9606e7febea", ` + nonce2617,
			"testrealm@host.com", "CircleOfLife", `Digest realm="testrealm@host.com", ` + nonce2617,
		},
	}
}

func TestTheVectorsOfTheRFCsAreAcceptedByTheServer(t *testing.T) {
	for name, vector := range vectors() {
		challenger := newChallenger(t, func(o *Options) { o.Realm, o.AllowLegacy = vector.realm, true })
		credentials := parse(t, vector.header)
		if !challenger.Check(credentials, "GET", "/dir/index.html", vector.password) {
			t.Errorf("%s: refused", name)
		}
		if challenger.Check(credentials, "POST", "/dir/index.html", vector.password) {
			t.Errorf("%s: accepted for another method", name)
		}
		if challenger.Check(credentials, "GET", "/dir/index.html", vector.password+"!") {
			t.Errorf("%s: accepted with another password", name)
		}
	}
}

func TestTheVectorsOfTheRFCsAreComputedByTheClient(t *testing.T) {
	for name, vector := range vectors() {
		want := parse(t, vector.header)
		header, err := Authorize([]string{vector.challenge}, Request{
			Method: "GET", URI: "/dir/index.html", Username: "Mufasa", Password: vector.password, CNonce: want.CNonce,
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// Credentials print as their name only; cmp looks at the fields.
		if diff := cmp.Diff(want, parse(t, header), cmp.AllowUnexported(Credentials{})); diff != "" {
			t.Errorf("%s: got %s\n%s", name, header, diff)
		}
	}
}

func TestChallengesAreWrittenAsSmallClientsNeedThem(t *testing.T) {
	challenger := newChallenger(t, nil)
	for name, test := range map[string]struct {
		got  []string
		want []string
	}{
		"MD5 by default": {challenger.Challenge(false), []string{
			`^Digest realm="Dialtone", nonce="[0-9a-f]{32}", qop="auth", algorithm=MD5$`}},
		"stale": {challenger.Challenge(true), []string{
			`^Digest realm="Dialtone", nonce="[0-9a-f]{32}", qop="auth", algorithm=MD5, stale=true$`}},
		"two algorithms in the given order": {challenger.Challenge(false, SHA256, MD5), []string{
			`algorithm=SHA-256$`, `algorithm=MD5$`}},
		"basic": {[]string{challenger.BasicChallenge()}, []string{`^Basic realm="Dialtone", charset="UTF-8"$`}},
	} {
		if len(test.got) != len(test.want) {
			t.Errorf("%s: %d values, want %d", name, len(test.got), len(test.want))
			continue
		}
		for i, want := range test.want {
			if !regexp.MustCompile(want).MatchString(test.got[i]) {
				t.Errorf("%s: %q does not match %q", name, test.got[i], want)
			}
		}
	}
}

func TestNoncesAreOursForTheirLifetimeOnly(t *testing.T) {
	now := start
	replaced := bytes.Repeat([]byte{9}, 32)
	challenger := newChallenger(t, func(o *Options) {
		o.Clock, o.OtherKeys = func() time.Time { return now }, [][]byte{bytes.Repeat([]byte{10}, 32), replaced}
	})
	nonce := challenger.newNonce()
	changed := []byte(nonce)
	changed[0] ^= 1
	other := newChallenger(t, func(o *Options) { o.Key = bytes.Repeat([]byte{8}, 32) }).newNonce()
	replacedKey := newChallenger(t, func(o *Options) { o.Key = replaced }).newNonce()
	otherRealm := newChallenger(t, func(o *Options) { o.Realm = "other" }).newNonce()
	for name, test := range map[string]struct {
		nonce string
		later time.Duration
		want  NonceState
	}{
		"just issued":                   {nonce, 0, NonceFresh},
		"at the end of its life":        {nonce, 5 * time.Minute, NonceFresh},
		"after its life":                {nonce, 5*time.Minute + time.Second, NonceStale},
		"from a node slightly ahead":    {nonce, -30 * time.Second, NonceFresh},
		"from the future":               {nonce, -2 * time.Minute, NonceStale},
		"with a changed time":           {string(changed), 0, NonceForeign},
		"signed with another key":       {other, 0, NonceForeign},
		"signed with one of the others": {replacedKey, 0, NonceFresh},
		"issued for another realm":      {otherRealm, 0, NonceForeign},
		"cut off":                       {nonce[:30], 0, NonceForeign},
		"with something after it":       {nonce + "00", 0, NonceForeign},
		"not hexadecimal":               {strings.Repeat("g", 32), 0, NonceForeign},
		"empty":                         {"", 0, NonceForeign},
	} {
		now = start.Add(test.later)
		if got := challenger.NonceState(Credentials{Nonce: test.nonce}); got != test.want {
			t.Errorf("%s: state %d, want %d", name, got, test.want)
		}
	}
	now = start
	if again := challenger.newNonce(); again == nonce {
		t.Error("two nonces of one second are the same")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"short key":        func(o *Options) { o.Key = o.Key[:15] },
		"short other key":  func(o *Options) { o.OtherKeys = [][]byte{o.Key, o.Key[:15]} },
		"no lifetime":      func(o *Options) { o.Lifetime = 0 },
		"no clock":         func(o *Options) { o.Clock = nil },
		"no realm":         func(o *Options) { o.Realm = "" },
		"realm of 128":     func(o *Options) { o.Realm = strings.Repeat("r", 128) },
		"realm with quote": func(o *Options) { o.Realm = `a"b` },
		"realm with break": func(o *Options) { o.Realm = "a\nb" },
	} {
		options := testOptions()
		change(&options)
		if _, err := NewChallenger(options); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Our own client and another's implementation have to agree with our server on anything.
func TestClientsAndServerAgree(t *testing.T) {
	challenger := newChallenger(t, func(o *Options) { o.AllowLegacy = true })
	text := rapid.StringMatching(`[ -~äß漢]{0,60}`)
	rapid.Check(t, func(t *rapid.T) {
		algorithm := rapid.SampledFrom([]Algorithm{MD5, MD5Sess, SHA256, SHA256Sess}).Draw(t, "algorithm")
		request := Request{
			Method:   rapid.SampledFrom([]string{"GET", "POST"}).Draw(t, "method"),
			URI:      "/" + rapid.StringMatching(`[a-z/?=&.]{0,30}`).Draw(t, "uri"),
			Username: text.Draw(t, "username"),
			Password: text.Draw(t, "password"),
		}
		challenge := challenger.Challenge(false, algorithm)
		if rapid.Bool().Draw(t, "legacy") && !algorithm.session() {
			challenge[0] = strings.Replace(challenge[0], `, qop="auth"`, "", 1)
		}
		header, err := Authorize(challenge, request)
		if err != nil {
			t.Fatal(err)
		}
		check(t, challenger, header, request)

		theirs, err := icholy.ParseChallenge(challenge[0])
		if err != nil {
			t.Fatal(err)
		}
		credentials, err := icholy.Digest(theirs, icholy.Options{
			Method: request.Method, URI: request.URI, Username: request.Username, Password: request.Password, Count: 1,
		})
		// Theirs does not escape what it quotes.
		if err == nil && !strings.ContainsAny(request.Username, `"\`) {
			check(t, challenger, credentials.String(), request)
		}
	})
}

func check(t *rapid.T, challenger *Challenger, header string, request Request) {
	username, result := challenger.Verify(request.Method, request.URI, header, func(username string) []string {
		return []string{request.Password}
	})
	if result != OK || username != request.Username {
		t.Fatalf("%s for %q: %s", result, username, header)
	}
	_, result = challenger.Verify(request.Method, request.URI, header, func(username string) []string {
		return []string{request.Password + "x"}
	})
	if result != Wrong {
		t.Fatalf("%s with another password", result)
	}
}

func TestErrorsNeverQuoteAHeader(t *testing.T) {
	for _, header := range []string{
		"Basic hunter2", `Digest username="hunter2`, "hunter2 hunter2", `Digest hunter2="hunter2", hunter2="hunter2"`,
		`Digest username="hunter2", uri="/", response="hunter2", realm="hunter2"`, "Basic \x00hunter2",
	} {
		_, err := Parse(header)
		if err == nil || strings.Contains(err.Error(), "hunter2") || !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrScheme) {
			t.Errorf("%q: %v", header, err)
		}
	}
	basic := parse(t, "Basic dTpodW50ZXIy")
	if out := fmt.Sprintf("%v %+v %#v %s", basic, basic, basic, &basic); strings.Contains(out, "hunter2") {
		t.Errorf("credentials print as %s", out)
	}
}
