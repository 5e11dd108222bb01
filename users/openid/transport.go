package openid

import (
	"net/http"
	"time"
)

const (
	// providerTime bounds what is asked of the provider for one step of a sign-in.
	providerTime = 10 * time.Second
	// maxAnswer bounds an answer of the provider in bytes.
	maxAnswer = 1 << 20
)

// boundedClient returns a client like the given one that waits and reads within
// bounds. It follows no redirect of a POST, which would carry the code and the
// client's secret to wherever the answer says.
func boundedClient(like *http.Client) *http.Client {
	var c http.Client
	if like != nil {
		c = *like
	}
	if c.Timeout <= 0 || c.Timeout > providerTime {
		c.Timeout = providerTime
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	c.Transport = boundedTransport{next: c.Transport}
	follow := c.CheckRedirect
	c.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		switch {
		case via[0].Method != http.MethodGet || len(via) >= maxRedirects || addressFault(r.URL.String()) != "":
			return http.ErrUseLastResponse
		case follow != nil:
			return follow(r, via)
		}
		return nil
	}
	return &c
}

// maxRedirects is how often a GET is redirected.
const maxRedirects = 3

// boundedTransport ends every answer at maxAnswer with an error.
type boundedTransport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = http.MaxBytesReader(nil, response.Body, maxAnswer)
	return response, nil
}
