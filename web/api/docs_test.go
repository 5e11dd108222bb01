package api

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestTheGuideListsEveryKindOfProblemAndEveryPath(t *testing.T) {
	raw, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	for _, k := range problemKinds() {
		if !strings.Contains(guide, fmt.Sprintf("| `%s` | %d |", k.name, k.status)) {
			t.Errorf("docs/api.md does not list %s", k.name)
		}
	}
	for _, path := range []string{"/devices", "/tasks/bulk", "/files", "/events", "/tokens", "/audit", "/audit/export", "/audit/verification", "/me", "/me/password", "/me/preferences", "/me/sessions", "/me/secondFactor", "/signIn", "/signIn/openId", "/signOut", "/users", "/roles", "/permissions", "/groups", "/connectionRequest", "/parameters", "/cancel", "/retry", "/settings/global", "/settings/plan", "/lines", "/packs", "/fetches", "/strangers", "/convergence", "/convergence/adopt", "/convergence/restore", "/convergence/retry", "/dataModels", "/provisioning/summary"} {
		if !strings.Contains(guide, path) {
			t.Errorf("docs/api.md does not show %s", path)
		}
	}
}
