package users

import (
	"crypto/subtle"
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Codes are those that every generator makes: six digits of HMAC-SHA1, another one
// each 30 seconds. totpSkew is how many steps before and after this one count too,
// for clocks that differ and people who type slowly.
const (
	totpSeconds = 30
	totpSkew    = 1
)

// totpStep returns the latest time step that a code is of, or ErrSecondFactor if it
// is of none that counts.
func totpStep(key secret.Text, code string, now time.Time) (int64, error) {
	current, found := now.Unix()/totpSeconds, int64(-1)
	for step := current - totpSkew; step <= current+totpSkew; step++ {
		want, err := hotp.GenerateCodeCustom(key.Reveal(), uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, fmt.Errorf("compute a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(want)) == 1 {
			found = step
		}
	}
	if found < 0 {
		return 0, ErrSecondFactor
	}
	return found, nil
}
