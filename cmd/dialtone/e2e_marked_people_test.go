//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
)

// leakyProvider is an OpenID provider that tells the secret of its client in its
// errors.
func (m *marked) leakyProvider() string {
	mux := http.NewServeMux()
	provider := httptest.NewServer(mux)
	m.t.Cleanup(provider.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":"%[1]s/authorize","token_endpoint":"%[1]s/token","jwks_uri":"%[1]s/keys",`+
			`"response_types_supported":["code"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}`, provider.URL)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_client","error_description":"not %s, code %s"}`, m.places["client secret for the OpenID provider"], r.Form.Get("code"))
	})
	return provider.URL
}

// badRequests sends secrets to the API in all that it refuses.
func (m *marked) badRequests() {
	anybody := m.server.ClientWith("")
	anybody.Get("devices").Problem(http.StatusUnauthorized, "unauthenticated")
	m.server.ClientWith(m.plant("token that there is not")).Get("devices").Problem(http.StatusUnauthorized, "unauthenticated")
	m.server.ClientWith(m.plant("metrics token that is wrong")).Get("/metrics")
	anybody.Do(http.MethodGet, "devices", nil, "Cookie", "dialtone="+m.plant("cookie of the console that there is not"))
	anybody.Do(http.MethodGet, "devices", nil, "Authorization", "Basic "+m.plant("Basic to the API"))
	anybody.Post("signIn", object{"name": "admin", "password": m.plant("wrong password of the administrator")}).Problem(http.StatusUnauthorized, "unauthenticated")
	anybody.Post("signIn", object{"name": "nobody", "password": m.plant("password of nobody")}).Problem(http.StatusUnauthorized, "unauthenticated")
	anybody.Post("signIn", object{"name": []string{"x"}, "password": object{"is": m.plant("password of another type")}})
	anybody.Post("signIn", object{"name": "admin", "password": strings.Repeat(m.plant("password that is too long"), 100)})
	anybody.Do(http.MethodPost, "signIn", readerOf(`{"password":"`+m.plant("password in JSON without its end")), "Content-Type", "application/json")
	anybody.Do(http.MethodPost, "signIn", readerOf(`password=`+m.plant("password of a form")), "Content-Type", "application/x-www-form-urlencoded")
	m.admin.Post("devices", object{"mac": "nonsense", "cwmpUsername": "u", "cwmpPassword": m.plant("CWMP password beside what is wrong")}).Problem(http.StatusUnprocessableEntity, "invalid")
	m.admin.Post("devices", object{"mac": "000e08aaaaaa", "cwmpUsername": "u", "cwmpPassword": object{"x": m.plant("CWMP password of another type")}}).Problem(http.StatusUnprocessableEntity, "invalid")
	m.admin.Post("devices", object{"mac": "000e08aaaaaa", "cwmpUsername": "marked-user", "cwmpPassword": m.plant("CWMP password of a name that is taken")})
	m.admin.Post("users", object{"name": "x y", "role": "viewer", "password": m.plant("password of a user of no name")})
	m.admin.Post("users", object{"name": "short", "role": "viewer", "password": m.plant("password that is refused for its form") + "\x00"})
	m.admin.Do(http.MethodPatch, "users/admin", object{"password": []string{m.plant("new password of another type")}}, "Content-Type", "application/merge-patch+json")
	m.server.ClientWith(m.tokens["viewer"]).Post("devices/"+m.id+"/tasks", object{"kind": "setParameterValues", "parameters": []object{setting(line+"1.SIP.AuthPassword", m.plant("password of a task that is forbidden"))}}).
		Problem(http.StatusForbidden, "forbidden")
}

// people makes a user with all that one can have, and tokens.
func (m *marked) people() {
	first, password := m.plant("password that a user was given"), m.plant("password that a user chose")
	m.admin.Post("groups", object{"path": "acme", "title": "Acme"}).Want(http.StatusCreated)
	m.admin.Post("users", object{"name": "sam", "role": "operator", "password": first}).Want(http.StatusCreated)
	sam := m.server.browser()
	sam.answers = m.shown.answers
	sam.Post("signIn", object{"name": "sam", "password": first}).Want(http.StatusOK)
	sam.Post("me/password", object{"current": first, "new": password}).Want(http.StatusNoContent)
	sam.Post("me/password", object{"current": m.plant("wrong password at its change"), "new": password})
	m.secondFactor(sam, password)
	for _, c := range sam.http.Jar.Cookies(mustParse(m.t, sam.base)) {
		m.add(m.t, "cookie of a browser session", c.Value)
	}
	var made struct {
		User     object
		Password string
	}
	m.shown.Post("users", object{"name": "eve", "role": "support", "scope": "acme"}).Want(http.StatusCreated).Decode(&made)
	m.add(m.t, "password that was made up", made.Password)
	var token struct{ Secret string }
	m.shown.Post("tokens", object{"name": "of the API", "role": "support", "scope": "acme"}).Want(http.StatusCreated).Decode(&token)
	m.add(m.t, "token that the API made", token.Secret)
	m.tokens["support"] = token.Secret
}

func (m *marked) secondFactor(sam *client, password string) {
	var factor struct{ Key, URI string }
	sam.Post("me/secondFactor", object{"password": password}).Want(http.StatusCreated).Decode(&factor)
	m.add(m.t, "key of a second factor", factor.Key)
	sam.Post("me/secondFactor/confirm", object{"code": m.plant("code that is none")}).Problem(http.StatusUnprocessableEntity, "invalid")
	code, err := totp.GenerateCode(factor.Key, time.Now())
	if err != nil {
		m.t.Fatal(err)
	}
	var recovery struct{ RecoveryCodes []string }
	sam.Post("me/secondFactor/confirm", object{"code": code}).Want(http.StatusOK).Decode(&recovery)
	for i, text := range recovery.RecoveryCodes {
		m.add(m.t, fmt.Sprint("recovery code ", i), text)
	}
	anybody := m.server.ClientWith("")
	anybody.Post("signIn", object{"name": "sam", "password": password})
	anybody.Post("signIn", object{"name": "sam", "password": password, "code": m.plant("code that is wrong")})
	again := m.server.browser()
	again.Post("signIn", object{"name": "sam", "password": password, "code": recovery.RecoveryCodes[0]}).Want(http.StatusOK)
	for _, c := range again.http.Jar.Cookies(mustParse(m.t, again.base)) {
		m.add(m.t, "cookie of another browser session", c.Value)
	}
}

// signInsElsewhere begins a sign-in at the OpenID provider, which fails.
func (m *marked) signInsElsewhere() {
	browser := m.server.browser()
	browser.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	begun := browser.Get("signIn/openId").Want(http.StatusSeeOther)
	state := mustParse(m.t, begun.Header.Get("Location")).Query().Get("state")
	for _, c := range browser.http.Jar.Cookies(mustParse(m.t, browser.base+"/api/v1/signIn/openId/callback")) {
		m.add(m.t, "cookie of a sign-in under way", c.Value)
	}
	browser.Get("signIn/openId/callback?state=" + state + "&code=" + m.plant("code of the OpenID provider"))
	browser.Get("signIn/openId/callback?state=" + m.plant("state that is wrong") + "&code=" + m.plant("code that came with a wrong state"))
}
