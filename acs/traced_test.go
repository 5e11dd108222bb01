package acs

import (
	"strings"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/trace"
)

// tracer keeps the messages of one device.
type tracer struct {
	mu       sync.Mutex
	serial   string
	messages []trace.Message
}

func (t *tracer) Active() bool { return t.serial != "" }

func (t *tracer) Wants(d *device.Device) bool { return d.SerialNumber == t.serial }

func (t *tracer) Record(m trace.Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.messages = append(t.messages, m)
}

func TestEveryMessageOfATracedSessionIsRecordedInOrder(t *testing.T) {
	kept := &tracer{serial: "S1"}
	f := newFixture(t, func(o *Options) { o.Tracer = kept })
	p, d := f.known("S1")
	f.known("S2") // Nobody wants to read this one.
	kept.messages = nil
	f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.A"]}`)
	p.session(values(map[string]string{"Device.A": "x"}), "2 PERIODIC")
	var got []string
	for _, m := range kept.messages {
		if m.Device != d.ID || m.Session != kept.messages[0].Session || m.At.IsZero() {
			t.Errorf("message %+v", m)
		}
		got = append(got, string(m.Direction)+" "+m.Method+" "+m.Start)
	}
	want := []string{
		"fromDevice Inform POST / HTTP/1.1", "toDevice InformResponse HTTP/1.1 200 OK",
		"fromDevice  POST / HTTP/1.1", "toDevice GetParameterValues HTTP/1.1 200 OK",
		"fromDevice GetParameterValuesResponse POST / HTTP/1.1", "toDevice  HTTP/1.1 204 No Content",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Fatalf("got\n%s", strings.Join(got, "\n"))
	}
	for i, text := range map[int]string{0: "S1", 3: "Device.A", 4: "<Value"} {
		if !strings.Contains(string(kept.messages[i].Body), text) {
			t.Errorf("message %d has the body %s", i, kept.messages[i].Body)
		}
	}
	if kept.messages[1].Headers.Get("Set-Cookie") == "" || kept.messages[0].Headers.Get("Content-Type") == "" {
		t.Error("headers are missing")
	}
}

func TestAMessageThatIsNoCWMPIsTracedToo(t *testing.T) {
	kept := &tracer{serial: "S1"}
	f := newFixture(t, func(o *Options) { o.Tracer = kept })
	p := f.newPhone("S1")
	p.open("1 BOOT")
	kept.messages = nil
	if response, _ := p.post([]byte("garbage")); response.StatusCode != 400 {
		t.Errorf("status %d", response.StatusCode)
	}
	if len(kept.messages) != 2 || string(kept.messages[0].Body) != "garbage" || !strings.Contains(kept.messages[1].Start, "400") {
		t.Errorf("traced %+v", kept.messages)
	}
}

func TestTheMessagesOfAnotherDeviceOnTheSameConnectionAreNotRecorded(t *testing.T) {
	kept := &tracer{serial: "S1"}
	f := newFixture(t, func(o *Options) { o.Tracer = kept })
	p := f.newPhone("S1")
	p.client.Jar = nil // Only the connection is shared.
	p.open("1 BOOT")
	kept.messages = nil
	p.serial = "S2"
	p.open("1 BOOT")
	p.send(nil, nil)
	for _, m := range kept.messages {
		t.Errorf("recorded %s %s", m.Direction, m.Method)
	}
}
