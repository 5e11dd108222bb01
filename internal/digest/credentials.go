package digest

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"
)

// MaxUsername is the number of characters that a user name or a password may have:
// ManagementServer.Username and Password of TR-181 are string(256).
const MaxUsername = 256

// Scheme is how credentials prove themselves.
type Scheme string

// The schemes that [Parse] reads.
const (
	Basic  Scheme = "Basic"
	Digest Scheme = "Digest"
)

// Credentials are a parsed Authorization header. Nothing about them is proven until [Challenger.Check] says so.
// Their printed form shows the scheme and the user name only.
type Credentials struct {
	Scheme   Scheme
	Username string

	// The rest belongs to Digest (RFC 7616 section 3.4), each value as the client wrote it.
	Realm, Nonce, URI, Response, Algorithm, CNonce, QOP, NonceCount, Opaque string

	password string
	userhash bool
}

// Format writes what may be logged.
func (c Credentials) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, fmt.Sprintf("%s %q", string(c.Scheme), c.Username))
}

// Parse reads the value of an Authorization header. Its errors are [ErrScheme] and [ErrMalformed]; whether the
// algorithm and the qop are supported is left to [Challenger.Check].
func Parse(header string) (Credentials, error) {
	parts, err := parseParts(header)
	if err != nil {
		return Credentials{}, err
	}
	if len(parts) != 1 {
		return Credentials{}, fmt.Errorf("%w: expected one scheme, found %d", ErrMalformed, len(parts))
	}
	switch p := parts[0]; {
	case strings.EqualFold(p.scheme, string(Basic)):
		return parseBasic(p.token)
	case strings.EqualFold(p.scheme, string(Digest)):
		return parseDigest(p.params)
	default:
		return Credentials{}, ErrScheme
	}
}

// parseBasic reads base64 of "username:password" (RFC 7617). The password may hold colons.
func parseBasic(token string) (Credentials, error) {
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(token, "="))
	if err != nil {
		return Credentials{}, fmt.Errorf("%w: Basic credentials are not base64", ErrMalformed)
	}
	username, password, found := strings.Cut(string(decoded), ":")
	if !found {
		return Credentials{}, fmt.Errorf("%w: Basic credentials have no colon", ErrMalformed)
	}
	if err := checkText("username", username); err != nil {
		return Credentials{}, err
	}
	if err := checkText("password", password); err != nil {
		return Credentials{}, err
	}
	return Credentials{Scheme: Basic, Username: username, password: password}, nil
}

func parseDigest(params map[string]string) (Credentials, error) {
	c := Credentials{
		Scheme:     Digest,
		Username:   params["username"],
		Realm:      params["realm"],
		Nonce:      params["nonce"],
		URI:        params["uri"],
		Response:   strings.ToLower(params["response"]),
		Algorithm:  params["algorithm"],
		CNonce:     params["cnonce"],
		QOP:        params["qop"],
		NonceCount: params["nc"],
		Opaque:     params["opaque"],
		userhash:   strings.EqualFold(params["userhash"], "true"),
	}
	for _, name := range []string{"nonce", "uri", "response", "realm"} {
		if _, present := params[name]; !present {
			return Credentials{}, fmt.Errorf("%w: Digest credentials without %s", ErrMalformed, name)
		}
	}
	if err := c.takeUsername(params); err != nil {
		return Credentials{}, err
	}
	if c.QOP != "" && (c.CNonce == "" || !isNonceCount(c.NonceCount)) {
		return Credentials{}, fmt.Errorf("%w: qop needs cnonce and nc of up to 8 hexadecimal digits", ErrMalformed)
	}
	return c, nil
}

// takeUsername reads username, or username* (RFC 7616 section 3.4, RFC 8187), but not both.
func (c *Credentials) takeUsername(params map[string]string) error {
	plain, hasPlain := params["username"]
	extended, hasExtended := params["username*"]
	if hasPlain == hasExtended {
		return fmt.Errorf("%w: expected either username or username*", ErrMalformed)
	}
	c.Username = plain
	if hasExtended {
		const charset = "utf-8''"
		if len(extended) < len(charset) || !strings.EqualFold(extended[:len(charset)], charset) {
			return fmt.Errorf("%w: username* is not of the form UTF-8''…", ErrMalformed)
		}
		decoded, err := url.PathUnescape(extended[len(charset):])
		if err != nil {
			return fmt.Errorf("%w: username* is not percent-encoded", ErrMalformed)
		}
		c.Username = decoded
	}
	return checkText("username", c.Username)
}

// checkText accepts what is not valid UTF-8 too: such bytes may be ISO 8859-1 and are only compared.
func checkText(name, value string) error {
	if n := utf8.RuneCountInString(value); n > MaxUsername {
		return fmt.Errorf("%w: %s has %d characters, at most %d are allowed", ErrMalformed, name, n, MaxUsername)
	}
	if strings.ContainsFunc(value, isControl) {
		return fmt.Errorf("%w: control character in %s", ErrMalformed, name)
	}
	return nil
}

func isNonceCount(s string) bool {
	return s != "" && len(s) <= 8 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}
