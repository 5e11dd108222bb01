package openid_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/users/openid"
)

func TestABrowserSignsInAndComesBackToWhereItWas(t *testing.T) {
	for name, change := range map[string]func(*openid.Options, *client){
		"with all claims in the ID token":      func(*openid.Options, *client) {},
		"with the claims at UserInfo only":     func(_ *openid.Options, c *client) { c.claimsInIDToken = false },
		"with the client's secret in the body": func(_ *openid.Options, c *client) { c.method = oidc.AuthMethodPost },
		"as a public client": func(o *openid.Options, c *client) {
			o.ClientSecret, c.method = secret.Text{}, oidc.AuthMethodNone
		},
		"with scopes that lack openid": func(o *openid.Options, _ *client) { o.Scopes = []string{"profile"} },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, change)
			if strings.Contains(name, "body") {
				h.discover = func(m map[string]any) { m["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"} }
			}
			h.begin("/devices?filter=a&b=c").proves(t, h.jane(), "/devices?filter=a&b=c")
		})
	}
}

func TestWhoWasProvenIsHandedOnWithWhereTheyComeFrom(t *testing.T) {
	h := newHouse(t)
	p := h.begin("/").who
	want := users.External{Subject: p.Subject, Name: "jane.doe", DisplayName: "Jané Doe", Role: users.Support, Scope: p.Scope, Address: "192.0.2.1", UserAgent: "browser"}
	if got := p.External("192.0.2.1", "browser"); got != want || got.Scope.Group != "acme/south" {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTheFirstRuleThatMatchesDecides(t *testing.T) {
	for name, test := range map[string]struct {
		rules []string
		claim string
		more  map[string]any
		role  users.Role
		group string
	}{
		"the first of two":           {rules: []string{"b=operator", "a=admin"}, more: map[string]any{"groups": []string{"a", "b"}}, role: users.Operator},
		"not the first of the claim": {rules: []string{"a=admin", "b=operator"}, more: map[string]any{"groups": []string{"b", "a"}}, role: users.Admin},
		"a claim of one string":      {rules: []string{"a=admin"}, more: map[string]any{"groups": "a"}, role: users.Admin},
		"limited to a group":         {rules: []string{"a=support@acme/south"}, more: map[string]any{"groups": []string{"a"}}, role: users.Support, group: "acme/south"},
		"anybody, with the claim":    {rules: []string{"a=admin", "*=viewer"}, more: map[string]any{"groups": []string{"z"}}, role: users.Viewer},
		"anybody, without the claim": {rules: []string{"a=admin", "*=viewer"}, role: users.Viewer},
		"anybody comes first":        {rules: []string{"*=viewer", "a=admin"}, more: map[string]any{"groups": []string{"a"}}, role: users.Viewer},
		"a claim within claims": {rules: []string{"a=admin"}, claim: "realm_access.roles", role: users.Admin,
			more: map[string]any{"realm_access": map[string]any{"roles": []string{"a"}}}},
		"a claim with dots in its name": {rules: []string{"a=admin"}, claim: "https://example.com/roles", role: users.Admin,
			more: map[string]any{"https://example.com/roles": []string{"a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(o *openid.Options, _ *client) { o.Roles, o.RoleClaim = rules(t, test.rules...), test.claim })
			h.be(person{subject: "1", username: "joe", more: test.more})
			want := openid.Proven{Subject: h.issuer + " 1", Name: "joe", Role: test.role}
			want.Scope.Group = test.group
			h.begin("/").proves(t, want, "/")
		})
	}
}

func TestNobodySignsInWithoutARole(t *testing.T) {
	for name, groups := range map[string]any{
		"another group": []string{"Admins", "admin", "admins "}, "no group": []string{}, "no claim": nil,
		"a claim of another type": 7, "an object": map[string]any{"admins": true}, "a list of numbers": []int{1},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.be(person{subject: "1", username: "jane", more: map[string]any{"groups": groups}})
			h.begin("/").wants(t, openid.ErrNoRole)
		})
	}
}

func TestTheNameIsTakenFromTheClaimThatCanBeOne(t *testing.T) {
	for name, test := range map[string]struct {
		claim string
		who   person
		want  string
	}{
		"preferred_username first":           {"", person{username: "jdoe", email: "jane@example.com"}, "jdoe"},
		"else email":                         {"", person{email: "Jane@Example.com"}, "jane@example.com"},
		"email, if the other cannot be one":  {"", person{username: "王伟", email: "wang@example.com"}, "wang@example.com"},
		"the configured claim":               {"short", person{username: "jdoe", more: map[string]any{"short": "jd"}}, "jd"},
		"none, if the configured one is not": {"short", person{username: "jdoe"}, ""},
		"none, if it cannot be one":          {"", person{username: "王伟"}, ""},
		"none, if it is too long":            {"", person{username: strings.Repeat("a", 65)}, ""},
		"none, if there is none":             {"", person{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(o *openid.Options, _ *client) { o.UsernameClaim, o.Roles = test.claim, rules(t, "*=viewer") })
			test.who.subject = "1"
			h.be(test.who)
			got := h.begin("/")
			if test.want == "" {
				got.wants(t, openid.ErrName)
				return
			}
			got.proves(t, openid.Proven{Subject: h.issuer + " 1", Name: test.want, Role: users.Viewer}, "/")
		})
	}
}

func TestARefusalAtTheProviderIsARefusalHere(t *testing.T) {
	h := newHouse(t)
	h.denies.Store(true)
	h.begin("/").wants(t, openid.ErrDenied)
	h.denies.Store(false)
	h.begin("/").proves(t, h.jane(), "/")
}

func TestACallbackThatDoesNotBelongToThisBrowserIsRefused(t *testing.T) {
	h := newHouse(t)
	cookie, query := h.stopped()
	otherCookie, _ := h.stopped()
	with := func(name, value string) url.Values {
		changed := maps.Clone(query)
		changed.Set(name, value)
		return changed
	}
	for name, test := range map[string]struct {
		cookie string
		query  url.Values
		want   error
	}{
		"another state":                 {cookie, with("state", "another"), openid.ErrState},
		"no state":                      {cookie, with("state", ""), openid.ErrState},
		"an error with another state":   {cookie, url.Values{"state": {"x"}, "error": {"access_denied"}}, openid.ErrState},
		"no cookie":                     {"", query, openid.ErrState},
		"the cookie of another browser": {otherCookie, query, openid.ErrState},
		"a cookie that is too long":     {strings.Repeat("a", 5000), query, openid.ErrState},
		"another provider's answer":     {cookie, with("iss", "https://other.example"), openid.ErrState},
		"no code":                       {cookie, with("code", ""), openid.ErrProvider},
		"a code that is none":           {cookie, with("code", "made-up-code"), openid.ErrDenied},
		"a refusal":                     {cookie, url.Values{"state": query["state"], "error": {"login_required"}}, openid.ErrDenied},
		"a refusal with its own words":  {cookie, url.Values{"state": query["state"], "error": {"Jane <script>"}}, openid.ErrDenied},
	} {
		t.Run(name, func(t *testing.T) { h.again(test.cookie, test.query).wants(t, test.want) })
	}
	h.again(cookie, query).proves(t, h.jane(), "/devices?filter=a&b")
}

func TestACallbackCountsOnce(t *testing.T) {
	h := newHouse(t)
	o := h.begin("/")
	o.proves(t, h.jane(), "/")
	h.again(o.cookie, o.callback.Query()).wants(t, openid.ErrDenied)
}

func TestACodeOfOneBrowserDoesNotCountInAnother(t *testing.T) {
	h := newHouse(t)
	_, stolen := h.stopped()
	cookie, query := h.stopped()
	query.Set("code", stolen.Get("code"))
	h.again(cookie, query).wants(t, openid.ErrDenied) // By PKCE, at the provider.
}

func TestEveryChangeOfTheCookieIsNoticed(t *testing.T) {
	h := newHouse(t)
	cookie, query := h.stopped()
	for i := range len(cookie) {
		changed := []byte(cookie)
		changed[i] ^= 1
		h.again(string(changed), query).wants(t, openid.ErrState)
		h.again(cookie[:i], query).wants(t, openid.ErrState)
	}
	h.again(cookie, query).proves(t, h.jane(), "/devices?filter=a&b")
}

func TestASignInEndsWithItsTime(t *testing.T) {
	h := newHouse(t)
	cookie, query := h.stopped()
	h.advance(openid.PendingLifetime - 5*time.Second)
	late, lateQuery := h.stopped()
	h.advance(6 * time.Second)
	h.again(cookie, query).wants(t, openid.ErrState)
	h.again(late, lateQuery).proves(t, h.jane(), "/devices?filter=a&b")
}

func TestAnotherNodeFinishesWhatOneBegan(t *testing.T) {
	h := newHouse(t)
	cookie, query := h.stopped()
	options := openid.Options{
		Issuer: h.issuer, ClientID: "dialtone", ClientSecret: secret.NewText(clientSecret), Keeper: newKeeper(t, 2), Roles: rules(t, "support=viewer"),
	}
	node := func() *openid.Provider {
		p, err := openid.New(options)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	h.finishAt(node(), cookie, query).wants(t, openid.ErrState)
	options.Keeper = newKeeper(t, 1)
	want := h.jane()
	want.Role, want.Scope.Group = users.Viewer, ""
	h.finishAt(node(), cookie, query).proves(t, want, "/devices?filter=a&b")
}

func TestTheLongestPathToReturnToFitsIntoACookie(t *testing.T) {
	h := newHouse(t)
	for _, fill := range []string{`"`, "&", "<", "é", "a"} {
		path := "/" + strings.Repeat(fill, 1023/len(fill))
		_, cookie, err := h.Begin(t.Context(), h.callbackURL(), path)
		if err != nil {
			t.Fatal(err)
		}
		if len(cookie) > 3900 {
			t.Errorf("a path of %q makes a cookie of %d bytes", fill, len(cookie))
		}
	}
}
