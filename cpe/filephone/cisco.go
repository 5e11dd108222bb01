package filephone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"strings"
)

// cisco is an 8851 with multiplatform firmware: what the profile rules say, in turn.
type cisco struct {
	// kept are the elements of profiles by name.
	kept settings
	// first is the URL that DHCP gives in place of the first rule; empty for none.
	first string
}

const (
	ciscoModel    = "8851-3PCC"
	ciscoFirmware = "12.0.1"
	// ciscoFirst is the rule of a phone that was told none.
	ciscoFirst = "/$PSN.xml"
)

func newCisco() *cisco { return &cisco{kept: settings{"Profile_Rule": ciscoFirst}} }

func (c *cisco) userAgent(mac string) string {
	return "Cisco-CP-" + ciscoModel + "/" + ciscoFirmware + " (" + mac + ")"
}

// start evaluates the rules in turn, each as the profiles before it left it. One that
// fails ends it.
func (c *cisco) start(ctx context.Context, v *visit) error {
	for _, name := range []string{"Profile_Rule", "Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D"} {
		if strings.TrimSpace(c.kept[name]) == "" {
			continue
		}
		rule, err := c.rule(c.kept[name], v)
		if err != nil {
			return fmt.Errorf("filephone: %s: %w", name, err)
		}
		f, found, err := v.get(ctx, rule)
		if err != nil {
			return err
		}
		if !found {
			return ErrNoFile
		}
		if err := c.take(f); err != nil {
			return err
		}
	}
	if c.kept.on("Upgrade_Enable") {
		return v.upgrade(ctx, c.kept["Upgrade_Rule"])
	}
	return nil
}

// ciscoOptions are options in front of the URL of a rule.
var ciscoOptions = regexp.MustCompile(`^\[([^\]]*)\]\s*`)

// rule returns the URL of a rule, with its macros replaced and with the user name and
// the password of its options.
func (c *cisco) rule(text string, v *visit) (string, error) {
	text = strings.TrimSpace(text)
	if text == ciscoFirst && c.first != "" {
		text = c.first
	}
	var user *url.Userinfo
	if m := ciscoOptions.FindStringSubmatch(text); m != nil {
		var err error
		if user, err = ciscoUser(m[1]); err != nil {
			return "", err
		}
		text = text[len(m[0]):]
	}
	if strings.ContainsAny(text, "()|? ") {
		return "", errors.New("conditions and alternatives of a rule are beyond this phone")
	}
	first := text == ciscoFirst
	text = ciscoMacros(v.mac()).Replace(text)
	switch {
	case first:
		// The server is the one of DHCP, and so is the folder.
		return text, nil
	case strings.Contains(text, "://"):
	case strings.HasPrefix(text, "/"):
		server := *v.phone.base
		server.Path = text
		return server.String(), nil
	default:
		text = "tftp://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "", errors.New("it has no URL")
	}
	if user != nil {
		u.User = user
	}
	return u.String(), nil
}

func ciscoUser(options string) (*url.Userinfo, error) {
	fields := strings.Fields(options)
	var name, password string
	for i := 0; i < len(fields); i += 2 {
		if i+1 == len(fields) {
			return nil, fmt.Errorf("the option %s has no value", fields[i])
		}
		switch fields[i] {
		case "--uid":
			name = fields[i+1]
		case "--pwd":
			password = fields[i+1]
		default:
			return nil, fmt.Errorf("the option %s is beyond this phone", fields[i])
		}
	}
	return url.UserPassword(name, password), nil
}

// ciscoMacros replaces the longest names first.
func ciscoMacros(mac string) *strings.Replacer {
	colons := make([]string, 0, 6)
	for i := 0; i < len(mac); i += 2 {
		colons = append(colons, mac[i:i+2])
	}
	return strings.NewReplacer(
		"$MAC", strings.Join(colons, ":"), "$MAU", strings.ToUpper(mac), "$MA", mac, "$PSN", ciscoModel, "$PN", "CP-"+ciscoModel, "$SWVER", ciscoFirmware,
		"$CCERT", "Installed",
	)
}

// take applies a profile: what it does not have stays, the last of two counts.
func (c *cisco) take(f file) error {
	root, err := f.parseXML()
	if err != nil {
		return err
	}
	profile := root
	if root.name == "device" {
		profile = root.child("flat-profile")
	}
	if profile == nil || profile.name != "flat-profile" {
		return f.refuse(root.line, "it has no flat-profile")
	}
	values := settings{}
	for _, n := range profile.children {
		if len(n.children) > 0 {
			return f.refuse(n.line, "%s has elements in place of a value", n.name)
		}
		if ua := n.attributes["ua"]; !ciscoAccess(ua) {
			return f.refuse(n.line, "%s has the access %q", n.name, ua)
		}
		values[n.name] = n.value()
	}
	maps.Copy(c.kept, values)
	return nil
}

func ciscoAccess(ua string) bool {
	switch strings.TrimSuffix(ua, "y") {
	case "", "na", "ro", "rw":
		return true
	}
	return false
}
