//go:build e2e

package main

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
)

// browser returns a client that keeps cookies and has no token.
func (s *server) browser() *client {
	s.tb.Helper()
	c := s.ClientWith("")
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.tb.Fatal(err)
	}
	c.http.Jar = jar
	return c
}

// firstPassword returns the password that the first start printed.
func (s *server) firstPassword() string {
	s.tb.Helper()
	found := adminPassword.FindStringSubmatch(s.Log.String())
	if found == nil {
		s.tb.Fatal("the first start prints no password")
	}
	return found[1]
}

func TestWhoWasToldTheFirstPasswordSignsInAndMakesOthers(t *testing.T) {
	t.Parallel()
	s := serve(t)
	admin := s.browser()
	admin.Post("signIn", object{"name": "admin", "password": "not this one"}).Problem(http.StatusUnauthorized, "unauthenticated")
	admin.Get("devices").Problem(http.StatusUnauthorized, "unauthenticated")
	admin.Post("signIn", object{"name": "admin", "password": s.firstPassword()}).Want(http.StatusOK)
	admin.Get("devices").Want(http.StatusOK)

	made := struct{ Password string }{}
	admin.Post("groups", object{"path": "acme/south", "title": "South"}).Want(http.StatusCreated)
	admin.Post("users", object{"name": "sam", "role": "support", "scope": "acme/south"}).Want(http.StatusCreated).Decode(&made)
	sam := s.browser()
	sam.Post("signIn", object{"name": "sam", "password": made.Password}).Want(http.StatusOK)
	sam.Get("devices").Problem(http.StatusForbidden, "password-change-required")
	sam.Post("me/password", object{"current": made.Password, "new": "a longer password of my own"}).Want(http.StatusNoContent)
	sam.Get("devices").Want(http.StatusOK)
	sam.Get("users").Problem(http.StatusForbidden, "forbidden")

	s.Stop()
	s.Start() // Who is signed in stays so.
	sam.Get("devices").Want(http.StatusOK)
	admin.Do(http.MethodPatch, "users/sam", object{"disabled": true}, "Content-Type", "application/merge-patch+json").Want(http.StatusOK)
	sam.Get("devices").Problem(http.StatusUnauthorized, "unauthenticated")
	admin.Post("signOut", nil).Want(http.StatusNoContent)
	admin.Get("devices").Problem(http.StatusUnauthorized, "unauthenticated")
	if strings.Contains(s.Log.String(), made.Password) {
		t.Error("the log has the password of a user")
	}
}

func TestTheAuditLogIsAChainThatCommandsAndTheAPIExtendTogether(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("admin") // The command leaves an entry of its own.
	c.Post("groups", object{"path": "acme"}).Want(http.StatusCreated)
	for _, args := range [][]string{
		{"user", "create", "--data-dir", s.DataDir, "--name", "eve", "--role", "viewer"}, {"user", "password", "--data-dir", s.DataDir, "eve"},
		{"user", "unlock", "--data-dir", s.DataDir, "eve"}, {"user", "delete", "--data-dir", s.DataDir, "eve"},
	} {
		if ran := runDialtone(t, args...); ran.Code != 0 {
			t.Fatalf("%s: %+v", args, ran)
		}
	}
	for _, role := range []string{"king", "support"} { // There is none of that name; it needs a group.
		refused := runDialtone(t, "user", "create", "--data-dir", s.DataDir, "--name", "eve", "--role", role)
		if refused.Code == 0 || !strings.Contains(refused.Stderr, "--role") {
			t.Errorf("a user of the role %s: %+v", role, refused)
		}
	}
	c.Post("groups", object{"path": "acme/north"}).Want(http.StatusCreated)
	var chain struct {
		OK   bool
		Last int64
		Hash string
	}
	c.Get("audit/verification").Want(http.StatusOK).Decode(&chain)
	if !chain.OK || chain.Last < 7 {
		t.Errorf("the chain is %+v", chain)
	}
	verified := runDialtone(t, "audit", "verify", "--data-dir", s.DataDir)
	if verified.Code != 0 || !strings.Contains(verified.Stdout, chain.Hash) {
		t.Errorf("audit verify: %+v, want the hash %s", verified, chain.Hash)
	}
	exported := runDialtone(t, "audit", "export", "--data-dir", s.DataDir)
	lines := strings.Split(strings.TrimSpace(exported.Stdout), "\n")
	var last struct{ Action, Hash string }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Hash != chain.Hash || last.Action != "createGroup" {
		t.Errorf("the export ends with %+v, %v", last, err)
	}
}
