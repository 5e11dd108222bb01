package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// maxSecretFile bounds what is read of a file with a secret.
const maxSecretFile = 4096

// readSecretFile returns the secret in the file that a flag names, the zero value
// for an empty path. The end of its line does not belong to it.
func readSecretFile(flag, path string) (secret.Text, error) {
	if path == "" {
		return secret.Text{}, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return secret.Text{}, fmt.Errorf("--%s: %w", flag, err)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxSecretFile+1))
	if err != nil {
		return secret.Text{}, fmt.Errorf("--%s: %w", flag, err)
	}
	text := strings.TrimRight(string(raw), "\r\n")
	if text == "" || len(raw) > maxSecretFile || strings.ContainsAny(text, "\r\n") {
		return secret.Text{}, fmt.Errorf("--%s: %s must hold the secret as one line of at most %d bytes", flag, path, maxSecretFile)
	}
	return secret.NewText(text), nil
}
