package openid_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users/openid"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestAProviderThatIsAwayAtTheStartIsFoundOnceItIsBack(t *testing.T) {
	h := newHouse(t)
	h.down.Store(true)
	h.begin("/").wants(t, openid.ErrProvider)
	h.begin("/").wants(t, openid.ErrProvider)
	h.down.Store(false)
	h.begin("/").proves(t, h.jane(), "/")
}

func TestAProviderThatGoesAwayDuringASignInIsSaidToBeAway(t *testing.T) {
	h := newHouse(t)
	cookie, query := h.stopped()
	h.down.Store(true)
	h.again(cookie, query).wants(t, openid.ErrProvider)
	h.down.Store(false)
	h.again(cookie, query).proves(t, h.jane(), "/devices?filter=a&b")
}

func TestManyWhoBeginAtOnceShareOneDiscovery(t *testing.T) {
	h := newHouse(t)
	asked, release := make(chan struct{}), make(chan struct{})
	h.discover = func(map[string]any) {
		close(asked) // A second discovery would close it twice and fail.
		<-release
	}
	// The one whose request it is leaves, which must not spoil it for the others.
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, _, err := h.Begin(ctx, h.callbackURL(), "/")
		left <- err
	}()
	<-asked
	var group sync.WaitGroup
	failures := make(chan error, 20)
	for range cap(failures) {
		group.Go(func() {
			_, _, err := h.Begin(t.Context(), h.callbackURL(), "/")
			failures <- err
		})
	}
	leave()
	if err := <-left; !errors.Is(err, openid.ErrProvider) || !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	close(release)
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			t.Error(err)
		}
	}
	if n := h.discoveries.Load(); n != 1 {
		t.Errorf("the provider was discovered %d times, want once", n)
	}
}

func TestAnAnswerThatIsTooLongIsRefused(t *testing.T) {
	h := newHouse(t)
	h.discover = func(m map[string]any) { m["more"] = strings.Repeat("x", 1<<20) }
	h.begin("/").wants(t, openid.ErrProvider)
	h.discover = func(m map[string]any) { m["more"] = strings.Repeat("x", 1<<19) }
	h.begin("/").proves(t, h.jane(), "/")
}

func TestWhatTheProviderSaysOfItselfIsReadAgainAfterAnHour(t *testing.T) {
	h := newHouse(t)
	h.begin("/").proves(t, h.jane(), "/")
	h.advance(59 * time.Minute)
	if _, _, err := h.Begin(t.Context(), h.callbackURL(), "/"); err != nil || h.discoveries.Load() != 1 {
		t.Errorf("%v after %d discoveries, want one", err, h.discoveries.Load())
	}
	h.advance(2 * time.Minute)
	h.down.Store(true)
	if _, _, err := h.Begin(t.Context(), h.callbackURL(), "/"); err != nil {
		t.Errorf("what is known was thrown away when it could not be read again: %v", err)
	}
	h.down.Store(false)
	if _, _, err := h.Begin(t.Context(), h.callbackURL(), "/"); err != nil || h.discoveries.Load() != 2 {
		t.Errorf("%v after %d discoveries, want two", err, h.discoveries.Load())
	}
}

func TestADiscoveryDocumentThatCannotBeTrustedIsRefused(t *testing.T) {
	for name, fields := range map[string]map[string]any{
		"of another issuer":         {"issuer": "https://other.example"},
		"with a script":             {"authorization_endpoint": "javascript:alert(1)"},
		"without TLS on the way":    {"token_endpoint": "http://idp.example/token"},
		"without a token endpoint":  {"token_endpoint": ""},
		"with keys from elsewhere":  {"jwks_uri": "http://192.0.2.7/keys"},
		"with UserInfo elsewhere":   {"userinfo_endpoint": "ftp://idp.example/"},
		"with a list where text is": {"authorization_endpoint": []string{"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.discover = func(m map[string]any) {
				for name, value := range fields {
					m[name] = value
				}
			}
			h.begin("/").wants(t, openid.ErrProvider)
		})
	}
}

func TestAWrongSecretOfTheClientIsTheProvidersFailure(t *testing.T) {
	h := newHouse(t, func(o *openid.Options, _ *client) { o.ClientSecret = secret.NewText("wrong secret, Jane") })
	h.begin("/").wants(t, openid.ErrProvider)
}

// oddProvider answers discovery as the handler says.
func oddProvider(t *testing.T, handler http.HandlerFunc) *openid.Provider {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	p, err := openid.New(openid.Options{
		Issuer: server.URL, ClientID: "c", Keeper: newKeeper(t, 1), Roles: rules(t, "*=viewer"),
		HTTPClient: &http.Client{Timeout: 300 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAProviderThatAnswersOddlyIsBounded(t *testing.T) {
	done := make(chan struct{})
	defer close(done)
	for name, handler := range map[string]http.HandlerFunc{
		"never": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-done:
			}
		},
		"without end": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(strings.Repeat(" ", 1<<16))); err != nil {
					return
				}
			}
		},
		"with a page": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<html>" + strings.Repeat("x", 5000)))
		},
		"with a long error": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte(strings.Repeat("é", 50000)))
		},
		"with a way around in circles": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			_, _, err := oddProvider(t, handler).Begin(t.Context(), "http://localhost/callback", "/")
			if !errors.Is(err, openid.ErrProvider) {
				t.Fatalf("got %v, want ErrProvider", err)
			}
			if len(err.Error()) > 500 || time.Since(begun) > 5*time.Second {
				t.Errorf("after %s an error of %d bytes", time.Since(begun), len(err.Error()))
			}
		})
	}
}

func TestTheCodeIsNotCarriedToWhereTheTokenEndpointPoints(t *testing.T) {
	h := newHouse(t)
	var caught sync.Map
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { caught.Store(r.Method, r.FormValue("code")) }))
	defer thief.Close()
	pointer := httptest.NewServer(http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect))
	defer pointer.Close()
	h.discover = func(m map[string]any) { m["token_endpoint"] = pointer.URL }
	h.begin("/").wants(t, openid.ErrProvider)
	caught.Range(func(method, code any) bool {
		t.Errorf("%s carried the code %q", method, code)
		return true
	})
}
