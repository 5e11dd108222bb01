package openid

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// PendingLifetime is how long a sign-in may be under way, and so the age that the
// cookie of Begin should have.
const PendingLifetime = 10 * time.Minute

// maxCookie is what browsers keep of one cookie, in bytes.
const maxCookie = 4096

// pending is a sign-in under way. Only the browser has it, sealed.
type pending struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	ReturnTo string    `json:"returnTo"`
	Expires  time.Time `json:"expires"`
}

func newPending(returnTo string, now time.Time) pending {
	return pending{
		State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(),
		ReturnTo: samePath(returnTo), Expires: now.Add(PendingLifetime).UTC().Truncate(time.Second),
	}
}

// pendingOwner is the owner that the state is sealed for, so that one provider's
// cookie opens for no other, nor does anything else that was ever sealed.
func (p *Provider) pendingOwner() string {
	return "openId/" + p.options.ClientID + "/" + p.options.Issuer
}

func (p *Provider) seal(state pending) (cookie string, err error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // Six bytes for every & of returnTo would not fit into a cookie.
	if err := encoder.Encode(state); err != nil {
		return "", fmt.Errorf("encode the state of a sign-in: %w", err)
	}
	sealed, err := p.options.Keeper.Seal(secret.NewText(text.String()), p.pendingOwner())
	if err != nil {
		return "", fmt.Errorf("seal the state of a sign-in: %w", err)
	}
	return string(sealed), nil
}

// open returns the sign-in that a cookie holds, or ErrState; one that expired with it.
func (p *Provider) open(cookie string) (pending, error) {
	if cookie == "" || len(cookie) > maxCookie {
		return pending{}, fmt.Errorf("%w: no cookie, or one that is too long", ErrState)
	}
	text, err := p.options.Keeper.Open(secret.Sealed(cookie), p.pendingOwner())
	if err != nil {
		return pending{}, fmt.Errorf("%w: %w", ErrState, err)
	}
	var state pending
	if err := json.Unmarshal([]byte(text.Reveal()), &state); err != nil {
		return pending{}, fmt.Errorf("%w: the cookie holds no sign-in", ErrState)
	}
	if !p.options.Now().Before(state.Expires) {
		return state, fmt.Errorf("%w: it expired at %s", ErrState, state.Expires.Format(time.RFC3339))
	}
	return state, nil
}

// same reports whether two texts are the same and not empty, in a time that does
// not tell where they differ.
func same(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
