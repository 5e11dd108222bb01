package secret

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxKeyFile bounds what is read of a key file: hundreds of keys.
const maxKeyFile = 64 << 10

// ErrKeyFile says that a key file cannot be used: others can read it, or its content is not a list of keys.
// The error that wraps it names the file and the defect.
var ErrKeyFile = errors.New("secret: unusable key file")

// LoadOrCreate reads the key file at path, or creates it with one random key and mode 0600 if there is none.
//
// A key file is text: one key a line, 32 bytes in base64, the current key first and older ones, which
// still open what they sealed, below it; empty lines and lines that begin with '#' are comments. A file that
// its group or others may read is refused with [ErrKeyFile].
func LoadOrCreate(path string) (*Keeper, error) {
	keeper, err := Load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keeper, err
	}
	if err := create(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("secret: create key file %s: %w", path, err)
	}
	return Load(path)
}

// Load reads the key file at path, as LoadOrCreate does, and returns an error
// that wraps fs.ErrNotExist if there is none.
func Load(path string) (*Keeper, error) {
	data, _, err := readKeyFile(path)
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrKeyFile, path, err)
	}
	return NewKeeper(keys...)
}

func readKeyFile(path string) ([]byte, fs.FileInfo, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("secret: open key file: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("secret: key file %s: %w", path, err)
	}
	if err := checkMode(info); err != nil {
		return nil, nil, fmt.Errorf("%w: %s %w", ErrKeyFile, path, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return nil, nil, fmt.Errorf("secret: read key file: %w", err)
	}
	return data, info, nil
}

func checkMode(info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return errors.New("is not a regular file")
	}
	// Windows has no such bits: Go reports 0666 for every writable file there.
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return fmt.Errorf("has mode %04o: group and others must have no access (chmod 600)", mode)
	}
	return nil
}

// parseKeys never quotes a line: even a broken one may hold most of a key.
func parseKeys(data []byte) ([][]byte, error) {
	if len(data) > maxKeyFile {
		return nil, fmt.Errorf("longer than %d bytes", maxKeyFile)
	}
	var keys [][]byte
	lines := bufio.NewScanner(bytes.NewReader(data))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(key) != KeySize {
			return nil, fmt.Errorf("line %d: expected %d bytes in base64", number, KeySize)
		}
		keys = append(keys, key)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, errors.New("no key in it")
	}
	return keys, nil
}

// create writes a new key file whole or not at all, and never over one that another process made meanwhile:
// that process may have sealed something already.
func create(path string) error {
	folder := filepath.Dir(path)
	temporary, err := os.CreateTemp(folder, "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if err := writeNewKey(temporary); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	// A link, unlike a rename, fails if the name is taken.
	if err := os.Link(temporary.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
}

func writeNewKey(file *os.File) error {
	var key [KeySize]byte
	_, _ = rand.Read(key[:])
	text := "# Dialtone keys: the first one seals, all of them open. Keep this file secret and in your backups:\n" +
		"# without it no stored password can be read again.\n" +
		base64.StdEncoding.EncodeToString(key[:]) + "\n"
	if err := file.Chmod(0o600); err != nil {
		return err
	}
	if _, err := file.WriteString(text); err != nil {
		return err
	}
	return file.Sync()
}

func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
