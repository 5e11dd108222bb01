package mapping_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

func TestAnInputThatCannotBeIsAnError(t *testing.T) {
	m := parsed(t)
	for name, test := range map[string]struct {
		change func(*mapping.Input)
		want   error
	}{
		"no settings":                    {func(in *mapping.Input) { in.Effective = nil }, nil},
		"a secret that cannot be opened": {func(in *mapping.Input) { in.Effective.Err = fmt.Errorf("account.1.password: %w", secret.ErrKey) }, secret.ErrKey},
		"another root":                   {func(in *mapping.Input) { in.Root = "Devices." }, nil},
		"no root":                        {func(in *mapping.Input) { in.Root = "" }, nil},
		"more instances than can be set": {func(in *mapping.Input) {
			in.Instances = map[string][]int{"Device.Services.VoiceService.1.VoiceProfile.": nil}
			for n := range 1000 {
				in.Instances["Device.Services.VoiceService.1.VoiceProfile."] = append(in.Instances["Device.Services.VoiceService.1.VoiceProfile."], n)
			}
		}, mapping.ErrTooMany},
	} {
		t.Run(name, func(t *testing.T) {
			in := fixedLines().input(t, two()...)
			test.change(&in)
			used := m
			if errors.Is(test.want, mapping.ErrTooMany) {
				// As many entries as there may be, for each of the instances that are looked at.
				var more strings.Builder
				for i := range 30 {
					fmt.Fprintf(&more, "  - {for: account, path: ['{profile}Enable', '{profile}X%d'], value: Enabled, absent: Disabled}\n", i)
				}
				used = parsed(t, "together:\n", more.String()+"together:\n")
			}
			_, err := used.Resolve(in)
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestASecretThatIsYetToBeMadeIsNotSet(t *testing.T) {
	in := fixedLines().input(t, "account.1.user=1", "account.1.password=stands for it", "vendor.acme.Device.X_ACME_Password=x")
	for i := range in.Effective.Settings {
		in.Effective.Settings[i].Ungenerated = in.Effective.Settings[i].IsSecret
	}
	r := resolved(t, parsed(t), in)
	for _, p := range r.Parameters {
		if p.IsSecret {
			t.Errorf("%s is set", p.Path)
		}
	}
	for _, u := range r.Unmapped {
		if strings.Contains(u.Setting, "assword") {
			t.Errorf("%s is reported: %s", u.Setting, u.Reason)
		}
	}
}
