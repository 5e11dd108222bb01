package openid_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/dialtone-acs/dialtone/users/openid"
)

func TestAnIDTokenThatIsNotForThisSignInIsRefused(t *testing.T) {
	set := func(name string, value any) func(map[string]any) {
		return func(claims map[string]any) { claims[name] = value }
	}
	for name, test := range map[string]struct {
		forge func(map[string]any)
		want  error
	}{
		"of another sign-in":              {set("nonce", "another"), openid.ErrState},
		"without a nonce":                 {func(c map[string]any) { delete(c, "nonce") }, openid.ErrState},
		"for another audience":            {set("aud", []string{"somebody else"}), openid.ErrProvider},
		"for many, authorised for others": {func(c map[string]any) { c["aud"], c["azp"] = []string{"dialtone", "x"}, "x" }, openid.ErrProvider},
		"for many, authorised for nobody": {func(c map[string]any) { c["aud"] = []string{"dialtone", "x"}; delete(c, "azp") }, openid.ErrProvider},
		"for nobody":                      {func(c map[string]any) { delete(c, "aud") }, openid.ErrProvider},
		"of another issuer":               {set("iss", "https://other.example"), openid.ErrProvider},
		"expired":                         {set("exp", time.Now().Add(-time.Minute).Unix()), openid.ErrProvider},
		"not yet valid":                   {set("nbf", time.Now().Add(time.Hour).Unix()), openid.ErrProvider},
		"with another access token":       {set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), openid.ErrProvider},
		"without a subject":               {func(c map[string]any) { delete(c, "sub") }, openid.ErrProvider},
		"with a subject of two lines":     {set("sub", "0815\n4711"), openid.ErrProvider},
		"about somebody else at UserInfo": {func(c map[string]any) { c["sub"] = "4711"; delete(c, "groups") }, openid.ErrProvider},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.forge = test.forge
			h.begin("/").wants(t, test.want)
			h.forge = func(map[string]any) {}
			h.begin("/").proves(t, h.jane(), "/") // The forger's hand alone does not spoil it.
		})
	}
}

func TestAnIDTokenForManyThatNamesThisClientIsGood(t *testing.T) {
	h := newHouse(t)
	h.forge = func(c map[string]any) { c["aud"], c["azp"] = []string{"x", "dialtone"}, "dialtone" }
	h.begin("/").proves(t, h.jane(), "/")
}

func TestAnIDTokenSignedWithAnotherKeyIsRefused(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]string{"under the name of the right one": "first", "under a name of its own": "mine", "under no name": ""} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.forger = &signingKey{key, id}
			h.begin("/").wants(t, openid.ErrProvider)
		})
	}
}

func TestAKeyThatTheProviderReplacedIsLookedUp(t *testing.T) {
	h := newHouse(t)
	h.begin("/").proves(t, h.jane(), "/")
	if err := h.replaceKey(); err != nil {
		t.Fatal(err)
	}
	h.begin("/").proves(t, h.jane(), "/")
	if n := h.discoveries.Load(); n != 1 {
		t.Errorf("the provider was discovered %d times, want once", n)
	}
}

func TestAnIDTokenExpiresByOurClock(t *testing.T) {
	h := newHouse(t, func(_ *openid.Options, c *client) { c.lifetime = time.Minute })
	cookie, query := h.stopped()
	h.advance(2 * time.Minute)
	h.again(cookie, query).wants(t, openid.ErrProvider)
}

func parse(token string) (payload map[string]any, err error) {
	jws, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, err
	}
	return payload, json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &payload)
}

func signed(key signingKey, payload map[string]any) (string, error) {
	signer, err := op.SignerFromKey(key)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(payload)
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(text)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}
