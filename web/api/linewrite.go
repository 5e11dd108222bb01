package api

import (
	"context"
	"errors"
	"net/url"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

type createLineInput struct {
	Body NewLine
}

type createLineOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location" doc:"The path of the line."`
	Body     Line
}

func (a *API) createLine(ctx context.Context, in *createLineInput) (*createLineOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	l, err := a.newLine(s, &in.Body)
	if err != nil {
		return nil, err
	}
	note(ctx, "line/"+l.String(), "")
	if l.Group != "" {
		if _, err := a.visibleGroup(ctx, l.Group); err != nil {
			return nil, err
		}
	}
	stored, err := a.putLine(ctx, l)
	if errors.Is(err, provisioners.ErrConflict) {
		return nil, kindDuplicate.problem("the group has a line of that number")
	}
	if err != nil {
		return nil, err
	}
	a.keepGroup(ctx, stored.Group)
	change(ctx, nil, auditedLine(stored, in.Body.Password != ""))
	shown, err := showLine(stored)
	return &createLineOutput{ETag: lineTag(stored), Location: prefix + "/lines/" + url.PathEscape(stored.String()), Body: shown}, err
}

// putLine stores a line, and sees to the marks of the devices that may be bound to
// it: those of its group and below.
func (a *API) putLine(ctx context.Context, l provisioners.Line) (provisioners.Line, error) {
	p, err := principal(ctx)
	if err != nil {
		return l, err
	}
	l.UpdatedAt, l.UpdatedBy = a.moment(), p.Actor
	stored, err := a.Provisioning.Lines.PutLine(ctx, l)
	if err == nil {
		a.Provisioning.Marker.SoonBelow(device.Scope{Group: l.Group})
	}
	return stored, err
}

type updateLineInput struct {
	LinePath
	IfMatch string    `header:"If-Match" doc:"The ETag that the change is based on."`
	Body    LinePatch `contentType:"application/merge-patch+json"`
}

func (a *API) updateLine(ctx context.Context, in *updateLineInput) (*lineOutput, error) {
	before, err := a.visibleLine(ctx, in.Line)
	if err != nil {
		return nil, err
	}
	note(ctx, "line/"+before.String(), "")
	if in.IfMatch != "" && !matches(in.IfMatch, lineTag(before)) {
		return nil, kindPrecondition.problem("the line has the ETag " + lineTag(before) + " by now")
	}
	next, err := a.patchedLine(before, &in.Body)
	if err != nil {
		return nil, err
	}
	after, err := a.putLine(ctx, next)
	if err != nil {
		return nil, lineProblem(err)
	}
	change(ctx, auditedLine(before, false), auditedLine(after, in.Body.Password.Set))
	return newLineOutput(after)
}

type deleteLineInput struct {
	LinePath
	IfMatch string `header:"If-Match" doc:"The ETag that the change is based on."`
}

func (a *API) deleteLine(ctx context.Context, in *deleteLineInput) (*nothing, error) {
	l, err := a.visibleLine(ctx, in.Line)
	if err != nil {
		return nil, err
	}
	note(ctx, "line/"+l.String(), "")
	if in.IfMatch != "" && !matches(in.IfMatch, lineTag(l)) {
		return nil, kindPrecondition.problem("the line has the ETag " + lineTag(l) + " by now")
	}
	if err := a.Provisioning.Lines.DeleteLine(ctx, l.LineKey, l.Revision); err != nil {
		return nil, lineProblem(err)
	}
	a.Provisioning.Marker.SoonBelow(device.Scope{Group: l.Group})
	change(ctx, auditedLine(l, false), nil)
	return nil, nil
}
