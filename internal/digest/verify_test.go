package digest

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

// authorize answers a challenge of the challenger, after an edit.
func authorize(t testing.TB, challenger *Challenger, uri string, edit func(string) string) string {
	t.Helper()
	challenge := challenger.Challenge(false)
	header, err := Authorize(challenge, Request{Method: "POST", URI: uri, Username: testUser, Password: testPassword})
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edited := edit(header)
		if edited == header {
			t.Fatalf("the edit changed nothing in %s", header)
		}
		header = edited
	}
	return header
}

func replace(from, to string) func(string) string {
	return func(header string) string { return strings.Replace(header, from, to, 1) }
}

func TestVerify(t *testing.T) {
	challenger := newChallenger(t, nil)
	foreign := newChallenger(t, func(o *Options) { o.Key = []byte("another key of some length") })
	yesterday := newChallenger(t, func(o *Options) { o.Clock = func() time.Time { return start.Add(-24 * time.Hour) } })
	edited := func(from, to string) string { return authorize(t, challenger, "/acs", replace(from, to)) }
	basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
	for name, test := range map[string]struct {
		header string
		want   Result
	}{
		"an empty header":                       {"", NoCredentials},
		"spaces only":                           {"  ", NoCredentials},
		"another scheme":                        {"Bearer abc", NoCredentials},
		"the right answer":                      {authorize(t, challenger, "/acs", nil), OK},
		"the scheme in lower case":              {edited("Digest ", "digest "), OK},
		"quoted qop and algorithm":              {edited("algorithm=MD5, qop=auth", `algorithm="md5", qop="auth"`), OK},
		"no algorithm":                          {edited("algorithm=MD5, ", ""), OK},
		"no space after commas":                 {strings.ReplaceAll(authorize(t, challenger, "/acs", nil), ", ", ","), OK},
		"a comma at the end":                    {authorize(t, challenger, "/acs", nil) + ",", OK},
		"an unknown parameter":                  {authorize(t, challenger, "/acs", nil) + `, x=y`, OK},
		"a response in upper case":              {authorize(t, challenger, "/acs", upperResponse), OK},
		"an unquoted uri":                       {edited(`uri="/acs"`, `uri=/acs`), OK},
		"Basic":                                 {basic(testUser + ":" + testPassword), OK},
		"Basic with another password":           {basic(testUser + ":x"), Wrong},
		"Basic for an unknown name":             {basic("nobody:" + testPassword), Wrong},
		"a nonce with another key":              {authorize(t, foreign, "/acs", nil), Stale},
		"a nonce of yesterday":                  {authorize(t, yesterday, "/acs", nil), Stale},
		"an unknown name":                       {edited(testUser, "nobody"), Wrong},
		"another realm":                         {edited(testRealm, "Elsewhere"), Wrong},
		"a changed response":                    {edited(`response="`, `response="0`), Wrong},
		"another resource":                      {edited(`uri="/acs"`, `uri="/files"`), Wrong},
		"an unknown algorithm":                  {edited("algorithm=MD5", "algorithm=SHA-512-256"), Wrong},
		"an unknown session algorithm":          {edited("algorithm=MD5", "algorithm=SHA-512-256-sess"), Wrong},
		"an algorithm that does not fit":        {edited("algorithm=MD5", "algorithm=SHA-256"), Wrong},
		"auth-int":                              {edited("qop=auth", "qop=auth-int"), Wrong},
		"a list for qop":                        {edited("qop=auth", `qop="auth,auth-int"`), Wrong},
		"a hashed user name":                    {authorize(t, challenger, "/acs", nil) + `, userhash=true`, Wrong},
		"no qop while that is not allowed":      {edited("qop=auth, nc=00000001, ", ""), Wrong},
		"no qop but a session algorithm":        {edited("algorithm=MD5, qop=auth", "algorithm=MD5-sess"), Wrong},
		"no nonce":                              {edited("nonce=", "xnonce="), Malformed},
		"no response":                           {edited("response=", "xresponse="), Malformed},
		"no uri":                                {edited("uri=", "xuri="), Malformed},
		"no user name":                          {edited("username=", "xusername="), Malformed},
		"a parameter twice":                     {authorize(t, challenger, "/acs", nil) + `, uri="/acs"`, Malformed},
		"a parameter twice in another case":     {authorize(t, challenger, "/acs", nil) + `, URI="/acs"`, Malformed},
		"qop without cnonce":                    {edited("cnonce=", "xcnonce="), Malformed},
		"a count that is no number":             {edited("nc=00000001", "nc=one"), Malformed},
		"a count that is too long":              {edited("nc=00000001", "nc=000000001"), Malformed},
		"two schemes":                           {authorize(t, challenger, "/acs", nil) + `, Basic YTpi`, Malformed},
		"a quoted string without an end":        {`Digest username="a`, Malformed},
		"nothing after the scheme":              {"Digest", Malformed},
		"Basic without base64":                  {"Basic ***", Malformed},
		"Basic with nothing":                    {"Basic", Malformed},
		"Basic without a colon":                 {basic("justaname"), Malformed},
		"a control character in Basic":          {basic("a\nb:c"), Malformed},
		"a header that is too long":             {"Digest " + strings.Repeat("a", MaxHeader), Malformed},
		"a line break":                          {edited(testUser, testUser+"\r\n"), Malformed},
		"a user name of 257 characters":         {edited(testUser, strings.Repeat("a", 257)), Malformed},
		"a user name of 256 characters":         {edited(testUser, strings.Repeat("ä", 256)), Wrong},
		"both username and username*":           {authorize(t, challenger, "/acs", nil) + `, username*=UTF-8''a`, Malformed},
		"username* with a broken percent":       {edited(`username="`+testUser+`"`, `username*=UTF-8''%zz`), Malformed},
		"username* in another charset":          {edited(`username="`+testUser+`"`, `username*=iso-8859-1''a`), Malformed},
		"username* with the right name":         {edited(`username="`+testUser+`"`, `username*=UTF-8''`+strings.Replace(testUser, "-", "%2D", 1)), OK},
		"a percent-encoded name is not decoded": {edited(testUser, strings.Replace(testUser, "-", "%2D", 1)), Wrong},
	} {
		if _, got := challenger.Verify("POST", "/acs", test.header, lookup(testPassword)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func upperResponse(header string) string {
	const name = `response="`
	at := strings.Index(header, name) + len(name)
	return header[:at] + strings.ToUpper(header[at:])
}

func TestThePasswordIsNotLookedUpBeforeTheNonceIsProven(t *testing.T) {
	challenger := newChallenger(t, nil)
	foreign := newChallenger(t, func(o *Options) { o.Key = []byte("another key of some length") })
	for _, header := range []string{"", "Bearer x", "Digest", authorize(t, foreign, "/acs", nil)} {
		challenger.Verify("POST", "/acs", header, func(string) []string {
			t.Errorf("looked up for %q", header)
			return nil
		})
	}
}

func TestTheOldPasswordIsAcceptedWhileItIsBeingChanged(t *testing.T) {
	challenger := newChallenger(t, nil)
	header := authorize(t, challenger, "/acs", nil)
	for _, passwords := range [][]string{{testPassword, "new"}, {"new", testPassword}} {
		if _, got := challenger.Verify("POST", "/acs", header, lookup(passwords...)); got != OK {
			t.Errorf("%s", got)
		}
	}
	if _, got := challenger.Verify("POST", "/acs", header, lookup()); got != Wrong {
		t.Errorf("without a password: %s", got)
	}
}

func TestTheFormWithoutQOPIsAcceptedOnlyIfAllowed(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		challenger := newChallenger(t, func(o *Options) { o.AllowLegacy = allowed })
		challenge := strings.Replace(challenger.Challenge(false)[0], `, qop="auth"`, "", 1)
		header, err := Authorize([]string{challenge}, Request{Method: "POST", URI: "/", Username: testUser, Password: testPassword})
		if err != nil || strings.Contains(header, "cnonce") {
			t.Fatalf("%s, %v", header, err)
		}
		if _, got := challenger.Verify("POST", "/", header, lookup(testPassword)); (got == OK) != allowed {
			t.Errorf("allowed %t: %s", allowed, got)
		}
	}
}

func TestTheURIOfAnAnswerNamesTheSameResource(t *testing.T) {
	challenger := newChallenger(t, nil)
	for _, test := range []struct {
		uri, requested string
		want           Result
	}{
		{"/acs", "/acs", OK},
		{"/acs", "/acs?x=1", OK},
		{"/acs?x=1", "/acs?x=1", OK},
		{"/acs?x=2", "/acs?x=1", Wrong},
		{"/acs?x=1", "/acs", Wrong},
		{"http://acs.example.com:7547/acs", "/acs", OK},
		{"https://acs.example.com/acs?x=1", "/acs?x=1", OK},
		{"http://acs.example.com", "/", OK},
		{"http://acs.example.com?x", "/?x", OK},
		{"/acs", "http://acs.example.com/acs", OK},
		{"/", "/", OK},
		{"//acs", "/acs", OK},
		{"/a/../acs", "/acs", OK},
		{"/acs/", "/acs", OK},
		{"/%61cs", "/acs", OK},
		{"acs", "/acs", OK},
		{"/%zz", "/%zz", OK},
		{"/ACS", "/acs", Wrong},
		{"/acs2", "/acs", Wrong},
		{"/acs%3Fx=1", "/acs?x=1", Wrong},
		{"/redirect?to=http://a/acs", "/acs", Wrong},
		{"", "/acs", Wrong},
		{"*", "/acs", Wrong},
	} {
		header := authorize(t, challenger, test.uri, nil)
		if _, got := challenger.Verify("POST", test.requested, header, lookup(testPassword)); got != test.want {
			t.Errorf("uri %q for %q: %s, want %s", test.uri, test.requested, got, test.want)
		}
	}
}

func TestTheLongestNamesAndPasswordsPass(t *testing.T) {
	challenger := newChallenger(t, nil)
	username, password := strings.Repeat("漢", 256), strings.Repeat("😀", 255)+":"
	passwords := func(string) []string { return []string{password} }
	header, err := Authorize(challenger.Challenge(false), Request{Method: "POST", URI: "/", Username: username, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	if name, got := challenger.Verify("POST", "/", header, passwords); got != OK || name != username {
		t.Errorf("Digest: %s", got)
	}
	header = "Basic " + base64.StdEncoding.EncodeToString([]byte(username+":"+password))
	if name, got := challenger.Verify("POST", "/", header, passwords); got != OK || name != username {
		t.Errorf("Basic: %s", got)
	}
}

func TestChallengesOfDevices(t *testing.T) {
	const nonce = `nonce="abc"`
	for name, test := range map[string]struct {
		headers []string
		want    Challenge
		err     error
	}{
		"without algorithm or qop": {[]string{`Digest realm="r", ` + nonce}, Challenge{Realm: "r", Nonce: "abc", Algorithm: MD5}, nil},
		"a list of qop":            {[]string{`Digest realm="r",` + nonce + `,qop="auth-int, auth"`}, Challenge{Realm: "r", Nonce: "abc", Algorithm: MD5, QOP: "auth"}, nil},
		"unquoted values":          {[]string{`digest realm=r, nonce=abc, qop=auth, stale=TRUE, opaque=xyz`}, Challenge{Realm: "r", Nonce: "abc", Algorithm: MD5, QOP: "auth", Stale: true, Opaque: "xyz"}, nil},
		"an empty qop":             {[]string{`Digest realm="r", ` + nonce + `, qop=""`}, Challenge{Realm: "r", Nonce: "abc", Algorithm: MD5}, nil},
		"an empty first parameter": {[]string{`Digest opaque=, ` + nonce}, Challenge{Nonce: "abc", Algorithm: MD5}, nil},
		"the first that is known": {
			[]string{`Digest realm="r", nonce="x", algorithm=SHA-512-256`, `Digest realm="r", ` + nonce + `, algorithm=sha-256`, `Digest realm="r", nonce="y"`},
			Challenge{Realm: "r", Nonce: "abc", Algorithm: SHA256, algorithm: "sha-256"}, nil,
		},
		"several in one header": {
			[]string{`Negotiate YII=, Basic realm="a, b", Digest realm="q\"r", ` + nonce + `, algorithm=MD5-sess`},
			Challenge{Realm: `q"r`, Nonce: "abc", Algorithm: MD5Sess, algorithm: "MD5-sess"}, nil,
		},
		"a broken header beside a good one": {[]string{`Digest realm="`, `Digest ` + nonce}, Challenge{Nonce: "abc", Algorithm: MD5}, nil},
		"none":                              {nil, Challenge{}, ErrNoChallenge},
		"Basic only":                        {[]string{`Basic realm="r"`}, Challenge{}, ErrNoChallenge},
		"auth-int only":                     {[]string{`Digest realm="r", ` + nonce + `, qop="auth-int"`}, Challenge{}, ErrNoChallenge},
		"no nonce":                          {[]string{`Digest realm="r"`}, Challenge{}, ErrNoChallenge},
		"broken":                            {[]string{`Digest realm="r`}, Challenge{}, ErrMalformed},
		"too long":                          {[]string{`Digest realm="` + strings.Repeat("r", MaxHeader)}, Challenge{}, ErrMalformed},
	} {
		got, err := ParseChallenges(test.headers)
		if !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, test.err)
			continue
		}
		if test.err == nil && got[0] != test.want {
			t.Errorf("%s: %+v, want %+v", name, got[0], test.want)
		}
	}
}

func TestTheClientRefusesWhatWouldBreakAHeader(t *testing.T) {
	for _, request := range []Request{{Username: "a\r\nX: y"}, {URI: "/\n"}} {
		if _, err := (Challenge{Nonce: "n", Algorithm: MD5}).Answer(request); err == nil {
			t.Errorf("%+v: accepted", request)
		}
	}
}

func FuzzParse(f *testing.F) {
	challenger, err := NewChallenger(testOptions())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Basic dTpw")
	f.Add(`Digest username="u\"\\", realm="Dialtone", nonce=abc, uri="/", response="00", qop=auth, nc=1, cnonce=""`)
	f.Add(authorize(f, challenger, "http://h/acs?x", nil))
	f.Add(`Digest username*=UTF-8''%e2%82%ac, realm=r, nonce=n, uri=u, response=r`)
	f.Fuzz(func(t *testing.T, header string) {
		credentials, err := Parse(header)
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrScheme) {
				t.Errorf("undocumented error %v", err)
			}
			return
		}
		if err := checkText("username", credentials.Username); err != nil {
			t.Errorf("accepted %q: %v", credentials.Username, err)
		}
		if challenger.Check(credentials, "PUT", "/fuzz", "a password that no corpus has") {
			t.Errorf("accepted %q", header)
		}
	})
}

func FuzzParseChallenges(f *testing.F) {
	f.Add(`Digest realm="r", nonce="n", qop="auth,auth-int", opaque="o", algorithm=MD5-sess, stale=true`)
	f.Add(`Basic realm="r", Digest nonce=n, Negotiate abc==`)
	f.Fuzz(func(t *testing.T, header string) {
		challenges, err := ParseChallenges([]string{header})
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrNoChallenge) {
				t.Errorf("undocumented error %v", err)
			}
			return
		}
		for _, challenge := range challenges {
			answer, err := challenge.Answer(Request{Method: "GET", URI: "/", Username: "u", Password: "p"})
			if err != nil || len(answer) > MaxHeader {
				continue
			}
			credentials, err := Parse(answer)
			if err != nil || credentials.Nonce != challenge.Nonce || credentials.Realm != challenge.Realm || credentials.Opaque != challenge.Opaque {
				t.Errorf("%q was answered with %q: %v", header, answer, err)
			}
		}
	})
}
