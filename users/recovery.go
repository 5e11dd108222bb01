package users

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"strings"
)

// recoveryCodes is how many codes a user gets who turns a second factor on.
const recoveryCodes = 10

// newRecoveryCodes returns fresh codes of 80 random bits and what is stored of
// them. A plain hash is enough: there is too much to guess.
func newRecoveryCodes() (codes, hashes []string) {
	for range recoveryCodes {
		code := randomGroups(4)
		codes = append(codes, code)
		hashes = append(hashes, hashToken(plainCode(code)))
	}
	return codes, hashes
}

// withoutRecoveryCode returns the hashes without that of a code; ok is false if it
// is not among them.
func withoutRecoveryCode(hashes []string, code string) (left []string, ok bool) {
	hash := hashToken(code)
	at := -1
	for i, h := range hashes {
		if subtle.ConstantTimeCompare([]byte(h), []byte(hash)) == 1 {
			at = i
		}
	}
	if at < 0 {
		return hashes, false
	}
	return slices.Delete(slices.Clone(hashes), at, at+1), true
}

// plainCode returns a code as it is compared: without the spaces and hyphens that
// people and generators put into it.
func plainCode(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(cutText(code, 64)))
}

// randomGroups returns groups of four random letters and digits, 20 bits each,
// without those that look alike.
func randomGroups(groups int) string {
	const alphabet = "abcdefghijkmnpqrstuvwxyz23456789" // 32 characters: 5 bits each
	raw := make([]byte, 4*groups)
	_, _ = rand.Read(raw) // crypto/rand.Read never fails; it ends the program instead.
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[c%32])
	}
	return b.String()
}
