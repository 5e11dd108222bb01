//go:build e2e

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// client speaks the REST API with a token.
type client struct {
	tb      testing.TB
	base    string
	token   string
	http    *http.Client
	answers *transcript
}

// Client returns a client with a token that is made for it.
func (s *server) Client(role string) *client {
	s.tb.Helper()
	return s.ClientWith(s.Token(role))
}

// ClientWith returns a client with a token, which may be empty.
func (s *server) ClientWith(token string) *client {
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	if s.Certificates != nil {
		transport.TLSClientConfig = s.Certificates.Client()
	}
	s.tb.Cleanup(transport.CloseIdleConnections)
	return &client{tb: s.tb, base: s.WebURL(), token: token, http: &http.Client{Transport: transport, Timeout: 150 * time.Second}, answers: s.Answers}
}

// answer is what the server answered, read to its end.
type answer struct {
	tb     testing.TB
	what   string
	Status int
	Header http.Header
	Body   []byte
}

// Get reads a path below /api/v1, or one that begins with "/".
func (c *client) Get(path string) answer {
	c.tb.Helper()
	return c.Do(http.MethodGet, path, nil)
}

// Post sends a body as JSON. Headers are names and values by turns.
func (c *client) Post(path string, body any, headers ...string) answer {
	c.tb.Helper()
	return c.Do(http.MethodPost, path, body, headers...)
}

// Do sends a request. A body that is no io.Reader goes as JSON.
func (c *client) Do(method, path string, body any, headers ...string) answer {
	c.tb.Helper()
	got, err := c.Try(context.Background(), method, path, body, headers...)
	if err != nil {
		c.tb.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

// Try is Do for a server that may be gone, and for goroutines other than the
// test's.
func (c *client) Try(ctx context.Context, method, path string, body any, headers ...string) (answer, error) {
	request, err := c.request(ctx, method, path, body, headers...)
	if err != nil {
		return answer{}, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	_, _ = c.answers.Write(append(raw, '\n'))
	return answer{tb: c.tb, what: method + " " + path, Status: response.StatusCode, Header: response.Header, Body: raw}, nil
}

func (c *client) request(ctx context.Context, method, path string, body any, headers ...string) (*http.Request, error) {
	reader, isReader := body.(io.Reader)
	if body != nil && !isReader {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(raw)
	}
	if path == "" || path[0] != '/' {
		path = "/api/v1/" + path
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return nil, err
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != nil && !isReader {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return request, nil
}

// Want ends the test unless the status is the one expected.
func (a answer) Want(status int) answer {
	a.tb.Helper()
	if a.Status != status {
		a.tb.Fatalf("%s: status %d, want %d: %s", a.what, a.Status, status, tail(string(a.Body), 2000))
	}
	return a
}

// Decode reads the JSON of the answer.
func (a answer) Decode(into any) {
	a.tb.Helper()
	if err := json.Unmarshal(a.Body, into); err != nil {
		a.tb.Fatalf("%s: %v in %s", a.what, err, tail(string(a.Body), 2000))
	}
}

// Problem checks that the answer is a problem document (RFC 9457) of a kind.
func (a answer) Problem(status int, kind string) problemDocument {
	a.tb.Helper()
	a.Want(status)
	var p problemDocument
	a.Decode(&p)
	if media := a.Header.Get("Content-Type"); media != "application/problem+json" {
		a.tb.Errorf("%s: Content-Type %q, want application/problem+json", a.what, media)
	}
	if p.Type != "urn:dialtone:problem:"+kind || p.Status != status || p.Title == "" {
		a.tb.Fatalf("%s: problem %+v, want %d %s", a.what, p, status, kind)
	}
	return p
}

// problemDocument is an error of the API.
type problemDocument struct {
	Type, Title, Detail, Existing string
	Status                        int
	Errors                        []struct{ Location, Message string }
}

// listed is a page of a list.
type listed[T any] struct {
	Items         []T    `json:"items"`
	NextPageToken string `json:"nextPageToken"`
	TotalSize     int    `json:"totalSize"`
}

// listAll reads all pages of a list. Query parameters are names and values by
// turns.
func listAll[T any](c *client, path string, query ...string) []T {
	c.tb.Helper()
	values := url.Values{"pageSize": {"500"}}
	for i := 0; i+1 < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	var all []T
	for {
		var page listed[T]
		c.Get(path + "?" + values.Encode()).Want(http.StatusOK).Decode(&page)
		all = append(all, page.Items...)
		if page.NextPageToken == "" {
			return all
		}
		values.Set("pageToken", page.NextPageToken)
	}
}

// deviceRecord is a device as the contract names its fields.
type deviceRecord struct {
	ID              string   `json:"id"`
	Manufacturer    string   `json:"manufacturer"`
	OUI             string   `json:"oui"`
	ProductClass    string   `json:"productClass"`
	SerialNumber    string   `json:"serialNumber"`
	MAC             string   `json:"mac"`
	Model           string   `json:"model"`
	HardwareVersion string   `json:"hardwareVersion"`
	SoftwareVersion string   `json:"softwareVersion"`
	Address         string   `json:"address"`
	Tags            []string `json:"tags"`
	Group           string   `json:"group"`
	FirstSeen       string   `json:"firstSeen"`
	LastInform      string   `json:"lastInform"`
	Online          bool     `json:"online"`
	Revision        int      `json:"revision"`
}

// taskRecord is a task as the contract names its fields.
type taskRecord struct {
	ID         string          `json:"id"`
	Device     string          `json:"device"`
	Kind       string          `json:"kind"`
	State      string          `json:"state"`
	Args       json.RawMessage `json:"args"`
	Result     json.RawMessage `json:"result"`
	Fault      *faultRecord    `json:"fault"`
	Attempts   []attemptRecord `json:"attempts"`
	CreatedAt  time.Time       `json:"createdAt"`
	FinishedAt *time.Time      `json:"finishedAt"`
	Timeline   []struct {
		State string    `json:"state"`
		At    time.Time `json:"at"`
	} `json:"timeline"`
	RetryOf string `json:"retryOf"`
}

type attemptRecord struct {
	Session   string       `json:"session"`
	StartedAt time.Time    `json:"startedAt"`
	EndedAt   *time.Time   `json:"endedAt"`
	Fault     *faultRecord `json:"fault"`
}

type faultRecord struct {
	Code       int    `json:"code"`
	Reason     string `json:"reason"`
	String     string `json:"string"`
	Parameters []struct {
		Path   string `json:"path"`
		Code   int    `json:"code"`
		String string `json:"string"`
	} `json:"parameters"`
}

// object is a JSON object to send.
type object map[string]any

// states are those that the task went through, in order.
func (t taskRecord) states() []string {
	states := make([]string, 0, len(t.Timeline))
	for _, step := range t.Timeline {
		states = append(states, step.State)
	}
	return states
}

// Queue queues a task without waiting for it.
func (c *client) Queue(device string, task object) taskRecord {
	c.tb.Helper()
	var t taskRecord
	c.Post("devices/"+device+"/tasks", task).Want(http.StatusAccepted).Decode(&t)
	return t
}

// Run queues a task, calls the device, and waits for the end of the task.
func (c *client) Run(device string, task object) taskRecord {
	c.tb.Helper()
	var t taskRecord
	c.Post("devices/"+device+"/tasks?connectionRequest=true", task, "Prefer", "wait=30").Want(http.StatusOK).Decode(&t)
	return t
}

// Succeed is Run for a task that must succeed. Its result goes into result, if
// that is not nil.
func (c *client) Succeed(device string, task object, result any) taskRecord {
	c.tb.Helper()
	t := c.Run(device, task)
	if t.State != "succeeded" {
		c.tb.Fatalf("%v: %s, want succeeded; fault %+v", task["kind"], t.State, t.Fault)
	}
	if result != nil {
		if err := json.Unmarshal(t.Result, result); err != nil {
			c.tb.Fatalf("%v: %v in result %s", task["kind"], err, t.Result)
		}
	}
	return t
}

// Task reads a task.
func (c *client) Task(id string) taskRecord {
	c.tb.Helper()
	var t taskRecord
	c.Get("tasks/" + id).Want(http.StatusOK).Decode(&t)
	return t
}

// WaitTask reads a task again and again until it is in one of the states.
func (c *client) WaitTask(id string, states ...string) taskRecord {
	c.tb.Helper()
	var t taskRecord
	c.Eventually(fmt.Sprintf("task %s is %v", id, states), func() bool {
		t = c.Task(id)
		for _, state := range states {
			if t.State == state {
				return true
			}
		}
		return false
	})
	return t
}

// Eventually asks again and again until the condition holds, for at most 30 s.
func (c *client) Eventually(what string, condition func() bool) {
	c.tb.Helper()
	c.every(20*time.Millisecond, 30*time.Second, what, condition)
}

// Within is Eventually, less often, for what takes longer.
func (c *client) Within(longest time.Duration, what string, condition func() bool) {
	c.tb.Helper()
	c.every(time.Second, longest, what, condition)
}

func (c *client) every(pause, longest time.Duration, what string, condition func() bool) {
	c.tb.Helper()
	deadline := time.Now().Add(longest)
	for !condition() {
		if time.Now().After(deadline) {
			c.tb.Fatalf("not within %s: %s", longest, what)
		}
		time.Sleep(pause)
	}
}

// Device returns the record of a phone that has informed.
func (c *client) Device(phone *cpe.Device) deviceRecord {
	c.tb.Helper()
	found := listAll[deviceRecord](c, "devices", "filter", fmt.Sprintf("serialNumber = %q", phone.Identity().SerialNumber))
	if len(found) != 1 {
		c.tb.Fatalf("%d devices have the serial number %s, want 1", len(found), phone.Identity().SerialNumber)
	}
	return found[0]
}

func readerOf(text string) io.Reader { return strings.NewReader(text) }
