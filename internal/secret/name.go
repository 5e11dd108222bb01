package secret

import (
	"slices"
	"strings"
)

// NameIsSecret reports whether the parameter or setting with this path holds a secret, judged by its name
// alone.
//
// The name is the last segment between dots that is not an instance number. Case, '_' and '-' do not count,
// nor does a number at the end (WEPKey1, Password_1_). A name is secret if it ends with Password, Passphrase,
// Passcode, Passwd, Pswd, Pwd, Secret, PSK, with one of the names of key material (PreSharedKey, WEPKey,
// PrivateKey, EncryptionKey, AuthenticationKey, ...) or of access tokens, or if its last word, set off by
// '_' or '-', is Pass or PIN. What only contains such a word is not (PasswordLength, PasswordRequired), and
// neither is any other Key: ParameterKey, CommandKey, PublicKey, X_VENDOR_Key. A vendor's key that is a
// secret is declared by its pack or its schema.
func NameIsSecret(path string) bool {
	name := strings.TrimRight(strings.ToLower(lastName(path)), "0123456789_-[]{}")
	lastWord := name[strings.LastIndexAny(name, "_-")+1:]
	if lastWord == "pass" || lastWord == "pin" {
		return true
	}
	joined := strings.NewReplacer("_", "", "-", "").Replace(name)
	return slices.ContainsFunc(secretSuffixes(), func(suffix string) bool {
		return strings.HasSuffix(joined, suffix)
	})
}

func secretSuffixes() []string {
	return []string{
		"password", "passwd", "pswd", "pwd", "passphrase", "passcode", "pincode",
		"presharedkey", "psk", "wepkey", "wpakey", "sharedkey", "encryptionkey", "cryptokey",
		"privatekey", "privkey", "secretkey", "masterkey", "symmetrickey", "sshkey", "filekey",
		"authkey", "authenticationkey", "privacykey", "sessionkey", "srtpkey", "apikey",
		"keypassphrase", "secret", "accesstoken", "authtoken", "refreshtoken", "bearertoken", "apitoken",
	}
}

// lastName returns the last segment that is more than an instance number or nothing.
func lastName(path string) string {
	segments := strings.Split(path, ".")
	for _, segment := range slices.Backward(segments) {
		if strings.Trim(segment, "0123456789") != "" {
			return segment
		}
	}
	return ""
}
