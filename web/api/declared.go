package api

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
)

// Declared keeps the documents of operators, as declared.Store describes.
type Declared interface {
	Documents(ctx context.Context, kind declared.Kind) ([]declared.Document, error)
	Document(ctx context.Context, kind declared.Kind, id string) (declared.Document, error)
	PutDocument(ctx context.Context, d declared.Document) (declared.Document, error)
	DeleteDocument(ctx context.Context, kind declared.Kind, id string, revision int64) error
}

// Models says what was learnt of models, as device.ModelStore describes.
type Models interface {
	ModelLimits(ctx context.Context, key device.ModelKey) (device.ModelLimits, error)
}

// putDeclared makes or replaces a document, and returns what it was before, with
// Revision 0 if it was not there. With ifMatch it replaces only what has that entity
// tag.
func (a *API) putDeclared(ctx context.Context, kind declared.Kind, id, ifMatch string, body json.RawMessage) (before, after declared.Document, err error) {
	before, err = a.Declared.Document(ctx, kind, id)
	if err != nil && !errors.Is(err, declared.ErrNotFound) {
		return before, after, err
	}
	if ifMatch != "" && !matches(ifMatch, documentTag(before)) {
		return before, after, kindPrecondition.problem("it has the ETag " + documentTag(before) + " by now")
	}
	p, err := principal(ctx)
	if err != nil {
		return before, after, err
	}
	now := a.Now()
	next := declared.Document{Kind: kind, ID: id, Body: body, Revision: before.Revision, CreatedAt: before.CreatedAt, UpdatedAt: now, UpdatedBy: p.Actor}
	if before.Revision == 0 {
		next.CreatedAt = now
	}
	after, err = a.Declared.PutDocument(ctx, next)
	switch {
	case errors.Is(err, declared.ErrConflict), errors.Is(err, declared.ErrNotFound):
		err = kindConflict.problem("it was changed at the same moment")
	case errors.Is(err, declared.ErrLimit):
		err = kindLimit.problem("there are as many as may be")
	}
	return before, after, err
}

// deleteDeclared removes a document, and returns what it was.
func (a *API) deleteDeclared(ctx context.Context, kind declared.Kind, id, what string) (declared.Document, error) {
	d, err := a.Declared.Document(ctx, kind, id)
	if err == nil {
		err = a.Declared.DeleteDocument(ctx, kind, id, d.Revision)
	}
	switch {
	case errors.Is(err, declared.ErrNotFound):
		err = kindNotFound.problem("there is no such " + what)
	case errors.Is(err, declared.ErrConflict):
		err = kindConflict.problem("it was changed at the same moment")
	}
	return d, err
}
