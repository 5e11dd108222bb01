package secret

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrOneKey says that a key file has no older key beside the current one.
var ErrOneKey = errors.New("secret: the key file has one key only")

// ErrKeyChanged says that a key file has another current key than was expected.
var ErrKeyChanged = errors.New("secret: the key file was changed meanwhile")

// AddKey adds a new random key to the key file at path: as the current key at the top, or, unless current, as
// the second one, which opens and does not seal yet. It returns the ID of the new key.
//
// Like [PromoteKey] and [PruneKeys] it replaces the file whole or not at all, keeps its mode, owner and comments,
// and refuses with [ErrKeyFile] what [Load] refuses. A keeper that was loaded before keeps its keys.
func AddKey(path string, current bool) (id string, err error) {
	var key [KeySize]byte
	_, _ = rand.Read(key[:])
	at := 1
	if current {
		at = 0
	}
	return keyID(key[:]), editKeys(path, func(keys [][]byte) ([][]byte, error) {
		return slices.Insert(keys, at, key[:]), nil
	})
}

// PromoteKey makes the second key of the key file at path the current one, and returns its ID. The current one
// comes second then. It returns [ErrOneKey] if there is no second key.
func PromoteKey(path string) (id string, err error) {
	err = editKeys(path, func(keys [][]byte) ([][]byte, error) {
		if len(keys) < 2 {
			return nil, fmt.Errorf("%w: %s", ErrOneKey, path)
		}
		keys[0], keys[1] = keys[1], keys[0]
		id = keyID(keys[0])
		return keys, nil
	})
	return id, err
}

// PruneKeys removes every key but the current one, whose ID must be current, from the key file at path, and
// returns how many. It returns [ErrKeyChanged] if another key is the current one.
func PruneKeys(path, current string) (removed int, err error) {
	err = editKeys(path, func(keys [][]byte) ([][]byte, error) {
		if keyID(keys[0]) != current {
			return nil, fmt.Errorf("%w: %s", ErrKeyChanged, path)
		}
		removed = len(keys) - 1
		return keys[:1], nil
	})
	return removed, err
}

// editKeys replaces the keys of a file. Comments stay at its head.
func editKeys(path string, edit func(keys [][]byte) ([][]byte, error)) error {
	// A rename would replace a link and leave the file that it names.
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return fmt.Errorf("secret: find key file: %w", err)
	}
	data, info, err := readKeyFile(path)
	if err != nil {
		return err
	}
	keys, err := parseKeys(data)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrKeyFile, path, err)
	}
	if keys, err = edit(keys); err != nil {
		return err
	}
	text := comments(data)
	for _, key := range keys {
		text += base64.StdEncoding.EncodeToString(key) + "\n"
	}
	if len(text) > maxKeyFile {
		return fmt.Errorf("%w: %s: would be longer than %d bytes: remove keys that nothing needs", ErrKeyFile, path, maxKeyFile)
	}
	if err := replace(path, text, info); err != nil {
		return fmt.Errorf("secret: write key file %s: %w", path, err)
	}
	return nil
}

// comments returns the lines of a key file that hold no key.
func comments(data []byte) string {
	var kept strings.Builder
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			kept.WriteString(line + "\n")
		}
	}
	return kept.String()
}

// replace writes a file of the same mode and owner in place of another, whole or not at all.
func replace(path, text string, like fs.FileInfo) error {
	folder := filepath.Dir(path)
	temporary, err := os.CreateTemp(folder, "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // Fails once it is renamed.
	err = errors.Join(temporary.Chmod(like.Mode().Perm()), keepOwner(temporary, like))
	if err == nil {
		_, err = temporary.WriteString(text)
	}
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
}
