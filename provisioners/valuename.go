package provisioners

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// canonicalName returns the canonical form of what names something of the world: a
// host, an address, a zone, a language, a country.
func canonicalName(t SettingType, text string) (string, bool) {
	switch t {
	case HostType:
		return canonicalHost(text)
	case URLType:
		return canonicalURL(text)
	case ZoneType:
		return text, isZone(text)
	case LanguageType:
		return canonicalLanguage(text)
	case CountryType:
		return canonicalCountry(text)
	}
	return "", false
}

// dialled is what a phone dials.
var dialled = regexp.MustCompile(`^\+?[0-9*#]{1,40}$`)

func canonicalDialled(text string) (string, bool) {
	text = strings.TrimSpace(text)
	return text, dialled.MatchString(text)
}

// hostName matches a name of the DNS; the underscore is in names of services.
var hostName = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$`)

// onlyDigits tells an IPv4 address that is mistyped from a host name.
var onlyDigits = regexp.MustCompile(`^[0-9.]+$`)

func canonicalHost(text string) (string, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	bare := text
	if inner, ok := strings.CutPrefix(text, "["); ok {
		bare = strings.TrimSuffix(inner, "]")
	}
	if address, err := netip.ParseAddr(bare); err == nil {
		return address.String(), address.Zone() == ""
	}
	return text, len(text) <= 253 && hostName.MatchString(text) && !onlyDigits.MatchString(text)
}

// schemes are those of which a phone takes files and pages.
func schemes() []string { return []string{"http", "https", "tftp", "ftp", "ftps"} }

func canonicalURL(text string) (string, bool) {
	text = strings.TrimSpace(text)
	scheme, rest, found := strings.Cut(text, "://")
	scheme = strings.ToLower(scheme)
	if !found || !slices.Contains(schemes(), scheme) || strings.ContainsAny(rest, " \t\r\n\"<>\\") {
		return "", false
	}
	parsed, err := url.Parse(scheme + "://" + rest)
	if err != nil || parsed.User != nil {
		return "", false
	}
	if _, ok := canonicalHost(parsed.Hostname()); !ok {
		return "", false
	}
	if port := parsed.Port(); port != "" {
		if _, ok := (&Setting{Type: PortType}).canonicalNumber(port); !ok {
			return "", false
		}
	}
	return scheme + "://" + rest, true
}

// zoneName is the form of a name of the IANA database; what time.LoadLocation takes
// beside, such as "Local", is no such name.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(?:/[A-Z][A-Za-z0-9_+-]*){0,2}$`)

func isZone(text string) bool {
	if !zoneName.MatchString(text) || text == "Local" {
		return false
	}
	_, err := time.LoadLocation(text)
	return err == nil
}

func canonicalLanguage(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if len(text) > 35 {
		return "", false
	}
	tag, err := language.Parse(text)
	return tag.String(), err == nil && tag != language.Und
}

func canonicalCountry(text string) (string, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) != 2 {
		return "", false
	}
	region, err := language.ParseRegion(text)
	return text, err == nil && region.IsCountry() && region.String() == text
}
