package openid_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users/openid"
)

const (
	clientSecret = "a secret that nobody may see: %/+&="
	cookieName   = "openId"
)

// house is a provider, Dialtone's side of the sign-in behind two URLs, and a
// browser. Its knobs may be turned until the browser moves.
type house struct {
	t *testing.T
	*storage
	provider *op.Provider
	issuer   string
	site     string
	browser  *http.Client
	*openid.Provider

	down, denies atomic.Bool
	discoveries  atomic.Int64
	// forge changes the claims of an ID token before it is signed; discover those
	// of the discovery document.
	forge, discover func(map[string]any)
	// forger signs instead of the provider, if not nil.
	forger *signingKey

	mu    sync.Mutex
	ahead time.Duration
	last  outcome
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.ahead)
}

// advance makes Dialtone's clock run ahead of the provider's.
func (h *house) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ahead += d
}

func newKeeper(t *testing.T, b byte) *secret.Keeper {
	t.Helper()
	keeper, err := secret.NewKeeper(bytes.Repeat([]byte{b}, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

// newHouse returns a house whose person is jane, of the group "support".
func newHouse(t *testing.T, change ...func(*openid.Options, *client)) *house {
	t.Helper()
	h := &house{t: t}
	site := httptest.NewServer(http.HandlerFunc(h.serveSite))
	t.Cleanup(site.Close)
	idp := httptest.NewServer(http.HandlerFunc(h.serveProvider))
	t.Cleanup(idp.Close)
	h.site, h.issuer = site.URL, idp.URL
	c := &client{id: "dialtone", secret: clientSecret, callback: h.callbackURL(), method: oidc.AuthMethodBasic, claimsInIDToken: true, lifetime: time.Hour}
	o := openid.Options{
		Issuer: h.issuer, ClientID: "dialtone", ClientSecret: secret.NewText(clientSecret), Keeper: newKeeper(t, 1), Now: h.now,
		Roles: rules(t, "admins=admin", "support=support@acme/south", "support=viewer"),
	}
	for _, f := range change {
		f(&o, c)
	}
	var err error
	if h.storage, err = newStorage(c); err != nil {
		t.Fatal(err)
	}
	config := &op.Config{CryptoKey: [32]byte{1}, CodeMethodS256: true, AuthMethodPost: c.method == oidc.AuthMethodPost}
	h.provider, err = op.NewProvider(config, h.storage, op.StaticIssuer(h.issuer), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	if h.Provider, err = openid.New(o); err != nil {
		t.Fatal(err)
	}
	h.be(person{subject: "0815", username: "Jane.Doe", name: "Jané Doe", email: "jane@example.com", more: map[string]any{"groups": []string{"staff", "support"}}})
	h.browser = newBrowser(t)
	return h
}

func newBrowser(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 20 * time.Second}
}

func rules(t *testing.T, texts ...string) []openid.RoleRule {
	t.Helper()
	var all []openid.RoleRule
	for _, text := range texts {
		rule, err := openid.ParseRoleRule(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rule)
	}
	return all
}

func (h *house) callbackURL() string { return h.site + "/callback" }

// serveSite is Dialtone's side: /begin and /callback, as the API would be.
func (h *house) serveSite(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/begin":
		to, cookie, err := h.Begin(r.Context(), h.callbackURL(), r.URL.Query().Get("returnTo"))
		if err != nil {
			h.keep(outcome{err: err})
			http.Error(w, "cannot begin", http.StatusBadGateway)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: cookieName, Value: cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(openid.PendingLifetime.Seconds())})
		http.Redirect(w, r, to, http.StatusSeeOther)
	case "/callback":
		o := outcome{callback: r.URL}
		if c, err := r.Cookie(cookieName); err == nil {
			o.cookie = c.Value
		}
		o.who, o.returnTo, o.err = h.Finish(r.Context(), h.callbackURL(), o.cookie, r.URL.Query())
		h.keep(o)
	}
}

func (h *house) keep(o outcome) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = o
}

// serveProvider is the provider with its sign-in page, and whatever the test put
// in its way.
func (h *house) serveProvider(w http.ResponseWriter, r *http.Request) {
	switch {
	case h.down.Load():
		panic(http.ErrAbortHandler) // Ends the connection without an answer.
	case r.URL.Path == "/login":
		h.login(w, r)
	case r.URL.Path == oidc.DiscoveryEndpoint:
		h.discoveries.Add(1)
		h.rewrite(w, r, h.discover)
	case r.URL.Path == "/oauth/token":
		h.rewrite(w, r, h.resign)
	default:
		h.provider.ServeHTTP(w, r)
	}
}

func (h *house) login(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	if h.denies.Load() {
		request, err := h.AuthRequestByID(r.Context(), id)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		op.AuthRequestError(w, r, request, oidc.ErrAccessDenied().WithDescription("no thanks"), h.provider)
		return
	}
	if err := h.signIn(id); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "/authorize/callback?id="+id, http.StatusFound)
}

// rewrite answers what the provider answers, with its JSON changed.
func (h *house) rewrite(w http.ResponseWriter, r *http.Request, change func(map[string]any)) {
	recorder := httptest.NewRecorder()
	h.provider.ServeHTTP(recorder, r)
	body := recorder.Body.Bytes()
	var fields map[string]any
	if change != nil && recorder.Code == http.StatusOK && json.Unmarshal(body, &fields) == nil {
		change(fields)
		body, _ = json.Marshal(fields)
	}
	w.Header().Set("Content-Type", recorder.Header().Get("Content-Type"))
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(body)
}

// resign changes the claims of the ID token and signs it anew.
func (h *house) resign(answer map[string]any) {
	if h.forge == nil && h.forger == nil {
		return
	}
	payload, err := parse(answer["id_token"].(string))
	if err != nil {
		h.t.Error(err)
		return
	}
	if h.forge != nil {
		h.forge(payload)
	}
	key := h.signingKey()
	if h.forger != nil {
		key = *h.forger
	}
	if answer["id_token"], err = signed(key, payload); err != nil {
		h.t.Error(err)
	}
}
