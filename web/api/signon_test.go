package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// fakeSignOn is an OpenID provider that proves whom the test says. Its pending text
// is the callback URL and where to return.
type fakeSignOn struct {
	external  users.External
	err       error
	returnsTo string
}

func (*fakeSignOn) Name() string { return "Keycloak" }

func (f *fakeSignOn) Begin(_ context.Context, callbackURL, returnTo string) (redirectURL, pending string, err error) {
	return "https://idp.example/auth?state=s&redirect_uri=" + url.QueryEscape(callbackURL), url.QueryEscape(callbackURL + " " + returnTo), f.err
}

func (f *fakeSignOn) Finish(_ context.Context, callbackURL, pending string, query url.Values) (users.External, string, error) {
	plain, err := url.QueryUnescape(pending)
	called, returnTo, ok := strings.Cut(plain, " ")
	if err != nil || !ok || called != callbackURL || query.Get("state") != "s" {
		return users.External{}, "", errors.New("not the sign-in that was begun")
	}
	if f.returnsTo != "" {
		returnTo = f.returnsTo
	}
	return f.external, returnTo, f.err
}

// codedError is an error of the provider's package.
type codedError string

func (e codedError) Error() string { return "the provider says " + string(e) }
func (e codedError) Code() string  { return string(e) }

const beginURL, finishURL = "/api/v1/signIn/openId", "/api/v1/signIn/openId/callback"

func newSignOnHouse(t *testing.T, changes ...func(*api.Options)) (*house, *fakeSignOn) {
	f := &fakeSignOn{external: users.External{Subject: "https://idp.example 17", Name: "anna", DisplayName: "Anna", Role: users.Operator, Scope: device.Scope{Group: "acme"}}}
	return newHouse(t, append(changes, func(o *api.Options) { o.SignOn = f })...), f
}

// pendingOf returns the Cookie header that the browser brings back.
func pendingOf(a answer) string {
	c := cookiesOf(a.want(http.StatusSeeOther))[0]
	return c.Name + "=" + c.Value
}

// sessionOf returns the Cookie header of the session that an answer begins, empty
// if it begins none.
func sessionOf(a answer) string {
	for _, c := range cookiesOf(a) {
		if strings.HasSuffix(c.Name, "dialtone") && c.Value != "" {
			return c.Name + "=" + c.Value
		}
	}
	return ""
}

func TestWhoThatTheProviderProvesIsSignedIn(t *testing.T) {
	h, _ := newSignOnHouse(t)
	if m := as[api.SignInMethods](h.do(http.MethodGet, "/api/v1/signIn", "", "").want(http.StatusOK)); m.OpenID == nil || m.OpenID.Name != "Keycloak" {
		t.Errorf("the ways to sign in are %+v", m)
	}
	begun := h.do(http.MethodGet, beginURL+"?returnTo="+url.QueryEscape("/devices?filter=online"), "", "").want(http.StatusSeeOther)
	callback := h.server.URL + finishURL
	if got := begun.header.Get("Location"); got != "https://idp.example/auth?state=s&redirect_uri="+url.QueryEscape(callback) {
		t.Errorf("the browser is sent to %s", got)
	}
	c := cookiesOf(begun)[0]
	if c.Name != "dialtone-openid" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 600 || c.Path != "/" {
		t.Errorf("the cookie is %+v", c)
	}
	// The provider adds parameters of its own.
	done := h.as(pendingOf(begun), http.MethodGet, finishURL+"?state=s&code=c&session_state=x&iss=y", "").want(http.StatusSeeOther)
	if got := done.header.Get("Location"); got != "/devices?filter=online" {
		t.Errorf("the browser comes back to %s", got)
	}
	me := as[api.Me](h.as(sessionOf(done), http.MethodGet, "/api/v1/me", "").want(http.StatusOK))
	if me.Actor != "user:anna" || me.Role != users.Operator || me.Scope != "acme" || me.HasPassword || me.DisplayName != "Anna" {
		t.Errorf("signed in as %+v", me)
	}
	if e := h.newest(); e.Action != "signIn" || e.Actor != "user:anna" || e.Target != "user/anna" || e.Outcome != http.StatusOK || e.Detail != "openid" {
		t.Errorf("the entry is %+v", e)
	}
	for _, c := range cookiesOf(done) {
		if strings.HasSuffix(c.Name, "openid") && c.MaxAge >= 0 {
			t.Errorf("the pending cookie stays as %+v", c)
		}
	}
	if u := as[api.User](h.do(http.MethodGet, "/api/v1/users/anna", h.admin, "").want(http.StatusOK)); !u.External {
		t.Errorf("the user is %+v", u)
	}
}

func TestTheAuditLogNamesTheUserAndNotWhatTheProviderCallsThem(t *testing.T) {
	h, f := newSignOnHouse(t)
	signIn := func() {
		begun := h.do(http.MethodGet, beginURL, "", "")
		h.as(pendingOf(begun), http.MethodGet, finishURL+"?state=s&code=c", "").want(http.StatusSeeOther)
	}
	signIn()
	f.external.Name = "bert"
	signIn()
	if e := h.newest(); e.Actor != "user:anna" || e.Target != "user/anna" || e.Outcome != http.StatusOK {
		t.Errorf("the entry is %+v", e)
	}
}

func TestWhoCannotBeSignedInIsToldWhyInOneWord(t *testing.T) {
	h, f := newSignOnHouse(t)
	h.user("bert", users.Viewer, "")
	good := f.external
	for _, c := range []struct {
		err      error
		external users.External
		query    string
		code     string
	}{
		{external: good, query: "state=forged", code: "failed"},
		{err: codedError("no-role"), query: "state=s", code: "no-role"},
		{err: codedError("x&y=<script>"), query: "state=s", code: "failed"},
		{err: errBroken, query: "state=s", code: "failed"},
		{err: context.DeadlineExceeded, query: "state=s", code: "timeout"},
		{external: users.External{Subject: "i s", Name: "bert", Role: users.Viewer}, query: "state=s", code: "name-taken"},
		{external: users.External{Subject: "i s", Name: "No Name", Role: users.Viewer}, query: "state=s", code: "name"},
		{external: users.External{Subject: "i s", Name: "carl", Role: "king"}, query: "state=s", code: "role"},
		{external: users.External{Subject: "i s", Name: "carl", Role: users.Support}, query: "state=s", code: "scope"},
	} {
		f.err, f.external = nil, c.external
		pending := pendingOf(h.do(http.MethodGet, beginURL, "", ""))
		f.err = c.err
		a := h.as(pending, http.MethodGet, finishURL+"?"+c.query, "").want(http.StatusSeeOther)
		if got := a.header.Get("Location"); got != "/sign-in?error="+c.code || sessionOf(a) != "" {
			t.Errorf("%+v: the browser is sent to %s", c, got)
		}
		if e := h.newest(); e.Action != "signIn" || e.Actor != "anonymous" || e.Outcome != http.StatusUnauthorized || e.Detail != "openid, "+c.code {
			t.Errorf("%+v: the entry is %+v", c, e)
		}
		h.clock.advance(1)
	}
}

func TestADisabledUserDoesNotSignInWithTheProvider(t *testing.T) {
	h, _ := newSignOnHouse(t)
	comeBack := func() answer {
		return h.as(pendingOf(h.do(http.MethodGet, beginURL, "", "")), http.MethodGet, finishURL+"?state=s", "").want(http.StatusSeeOther)
	}
	comeBack()
	h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"disabled":true}`).want(http.StatusOK)
	if a := comeBack(); a.header.Get("Location") != "/sign-in?error=disabled" || sessionOf(a) != "" {
		t.Errorf("the browser is sent to %s", a.header.Get("Location"))
	}
}

func TestAFailedSignInKeepsWhereToReturn(t *testing.T) {
	h, f := newSignOnHouse(t)
	begin := beginURL + "?returnTo=" + url.QueryEscape("/devices?filter=a&b")
	const page = "/sign-in?error=denied&returnTo=%2Fdevices%3Ffilter%3Da%26b"
	pending := pendingOf(h.do(http.MethodGet, begin, "", ""))
	f.err = codedError("denied")
	if got := h.as(pending, http.MethodGet, finishURL+"?state=s", "").want(http.StatusSeeOther).header.Get("Location"); got != page {
		t.Errorf("from the callback the browser is sent to %s", got)
	}
	if e := h.newest(); e.Detail != "openid, denied" {
		t.Errorf("the entry is %+v", e)
	}
	if got := h.do(http.MethodGet, begin, "", "").want(http.StatusSeeOther).header.Get("Location"); got != page {
		t.Errorf("from the beginning the browser is sent to %s", got)
	}
	f.returnsTo = "//evil.example"
	if got := h.as(pending, http.MethodGet, finishURL+"?state=s", "").want(http.StatusSeeOther).header.Get("Location"); got != "/sign-in?error=denied" {
		t.Errorf("with another page to return to the browser is sent to %s", got)
	}
}

func TestOneAddressCannotHaveTheProviderAskedWithoutEnd(t *testing.T) {
	h, _ := newSignOnHouse(t, func(o *api.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	from := func(path, address string) answer {
		return h.do(http.MethodGet, path, "", "", "X-Forwarded-For", address)
	}
	for i := range 100 {
		from([]string{beginURL, finishURL + "?state=s"}[i%2], "2001:db8:0:1::1").want(http.StatusSeeOther)
	}
	h.clock.advance(time.Second)
	for _, path := range []string{beginURL, finishURL + "?state=s"} {
		a := from(path, "2001:db8:0:1::2") // The same customer.
		a.problem(http.StatusTooManyRequests, "limit")
		if wait := a.header.Get("Retry-After"); wait != "54" { // The clock is 6 seconds into its minute.
			t.Errorf("%s: told to wait %s seconds", path, wait)
		}
		from(path, "2001:db8:0:2::1").want(http.StatusSeeOther)
	}
	h.clock.advance(54 * time.Second)
	from(beginURL, "2001:db8:0:1::2").want(http.StatusSeeOther)
}

func TestABrowserThatBeganNothingIsSentBackWithoutATrace(t *testing.T) {
	h, _ := newSignOnHouse(t)
	before := h.newest().Sequence
	if got := h.do(http.MethodGet, finishURL+"?state=s&code=c", "", "").want(http.StatusSeeOther).header.Get("Location"); got != "/sign-in?error=expired" {
		t.Errorf("the browser is sent to %s", got)
	}
	if h.newest().Sequence != before {
		t.Error("it leaves an audit entry")
	}
}

func TestTheWayBackLeadsNowhereElse(t *testing.T) {
	h, f := newSignOnHouse(t)
	for _, to := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, `\/evil.example`, "/\t/evil.example", "evil", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b"} {
		h.do(http.MethodGet, beginURL+"?returnTo="+url.QueryEscape(to), "", "").invalid("query.returnTo")
		f.returnsTo = to // Whatever the provider's package would say.
		pending := pendingOf(h.do(http.MethodGet, beginURL, "", ""))
		if got := h.as(pending, http.MethodGet, finishURL+"?state=s", "").want(http.StatusSeeOther).header.Get("Location"); got != "/" {
			t.Errorf("%q leads to %s", to, got)
		}
	}
}

func TestTheCallbackIsWhereBrowsersFindTheServer(t *testing.T) {
	proxy := func(o *api.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
	for _, c := range []struct {
		change  func(*api.Options)
		headers []string
		want    string
	}{
		{func(o *api.Options) { o.WebURL = "https://acs.example.com" }, nil, "https://acs.example.com" + finishURL},
		{func(o *api.Options) { o.WebURL = "https://acs.example.com/" }, nil, "https://acs.example.com" + finishURL},
		{proxy, []string{"X-Forwarded-Proto", "https"}, "https://HOST" + finishURL},
		{func(*api.Options) {}, []string{"X-Forwarded-Proto", "https"}, "http://HOST" + finishURL},
	} {
		h, _ := newSignOnHouse(t, c.change)
		want := strings.Replace(c.want, "HOST", strings.TrimPrefix(h.server.URL, "http://"), 1)
		to, err := url.Parse(h.do(http.MethodGet, beginURL, "", "", c.headers...).want(http.StatusSeeOther).header.Get("Location"))
		check(t, err)
		if got := to.Query().Get("redirect_uri"); got != want {
			t.Errorf("the callback is %s, want %s", got, want)
		}
	}
}

func TestAProviderThatIsAwaySendsTheBrowserBack(t *testing.T) {
	h, f := newSignOnHouse(t)
	f.err = codedError("provider")
	if got := h.do(http.MethodGet, beginURL, "", "").want(http.StatusSeeOther).header.Get("Location"); got != "/sign-in?error=provider" {
		t.Errorf("the browser is sent to %s", got)
	}
}

func TestWithoutAProviderThereIsNoSuchWay(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodGet, beginURL, "", "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodGet, finishURL+"?state=s", "", "").problem(http.StatusNotFound, "not-found")
}

func TestAWebURLThatIsNoneIsRefused(t *testing.T) {
	var good api.Options
	newHouse(t, func(o *api.Options) { good = *o })
	for text, taken := range map[string]bool{
		"": true, "https://acs.example.com": true, "http://localhost:8080/": true,
		"acs.example.com": false, "ftp://acs.example.com": false, "https://acs.example.com/console": false, "https://": false,
	} {
		o := good
		o.WebURL, o.Metrics.Registerer = text, prometheus.NewRegistry()
		if _, err := api.New(o); (err == nil) != taken {
			t.Errorf("%q: %v", text, err)
		}
	}
}
