package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/history"
)

func (a *API) registerSessions() {
	register(a, operation{
		id: "listDeviceSessions", method: http.MethodGet, path: "/devices/{id}/sessions", tag: devicesTag, summary: "List the sessions of a device, the newest first",
		description: "Those in which something happened. A session that only said that the device is there (2 PERIODIC, no request, no failure) is not kept.",
		problems:    []problemKind{kindNotFound},
	}, a.listSessions)
}

type listSessionsInput struct {
	DevicePath
	Paging
}

// sessionsToken is where a list of sessions goes on: after the session of that
// ID that ended then.
type sessionsToken struct {
	Ended int64  `json:"t"`
	ID    string `json:"i"`
}

// clockLead is how far the clocks of other nodes may be ahead for what they
// stored to be seen.
const clockLead = 24 * time.Hour

func (a *API) listSessions(ctx context.Context, in *listSessionsInput) (*pageOutput[Session], error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	at := sessionsToken{Ended: a.Now().Add(clockLead).UnixMilli()}
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
	}
	found, err := a.History.Sessions(ctx, d.ID, time.UnixMilli(at.Ended).UTC(), at.ID, in.PageSize+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > in.PageSize {
		found = found[:in.PageSize]
		last := found[len(found)-1]
		if next, err = encodeToken(sessionsToken{Ended: last.EndedAt.UnixMilli(), ID: last.ID}); err != nil {
			return nil, err
		}
	}
	return newPage(found, next, nil, func(s history.Session) (Session, error) { return showSession(s), nil })
}

// sessionName returns what answers call a session: the beginning of its id, which
// is its cookie and opens it as long as it lasts.
func sessionName(id string) string {
	const shown = 12
	return id[:min(len(id), shown)]
}

func showSession(s history.Session) Session {
	return Session{
		ID: sessionName(s.ID), Device: string(s.Device), Events: append([]string{}, s.Events...), StartedAt: s.StartedAt.UTC(), EndedAt: s.EndedAt.UTC(),
		Outcome: s.Outcome, RPCs: s.RPCs, Calls: showCalls(s.Calls), Retries: s.RetryCount, Address: s.Address, Node: s.Node,
	}
}

func showCalls(calls []history.Call) []DeviceCall {
	shown := make([]DeviceCall, 0, len(calls))
	for _, c := range calls {
		shown = append(shown, DeviceCall{Method: c.Method, Detail: c.Detail})
	}
	return shown
}
