package secret

import (
	"strings"
	"testing"
)

func TestNameIsSecret(t *testing.T) {
	secrets := []string{
		"Device.ManagementServer.Password",
		"Device.ManagementServer.ConnectionRequestPassword",
		"InternetGatewayDevice.ManagementServer.STUNPassword",
		"Device.Services.VoiceService.1.VoiceProfile.1.Line.1.SIP.AuthPassword",
		"InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.WEPKey.1.WEPKey",
		"InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.PreSharedKey.1.KeyPassphrase",
		"InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.PreSharedKey.1.PreSharedKey",
		"Device.WiFi.AccessPoint.1.Security.SAEPassphrase",
		"Device.WiFi.AccessPoint.1.Security.RadiusSecret",
		"Device.X_000E50_WPAKey",
		"Device.X_ACME_Security.PrivateKey",
		"Device.X_CISCO_Admin_Password",
		"Password_1_", "Admin_Password", "user_pass", "http_pass", "user_pass1", "adminPIN_PIN",
		"account.1.password", "account.1.password.2", "network.wifi.psk", "pre_shared_key", "pin", "pass",
		"RegisterPswd", "login.shared-secret", "PASSWORD", "webserver_admin_password",
		"DeviceCfgFileKey", "api_key", "AccessToken", "Device.Users.User.1.Password.",
	}
	public := []string{
		"",
		".",
		"1.2.3",
		"Device.ManagementServer.Username",
		"Device.ManagementServer.ParameterKey",
		"Device.ManagementServer.DownloadCommandKey",
		"CommandKey",
		"Device.Security.Certificate.1.PublicKey",
		"Device.X_ACME_Key",
		"Device.X_ACME_LineKey.1.Type",
		"line.1.key",
		"PasswordLength",
		"security.PasswordRequired",
		"Device.LocalAgent.PasswordReset",
		"Device.Password.Length",
		"voice.Bypass", "port.Mapping", "SIP.Compass", "Spin", "Topping",
		"KeyPassphraseEnable",
		"SecretaryName",
		"softkey1", "programmableKey.3.label",
		"device.auth.localAdminPassword.set",
	}
	for _, path := range secrets {
		for _, variant := range []string{path, strings.ToLower(path), strings.ToUpper(path)} {
			if !NameIsSecret(variant) {
				t.Errorf("%q was not taken for a secret", variant)
			}
		}
	}
	for _, path := range public {
		if NameIsSecret(path) {
			t.Errorf("%q was taken for a secret", path)
		}
	}
}

func TestRandomTextsAreSafeAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	counts := map[rune]int{}
	for range 500 {
		text := RandomText(32).Reveal()
		if len(text) != 32 || seen[text] {
			t.Fatalf("%d characters, or seen before", len(text))
		}
		seen[text] = true
		for _, character := range text {
			counts[character]++
		}
	}
	if len(counts) != len(alphabet) {
		t.Errorf("%d of %d characters occur", len(counts), len(alphabet))
	}
	for character, n := range counts {
		// 16000 draws from 56: 286 expected, standard deviation 17.
		if !strings.ContainsRune(alphabet, character) || strings.ContainsRune("0O1lIo&<>\"'%+", character) || n < 170 || n > 400 {
			t.Errorf("%q occurs %d times", character, n)
		}
	}
	if !RandomText(0).IsZero() || !RandomText(-1).IsZero() {
		t.Error("no characters should give no secret")
	}
}
