package provisioners

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// fingerprintPurpose is what the key of fingerprints is derived for.
const fingerprintPurpose = "settings fingerprint"

// fingerprintSize is the length of a fingerprint in bytes, before it is written in
// hexadecimal digits.
const fingerprintSize = 16

// fingerprinter identifies settings. Its key makes guesses at a secret in vain for
// whoever sees fingerprints.
type fingerprinter struct{ key []byte }

func newFingerprinter(keeper *secret.Keeper) (*fingerprinter, error) {
	key, err := keeper.Derive(fingerprintPurpose)
	if err != nil {
		return nil, fmt.Errorf("derive the key of fingerprints: %w", err)
	}
	return &fingerprinter{key}, nil
}

// of returns what identifies settings in the order of paths, and the pack that
// carries them. A setting without a value is as good as none.
func (f *fingerprinter) of(settings []EffectiveSetting, served *Served) string {
	sum := hmac.New(sha256.New, f.key)
	if served != nil {
		for _, text := range []string{served.Pack, served.Model, served.Revision} {
			write(sum, text)
		}
	}
	for i := range settings {
		s := &settings[i]
		text := s.text()
		if text == "" {
			continue
		}
		write(sum, s.Path)
		write(sum, text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:fingerprintSize])
}

// write adds a text with its length, so that no two lists of texts are the same
// bytes.
func write(sum hash.Hash, text string) {
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(text)))
	_, _ = sum.Write(length[:])
	_, _ = sum.Write([]byte(text))
}

// text returns the value, of a secret its plaintext.
func (s *EffectiveSetting) text() string {
	if s.IsSecret {
		return s.Secret.Reveal()
	}
	return s.Value
}
