package cpe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// Recorded is one HTTP message of a recorded session, as a line of an exported trace
// has it.
type Recorded struct {
	// Session is the same for all messages of one session.
	Session string `json:"session"`
	// Direction is "fromDevice" or "toDevice".
	Direction string `json:"direction"`
	// Method is the CWMP message in it; empty for none.
	Method  string   `json:"method"`
	Start   string   `json:"start"`
	Headers []string `json:"headers"`
	Body    string   `json:"body"`
	// Cut is how many bytes of the body are missing.
	Cut int `json:"cut"`
}

const (
	recordedFromDevice = "fromDevice"
	recordedToDevice   = "toDevice"
	// maxRecorded bounds the messages of one file.
	maxRecorded = 100_000
)

// ReadRecorded reads an exported trace, one JSON object a line. Its errors name the
// line.
func ReadRecorded(r io.Reader) ([]Recorded, error) {
	decoder := json.NewDecoder(r)
	var all []Recorded
	for {
		var m Recorded
		err := decoder.Decode(&m)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", len(all)+1, err)
		}
		if m.Direction != recordedFromDevice && m.Direction != recordedToDevice {
			return nil, fmt.Errorf("message %d: direction must be %s or %s", len(all)+1, recordedFromDevice, recordedToDevice)
		}
		if len(all) == maxRecorded {
			return nil, fmt.Errorf("more than %d messages", maxRecorded)
		}
		all = append(all, m)
	}
}

// ReplayConfig says what is played, and to whom.
type ReplayConfig struct {
	// ACSURL is where the device's half is sent, http or https.
	ACSURL             string
	Username, Password string
	Messages           []Recorded
	// Session limits it to the session of that name; empty plays all in order.
	Session string
	// Client sends the requests; http.DefaultTransport with cookies if nil.
	Client *http.Client
	// Step is told of every exchange; may be nil.
	Step func(ReplayStep)
}

// ReplayStep is one request of a replay and what came back.
type ReplayStep struct {
	Session string
	// Sent names the message that was sent, Got the answer's, and Recorded that of
	// the answer in the trace: a CWMP message, or a status.
	Sent, Got, Recorded string
	// Different says that the ACS answered with something else than it did then.
	Different bool
}

// ReplayReport sums up a replay.
type ReplayReport struct {
	Sessions, Requests, Different int
}

// Replay plays the device's half of recorded sessions: it sends what the device sent,
// with the IDs of the requests that the ACS makes now. Where the ACS asks for
// something else than it did then, it gets the recorded answer to that, if there is
// one in the session, else fault 9002. It returns an error if the ACS cannot be
// reached, or the file holds nothing to play.
func Replay(ctx context.Context, c ReplayConfig) (ReplayReport, error) {
	var report ReplayReport
	for _, session := range recordedSessions(c.Messages, c.Session) {
		p, err := newPlayer(c, session)
		if err != nil {
			return report, err
		}
		report.Sessions++
		if err := p.play(ctx, &report); err != nil {
			return report, fmt.Errorf("session %s: %w", p.name, err)
		}
	}
	if report.Sessions == 0 {
		return report, errors.New("cpe: the trace holds no session of a device to play")
	}
	return report, nil
}

// recordedSessions returns the messages by session, in the order in which the
// sessions began. A session whose beginning is not there is left out.
func recordedSessions(all []Recorded, only string) [][]Recorded {
	var sessions [][]Recorded
	index := map[string]int{}
	for _, m := range all {
		if only != "" && m.Session != only {
			continue
		}
		i, known := index[m.Session]
		if !known {
			if m.Direction != recordedFromDevice || m.Method != "Inform" {
				continue
			}
			i = len(sessions)
			index[m.Session] = i
			sessions = append(sessions, nil)
		}
		sessions[i] = append(sessions[i], m)
	}
	return sessions
}

// player plays one session.
type player struct {
	config   ReplayConfig
	name     string
	messages []Recorded
	client   *http.Client
	target   *url.URL
	login    login
}

// replayTimeout is how long an answer may take.
const replayTimeout = 60 * time.Second

func newPlayer(c ReplayConfig, messages []Recorded) (*player, error) {
	target, err := url.Parse(c.ACSURL)
	if err != nil || target.Host == "" {
		return nil, errors.New("cpe: ACSURL: want an absolute http or https URL")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: replayTimeout}
	if c.Client != nil {
		client = *c.Client
	}
	client.Jar = jar
	return &player{config: c, name: messages[0].Session, messages: messages, client: &client, target: target, login: login{username: c.Username, password: c.Password}}, nil
}

// exchangeThen is a request of the device with the answer that it got then.
type exchangeThen struct{ sent, answer Recorded }

// pairs returns the exchanges of the session in order.
func (p *player) pairs() []exchangeThen {
	var pairs []exchangeThen
	for i, m := range p.messages {
		if m.Direction != recordedFromDevice {
			continue
		}
		pair := exchangeThen{sent: m}
		if i+1 < len(p.messages) && p.messages[i+1].Direction == recordedToDevice {
			pair.answer = p.messages[i+1]
		}
		pairs = append(pairs, pair)
	}
	return pairs
}

// play sends what the device sent, until it is through, or the ACS ends the session.
func (p *player) play(ctx context.Context, report *ReplayReport) error {
	pairs := p.pairs()
	var asked, askedThen *cwmp.Envelope
	for i := 0; i < len(pairs); i++ {
		sent := pairs[i].sent
		body := []byte(sent.Body)
		if asked != nil {
			var j int
			body, j = p.answer(pairs, i, asked, askedThen)
			if sent = (Recorded{Method: "Fault", Headers: sent.Headers}); j >= 0 {
				sent = pairs[j].sent
			}
		}
		status, answer, err := p.post(ctx, body, sent.Headers)
		if err != nil {
			return err
		}
		report.Requests++
		asked = decoded(answer)
		askedThen = decoded([]byte(pairs[i].answer.Body))
		step := ReplayStep{Session: p.name, Sent: named(sent.Method, "empty POST"), Got: named(method(asked), fmt.Sprint(status)), Recorded: named(pairs[i].answer.Method, recordedStatus(pairs[i].answer))}
		step.Different = step.Got != step.Recorded
		if step.Different {
			report.Different++
		}
		if p.config.Step != nil {
			p.config.Step(step)
		}
		if status == http.StatusNoContent {
			return nil
		}
		if status != http.StatusOK {
			return fmt.Errorf("the ACS answered %s with status %d", step.Sent, status)
		}
		if !isACSRequest(asked) {
			asked = nil
		}
	}
	return nil
}

func named(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

func method(e *cwmp.Envelope) string {
	if e == nil {
		return ""
	}
	return e.Message.Method()
}

func isACSRequest(e *cwmp.Envelope) bool {
	if e == nil {
		return false
	}
	_, fault := e.Message.(*cwmp.Fault)
	return !fault && !strings.HasSuffix(e.Message.Method(), "Response")
}

func decoded(body []byte) *cwmp.Envelope {
	e, err := cwmp.Decode(body, cwmp.DefaultLimits())
	if err != nil {
		return nil
	}
	return e
}

// recordedStatus returns the status of an answer: "204" of "HTTP/1.1 204 No Content".
func recordedStatus(m Recorded) string {
	fields := strings.Fields(m.Start)
	if len(fields) < 2 {
		return ""
	}
	return fields[1]
}

// answer returns what the device answers to a request of the ACS: what it answered
// then at this place, or in this session to the same method, with the ID of the
// request; else fault 9002. from is the exchange that it is taken of, -1 for none.
func (p *player) answer(pairs []exchangeThen, at int, asked, askedThen *cwmp.Envelope) (body []byte, from int) {
	if method(askedThen) == method(asked) {
		return withID(pairs[at].sent.Body, askedThen.ID, asked.ID), at
	}
	for i := 1; i < len(pairs); i++ {
		then := decoded([]byte(pairs[i-1].answer.Body))
		if method(then) == method(asked) {
			return withID(pairs[i].sent.Body, then.ID, asked.ID), i
		}
	}
	fault := &cwmp.Envelope{ID: asked.ID, HasID: asked.HasID, Namespace: asked.Namespace, Message: cwmp.NewFault(9002, "the trace holds no answer to "+method(asked))}
	encoded, err := cwmp.Encode(fault)
	if err != nil {
		return nil, -1
	}
	return encoded, -1
}

// withID puts the ID of a request in the place of the one that the device repeated.
func withID(body, then, now string) []byte {
	if then == now || then == "" {
		return []byte(body)
	}
	return []byte(strings.Replace(body, ">"+then+"<", ">"+now+"<", 1))
}

// post sends a body as the device did, and answers a request for credentials.
func (p *player) post(ctx context.Context, body []byte, headers []string) (status int, answer []byte, err error) {
	for attempt := 1; ; attempt++ {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.target.String(), bytes.NewReader(body))
		if err != nil {
			return 0, nil, fmt.Errorf("make request: %w", err)
		}
		p.dress(r, headers)
		response, err := p.client.Do(r)
		if err != nil {
			return 0, nil, fmt.Errorf("send request: %w", err)
		}
		answer, err = io.ReadAll(io.LimitReader(response.Body, maxResponse))
		_ = response.Body.Close()
		if err != nil {
			return 0, nil, fmt.Errorf("read answer: %w", err)
		}
		if response.StatusCode != http.StatusUnauthorized || attempt > 2 || !p.login.challenge(response.Header, attempt) {
			return response.StatusCode, answer, nil
		}
	}
}

// dress gives a request the headers that say how its body is to be read.
func (p *player) dress(r *http.Request, headers []string) {
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		switch http.CanonicalHeaderKey(name) {
		case "Content-Type", "Soapaction", "User-Agent":
			r.Header.Set(name, value)
		}
	}
	if authorization := p.login.authorization(http.MethodPost, r.URL.RequestURI()); authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
}
