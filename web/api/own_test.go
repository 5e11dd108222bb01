package api_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// code returns the one-time code of a key at that time (RFC 6238).
func code(t *testing.T, key string, at time.Time) string {
	t.Helper()
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(key, " ", ""))
	check(t, err)
	mac := hmac.New(sha1.New, raw)
	check(t, binary.Write(mac, binary.BigEndian, at.Unix()/30))
	sum := mac.Sum(nil)
	at4 := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at4:at4+4])&0x7fffffff%1_000_000)
}

func TestASecondFactorIsAskedForOnceItIsConfirmed(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Viewer, "")
	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor/confirm", `{"code":"123456"}`).problem(http.StatusConflict, "state")
	// Who finds the browser of somebody else does not know the password.
	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor", `{"password":"wrong but long enough"}`).invalid("body.password")
	factor := as[api.SecondFactor](h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor", `{"password":"`+password+`"}`).want(http.StatusCreated))
	if !strings.HasPrefix(factor.URI, "otpauth://totp/") || factor.Key == "" {
		t.Errorf("the factor is %+v", factor)
	}
	h.attempt("anna", password, "").want(http.StatusOK) // It does not count yet.
	wrong := "000000"
	if code(t, factor.Key, h.clock.Now()) == wrong {
		wrong = "000001"
	}
	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor/confirm", `{"code":"`+wrong+`"}`).invalid("body.code")
	recovery := as[api.RecoveryCodes](h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor/confirm", `{"code":"`+code(t, factor.Key, h.clock.Now())+`"}`).want(http.StatusOK)).RecoveryCodes
	if len(recovery) != 10 {
		t.Fatalf("there are %d recovery codes", len(recovery))
	}
	if e := h.newest(); e.Action != "confirmSecondFactor" || string(e.Before) != `{"secondFactor":false}` || string(e.After) != `{"secondFactor":true}` {
		t.Errorf("the entry is %+v", e)
	}
	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor", `{"password":"`+password+`"}`).problem(http.StatusConflict, "state")

	asked := h.attempt("anna", password, "")
	asked.problem(http.StatusUnauthorized, "second-factor-required")
	if asked.header.Get("WWW-Authenticate") == "" {
		t.Error("the 401 has no challenge")
	}
	h.attempt("anna", password, wrong).problem(http.StatusUnauthorized, "second-factor-required")
	if e := h.newest(); e.Actor != "anonymous" || e.Outcome != http.StatusUnauthorized || !strings.Contains(e.Detail, "second factor") {
		t.Errorf("a wrong code leaves %+v", e)
	}
	h.clock.advance(time.Minute)
	next := code(t, factor.Key, h.clock.Now())
	if me := as[api.Me](h.attempt("anna", password, next).want(http.StatusOK)); !me.SecondFactor {
		t.Errorf("signed in as %+v", me)
	}
	h.attempt("anna", password, next).problem(http.StatusUnauthorized, "second-factor-required") // No code counts twice.
	h.attempt("anna", password, recovery[0]).want(http.StatusOK)
	h.attempt("anna", password, recovery[0]).problem(http.StatusUnauthorized, "second-factor-required")

	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor/remove", `{"password":"wrong but long enough"}`).invalid("body.password")
	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor/remove", `{"password":"`+password+`"}`).want(http.StatusNoContent)
	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor/remove", `{"password":"`+password+`"}`).problem(http.StatusConflict, "state")
	h.attempt("anna", password, "").want(http.StatusOK)

	told := h.trail() + h.log.String()
	for _, secret := range append(recovery, factor.Key, next, password, "wrong but long enough") {
		if strings.Contains(told, secret) {
			t.Errorf("%q is in the audit log or the log", secret)
		}
	}
}

func TestALostSecondFactorIsRemovedByAnAdministrator(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Viewer, "")
	factor := as[api.SecondFactor](h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor", `{"password":"`+password+`"}`).want(http.StatusCreated))
	h.as(cookie, http.MethodPost, "/api/v1/me/secondFactor/confirm", `{"code":"`+code(t, factor.Key, h.clock.Now())+`"}`).want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"secondFactor":"x"}`).want(http.StatusUnprocessableEntity)
	if u := as[api.User](h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"secondFactor":null}`).want(http.StatusOK)); u.SecondFactor {
		t.Errorf("the user is %+v", u)
	}
	if e := h.newest(); string(e.Before) != `{"secondFactor":true}` || string(e.After) != `{"secondFactor":false}` || e.Detail != "secondFactor" {
		t.Errorf("the entry is %+v", e)
	}
	h.attempt("anna", password, "").want(http.StatusOK)
}

func TestAPasswordThatSomebodyElseChoseMustBeChanged(t *testing.T) {
	h := newHouse(t)
	created := as[api.CreatedUser](h.do(http.MethodPost, "/api/v1/users", h.admin, `{"name":"anna","role":"admin"}`).want(http.StatusCreated))
	if len(created.Password) < users.MinPassword || !created.User.MustChangePassword {
		t.Fatalf("created %+v", created)
	}
	a := h.attempt("anna", created.Password, "").want(http.StatusOK)
	if !as[api.Me](a).MustChangePassword {
		t.Error("the answer does not say that the password must be changed")
	}
	cookie := cookiesOf(a)[0].Name + "=" + cookiesOf(a)[0].Value
	h.as(cookie, http.MethodGet, "/api/v1/devices", "").problem(http.StatusForbidden, "password-change-required")
	h.as(cookie, http.MethodDelete, "/api/v1/users/admin", "").problem(http.StatusForbidden, "password-change-required")
	h.as(cookie, http.MethodGet, "/api/v1/me", "").want(http.StatusOK)
	change := func(current, next string) answer {
		return h.as(cookie, http.MethodPost, "/api/v1/me/password", `{"current":"`+current+`","new":"`+next+`"}`)
	}
	change("wrong but long enough", password).invalid("body.current")
	change(created.Password, "short").invalid("body.new")
	change(created.Password, password).want(http.StatusNoContent)
	h.as(cookie, http.MethodGet, "/api/v1/devices", "").want(http.StatusOK)
	h.attempt("anna", created.Password, "").problem(http.StatusUnauthorized, "unauthenticated")
	h.attempt("anna", password, "").want(http.StatusOK)
	told := h.trail() + h.log.String()
	if strings.Contains(told, created.Password) || strings.Contains(told, password) {
		t.Error("a password is in the audit log or the log")
	}
}

func TestOnesOwnSessionsAreOnesOwn(t *testing.T) {
	h := newHouse(t)
	h.user("anna", users.Admin, "")
	first := h.signIn("anna")
	h.clock.advance(time.Second)
	second := h.signIn("anna")
	stranger := h.person("bert", users.Admin, "")
	list := func(cookie string) []api.BrowserSession {
		return as[api.BrowserSessions](h.as(cookie, http.MethodGet, "/api/v1/me/sessions", "").want(http.StatusOK)).Items
	}
	mine := list(second)
	if len(mine) != 2 || !mine[0].Current || mine[1].Current || mine[0].Method != "password" || mine[0].Address != "127.0.0.1" || mine[0].UserAgent == "" {
		t.Fatalf("the sessions are %+v", mine)
	}
	h.as(stranger, http.MethodDelete, "/api/v1/me/sessions/"+mine[1].ID, "").problem(http.StatusNotFound, "not-found")
	h.as(first, http.MethodGet, "/api/v1/me", "").want(http.StatusOK)
	h.as(second, http.MethodDelete, "/api/v1/me/sessions/"+mine[1].ID, "").want(http.StatusNoContent)
	h.as(first, http.MethodGet, "/api/v1/me", "").problem(http.StatusUnauthorized, "unauthenticated")
	// Without an id it is not all of them.
	h.as(second, http.MethodDelete, "/api/v1/me/sessions/", "").want(http.StatusNotFound)
	h.as(second, http.MethodGet, "/api/v1/me", "").want(http.StatusOK)

	third := h.signIn("anna")
	h.as(third, http.MethodPost, "/api/v1/me/sessions/endOthers", "").want(http.StatusNoContent)
	h.as(second, http.MethodGet, "/api/v1/me", "").problem(http.StatusUnauthorized, "unauthenticated")
	if left := list(third); len(left) != 1 || !left[0].Current {
		t.Errorf("left are %+v", left)
	}
	h.as(stranger, http.MethodGet, "/api/v1/me", "").want(http.StatusOK)

	seen := as[api.BrowserSessions](h.do(http.MethodGet, "/api/v1/users/anna/sessions", h.helpdesk, "").want(http.StatusOK)).Items
	if len(seen) != 1 || seen[0].Current {
		t.Errorf("others see %+v", seen)
	}
	h.do(http.MethodDelete, "/api/v1/users/anna/sessions", h.admin, "").want(http.StatusNoContent)
	h.as(third, http.MethodGet, "/api/v1/me", "").problem(http.StatusUnauthorized, "unauthenticated")
}

func TestPreferencesAreAnyObjectAndStay(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Viewer, "")
	const path = "/api/v1/me/preferences"
	if got := string(h.as(cookie, http.MethodGet, path, "").want(http.StatusOK).body); strings.TrimSpace(got) != "{}" {
		t.Errorf("at first they are %s", got)
	}
	kept := `{"theme":"dark","columns":{"devices":["mac","model"]},"n":12345678901234567890}`
	h.as(cookie, http.MethodPut, path, kept).want(http.StatusNoContent)
	if got := string(h.as(cookie, http.MethodGet, path, "").want(http.StatusOK).body); strings.TrimSpace(got) != kept {
		t.Errorf("kept are %s", got)
	}
	for _, body := range []string{`[]`, `"x"`, `null`, `12`} {
		h.as(cookie, http.MethodPut, path, body).problem(http.StatusUnprocessableEntity, "invalid")
	}
	h.as(cookie, http.MethodPut, path, `{"x":"`+strings.Repeat("x", 64<<10)+`"}`).problem(http.StatusRequestEntityTooLarge, "too-large")
	h.do(http.MethodGet, path, h.admin, "").problem(http.StatusForbidden, "forbidden")
}
