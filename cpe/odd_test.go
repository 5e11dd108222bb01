package cpe

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// wire keeps what passes over the connections of a device.
type wire struct {
	mu   sync.Mutex
	sent bytes.Buffer
}

type tapped struct {
	net.Conn
	wire *wire
}

func (c tapped) Write(p []byte) (int, error) {
	c.wire.mu.Lock()
	c.wire.sent.Write(p)
	c.wire.mu.Unlock()
	return c.Conn.Write(p)
}

func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := (&net.Dialer{}).DialContext(ctx, network, address)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent.WriteString("\n-- connection --\n")
	return tapped{connection, w}, err
}

func TestEveryOddityHasANameOfItsOwnAndSaysWhatItDoes(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range Oddities() {
		_, preset := Preset(o.Name)
		if seen[o.Name] || preset || o.Manner == "" || strings.ToLower(o.Name) != o.Name || strings.ContainsAny(o.Name, " ,_") {
			t.Errorf("oddity %q: %q", o.Name, o.Manner)
		}
		seen[o.Name] = true
	}
	for _, name := range Presets() {
		expanded, err := ExpandOdd([]string{name})
		if parts, _ := Preset(name); err != nil || len(expanded) != len(parts) {
			t.Errorf("preset %s is %v, of the parts %v: %v", name, expanded, parts, err)
		}
	}
}

func TestAnOddityThatThereIsNotIsRefused(t *testing.T) {
	c := testConfig(nil)
	c.Odd = []string{"gzip", "gzipp"}
	var unknown *OddityError
	if _, err := New(c); !errors.As(err, &unknown) || unknown.Name != "gzipp" {
		t.Errorf("error %v", err)
	}
}

func TestOdditiesAreAppliedInTheOrderOfTheWorkAndOnce(t *testing.T) {
	got, err := ExpandOdd([]string{"gzip", "thomson", "latin-1", "clone-serial"})
	want := []string{"clone-serial", "umlauts", "is-thomson", "cwmp-1-0", "latin-1", "gzip", "chunked", "basic-first"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestADeviceWithoutOdditiesSendsWhatItAlwaysSent(t *testing.T) {
	m, err := newManner(nil)
	if m != nil || err != nil {
		t.Errorf("manner %v, %v", m, err)
	}
	if got := m.write(&cwmp.Inform{}, "text"); got != "text" {
		t.Errorf("got %q", got)
	}
}

func TestElementsAreCutWholeAndNoOthers(t *testing.T) {
	for text, want := range map[string]string{
		"<a><Event x='1'>b</Event><EventCode>c</EventCode></a>": "<a><EventCode>c</EventCode></a>",
		"<Event></Event>":   "",
		"<Event>never ends": "<Event>never ends",
		"none":              "none",
	} {
		if got := cutElement(text, "Event", ""); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestMessagesInOtherNotationsMeanTheSame(t *testing.T) {
	for _, name := range []string{"odd-prefixes", "default-namespace", "schema-1999", "indented", "cdata", "open-array-type", "no-xml-declaration", "byte-order-mark", "terminated", "padded-values"} {
		o, ok := oddityNamed(name)
		if !ok {
			t.Fatalf("no oddity %s", name)
		}
		for _, message := range []cwmp.Message{
			&cwmp.GetParameterValuesResponse{ParameterList: []cwmp.ParameterValueStruct{{Name: "Device.A", Value: "a & <b>", Type: cwmp.TypeString}, {Name: "Device.B", Value: "1", Type: cwmp.TypeBoolean}}},
			cwmp.NewFault(cwmp.FaultInvalidParameterName, "no such"),
			&cwmp.SetParameterValuesResponse{Status: 1},
		} {
			body, err := cwmp.Encode(&cwmp.Envelope{ID: "7", HasID: true, Namespace: cwmp.NamespaceV1_2, Message: message})
			if err != nil {
				t.Fatal(err)
			}
			text := o.text(message, string(body))
			got, err := cwmp.Decode([]byte(text), cwmp.DefaultLimits())
			if err != nil {
				t.Errorf("%s: %s: %v: %s", name, message.Method(), err, text)
				continue
			}
			again, err := cwmp.Encode(got)
			if err != nil || name != "padded-values" && string(again) != string(body) {
				t.Errorf("%s: %s reads as %s (%v), want %s", name, message.Method(), again, err, body)
			}
		}
	}
}
