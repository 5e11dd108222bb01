package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// KeySize is the length of a key in bytes: AES-256.
const KeySize = 32

// Errors of [Keeper.Open]; test with errors.Is.
var (
	// ErrKey says that a value was sealed with a key that the keeper does not have.
	ErrKey = errors.New("secret: sealed with an unknown key")
	// ErrTampered says that a sealed value is not what a keeper made for this owner: it was changed, cut
	// off, moved from another record, or never was a sealed value.
	ErrTampered = errors.New("secret: sealed value was altered or belongs to another record")
)

// Sealed is a secret at rest: "v1.<key id>.<base64url of nonce and ciphertext>", AES-256-GCM with a random
// nonce of 12 bytes. The empty Sealed is no secret.
type Sealed string

const sealedVersion = "v1"

// Keeper seals and opens secrets. The first of its keys seals; all of them open, so that a key can be
// replaced without losing what the old one sealed. It is safe for concurrent use.
type Keeper struct {
	current string
	ids     []string
	keys    map[string]cipher.AEAD
	// A function, because fmt prints unexported fields without asking, but not what a function holds. It derives
	// from the key of that number.
	derive func(key int, purpose string) ([]byte, error)
}

// NewKeeper makes a keeper of keys of [KeySize] bytes each; the first one seals. At least one is needed.
func NewKeeper(keys ...[]byte) (*Keeper, error) {
	if len(keys) == 0 {
		return nil, errors.New("secret: no key")
	}
	k := &Keeper{keys: make(map[string]cipher.AEAD, len(keys))}
	var roots [][]byte
	for i, key := range keys {
		if len(key) != KeySize {
			return nil, fmt.Errorf("secret: key %d has %d bytes, expected %d", i+1, len(key), KeySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("secret: key %d: %w", i+1, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("secret: key %d: %w", i+1, err)
		}
		id := keyID(key)
		k.keys[id] = aead
		k.ids = append(k.ids, id)
		roots = append(roots, bytes.Clone(key))
	}
	k.current = k.ids[0]
	k.derive = func(key int, purpose string) ([]byte, error) {
		derived, err := hkdf.Key(sha256.New, roots[key], nil, "dialtone "+purpose, KeySize)
		if err != nil {
			return nil, fmt.Errorf("secret: derive a key for %q: %w", purpose, err)
		}
		return derived, nil
	}
	return k, nil
}

// keyID names a key without giving anything of it away.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte("dialtone key id\x00"), key...))
	return hex.EncodeToString(sum[:4])
}

// Seal encrypts plain for owner, which names the record and the field it belongs to (such as
// "device/<id>/connectionRequestPassword"): only the same owner opens it again. An empty secret gives the
// empty Sealed.
func (k *Keeper) Seal(plain Text, owner string) (Sealed, error) {
	if plain.IsZero() {
		return "", nil
	}
	ciphertext := k.keys[k.current].Seal(nil, nil, []byte(plain.Reveal()), additionalData(k.current, owner))
	return Sealed(sealedVersion + "." + k.current + "." + base64.RawURLEncoding.EncodeToString(ciphertext)), nil
}

// Open decrypts what Seal made for the same owner. The errors are [ErrKey] and [ErrTampered], wrapped with
// the owner's name. The empty Sealed opens to the empty secret.
func (k *Keeper) Open(s Sealed, owner string) (Text, error) {
	if s == "" {
		return Text{}, nil
	}
	version, rest, _ := strings.Cut(string(s), ".")
	id, encoded, found := strings.Cut(rest, ".")
	if version != sealedVersion || !found {
		return Text{}, fmt.Errorf("%w (owner %q: not of the form v1.<key id>.<base64url>)", ErrTampered, owner)
	}
	aead, known := k.keys[id]
	if !known {
		return Text{}, fmt.Errorf("%w (owner %q, key id %q)", ErrKey, owner, id)
	}
	// Strict, because otherwise several texts would stand for one ciphertext.
	ciphertext, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return Text{}, fmt.Errorf("%w (owner %q: not base64url)", ErrTampered, owner)
	}
	plain, err := aead.Open(nil, nil, ciphertext, additionalData(id, owner))
	if err != nil {
		return Text{}, fmt.Errorf("%w (owner %q)", ErrTampered, owner)
	}
	return NewText(string(plain)), nil
}

// Current reports whether s was sealed with the key that seals now; what was not should be opened and sealed
// anew after a key was replaced.
func (k *Keeper) Current(s Sealed) bool {
	return s == "" || strings.HasPrefix(string(s), sealedVersion+"."+k.current+".")
}

// KeyIDs returns the names of the keys, the current one first: 8 hex digits each, which give nothing of a key
// away.
func (k *Keeper) KeyIDs() []string { return slices.Clone(k.ids) }

// Derive returns 32 bytes for one purpose, such as signing nonces: the same on every node and after every
// restart that has the same current key, and of no use for any other purpose (HKDF-SHA256, RFC 5869).
func (k *Keeper) Derive(purpose string) ([]byte, error) { return k.derive(0, purpose) }

// DeriveOthers returns what Derive returns on nodes for which one of the other keys is the current one: while a key
// is replaced, some nodes still sign with the old one, and some already with the new one.
func (k *Keeper) DeriveOthers(purpose string) ([][]byte, error) {
	var others [][]byte
	for i := range k.ids[1:] {
		key, err := k.derive(i+1, purpose)
		if err != nil {
			return nil, err
		}
		others = append(others, key)
	}
	return others, nil
}

// Format keeps the keys out of every fmt verb.
func (k *Keeper) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, Mask) }

func additionalData(id, owner string) []byte {
	return []byte("dialtone sealed " + sealedVersion + "\x00" + id + "\x00" + owner)
}
