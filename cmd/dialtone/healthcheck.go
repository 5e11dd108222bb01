package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// healthcheckCommand asks a server whether it can serve.
type healthcheckCommand struct {
	URL      string        `name:"url" default:"http://127.0.0.1:8080/readyz" help:"What to ask." placeholder:"URL"`
	Timeout  time.Duration `default:"4s" help:"How long to wait for the answer."`
	Insecure bool          `help:"Do not check the certificate of an https URL: that of a server is rarely good for 127.0.0.1."`
}

// maxHealth bounds what is read of an answer.
const maxHealth = 4096

// Run returns nil if the answer is 200, else an error with what was answered.
func (c *healthcheckCommand) Run(ctx context.Context, s *streams) error {
	if u, err := url.Parse(c.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return fmt.Errorf("--url: must be an absolute http or https URL without credentials")
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	// No proxy of the environment stands between a container and itself.
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: c.Insecure}, DisableKeepAlives: true}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxHealth))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	text := strings.TrimSpace(string(body))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server cannot serve: %s: %s", answer.Status, text)
	}
	_, err = fmt.Fprintln(s.out, text)
	return err
}
