//go:build e2e

package main

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// crawlBut are what a crawl leaves out: one never ends, the other ends a sign-in.
var crawlBut = []string{"/api/v1/events", "/api/v1/signIn/openId/callback"}

// describedGets returns the paths that the API's own description has a GET for.
func (c *client) describedGets() []string {
	c.tb.Helper()
	var description struct {
		Paths map[string]map[string]any
	}
	c.Get("/api/openapi.json").Want(http.StatusOK).Decode(&description)
	maps.DeleteFunc(description.Paths, func(path string, methods map[string]any) bool {
		return methods["get"] == nil || slices.Contains(crawlBut, path)
	})
	return slices.Sorted(maps.Keys(description.Paths))
}

// crawl reads all that the API has, by its own description, as one client. What it
// reads is in the answers of the server. It fails for a path whose parameter
// nothing fills, so that a path that is added is not left out.
func (c *client) crawl(t *testing.T, filled map[string][]string) (read int) {
	t.Helper()
	for _, path := range c.describedGets() {
		addresses := filledPaths(path, filled)
		if len(addresses) == 0 {
			t.Errorf("nothing is known to fill %s with", path)
		}
		for _, address := range addresses {
			answer := c.Get(address + crawlQuery(path))
			if answer.Status >= http.StatusInternalServerError {
				t.Errorf("GET %s: status %d: %s", address, answer.Status, tail(string(answer.Body), 300))
			}
			if answer.Status == http.StatusOK {
				read++
			}
			headers := answer.Header.Clone()
			headers.Del("Set-Cookie") // Who signs in must be given it.
			_ = headers.Write(c.answers)
		}
	}
	return read
}

// filledPaths returns a path with what fills its parameters, one after the other: each
// is known by what stands before it in the path as it is described.
func filledPaths(path string, filled map[string][]string) []string {
	paths, done := []string{""}, 0
	for {
		start := strings.Index(path[done:], "{")
		if start < 0 {
			break
		}
		start += done
		end := start + strings.Index(path[start:], "}")
		var longer []string
		for _, p := range paths {
			for _, value := range filled[path[:start]] {
				longer = append(longer, p+path[done:start]+url.PathEscape(value))
			}
		}
		paths, done = longer, end+1
	}
	for i := range paths {
		paths[i] += path[done:]
	}
	return paths
}

func crawlQuery(path string) string {
	switch path {
	case "/api/v1/filterFields":
		return "?of=devices"
	case "/api/v1/devices/export":
		return "?format=csv"
	}
	return ""
}

// whatThereIs are the names by which a crawl asks, by what stands before them.
func (c *client) whatThereIs(bulk string, groups, users []string) map[string][]string {
	c.tb.Helper()
	id := func(path string) []string {
		var ids []string
		for _, item := range listAll[struct{ ID, Name string }](c, path) {
			ids = append(ids, item.ID+item.Name)
		}
		return ids
	}
	var profiles []string
	var known listed[struct{ ID string }]
	c.Get("quirkProfiles").Want(http.StatusOK).Decode(&known)
	for _, profile := range known.Items {
		profiles = append(profiles, profile.ID)
	}
	return map[string][]string{
		"/api/v1/devices/": id("devices"), "/api/v1/tasks/": id("tasks"), "/api/v1/tasks/bulk/": {bulk}, "/api/v1/files/": id("files"),
		"/api/v1/groups/": groups, "/api/v1/users/": users, "/api/v1/quirkProfiles/": profiles,
		"/api/v1/lines/": id("lines"), "/api/v1/packs/": {"yealink", "poly"}, "/api/v1/packs/{name}/files/": {"pack.yaml"},
		"/api/v1/devices/{id}/files/": c.filesOfDevices(),
		// Whether there are any depends on what phones were asked.
		"/api/v1/dataModels/": append(id("dataModels"), "unknown"),
	}
}

// filesOfDevices are the names of the files that devices would be given.
func (c *client) filesOfDevices() []string {
	c.tb.Helper()
	var names []string
	for _, d := range listAll[struct{ ID string }](c, "devices") {
		var files listed[struct{ Name string }]
		c.Get("devices/" + d.ID + "/files").Want(http.StatusOK).Decode(&files)
		for _, f := range files.Items {
			names = append(names, f.Name)
		}
	}
	return names
}

func mustParse(tb testing.TB, address string) *url.URL {
	tb.Helper()
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}
