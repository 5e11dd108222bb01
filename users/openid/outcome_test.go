package openid_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/users/openid"
)

// outcome is what a callback came to.
type outcome struct {
	who      openid.Proven
	returnTo string
	err      error
	callback *url.URL
	cookie   string
}

// begin makes the browser begin a sign-in and go wherever it is sent, and returns
// what came of it.
func (h *house) begin(returnTo string) outcome {
	h.t.Helper()
	h.keep(outcome{err: errors.New("the browser did not come back")})
	response, err := h.browser.Get(h.site + "/begin?returnTo=" + url.QueryEscape(returnTo))
	if err != nil {
		h.t.Fatal(err)
	}
	response.Body.Close()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// wants checks that an outcome is the given failure, that it tells nothing secret,
// and that nobody is proven.
func (o outcome) wants(t *testing.T, want error) {
	t.Helper()
	t.Log(o.err)
	if !errors.Is(o.err, want) {
		t.Fatalf("got %v, want %v", o.err, want)
	}
	if o.who != (openid.Proven{}) {
		t.Errorf("a sign-in that failed proves %+v", o.who)
	}
	secrets := []string{clientSecret, url.QueryEscape(clientSecret), "eyJ", "Jane", "jane"}
	if o.callback != nil {
		if code := o.callback.Query().Get("code"); code != "" {
			secrets = append(secrets, code)
		}
	}
	for _, s := range secrets {
		if strings.Contains(o.err.Error(), s) {
			t.Errorf("the error tells %q: %v", s, o.err)
		}
	}
}

func (o outcome) proves(t *testing.T, want openid.Proven, returnTo string) {
	t.Helper()
	if o.err != nil {
		t.Fatal(o.err)
	}
	if o.who != want || o.returnTo != returnTo {
		t.Errorf("got %+v to %q, want %+v to %q", o.who, o.returnTo, want, returnTo)
	}
}

// again finishes a sign-in with another cookie or query than the browser brought.
func (h *house) again(cookie string, query url.Values) outcome {
	return h.finishAt(h.Provider, cookie, query)
}

// finishAt finishes a sign-in at any node.
func (h *house) finishAt(p *openid.Provider, cookie string, query url.Values) outcome {
	o := outcome{cookie: cookie, callback: &url.URL{RawQuery: query.Encode()}}
	o.who, o.returnTo, o.err = p.Finish(h.t.Context(), h.callbackURL(), cookie, query)
	return o
}

// stopped begins a sign-in and signs in at the provider, but does not yet follow it
// back: it returns the cookie and the query that the provider answers with.
func (h *house) stopped() (cookie string, query url.Values) {
	h.t.Helper()
	to, cookie, err := h.Begin(h.t.Context(), h.callbackURL(), "/devices?filter=a&b")
	if err != nil {
		h.t.Fatal(err)
	}
	b := newBrowser(h.t)
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), h.callbackURL()) {
			query = r.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}
	response, err := b.Get(to)
	if err != nil {
		h.t.Fatal(err)
	}
	response.Body.Close()
	if query == nil {
		h.t.Fatalf("the provider answered %s and sent nobody back", response.Status)
	}
	return cookie, query
}

// jane is whom newHouse's person is, without further rules.
func (h *house) jane() openid.Proven {
	p := openid.Proven{Subject: h.issuer + " 0815", Name: "jane.doe", DisplayName: "Jané Doe", Role: users.Support}
	p.Scope.Group = "acme/south"
	return p
}

func TestASignInThatFailsSaysWhereItWasToReturn(t *testing.T) {
	h := newHouse(t)
	cookie, query := h.stopped()
	denied, forged := url.Values{"state": query["state"], "error": {"access_denied"}}, url.Values{"state": {"another"}, "code": {"c"}}
	for name, o := range map[string]outcome{"denied": h.again(cookie, denied), "another state": h.again(cookie, forged)} {
		if o.err == nil || o.returnTo != "/devices?filter=a&b" {
			t.Errorf("%s: %v returns to %q", name, o.err, o.returnTo)
		}
	}
	h.advance(openid.PendingLifetime)
	if o := h.again(cookie, query); !errors.Is(o.err, openid.ErrState) || o.returnTo != "/devices?filter=a&b" {
		t.Errorf("too late: %v returns to %q", o.err, o.returnTo)
	}
	if o := h.again(cookie+"x", query); !errors.Is(o.err, openid.ErrState) || o.returnTo != "" {
		t.Errorf("a cookie that is not ours: %v returns to %q", o.err, o.returnTo)
	}
}
