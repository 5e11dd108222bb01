package filephone

import (
	"context"
	"strings"
)

// yealink is a T46S: a boot file, or else a file of the model and one of the phone.
type yealink struct {
	kept settings
	// sums are the files that were applied, which are not applied again unchanged.
	sums map[string]string
}

const (
	yealinkModel    = "T46S"
	yealinkFirmware = "66.86.0.15"
	// yealinkCommon is the file of the model: 66 is the code of the T46S.
	yealinkCommon = "y000000000066.cfg"
)

func newYealink() *yealink { return &yealink{kept: settings{}, sums: map[string]string{}} }

func (y *yealink) userAgent(mac string) string {
	parts := make([]string, 0, 6)
	for i := 0; i < len(mac); i += 2 {
		parts = append(parts, mac[i:i+2])
	}
	return "Yealink SIP-" + yealinkModel + " " + yealinkFirmware + " " + strings.Join(parts, ":")
}

func (y *yealink) start(ctx context.Context, v *visit) error {
	for _, name := range []string{v.mac() + ".boot", "y000000000000.boot"} {
		boot, found, err := v.get(ctx, name)
		if err != nil {
			return err
		}
		if found {
			return y.follow(ctx, v, boot)
		}
	}
	return y.takeAll(ctx, v, []string{yealinkCommon, v.mac() + ".cfg"})
}

// follow takes the files that a boot file names.
func (y *yealink) follow(ctx context.Context, v *visit, f file) error {
	boot, err := parseYealinkBoot(f)
	if err != nil {
		return err
	}
	if boot.overwrite {
		// What no file says goes back to the factory's value: all is applied anew.
		y.kept, y.sums = settings{}, map[string]string{}
	}
	return y.takeAll(ctx, v, boot.includes)
}

// takeAll takes files in order. One that is not there is left out.
func (y *yealink) takeAll(ctx context.Context, v *visit, names []string) error {
	none := true
	for _, name := range names {
		f, found, err := v.get(ctx, name)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		none = false
		if err := y.take(f); err != nil {
			return err
		}
	}
	if none {
		return ErrNoFile
	}
	return v.upgrade(ctx, y.kept["static.firmware.url"])
}

// take applies a file, unless it is the same as last time.
func (y *yealink) take(f file) error {
	if y.sums[f.name] == string(f.content) {
		return nil
	}
	lines, err := parseYealink(f)
	if err != nil {
		return err
	}
	for _, l := range lines {
		switch {
		case l.value == "%NULL%":
			delete(y.kept, l.key)
		case strings.HasSuffix(l.key, "security.user_password"):
			// One line for each user: name:password.
			name, password, _ := strings.Cut(l.value, ":")
			y.kept["password of "+name] = password
		default:
			y.kept[l.key] = l.value
		}
	}
	y.sums[f.name] = string(f.content)
	return nil
}
