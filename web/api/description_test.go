package api_test

import (
	"flag"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// described returns every operation of the description by "METHOD path".
func described(h *house) map[string]*huma.Operation {
	all := map[string]*huma.Operation{}
	for path, item := range h.api.Description().Paths {
		for method, op := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
		} {
			if op != nil {
				all[method+" "+path] = op
			}
		}
	}
	return all
}

func TestEveryOperationNamesOnePermission(t *testing.T) {
	h := newHouse(t)
	unused := api.Permissions()
	for route, op := range described(h) {
		permission, ok := api.Permissions()[op.OperationID]
		if !ok || permission == "" {
			t.Errorf("%s (%s) names no permission", route, op.OperationID)
		}
		if op.Extensions["x-permission"] != string(permission) {
			t.Errorf("%s does not describe its permission", route)
		}
		if schemes := len(op.Security); schemes != 2 && (permission != "public" || schemes != 0) {
			t.Errorf("%s, for which %s is needed, is secured in %d ways", route, permission, schemes)
		}
		if _, err := users.NewPermissions(permission); err != nil && permission != "none" && permission != "public" {
			t.Errorf("%s needs %s, which nobody has", route, permission)
		}
		delete(unused, op.OperationID)
	}
	for id := range unused {
		t.Errorf("there is no operation %s", id)
	}
}

func TestEveryRouteIsDescribedAndTheOtherWayRound(t *testing.T) {
	h := newHouse(t)
	open := []string{
		"GET /healthz", "GET /readyz", "GET /metrics", "GET /api/openapi.json", "GET /api/openapi.yaml",
		"GET /api/docs", "GET /api/docs/page.js", "GET /api/docs/page.css",
	}
	ops := described(h)
	parameter := regexp.MustCompile(`:([A-Za-z]+)`)
	for _, route := range h.api.Routes() {
		name := route.Method + " " + parameter.ReplaceAllString(route.Path, "{$1}")
		if _, ok := ops[name]; !ok && !slices.Contains(open, name) {
			t.Errorf("%s is not described", name)
		}
		delete(ops, name)
	}
	for name := range ops {
		t.Errorf("%s is described and not served", name)
	}
}

func TestTheDescriptionHasNothingThatIsNotOfTheContract(t *testing.T) {
	h := newHouse(t)
	text := string(h.do(http.MethodGet, "/api/openapi.json", "", "").want(http.StatusOK).body)
	for _, word := range []string{"$schema", "ealed", "ErrorModel", "http://", "https://"} {
		if strings.Contains(text, word) {
			t.Errorf("the description holds %q", word)
		}
	}
	if !strings.Contains(text, `"openapi":"3.1.0"`) || !strings.Contains(text, `"version":"1.2.3"`) {
		t.Error("the description does not say its versions")
	}
	if !strings.Contains(string(h.do(http.MethodGet, "/api/openapi.yaml", "", "").want(http.StatusOK).body), "openapi: 3.1.0") {
		t.Error("openapi.yaml is not YAML of the description")
	}
}

func TestEveryReferenceOfTheDescriptionLeadsSomewhere(t *testing.T) {
	h := newHouse(t)
	text := h.do(http.MethodGet, "/api/openapi.json", "", "").want(http.StatusOK).body
	schemas := h.api.Description().Components.Schemas.Map()
	for _, match := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllSubmatch(text, -1) {
		if schemas[string(match[1])] == nil {
			t.Errorf("there is no schema %s", match[1])
		}
	}
}

func TestTheReadablePageLoadsNothingFromElsewhere(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/api/docs", "/api/docs/page.js", "/api/docs/page.css"} {
		a := h.do(http.MethodGet, path, "", "").want(http.StatusOK)
		if regexp.MustCompile(`(https?:)?//[a-z]`).Match(a.body) {
			t.Errorf("%s names another origin", path)
		}
		policy := a.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", path, policy)
		}
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// The description is what clients are built from: a change of it is made on
// purpose, or it is a mistake.
func TestTheDescriptionIsTheOneThatClientsKnow(t *testing.T) {
	const golden = "testdata/openapi.yaml"
	h := newHouse(t)
	got := h.do(http.MethodGet, "/api/openapi.yaml", "", "").want(http.StatusOK).body
	if *update {
		check(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("the description changed; if that is meant, run the test with -update:\n%s", diff)
	}
}
