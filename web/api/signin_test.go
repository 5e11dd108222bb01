package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestWhoSignsInIsKnownByTheCookieUntilSigningOut(t *testing.T) {
	h := newHouse(t)
	h.user("anna", users.Support, "acme/south")
	a := h.attempt("anna", password, "").want(http.StatusOK)
	me := as[api.Me](a)
	if me.Actor != "user:anna" || me.Name != "anna" || me.Role != users.Support || me.Scope != "acme/south" || me.BrowserSession == "" ||
		!me.HasPassword || me.SecondFactor || me.MustChangePassword || me.LastSignIn == nil || len(me.Permissions) != 8 {
		t.Errorf("signed in as %+v", me)
	}
	c := cookiesOf(a)[0]
	if c.Name != "dialtone" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.Domain != "" {
		t.Errorf("the cookie is %+v", c)
	}
	cookie := c.Name + "=" + c.Value
	if again := as[api.Me](h.as(cookie, http.MethodGet, "/api/v1/me", "").want(http.StatusOK)); again.Actor != me.Actor || again.BrowserSession != me.BrowserSession {
		t.Errorf("with the cookie it is %+v", again)
	}
	out := h.as(cookie, http.MethodPost, "/api/v1/signOut", "").want(http.StatusNoContent)
	cleared := map[string]int{}
	for _, c := range cookiesOf(out) {
		cleared[c.Name] = c.MaxAge
	}
	if cleared["dialtone"] >= 0 || cleared["__Host-dialtone"] >= 0 {
		t.Errorf("signing out clears %v", cleared)
	}
	h.as(cookie, http.MethodGet, "/api/v1/me", "").problem(http.StatusUnauthorized, "unauthenticated")
	if strings.Contains(h.trail()+h.log.String(), c.Value) || strings.Contains(h.trail()+h.log.String(), password) {
		t.Error("the cookie or the password is in the audit log or the log")
	}
}

// replaced is a directory in place of another.
type replaced struct{ api.Directory }

// The other tests hash passwords at a lower cost.
func TestWhoSignsInIsProvenAtTheRealCost(t *testing.T) {
	d := &replaced{}
	h := newHouse(t, func(o *api.Options) { o.Directory = d })
	d.Directory = users.NewDirectory(users.Options{
		Users: h.store.Users(), Roles: h.store.Roles(), Tokens: h.store.Tokens(), BrowserSessions: h.store.BrowserSessions(),
		Keeper: h.keeper, Now: h.clock.Now,
	})
	h.do(http.MethodPost, "/api/v1/users", h.admin, `{"name":"anna","role":"viewer","password":"`+password+`","mustChangePassword":false}`).want(http.StatusCreated)
	if u, err := h.store.Users().User(t.Context(), "anna"); err != nil || users.NeedsRehash(u.PasswordHash) {
		t.Errorf("the hash is %s: %v", u.PasswordHash, err)
	}
	h.attempt("anna", "wrong but long enough", "").problem(http.StatusUnauthorized, "unauthenticated")
	h.attempt("anna", password, "").want(http.StatusOK)
}

func TestOverHTTPSTheCookieIsBoundToTheHost(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	h.user("anna", users.Viewer, "")
	c := cookiesOf(h.attempt("anna", password, "", "X-Forwarded-Proto", "https").want(http.StatusOK))[0]
	if c.Name != "__Host-dialtone" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie is %+v", c)
	}
	cookie := c.Name + "=" + c.Value
	h.as(cookie, http.MethodGet, "/api/v1/me", "", "X-Forwarded-Proto", "https").want(http.StatusOK)
	// One that a neighbour or the plain site planted counts for nothing.
	h.as("dialtone="+c.Value, http.MethodGet, "/api/v1/me", "", "X-Forwarded-Proto", "https").problem(http.StatusUnauthorized, "unauthenticated")
}

func TestOnlyATrustedProxySaysThatItIsHTTPS(t *testing.T) {
	h := newHouse(t)
	h.user("anna", users.Viewer, "")
	if c := cookiesOf(h.attempt("anna", password, "", "X-Forwarded-Proto", "https").want(http.StatusOK))[0]; c.Name != "dialtone" || c.Secure {
		t.Errorf("the cookie is %+v", c)
	}
}

func TestAPageOfAnotherOriginCannotActForWhoIsSignedIn(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Admin, "")
	create := `{"mac":"001565aabb01"}`
	for name, headers := range map[string][]string{
		"another site": {"Sec-Fetch-Site", "cross-site"}, "a neighbour": {"Sec-Fetch-Site", "same-site"}, "an old browser": {"Origin", "https://evil.example"},
	} {
		a := h.as(cookie, http.MethodPost, "/api/v1/devices", create, headers...)
		if p := a.problem(http.StatusForbidden, "forbidden"); !strings.Contains(p.Detail, "origin") {
			t.Errorf("%s: %s", name, p.Detail)
		}
		if e := h.newest(); e.Actor != "user:anna" || e.Outcome != http.StatusForbidden || e.Action != "createDevice" {
			t.Errorf("%s leaves %+v", name, e)
		}
		h.attempt("anna", password, "", headers...).problem(http.StatusForbidden, "forbidden") // Nor sign somebody in as another.
		h.as(cookie, http.MethodGet, "/api/v1/devices", "", headers...).want(http.StatusOK)
		// What knows a token is no page that was lured.
		h.do(http.MethodPatch, "/api/v1/devices/unknown", h.admin, `{}`, headers...).problem(http.StatusNotFound, "not-found")
	}
	h.as(cookie, http.MethodPost, "/api/v1/devices", create, "Sec-Fetch-Site", "same-origin", "Origin", h.server.URL).want(http.StatusCreated)
}

func TestTheOriginOfTheWebURLIsTheServersOwn(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.WebURL = "https://acs.example.com" })
	cookie := h.person("anna", users.Admin, "")
	h.as(cookie, http.MethodPost, "/api/v1/devices", `{"mac":"001565aabb01"}`, "Origin", "https://acs.example.com").want(http.StatusCreated)
	h.as(cookie, http.MethodPost, "/api/v1/devices", `{"mac":"001565aabb02"}`, "Origin", "https://evil.example").problem(http.StatusForbidden, "forbidden")
}

func TestAnAdministratorUnlocksAName(t *testing.T) {
	h := newHouse(t)
	h.user("anna", users.Viewer, "acme/south")
	h.clock.advance(time.Second)
	for range 5 {
		h.attempt("anna", "wrong but long enough", "").problem(http.StatusUnauthorized, "unauthenticated")
	}
	h.attempt("anna", password, "").problem(http.StatusTooManyRequests, "limit")
	h.clock.advance(time.Second)
	const unlock = "/api/v1/users/anna/unlock"
	h.do(http.MethodPost, unlock, h.operator, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodPost, "/api/v1/users/admin/unlock", h.southAdmin, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, unlock, h.southAdmin, "").want(http.StatusNoContent)
	if e := h.newest(); e.Action != "unlockUser" || e.Target != "user/anna" {
		t.Errorf("the entry is %+v", e)
	}
	h.attempt("anna", password, "").want(http.StatusOK)
}

func TestWhoFailsToSignInTooOftenIsToldToWait(t *testing.T) {
	h := newHouse(t)
	h.user("anna", users.Viewer, "")
	failures := 0
	var refused answer
	for range 50 {
		if refused = h.attempt("anna", "wrong but long enough", ""); refused.status != http.StatusUnauthorized {
			break
		}
		failures++
	}
	refused.problem(http.StatusTooManyRequests, "limit")
	wait, err := strconv.Atoi(refused.header.Get("Retry-After"))
	if err != nil || wait < 1 || wait > 3600 {
		t.Fatalf("Retry-After is %q", refused.header.Values("Retry-After"))
	}
	if values := refused.header.Values("Retry-After"); len(values) != 1 {
		t.Errorf("Retry-After is given %d times", len(values))
	}
	for range 10 {
		h.attempt("anna", password, "").problem(http.StatusTooManyRequests, "limit") // The right one, too.
	}
	entries := as[api.Page[api.AuditEntry]](h.do(http.MethodGet, "/api/v1/audit?filter=action%3DsignIn", h.admin, "").want(http.StatusOK)).Items
	limited := 0
	for _, e := range entries {
		if e.Actor != "anonymous" || e.Target != "user/anna" || e.Address != "127.0.0.1" {
			t.Errorf("a failure leaves %+v", e)
		}
		if e.Outcome == http.StatusTooManyRequests {
			limited++
		}
	}
	if len(entries) != failures+1 || limited != 1 {
		t.Errorf("%d failures leave %d entries, %d of them of the limit", failures, len(entries), limited)
	}
	h.clock.advance(time.Duration(wait) * time.Second)
	h.attempt("anna", password, "").want(http.StatusOK)
	if e := h.newest(); e.Actor != "user:anna" || e.Outcome != http.StatusOK {
		t.Errorf("signing in leaves %+v", e)
	}
}

func TestFailuresToSignInCannotFillTheAuditLog(t *testing.T) {
	h := newHouse(t, func(o *api.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		o.Directory = refusing{o.Directory}
	})
	const tries = 250
	before := h.newest().Sequence
	from := func(i int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i)} }
	for i := range tries {
		h.attempt("anna", "wrong but long enough", "", from(i)...).problem(http.StatusUnauthorized, "unauthenticated")
	}
	written := h.newest().Sequence - before
	if written < 10 || written > 100 {
		t.Errorf("%d failures from as many addresses leave %d entries", tries, written)
	}
	h.clock.advance(time.Minute)
	h.attempt("anna", "wrong but long enough", "", from(1)...)
	if e := h.newest(); !strings.Contains(e.Detail, fmt.Sprintf("%d like it before were left out", tries-written)) {
		t.Errorf("the next entry says %q", e.Detail)
	}
}

func TestWhatOneCallerIsForbiddenCannotFillTheAuditLogOrHideWhatAnotherIs(t *testing.T) {
	h := newHouse(t)
	const tries = 70
	before := h.newest().Sequence
	for range tries {
		h.do(http.MethodPost, "/api/v1/groups", h.viewer, `{"path":"acme"}`).problem(http.StatusForbidden, "forbidden")
	}
	if written := h.newest().Sequence - before; written != 30 {
		t.Errorf("%d refusals leave %d entries", tries, written)
	}
	h.do(http.MethodPost, "/api/v1/users", h.operator, `{}`).problem(http.StatusForbidden, "forbidden")
	if e := h.newest(); e.Action != "createUser" || e.Outcome != http.StatusForbidden {
		t.Errorf("the refusal of another caller leaves %+v", e)
	}
	h.do(http.MethodPost, "/api/v1/groups", h.admin, `{"path":"acme"}`).want(http.StatusCreated)
	if e := h.newest(); e.Action != "createGroup" || e.Outcome != http.StatusCreated {
		t.Errorf("what is done leaves %+v", e)
	}
	h.clock.advance(time.Minute)
	h.do(http.MethodPost, "/api/v1/groups", h.viewer, `{"path":"acme"}`).problem(http.StatusForbidden, "forbidden")
	if e := h.newest(); !strings.Contains(e.Detail, "40 like it before were left out") {
		t.Errorf("the next entry says %q", e.Detail)
	}
}

// refusing is a directory to which nobody can sign in.
type refusing struct{ api.Directory }

// SignIn returns users.ErrUnauthenticated, without the time that a password takes.
func (refusing) SignIn(context.Context, users.SignIn) (users.SignedIn, error) {
	return users.SignedIn{}, users.ErrUnauthenticated
}

func TestAPasswordInTheFieldOfTheNameIsNotWrittenDown(t *testing.T) {
	h := newHouse(t)
	h.attempt("My Secret Passw0rd!", "", "").problem(http.StatusUnauthorized, "unauthenticated")
	if e := h.newest(); e.Target != "user/?" || e.Action != "signIn" {
		t.Errorf("the entry is %+v", e)
	}
	if strings.Contains(h.trail()+h.log.String(), "Passw0rd") {
		t.Error("the password is in the audit log or the log")
	}
}

func TestADisabledUserIsOutAtOnce(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Viewer, "")
	h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"disabled":true}`).want(http.StatusOK)
	h.as(cookie, http.MethodGet, "/api/v1/me", "").problem(http.StatusUnauthorized, "unauthenticated")
	h.attempt("anna", password, "").problem(http.StatusUnauthorized, "unauthenticated")
}

func TestASessionThatIsNotUsedEnds(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Viewer, "")
	h.clock.advance(13 * time.Hour)
	h.as(cookie, http.MethodGet, "/api/v1/me", "").problem(http.StatusUnauthorized, "unauthenticated")
}

func TestTheWaysToSignInAreToldToEverybody(t *testing.T) {
	h := newHouse(t)
	m := as[api.SignInMethods](h.do(http.MethodGet, "/api/v1/signIn", "", "").want(http.StatusOK))
	if !m.Password || m.OpenID != nil || m.MinPassword != users.MinPassword {
		t.Errorf("the ways are %+v", m)
	}
}
