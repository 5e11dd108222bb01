package files

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// PathPrefix is where the folders lie that Library.Offer makes: the path of a
// file is PathPrefix, the token, a slash and the name.
const PathPrefix = "/files/t/"

// UploadPathPrefix is where the places lie that Library.Receive makes: the path of
// one is UploadPathPrefix and the token; a slash and a name may follow, which means
// nothing.
const UploadPathPrefix = "/files/u/"

// MaxURLLength is the longest URL that a Download carries, in characters
// (string(256) in TR-069 A.3.2.8).
const MaxURLLength = 256

func joinPath(token, name string) string { return PathPrefix + token + "/" + name }

// SplitPath takes the path of an offered file apart. It wants the path as it was
// sent (url.URL.EscapedPath): each segment is unescaped once and alone, so that
// an escaped slash never divides, and then must be a token and a name. ok is
// false for every other path.
func SplitPath(escaped string) (token, name string, ok bool) {
	rest, ok := strings.CutPrefix(escaped, PathPrefix)
	if !ok {
		return "", "", false
	}
	token, name, ok = strings.Cut(rest, "/")
	if !ok || !isToken(token) {
		return "", "", false
	}
	name, err := url.PathUnescape(name)
	if err != nil || CheckName(name) != nil {
		return "", "", false
	}
	return token, name, true
}

// OfferURL returns the URL that a Download names: base, which is how devices
// reach the files listener, followed by the offer's path. It returns an error
// that does not show the token if base is not an absolute http or https URL,
// holds a user name or password (devices refuse those, and have fields of their
// own for them), a query or a fragment, or if the URL is longer than
// MaxURLLength.
func OfferURL(base *url.URL, offer Offer) (string, error) {
	return deviceURL(base, offer.Path, "download URL of "+offer.File.Name)
}

// ReceiptURL returns the URL that an Upload names, as OfferURL does that of a
// Download.
func ReceiptURL(base *url.URL, receipt Receipt) (string, error) {
	return deviceURL(base, receipt.Path, "upload URL of "+receipt.Name)
}

func deviceURL(base *url.URL, path, what string) (string, error) {
	if err := checkBase(base); err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	text := base.JoinPath(path).String()
	if n := utf8.RuneCountInString(text); n > MaxURLLength {
		return "", fmt.Errorf("%s has %d characters and a device takes at most %d: shorten the name of the file or the URL of the files listener", what, n, MaxURLLength)
	}
	return text, nil
}

// SplitUploadPath returns the token of the path of a place for an upload, as it was
// sent (url.URL.EscapedPath). ok is false for every other path.
func SplitUploadPath(escaped string) (token string, ok bool) {
	rest, ok := strings.CutPrefix(escaped, UploadPathPrefix)
	if !ok {
		return "", false
	}
	token, name, _ := strings.Cut(rest, "/")
	return token, isToken(token) && !strings.Contains(name, "/")
}

func checkBase(base *url.URL) error {
	switch {
	case base == nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		return errors.New("the URL of the files listener must be absolute, with http or https")
	case base.User != nil:
		return errors.New("the URL of the files listener must not hold a user name or password")
	case base.RawQuery != "" || base.ForceQuery || base.Fragment != "":
		return errors.New("the URL of the files listener must not hold a query or a fragment")
	}
	return nil
}
