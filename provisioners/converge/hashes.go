package converge

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// hashes identifies values. Its key makes guesses at a secret in vain for whoever sees
// hashes.
type hashes struct{ key []byte }

func newHashes(keeper *secret.Keeper) (*hashes, error) {
	key, err := keeper.Derive("values of parameters")
	if err != nil {
		return nil, fmt.Errorf("converge: derive the key of hashes: %w", err)
	}
	return &hashes{key}, nil
}

// hashSize is the length of a hash in bytes, before it is written in hexadecimal digits.
const hashSize = 12

// of identifies a list of texts.
func (h *hashes) of(texts ...string) string {
	sum := hmac.New(sha256.New, h.key)
	for _, text := range texts {
		_, _ = fmt.Fprintf(sum, "%d:%s", len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:hashSize])
}
