package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestEveryKindHasAResult(t *testing.T) {
	var kinds []tasks.Kind
	for _, r := range results() {
		kinds = append(kinds, r.kind)
	}
	for _, info := range tasks.Kinds() {
		if !slices.Contains(kinds, info.Kind) {
			t.Errorf("%s has no result in the description", info.Kind)
		}
	}
	if len(kinds) != len(tasks.Kinds()) {
		t.Errorf("%d results for %d kinds", len(kinds), len(tasks.Kinds()))
	}
}

// What a body says of the task must not hide an argument of its kind.
func TestNoArgumentHasTheNameOfAFieldOfTheBody(t *testing.T) {
	for _, own := range []string{"kind", "priority", "notBefore", "expires", "after", "uniqueKey", "filter", "dryRun", "connectionRequest"} {
		for _, info := range tasks.Kinds() {
			_, err := info.Kind.Parse(json.RawMessage(`{"` + own + `":null}`))
			var argument *tasks.ArgumentError
			if !errors.As(err, &argument) || argument.Message != "is not an argument of this kind" {
				t.Errorf("%s has an argument %s (%v)", info.Kind, own, err)
			}
		}
	}
}

func TestEveryKindOfProblemIsToldApart(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range problemKinds() {
		if seen[k.name] || k.title == "" || k.status < http.StatusBadRequest {
			t.Errorf("%+v", k)
		}
		seen[k.name] = true
	}
	for _, s := range sentinels() {
		if !seen[s.kind.name] {
			t.Errorf("%v has the unknown kind %s", s.err, s.kind.name)
		}
	}
}

func TestPreferenceToWait(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": -1, "wait=5": 5 * time.Second, "Wait = 5": 5 * time.Second, `wait="7"`: 7 * time.Second, "respond-async; wait=9": 9 * time.Second,
		"wait=120": 120 * time.Second, "wait=121": 120 * time.Second, "wait=99999999999": 120 * time.Second, "wait=99999999999999999999999": -1,
		"wait": -1, "wait=-1": -1, "awaits=3": -1, "wait=0": 0,
	} {
		got, ok := preferredWait(header)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q waits %v (%v), want %v", header, got, ok, want)
		}
	}
}

func TestWhatIsInAScope(t *testing.T) {
	for _, c := range []struct {
		scope, group string
		want         bool
	}{{"", "", true}, {"", "a/b", true}, {"a", "a", true}, {"a", "a/b", true}, {"a", "ab", false}, {"a/b", "a", false}, {"a", "", false}} {
		s := device.Scope{Group: c.scope}
		if inScope(s, c.group) != c.want {
			t.Errorf("%q in %q: %v", c.group, c.scope, !c.want)
		}
	}
}

func FuzzTaskBody(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"reboot"}`, `{"kind":"setParameterValues","parameters":[{"path":"A.B","value":1}],"priority":-3,"expires":"2031-01-01T00:00:00Z"}`,
		`{"kind":"download","file":"x","after":["00000000000000000000000000"]}`, `{"kind":null}`, `{"kind":"reboot","kind":"reboot"}`, `{"":{}}`,
		`[1]`, `{`, `{"a":1}}`, "{\"k\xff\":1}", `{"kind":"refresh","path":"\u0000"}`, `{"Kind":"reboot"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		fields, args, err := splitBody[taskFields](raw)
		if err == nil {
			_, err = fields.newTask(args)
		}
		if err == nil {
			_, err = fields.Kind.Parse(args)
		}
		if err != nil {
			p := asProblem(err)
			if p == nil || p.Status != http.StatusUnprocessableEntity && p.Status != http.StatusBadRequest {
				t.Fatalf("%q is answered with %v", raw, err)
			}
			if p.Status == http.StatusUnprocessableEntity && (len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].Location, "body")) {
				t.Fatalf("%q has its fault at %+v", raw, p.Errors)
			}
			return
		}
		if !json.Valid(raw) {
			t.Fatalf("%q is no JSON and was accepted", raw)
		}
		// Nothing is dropped: every key is one of ours or an argument.
		var whole, rest map[string]json.RawMessage
		if json.Unmarshal(raw, &whole) != nil || json.Unmarshal(args, &rest) != nil {
			t.Fatalf("%q cannot be read again", raw)
		}
		for key := range whole {
			if _, ok := rest[key]; !ok && !slices.Contains([]string{"kind", "priority", "notBefore", "expires", "after", "uniqueKey"}, key) {
				t.Fatalf("%q lost %q", raw, key)
			}
		}
	})
}
