package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/web/api"
)

const mergePatch = "application/merge-patch+json"

func TestALineIsMadeChangedAndDeleted(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	made := h.do(http.MethodPost, "/api/v1/lines", h.south, `{"number":"201","user":"u201","password":"sesame open","displayName":"Front desk","listed":true}`).want(http.StatusCreated)
	l := as[api.Line](made)
	if l.ID != "acme/south:201" || l.Group != "acme/south" || !l.Secret || l.Password != nil || l.Revision != 1 || made.header.Get("Location") != "/api/v1/lines/acme%2Fsouth:201" {
		t.Errorf("made %s at %s", made.body, made.header.Get("Location"))
	}
	if entry := h.newest(); entry.Target != "line/acme/south:201" || strings.Contains(string(entry.After), "sesame") || !strings.Contains(string(entry.After), "Front desk") {
		t.Errorf("the entry is %+v", entry)
	}
	path := made.header.Get("Location")
	h.do(http.MethodPost, "/api/v1/lines", h.south, `{"number":"201"}`).problem(http.StatusConflict, "duplicate")
	changed := h.do(http.MethodPatch, path, h.south, `{"displayName":null,"label":"Front","password":"auto"}`, "Content-Type", mergePatch, "If-Match", `"r1"`).want(http.StatusOK)
	if l := as[api.Line](changed); l.DisplayName != "" || l.Label != "Front" || l.User != "u201" || !l.Secret || l.Revision != 2 {
		t.Errorf("changed to %s", changed.body)
	}
	h.do(http.MethodPatch, path, h.south, `{"label":"x"}`, "Content-Type", mergePatch, "If-Match", `"r1"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	if l := as[api.Line](h.do(http.MethodPatch, path, h.south, `{"password":null}`, "Content-Type", mergePatch).want(http.StatusOK)); l.Secret {
		t.Error("the password stays")
	}
	h.do(http.MethodDelete, path, h.south, "", "If-Match", `"r1"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	h.do(http.MethodDelete, path, h.south, "").want(http.StatusNoContent)
	h.do(http.MethodGet, path, h.south, "").problem(http.StatusNotFound, "not-found")
}

func TestLinesThatCannotBeAreRefused(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"number":"x y"}`:                       "body.number",
		`{"number":"1","voicemail":"mail"}`:      "body.voicemail",
		`{"number":"1","user":"a\u0001b"}`:       "body.user",
		`{"number":"1","password":"line\nfeed"}`: "body.password",
		`{"number":"1","group":"/"}`:             "body.group",
	} {
		h.do(http.MethodPost, "/api/v1/lines", h.operator, body).invalid(location)
	}
	h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"number":"1","group":"nowhere"}`).problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, "/api/v1/lines", h.viewer, `{"number":"1"}`).problem(http.StatusForbidden, "forbidden")
}

func TestLinesAreListedByGroupSearchAndPage(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	h.group("acme/south/site")
	h.group("acme/north")
	for _, l := range [][3]string{{"acme/south", "1", "Ada"}, {"acme/south", "2", "Bob"}, {"acme/south/site", "3", "Cy"}, {"acme/north", "4", "Ada"}, {"acme", "5", "Eve"}, {"", "6", "Root"}} {
		h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"group":"`+l[0]+`","number":"`+l[1]+`","displayName":"`+l[2]+`"}`).want(http.StatusCreated)
	}
	list := func(token, query string) string {
		t.Helper()
		var numbers []string
		next := ""
		for {
			page := as[api.Page[api.Line]](h.do(http.MethodGet, "/api/v1/lines?pageSize=2"+query+"&pageToken="+next, token, "").want(http.StatusOK))
			for _, l := range page.Items {
				numbers = append(numbers, l.Number)
			}
			if next = page.NextPageToken; next == "" {
				return strings.Join(numbers, " ")
			}
		}
	}
	for _, c := range []struct{ token, query, want string }{
		{h.viewer, "", "6 5 4 1 2 3"},
		{h.viewer, "&group=acme", "5 4 1 2 3"},
		{h.viewer, "&group=acme&own=true", "5"},
		{h.viewer, "&own=true", "6"},
		{h.viewer, "&search=ada", "4 1"},
		{h.south, "", "1 2 3"},
		{h.south, "&group=acme", "1 2 3"},
		{h.south, "&group=acme&own=true", ""},
		{h.south, "&group=acme%2Fnorth", ""},
		{h.south, "&group=acme%2Fsouth%2Fsite", "3"},
		{h.south, "&own=true", ""},
	} {
		if got := list(c.token, c.query); got != c.want {
			t.Errorf("%q: %q, want %q", c.query, got, c.want)
		}
	}
	first := as[api.Page[api.Line]](h.do(http.MethodGet, "/api/v1/lines?pageSize=1", h.viewer, ""))
	h.do(http.MethodGet, "/api/v1/lines?search=x&pageToken="+first.NextPageToken, h.viewer, "").invalid("query.pageToken")
}
