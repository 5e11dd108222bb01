package filephone

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config says what a phone is and where its files are.
type Config struct {
	Vendor Vendor
	// MAC has 12 hexadecimal digits, in any case, with or without colons or hyphens.
	MAC string
	// Files is the URL of the folder, of scheme http, https or tftp, as the phone gets
	// it from DHCP. A user name and a password in it go with every HTTP request.
	Files string
	// Conditional has the phone send the ETag of what it has in If-None-Match, and keep
	// to that if the answer is 304. Some firmware does.
	Conditional bool
	// Client sends HTTP requests; nil is one of the phone's own that follows no more
	// than three redirections and gives up after 30 s.
	Client *http.Client
	// Timeout is how long a packet of TFTP is waited for before the last one is sent
	// again; 1 s if 0.
	Timeout time.Duration
}

// Phone is one simulated phone. Its methods may be called from several goroutines; it
// does one thing at a time.
type Phone struct {
	config Config
	base   *url.URL

	mutex  sync.Mutex
	manner manner
	copies map[string]kept
	// image is the firmware that was looked at last.
	image string
}

// New returns a phone that did not start yet. Errors name the field of the
// configuration that is wrong.
func New(config Config) (*Phone, error) {
	mac, err := plainMAC(config.MAC)
	if err != nil {
		return nil, err
	}
	config.MAC = mac
	base, err := url.Parse(config.Files)
	if err != nil || base.Host == "" || !slices.Contains([]string{"http", "https", "tftp"}, base.Scheme) {
		return nil, fmt.Errorf("filephone: Files: %q is no URL of http, https or tftp", config.Files)
	}
	manner, err := newManner(config.Vendor)
	if err != nil {
		return nil, err
	}
	if config.Client == nil {
		config.Client = defaultClient()
	}
	if config.Timeout <= 0 {
		config.Timeout = time.Second
	}
	return &Phone{config: config, base: base, manner: manner, copies: map[string]kept{}}, nil
}

func defaultClient() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) > 3 {
			return errors.New("too many redirections")
		}
		return nil
	}}
}

func plainMAC(text string) (string, error) {
	plain := strings.ToLower(strings.NewReplacer(":", "", "-", "").Replace(text))
	if raw, err := hex.DecodeString(plain); err != nil || len(raw) != 6 {
		return "", fmt.Errorf("filephone: MAC: %q has not 12 hexadecimal digits", text)
	}
	return plain, nil
}

// MAC returns the phone's address, 12 lower-case digits.
func (p *Phone) MAC() string { return p.config.MAC }

// Vendor returns whose phone it is.
func (p *Phone) Vendor() Vendor { return p.config.Vendor }

// Outcome is what came of one start of a phone.
type Outcome struct {
	// Requests are in the order in which they were made.
	Requests []Request
	// Changed says that a file is not the one that the phone had.
	Changed bool
}

// Request is one request for a file, and its answer.
type Request struct {
	URL string
	// Status is the one of HTTP; over TFTP 200, 404, 403 or 500. It is 0 if there was
	// no answer.
	Status int
	// Bytes is how long the content is; of a firmware image, how much of it was read.
	Bytes int
}

// Start has the phone ask for its files once, as it does after power-up, and take
// them. The outcome tells of the requests even if there is an error: ErrNoFile, a
// *RefusedError, a *StatusError, or one of the network. A phone that fails keeps what
// it took until then.
func (p *Phone) Start(ctx context.Context) (Outcome, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	v := &visit{phone: p}
	err := p.manner.start(ctx, v)
	return v.outcome, err
}

// Held tells what the phone holds, with its passwords.
func (p *Phone) Held() Held {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.manner.held()
}
