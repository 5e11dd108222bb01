//go:build e2e

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestCommandsWorkOnAMongoDBBesideItsNodes(t *testing.T) {
	t.Parallel()
	database := onMongoDB(t)
	s := database.server(t)
	on := func(command ...string) []string { return append(command, "--data-dir", s.DataDir, "--store", s.Store) }

	t.Run("doctor says that there is no data yet, and makes none", func(t *testing.T) {
		for range 2 {
			result := runDialtone(t, on("doctor", "--cwmp-addr", s.CWMP, "--files-addr", s.Files, "--web-addr", s.Web)...)
			if result.Code != 0 || !regexp.MustCompile(`(?m)^ok    store: MongoDB \S+, .*database \S+ can be read and written, no data yet$`).MatchString(result.Stdout) {
				t.Errorf("doctor: %+v", result)
			}
		}
	})
	s.Start()
	t.Run("a token is made, listed and deleted", func(t *testing.T) {
		created := runDialtone(t, on("token", "create", "--name", "CRM", "--role", "viewer")...)
		token := strings.TrimSpace(created.Stdout)
		if created.Code != 0 || created.Stderr != "" || token == "" {
			t.Fatalf("token create: %+v", created)
		}
		s.ClientWith(token).Get("devices").Want(http.StatusOK)
		listed := runDialtone(t, on("token", "list")...)
		row := regexp.MustCompile(`(?m)^(\S+)\s+CRM\s+viewer\s`).FindStringSubmatch(listed.Stdout)
		if row == nil || strings.Contains(listed.Stdout, token) {
			t.Fatalf("token list: %+v", listed)
		}
		if deleted := runDialtone(t, on("token", "delete", row[1])...); deleted.Code != 0 {
			t.Fatalf("token delete: %+v", deleted)
		}
		client := s.ClientWith(token)
		client.Within(commandPatience, "the token is refused", func() bool { return client.Get("devices").Status == http.StatusUnauthorized })
		if again := runDialtone(t, on("token", "delete", row[1])...); again.Code != 1 {
			t.Errorf("a second token delete: %+v", again)
		}
	})
	t.Run("a user is made once and listed", func(t *testing.T) {
		created := runDialtone(t, on("user", "create", "--name", "anna", "--role", "operator")...)
		if created.Code != 0 || len(strings.TrimSpace(created.Stdout)) < 16 {
			t.Fatalf("user create: %+v", created)
		}
		if again := runDialtone(t, on("user", "create", "--name", "anna", "--role", "operator")...); again.Code != 1 {
			t.Errorf("the same user again: %+v", again)
		}
		listed := runDialtone(t, on("user", "list")...)
		if listed.Code != 0 || !regexp.MustCompile(`(?m)^anna\s+operator\s`).MatchString(listed.Stdout) || !strings.Contains(listed.Stdout, "admin") {
			t.Errorf("user list: %+v", listed)
		}
	})
	t.Run("doctor looks beside a node that runs", func(t *testing.T) {
		result := runDialtone(t, on("doctor", "--cwmp-addr", "127.0.0.1:0", "--files-addr", "127.0.0.1:0", "--web-addr", "127.0.0.1:0")...)
		if result.Code != 0 || !strings.Contains(result.Stdout, "data of version ") {
			t.Errorf("doctor: %+v", result)
		}
	})
	t.Run("doctor names what is wrong with the store", func(t *testing.T) {
		result := runDialtone(t, "doctor", "--data-dir", s.DataDir, "--store", "mongodb://"+unusedAddress(t)+"/dialtone", "--cwmp-addr", "127.0.0.1:0", "--files-addr", "127.0.0.1:0", "--web-addr", "127.0.0.1:0")
		if result.Code != 1 || !strings.Contains(result.Stdout, "FAIL  store: ") || !strings.Contains(result.Stdout, "no answer from") {
			t.Errorf("doctor: %+v", result)
		}
	})
	t.Run("export says which tools to use", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "backup.db")
		refuses(t, on("export", "--backup", file), "mongodump", "dialtone store copy")
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("it left a file: %v", err)
		}
	})
}
