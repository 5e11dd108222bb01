package acs

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

const (
	sipServer   = "Device.Services.VoiceService.1.VoiceProfile.1.SIP.RegistrarServer"
	sipPassword = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.SIP.AuthPassword"
)

// script is a Planner whose courses send the same requests, and note what they are told.
type script struct {
	mu       sync.Mutex
	requests []cwmp.Message
	visits   []Visit
	resumed  int
	answers  []string
	lost     []tasks.Reason
	// nothing has Begin return nil, failing is the error of Next.
	nothing bool
	failing error
}

func (s *script) Begin(_ context.Context, v Visit) (Course, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.visits = append(s.visits, v)
	if s.nothing {
		return nil, nil
	}
	return &scriptCourse{script: s}, nil
}

func (s *script) Resume(_ context.Context, _ Visit, progress json.RawMessage) (Course, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resumed++
	c := &scriptCourse{script: s}
	return c, json.Unmarshal(progress, &c.At)
}

type scriptCourse struct {
	script *script
	At     int
}

func (c *scriptCourse) MarshalJSON() ([]byte, error) { return json.Marshal(c.At) }

func (c *scriptCourse) Next(context.Context, Visit) (cwmp.Message, bool, error) {
	if c.script.failing != nil {
		return nil, false, c.script.failing
	}
	if c.At >= len(c.script.requests) {
		return nil, false, nil
	}
	_, reads := c.script.requests[c.At].(*cwmp.GetParameterValues)
	return c.script.requests[c.At], reads, nil
}

func (c *scriptCourse) Answer(_ context.Context, _ Visit, m cwmp.Message) error {
	c.At++
	c.script.answers = append(c.script.answers, m.Method())
	return nil
}

func (c *scriptCourse) Lost(_ context.Context, _ Visit, f tasks.Fault) error {
	c.script.lost = append(c.script.lost, f.Reason)
	return nil
}

// setAndRead are the requests of a usual course.
func setAndRead() []cwmp.Message {
	return []cwmp.Message{
		&cwmp.SetParameterValues{ParameterKey: "dt-1", ParameterList: []cwmp.ParameterValueStruct{
			{Name: sipServer, Value: "sip.example.org", Type: cwmp.TypeString}, {Name: sipPassword, Value: "sesame", Type: cwmp.TypeString},
		}},
		&cwmp.GetParameterValues{ParameterNames: []string{sipServer}},
		&cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{{Name: sipServer, NotificationChange: true, Notification: 2}}},
	}
}

// settles answers what such a course asks, and whatever tasks do.
func settles(m cwmp.Message) cwmp.Message {
	switch m := m.(type) {
	case *cwmp.SetParameterValues:
		return &cwmp.SetParameterValuesResponse{}
	case *cwmp.GetParameterValues:
		r := &cwmp.GetParameterValuesResponse{}
		for _, name := range m.ParameterNames {
			r.ParameterList = append(r.ParameterList, cwmp.ParameterValueStruct{Name: name, Value: "sip.example.org", Type: cwmp.TypeString})
		}
		return r
	case *cwmp.SetParameterAttributes:
		return &cwmp.SetParameterAttributesResponse{}
	case *cwmp.AddObject:
		return &cwmp.AddObjectResponse{InstanceNumber: 2}
	}
	return cwmp.NewFault(9000, "")
}

// planned starts a server with a script, and a phone that it knows.
func planned(t *testing.T, change ...func(*Options)) (*fixture, *script, *phone, device.Device) {
	t.Helper()
	s := &script{nothing: true}
	f := newFixture(t, append(change, func(o *Options) { o.Planner = s })...)
	p, d := f.known("S1")
	s.nothing, s.visits = false, nil
	return f, s, p, d
}

func TestTheCourseOfASessionGoesFromNodeToNodeAndIsNoted(t *testing.T) {
	f, s, p, d := planned(t)
	s.requests = setAndRead()
	asked := p.session(settles, "2 PERIODIC")
	if want := []string{"SetParameterValues", "GetParameterValues", "SetParameterAttributes"}; !slices.Equal(asked, want) {
		t.Fatalf("asked %v, want %v", asked, want)
	}
	if want := []string{"SetParameterValuesResponse", "GetParameterValuesResponse", "SetParameterAttributesResponse"}; !slices.Equal(s.answers, want) || s.resumed == 0 {
		t.Errorf("the course was told %v, and resumed %d times", s.answers, s.resumed)
	}
	if got := p.record().ParameterKey; got != "dt-1" {
		t.Errorf("the ParameterKey is %q", got)
	}
	if got := f.stored(d.ID, sipServer); len(got) != 1 || got[0].Value != "sip.example.org" {
		t.Errorf("stored is %+v", got)
	}
	if len(s.visits) != 1 || s.visits[0].Changed || s.visits[0].Device.ID != d.ID {
		t.Errorf("visits are %+v", s.visits)
	}
}

func TestTasksGoBeforeSettings(t *testing.T) {
	f, s, p, d := planned(t)
	s.requests = setAndRead()[:1]
	set := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.Time.NTPServer1","value":"a","type":"xsd:string"}]}`)
	var first string
	p.session(func(m cwmp.Message) cwmp.Message {
		if set, ok := m.(*cwmp.SetParameterValues); ok && first == "" {
			first = set.ParameterList[0].Name
		}
		return settles(m)
	}, "2 PERIODIC")
	f.want(set, tasks.Succeeded)
	if first != "Device.Time.NTPServer1" {
		t.Errorf("first was set %s", first)
	}
	if len(s.visits) != 1 || !s.visits[0].Changed {
		t.Errorf("after a task that sets values the planner was asked %+v", s.visits)
	}
}

func TestATaskThatReadsIsNoChange(t *testing.T) {
	f, s, p, d := planned(t)
	s.nothing = true
	f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+sipServer+`"]}`)
	p.session(settles, "2 PERIODIC")
	if len(s.visits) != 1 || s.visits[0].Changed {
		t.Errorf("visits are %+v", s.visits)
	}
}

func TestAChangeAfterTheSettingsWereSeenToHasThemSeenToAgain(t *testing.T) {
	f, s, p, d := planned(t)
	s.requests = setAndRead()[:1]
	queued := false
	p.session(func(m cwmp.Message) cwmp.Message {
		if !queued {
			queued = true // While the course is under way.
			f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.Time.NTPServer1","value":"a","type":"xsd:string"}]}`)
		}
		return settles(m)
	}, "2 PERIODIC")
	if len(s.visits) != 2 || s.visits[0].Changed || !s.visits[1].Changed {
		t.Errorf("the planner was asked %d times: %+v", len(s.visits), s.visits)
	}
}

func TestSettingsAreNotAskedOfADeviceInQuarantine(t *testing.T) {
	s := &script{requests: setAndRead()}
	rule := digestRule()
	rule.Methods, rule.Unknown = []access.Method{access.None}, access.Quarantine
	g := newGuarded(t, rule)
	g.server.engine.sources = append(g.server.engine.sources, &settingsSource{planner: s})
	c := g.caller("S9", "", "")
	if d := c.accepted("0 BOOTSTRAP"); !d.Quarantined {
		t.Fatal("the device is not in quarantine")
	}
	c.ends()
	if len(s.visits) != 0 {
		t.Errorf("the planner was asked %d times", len(s.visits))
	}
}

func TestTheJSONOfASessionHoldsNoSecretWhileACourseIsUnderWay(t *testing.T) {
	f, s, p, _ := planned(t)
	s.requests = setAndRead()
	transform := f.server.transform
	carried := 0
	f.server.transform = func(session *Session) *Session {
		raw, err := json.Marshal(session)
		must(t, err)
		if strings.Contains(string(raw), "sesame") {
			t.Errorf("the secret is in %s", raw)
		}
		if session.Course != nil {
			carried++
		}
		return transform(session)
	}
	p.session(settles, "2 PERIODIC")
	if carried < 3 {
		t.Errorf("a course was under way %d times", carried)
	}
}

func TestALostAnswerEndsTheCourseAndTheSessionGoesOn(t *testing.T) {
	f, s, p, d := planned(t)
	s.requests = setAndRead()
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	if request == nil || request.Message.Method() != "SetParameterValues" {
		t.Fatalf("asked %+v", request)
	}
	read := f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+sipServer+`"]}`)
	// The phone asks for the next request in the place of an answer.
	next := p.send(nil, nil)
	for next != nil {
		next = p.send(settles(next.Message), next)
	}
	if len(s.lost) != 1 || len(s.visits) != 1 {
		t.Errorf("the course lost %v, and was begun %d times", s.lost, len(s.visits))
	}
	f.want(read, tasks.Succeeded)
}

func TestAServerThatFailsAtSettingsEndsTheirCourseAlone(t *testing.T) {
	f, s, p, d := planned(t)
	s.failing = errors.New("the store is away")
	read := f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+sipServer+`"]}`)
	if asked := p.session(settles, "2 PERIODIC"); !slices.Equal(asked, []string{"GetParameterValues"}) {
		t.Errorf("asked %v", asked)
	}
	f.want(read, tasks.Succeeded)
	s.failing, s.requests = nil, setAndRead()
	if asked := p.session(settles, "2 PERIODIC"); len(asked) != 3 {
		t.Errorf("in the next session asked %v", asked)
	}
}

func TestADeviceThatShowsItsOwnCredentialsIsProven(t *testing.T) {
	s := &script{nothing: true}
	g := newGuarded(t, digestRule())
	g.announced("S1", "own", "password-1")
	g.server.engine.sources = append(g.server.engine.sources, &settingsSource{
		planner: s, sessions: g.store.Sessions(), tree: g.server.engine.tree, limits: newModelLimits(g.store.Models()),
		behaviour: g.server.options.behaviour, now: g.clock.now, logger: g.server.logger,
	})
	c := g.caller("S1", "own", "password-1")
	c.accepted("2 PERIODIC")
	c.ends()
	if len(s.visits) != 1 || !s.visits[0].Proven {
		t.Errorf("visits are %+v", s.visits)
	}
	unknown := newFixture(t, func(o *Options) { o.Planner = s })
	p := unknown.newPhone("S2")
	p.header = http.Header{}
	p.session(settles, "2 PERIODIC")
	if len(s.visits) != 2 || s.visits[1].Proven {
		t.Errorf("a device without credentials: %+v", s.visits[len(s.visits)-1])
	}
}
