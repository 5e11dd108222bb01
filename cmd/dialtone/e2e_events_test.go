//go:build e2e

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// streamed is one server-sent event.
type streamed struct {
	Kind string
	Data struct {
		ID, Device, State, Kind, SerialNumber, Outcome string
		Deleted                                        bool
	}
}

// follow subscribes to the events of a server, and returns once it will see what
// happens from now on.
func (c *client) follow(ctx context.Context, query string) <-chan streamed {
	c.tb.Helper()
	request, err := c.request(ctx, http.MethodGet, "events"+query, nil)
	if err != nil {
		c.tb.Fatal(err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.tb.Fatal(err)
	}
	if media := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || !strings.HasPrefix(media, "text/event-stream") {
		c.tb.Fatalf("events: status %d with %s", response.StatusCode, media)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, megabyte)
	if !lines.Scan() {
		c.tb.Fatalf("events: %v", lines.Err())
	}
	events := make(chan streamed, 1000)
	go func() {
		defer close(events)
		defer func() { _ = response.Body.Close() }()
		var e streamed
		for lines.Scan() {
			_, _ = c.answers.Write(append(lines.Bytes(), '\n'))
			if kind, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				e.Kind = kind
			} else if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				_ = json.Unmarshal([]byte(data), &e.Data)
			} else if lines.Text() == "" && e.Kind != "" {
				events <- e
				e = streamed{}
			}
		}
	}()
	return events
}

func TestASubscriberSeesTheDeviceTheTaskAndTheSession(t *testing.T) {
	t.Parallel()
	s := serve(t, "--no-onboarding")
	c := s.Client("operator")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	all, sessions := c.follow(ctx, ""), c.follow(ctx, "?kinds=session")

	phone := s.startPhone(t, "EVENTS01", nil)
	id := c.arrive(phone).ID
	task := c.Succeed(id, object{"kind": "getRPCMethods"}, nil)
	c.Do(http.MethodDelete, "devices/"+id, nil).Want(http.StatusNoContent)

	var states []string
	var device, completed, deleted bool
	for !deleted || !completed {
		select {
		case e, ok := <-all:
			if !ok {
				t.Fatalf("the stream ended; device %t, session %t, deleted %t, task %v", device, completed, deleted, states)
			}
			switch e.Kind {
			case "device":
				device = device || e.Data.ID == id && e.Data.SerialNumber == "EVENTS01"
				deleted = deleted || e.Data.ID == id && e.Data.Deleted
			case "task":
				if e.Data.ID == task.ID {
					states = append(states, e.Data.State)
				}
			case "session":
				completed = completed || e.Data.Device == id && e.Data.Outcome == "completed"
			}
		case <-ctx.Done():
			t.Fatalf("device %t, session %t, deleted %t, task %v", device, completed, deleted, states)
		}
	}
	if !device || len(states) == 0 || states[0] != "queued" || states[len(states)-1] != "succeeded" {
		t.Errorf("device %t, task %v; want a device, and the task from queued to succeeded", device, states)
	}
	if e := <-sessions; e.Kind != "session" {
		t.Errorf("who asked for sessions got %q first", e.Kind)
	}
	s.Stop()
	for range all { // The stream ends with the server.
	}
}
