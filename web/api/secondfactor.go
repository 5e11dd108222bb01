package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerSecondFactor() {
	register(a, operation{
		id: "beginSecondFactor", method: http.MethodPost, path: "/me/secondFactor", tag: signInTag, summary: "Make the key of a second factor",
		description: "For an app that makes one-time codes (TOTP, RFC 6238). It counts once it is confirmed with a code. Users only.",
		status:      http.StatusCreated, problems: []problemKind{kindState, kindConflict, kindTooLarge, kindMediaType},
	}, a.beginSecondFactor)
	register(a, operation{
		id: "confirmSecondFactor", method: http.MethodPost, path: "/me/secondFactor/confirm", tag: signInTag, summary: "Turn the second factor on",
		description: "The recovery codes are shown this once; each replaces a code once. Users only.",
		problems:    []problemKind{kindState, kindConflict, kindTooLarge, kindMediaType},
	}, a.confirmSecondFactor)
	register(a, operation{
		id: "removeSecondFactor", method: http.MethodPost, path: "/me/secondFactor/remove", tag: signInTag, summary: "Turn the second factor off",
		description: "Users only.",
		status:      http.StatusNoContent, problems: []problemKind{kindState, kindConflict, kindTooLarge, kindMediaType},
	}, a.removeSecondFactor)
}

// SecondFactor is the key of a second factor.
type SecondFactor struct {
	Key string `json:"key" doc:"In base32, to be typed. It is shown this once."`
	URI string `json:"uri" doc:"otpauth://totp/…, to be shown as a QR code; it holds the key."`
}

type secondFactorOutput struct {
	Body SecondFactor
}

func (a *API) beginSecondFactor(ctx context.Context, in *ownPasswordInput) (*secondFactorOutput, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, userTarget(p.User), "second factor")
	key, uri, err := a.Directory.BeginSecondFactor(ctx, p, in.Body.Password)
	switch {
	case errors.Is(err, users.ErrExists):
		return nil, kindState.problem("there is a second factor: remove it first")
	case errors.Is(err, users.ErrUnauthenticated):
		return nil, invalid("body.password", "is not the password")
	case err != nil:
		return nil, err
	}
	return &secondFactorOutput{Body: SecondFactor{Key: key, URI: uri}}, nil
}

// SecondFactorCode is the body that confirms a second factor.
type SecondFactorCode struct {
	Code string `json:"code" maxLength:"64" writeOnly:"true" doc:"What the app shows."`
}

type secondFactorCodeInput struct {
	Body SecondFactorCode
}

// RecoveryCodes replace the codes of a second factor that is lost.
type RecoveryCodes struct {
	RecoveryCodes []string `json:"recoveryCodes" nullable:"false" doc:"They are shown this once."`
}

type recoveryCodesOutput struct {
	Body RecoveryCodes
}

// auditedFactor is what the audit log says of a second factor.
type auditedFactor struct {
	SecondFactor bool `json:"secondFactor"`
}

func (a *API) confirmSecondFactor(ctx context.Context, in *secondFactorCodeInput) (*recoveryCodesOutput, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, userTarget(p.User), "second factor")
	codes, err := a.Directory.ConfirmSecondFactor(ctx, p.User, in.Body.Code)
	switch {
	case errors.Is(err, users.ErrSecondFactor):
		return nil, invalid("body.code", "is not the code of this moment")
	case errors.Is(err, users.ErrNotFound):
		return nil, kindState.problem("no second factor was begun")
	case err != nil:
		return nil, err
	}
	change(ctx, auditedFactor{}, auditedFactor{SecondFactor: true})
	return &recoveryCodesOutput{Body: RecoveryCodes{RecoveryCodes: codes}}, nil
}

// OwnPassword is the body of what needs the password once more.
type OwnPassword struct {
	Password string `json:"password" maxLength:"1024" writeOnly:"true"`
}

type ownPasswordInput struct {
	Body OwnPassword
}

func (a *API) removeSecondFactor(ctx context.Context, in *ownPasswordInput) (*nothing, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, userTarget(p.User), "second factor")
	u, err := a.self(ctx, p)
	if err != nil {
		return nil, err
	}
	if u.SecondFactor.Key == "" {
		return nil, kindState.problem("there is no second factor")
	}
	err = a.Directory.RemoveOwnSecondFactor(ctx, p, in.Body.Password)
	if errors.Is(err, users.ErrUnauthenticated) {
		return nil, invalid("body.password", "is not the password")
	}
	if err != nil {
		return nil, err
	}
	change(ctx, auditedFactor{SecondFactor: true}, auditedFactor{})
	return nil, nil
}
