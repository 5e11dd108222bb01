package secret_test

import (
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

func TestSecretsAndLinksLeaveATextThatADeviceWrote(t *testing.T) {
	for _, c := range []struct {
		name, text string
		secrets    []string
		want       string
	}{
		{"nothing", "Invalid arguments", []string{"s3cret"}, "Invalid arguments"},
		{"a secret, twice", "s3cret is not s3cret", []string{"s3cret"}, "[secret] is not [secret]"},
		{"a secret that begins with another", "not s3cret-long", []string{"s3cret", "s3cret-long"}, "not [secret]"},
		{"a secret as XML has it", "<F>not a&amp;b&lt;c</F>", []string{"a&b<c"}, "<F>not [secret]</F>"},
		{"one too short to tell", "line 1 of 12", []string{"1", "", "12"}, "line 1 of 12"},
		{"a link", "cannot fetch http://acs:7567/files/t/abcdefghijklmnopqrstuvwxyz/fw.bin", nil, "cannot fetch http://acs:7567/files/t/[secret]/fw.bin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := secret.Conceal(c.text, c.secrets); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
