package users

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The parameters of Argon2id: 19 MiB, two passes, one lane. It is the smallest
// setting that current guidance (OWASP, Password Storage) holds to be enough,
// chosen because a sign-in must not take a noticeable share of the memory of a
// server that is to stay below 400 MB with 100,000 devices.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonSalt   = 16 // bytes
	argonKey    = 32 // bytes
)

// PasswordCost says how dear it is to hash a password with Argon2id.
type PasswordCost struct {
	// Memory is in KiB, at least 8; Passes is how often it is walked.
	Memory, Passes uint32
}

// DefaultPasswordCost returns the cost of HashPassword: 19 MiB, two passes.
func DefaultPasswordCost() PasswordCost { return PasswordCost{Memory: argonMemory, Passes: argonTime} }

// Bounds of a password in characters. The upper one keeps hashing from being
// given megabytes.
const (
	MinPassword = 12
	MaxPassword = 256
)

// phc holds the parts of an Argon2id hash in PHC string form:
// $argon2id$v=19$m=MEMORY,t=TIME,p=LANES$SALT$HASH, base64 without padding.
type phc struct {
	memory, time uint32
	lanes        uint8
	salt, key    []byte
}

// HashPassword returns the Argon2id hash of a password in PHC string form. The
// error wraps ErrPassword for a password outside MinPassword and MaxPassword.
func HashPassword(password string) (string, error) { return DefaultPasswordCost().hash(password) }

func (c PasswordCost) hash(password string) (string, error) {
	if err := checkPasswordLength(password); err != nil {
		return "", err
	}
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // crypto/rand.Read never fails; it ends the program instead.
	h := phc{memory: c.Memory, time: c.Passes, lanes: argonLanes, salt: salt}
	h.key = h.derive(password, argonKey)
	return h.String(), nil
}

// nobody is the hash that the password of an unknown user is checked against, so
// that it takes as long as a known one's. No password is known to have it.
func (c PasswordCost) nobody() string {
	return phc{memory: c.Memory, time: c.Passes, lanes: argonLanes, salt: make([]byte, argonSalt), key: make([]byte, argonKey)}.String()
}

func checkPasswordLength(password string) error {
	if n := utf8.RuneCountInString(password); n < MinPassword || n > MaxPassword {
		return fmt.Errorf("%w: must have %d to %d characters", ErrPassword, MinPassword, MaxPassword)
	}
	return nil
}

// VerifyPassword checks a password against a hash. It returns
// ErrUnauthenticated if the password is another, and ErrHash if the hash cannot
// be read. The time it takes does not depend on where the two differ.
func VerifyPassword(hash, password string) error {
	h, err := parsePHC(hash)
	if err != nil {
		return err
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		return ErrUnauthenticated
	}
	if subtle.ConstantTimeCompare(h.key, h.derive(password, uint32(len(h.key)))) != 1 {
		return ErrUnauthenticated
	}
	return nil
}

// NeedsRehash reports whether the hash was made with other parameters than
// HashPassword uses now.
func NeedsRehash(hash string) bool { return DefaultPasswordCost().isOther(hash) }

// isOther reports whether the hash was made with another cost.
func (c PasswordCost) isOther(hash string) bool {
	h, err := parsePHC(hash)
	return err != nil || h.memory != c.Memory || h.time != c.Passes || h.lanes != argonLanes || len(h.salt) != argonSalt || len(h.key) != argonKey
}

func (h phc) derive(password string, length uint32) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.lanes, length)
}

// String returns the PHC string form.
func (h phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.lanes, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

// Bounds of what parsePHC accepts, so that a hash from a damaged or foreign
// store cannot make a sign-in use up the machine.
const (
	maxArgonMemory = 256 * 1024 // KiB
	maxArgonTime   = 16
)

func parsePHC(text string) (phc, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, ErrHash
	}
	var h phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.lanes); err != nil {
		return phc{}, ErrHash
	}
	if h.memory < 8 || h.memory > maxArgonMemory || h.time < 1 || h.time > maxArgonTime || h.lanes < 1 {
		return phc{}, ErrHash
	}
	var saltErr, keyErr error
	h.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	h.key, keyErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if errors.Join(saltErr, keyErr) != nil || len(h.salt) < 8 || len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 {
		return phc{}, ErrHash
	}
	if h.String() != text {
		return phc{}, ErrHash // Sscanf reads more than the form allows.
	}
	return h, nil
}

// RandomPassword returns a password of 120 random bits in six groups of four
// letters and digits, without those that look alike.
func RandomPassword() string { return randomGroups(6) }
