package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

func (a *API) registerAccess() {
	register(a, operation{
		id: "listAccessRules", method: http.MethodGet, path: "/accessRules", tag: policiesTag, summary: "List the rules of which devices may speak, and how they prove who they are",
		description: "All of them at once. For a device the enabled rule of the highest priority that fits counts; where none fits, the last of the list, which the server's options make.",
	}, a.listAccessRules)
	register(a, operation{
		id: "putAccessRule", method: http.MethodPut, path: "/accessRules/{id}", tag: policiesTag, summary: "Make or replace a rule of device access",
		description: "In force within seconds, from the next session on. Not for those who are limited to a group.",
		maxBody:     declared.MaxBody, problems: []problemKind{kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.putAccessRule)
	register(a, operation{
		id: "deleteAccessRule", method: http.MethodDelete, path: "/accessRules/{id}", tag: policiesTag, summary: "Delete a rule of device access",
		description: "Not for those who are limited to a group.", status: http.StatusNoContent, problems: []problemKind{kindNotFound, kindConflict},
	}, a.deleteAccessRule)
	register(a, operation{
		id: "listSharedCredentials", method: http.MethodGet, path: "/sharedCredentials", tag: policiesTag, summary: "List the credentials that many devices have for first contact",
		description: "All of them at once. Passwords are never shown.",
	}, a.listSharedCredentials)
	register(a, operation{
		id: "putSharedCredential", method: http.MethodPut, path: "/sharedCredentials/{id}", tag: policiesTag, summary: "Make or replace a shared credential",
		description: "Without a password the one that is there stays. Not for those who are limited to a group.",
		problems:    []problemKind{kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.putSharedCredential)
	register(a, operation{
		id: "deleteSharedCredential", method: http.MethodDelete, path: "/sharedCredentials/{id}", tag: policiesTag, summary: "Delete a shared credential",
		description: "Devices that have no other can no longer open sessions. Not for those who are limited to a group.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound, kindConflict},
	}, a.deleteSharedCredential)
}

// AccessRule is a rule of device access as answers show it.
type AccessRule struct {
	ID      string `json:"id" doc:"Empty for the rule that the server's options make."`
	BuiltIn bool   `json:"builtIn" doc:"The server's options make it."`
	NewAccessRule
	Revision  int64      `json:"revision" doc:"0 for the rule that the server's options make."`
	UpdatedAt *time.Time `json:"updatedAt,omitempty"`
	UpdatedBy string     `json:"updatedBy,omitempty"`
}

// NewAccessRule is the body that makes or replaces a rule.
type NewAccessRule struct {
	Name            string          `json:"name" minLength:"1" maxLength:"100"`
	Priority        int             `json:"priority,omitempty" minimum:"-1000" maximum:"1000" doc:"Of the rules that fit the highest counts."`
	Enabled         bool            `json:"enabled"`
	Listeners       []string        `json:"listeners,omitempty" nullable:"false" maxItems:"16" doc:"The CWMP listeners that it is for: cwmp, cwmp-legacy. Absent for all."`
	Filter          string          `json:"filter,omitempty" maxLength:"2000" doc:"Which devices, in the filter language, by what is known of them or their Inform says. Absent for all."`
	Methods         []access.Method `json:"methods" nullable:"false" minItems:"1" maxItems:"5" enum:"none,basic,digest,certificate,proxy" doc:"One of them is enough."`
	BasicWithoutTLS bool            `json:"basicWithoutTLS,omitempty" doc:"Takes Basic where the connection is not encrypted, too."`
	Unknown         access.Reaction `json:"unknown,omitempty" enum:"accept,quarantine,refuse" doc:"What is done about a device of which there is no record."`
	Rebootstrap     access.Reaction `json:"rebootstrap,omitempty" enum:"accept,quarantine,refuse" doc:"What is done about a device that had credentials of its own and comes with 0 BOOTSTRAP and without them, as after a factory reset."`
	Rotate          bool            `json:"rotate,omitempty" doc:"Gives devices credentials of their own."`
	RotateAfter     string          `json:"rotateAfter,omitempty" maxLength:"32" doc:"Renews them after so long, such as 2160h; absent for never."`
	Identity        access.Identity `json:"identity,omitzero" doc:"What a client certificate tells of its device: templates such as {OU}, {L}, {CN}."`
}

// showAccessRule returns a rule as answers show it.
func showAccessRule(r access.Rule, d declared.Document) AccessRule {
	after := ""
	if r.RotateAfter != 0 {
		after = time.Duration(r.RotateAfter).String()
	}
	return AccessRule{
		ID: r.ID, BuiltIn: r.ID == "", Revision: d.Revision, UpdatedAt: shownTime(d.UpdatedAt), UpdatedBy: d.UpdatedBy,
		NewAccessRule: NewAccessRule{
			Name: r.Name, Priority: r.Priority, Enabled: r.Enabled, Listeners: append([]string{}, r.Listeners...), Filter: r.Filter, Methods: append([]access.Method{}, r.Methods...),
			BasicWithoutTLS: r.BasicWithoutTLS, Unknown: r.Unknown, Rebootstrap: r.Rebootstrap, Rotate: r.Rotate, RotateAfter: after, Identity: r.Identity,
		},
	}
}

func (a *API) listAccessRules(ctx context.Context, _ *noInput) (*pageOutput[AccessRule], error) {
	documents, err := a.Declared.Documents(ctx, declared.AccessRule)
	if err != nil {
		return nil, err
	}
	rules := []AccessRule{}
	for _, d := range documents {
		r, err := access.ParseRule(d.Body)
		if err != nil {
			return nil, fmt.Errorf("access rule %s: %w", d.ID, err)
		}
		r.ID = d.ID
		rules = append(rules, showAccessRule(r, d))
	}
	rules = append(rules, showAccessRule(a.FallbackRule, declared.Document{}))
	total := len(rules)
	return newPage(rules, "", &total, func(r AccessRule) (AccessRule, error) { return r, nil })
}

type policyPath struct {
	ID string `path:"id" maxLength:"64" doc:"Its id: a-z, 0-9 and hyphens."`
}

type putAccessRuleInput struct {
	ID      string `path:"id" maxLength:"64" doc:"Its id: a-z, 0-9 and hyphens."`
	IfMatch string `header:"If-Match" doc:"The ETag that the change is based on."`
	RawBody []byte
	Body    NewAccessRule
}

type accessRuleOutput struct {
	ETag string `header:"ETag"`
	Body AccessRule
}

func (a *API) putAccessRule(ctx context.Context, in *putAccessRuleInput) (*accessRuleOutput, error) {
	if err := wholeFleet(ctx, "rules of device access"); err != nil {
		return nil, err
	}
	note(ctx, "accessRule/"+in.ID, "")
	if err := declared.CheckID(in.ID); err != nil {
		return nil, invalid("path.id", err.Error())
	}
	rule, err := access.ParseRule(in.RawBody)
	if err != nil {
		return nil, accessProblem(err)
	}
	before, stored, err := a.putDeclared(ctx, declared.AccessRule, in.ID, in.IfMatch, in.RawBody)
	if err != nil {
		return nil, err
	}
	change(ctx, auditedDocument(before), auditedDocument(stored))
	rule.ID = in.ID
	return &accessRuleOutput{ETag: documentTag(stored), Body: showAccessRule(rule, stored)}, nil
}

// accessProblem returns the problem of a document that cannot be.
func accessProblem(err error) error {
	var field *access.FieldError
	if !errors.As(err, &field) {
		return err
	}
	var syntax *query.SyntaxError
	switch {
	case field.Field == "":
		return invalid("body", field.Message)
	case errors.As(err, &syntax):
		return syntaxProblem("body."+field.Field, syntax)
	}
	return invalid("body."+field.Field, field.Message)
}

func (a *API) deleteAccessRule(ctx context.Context, in *policyPath) (*nothing, error) {
	if err := wholeFleet(ctx, "rules of device access"); err != nil {
		return nil, err
	}
	note(ctx, "accessRule/"+in.ID, "")
	before, err := a.deleteDeclared(ctx, declared.AccessRule, in.ID, "rule")
	if err != nil {
		return nil, err
	}
	change(ctx, auditedDocument(before), nil)
	return nil, nil
}

// SharedCredential is a shared credential as answers show it.
type SharedCredential struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Username  string     `json:"username"`
	Password  *string    `json:"password" doc:"Always null."`
	Secret    bool       `json:"secret" doc:"Always true: the password is not shown."`
	Enabled   bool       `json:"enabled"`
	Rule      string     `json:"rule" doc:"The id of the rule under which it counts; empty for every rule."`
	Listeners []string   `json:"listeners" nullable:"false"`
	Filter    string     `json:"filter"`
	Revision  int64      `json:"revision"`
	UpdatedAt *time.Time `json:"updatedAt,omitempty"`
	UpdatedBy string     `json:"updatedBy,omitempty"`
}

func showSharedCredential(c access.SharedCredential, d declared.Document) SharedCredential {
	return SharedCredential{
		ID: d.ID, Name: c.Name, Username: c.Username, Secret: true, Enabled: c.Enabled, Rule: c.Rule, Listeners: append([]string{}, c.Listeners...), Filter: c.Filter,
		Revision: d.Revision, UpdatedAt: shownTime(d.UpdatedAt), UpdatedBy: d.UpdatedBy,
	}
}

func (a *API) listSharedCredentials(ctx context.Context, _ *noInput) (*pageOutput[SharedCredential], error) {
	documents, err := a.Declared.Documents(ctx, declared.SharedCredential)
	if err != nil {
		return nil, err
	}
	shown := []SharedCredential{}
	for _, d := range documents {
		c, err := access.ParseSharedCredential(d.Body)
		if err != nil {
			return nil, fmt.Errorf("shared credential %s: %w", d.ID, err)
		}
		shown = append(shown, showSharedCredential(c, d))
	}
	total := len(shown)
	return newPage(shown, "", &total, func(c SharedCredential) (SharedCredential, error) { return c, nil })
}

// NewSharedCredential is the body that makes or replaces a shared credential.
type NewSharedCredential struct {
	Name      string   `json:"name,omitempty" maxLength:"100"`
	Username  string   `json:"username" minLength:"1" maxLength:"256"`
	Password  string   `json:"password,omitempty" maxLength:"256" writeOnly:"true" doc:"Never shown. Absent leaves the one that is there."`
	Enabled   bool     `json:"enabled"`
	Rule      string   `json:"rule,omitempty" maxLength:"64" doc:"The id of the rule under which it counts; absent for every rule."`
	Listeners []string `json:"listeners,omitempty" nullable:"false" maxItems:"16"`
	Filter    string   `json:"filter,omitempty" maxLength:"2000" doc:"Which devices may use it, in the filter language."`
}

type putSharedCredentialInput struct {
	ID      string `path:"id" maxLength:"64" doc:"Its id: a-z, 0-9 and hyphens."`
	IfMatch string `header:"If-Match" doc:"The ETag that the change is based on."`
	Body    NewSharedCredential
}

type sharedCredentialOutput struct {
	ETag string `header:"ETag"`
	Body SharedCredential
}

func (a *API) putSharedCredential(ctx context.Context, in *putSharedCredentialInput) (*sharedCredentialOutput, error) {
	if err := wholeFleet(ctx, "shared credentials"); err != nil {
		return nil, err
	}
	note(ctx, "sharedCredential/"+in.ID, "")
	if err := declared.CheckID(in.ID); err != nil {
		return nil, invalid("path.id", err.Error())
	}
	sealed, err := a.sharedPassword(ctx, in.ID, in.Body.Password)
	if err != nil {
		return nil, err
	}
	b := in.Body
	body, err := json.Marshal(access.SharedCredential{Name: b.Name, Username: b.Username, Password: sealed, Enabled: b.Enabled, Rule: b.Rule, Listeners: b.Listeners, Filter: b.Filter})
	if err != nil {
		return nil, fmt.Errorf("encode shared credential: %w", err)
	}
	credential, err := access.ParseSharedCredential(body)
	if err != nil {
		return nil, accessProblem(err)
	}
	before, stored, err := a.putDeclared(ctx, declared.SharedCredential, in.ID, in.IfMatch, body)
	if err != nil {
		return nil, err
	}
	change(ctx, auditedShared(before, false), auditedShared(stored, b.Password != ""))
	return &sharedCredentialOutput{ETag: documentTag(stored), Body: showSharedCredential(credential, stored)}, nil
}

// sharedPassword returns the sealed password of a shared credential: the one that is
// given, else that which is stored.
func (a *API) sharedPassword(ctx context.Context, id, given string) (secret.Sealed, error) {
	if given != "" {
		if err := access.CheckPassword(given); err != nil {
			return "", accessProblem(err)
		}
		return a.Sealer.Seal(secret.NewText(given), access.SharedCredentialOwner(id))
	}
	d, err := a.Declared.Document(ctx, declared.SharedCredential, id)
	if errors.Is(err, declared.ErrNotFound) {
		return "", invalid("body.password", "must be given")
	}
	if err != nil {
		return "", err
	}
	return access.SharedPassword(d.Body)
}

// auditedShared returns what the audit log compares of a shared credential, with the
// password masked where it is a new one.
func auditedShared(d declared.Document, given bool) any {
	fields, ok := auditedDocument(d).(map[string]any)
	if !ok {
		return nil
	}
	delete(fields, "password")
	if given {
		fields["password"] = masked
	}
	return fields
}

func (a *API) deleteSharedCredential(ctx context.Context, in *policyPath) (*nothing, error) {
	if err := wholeFleet(ctx, "shared credentials"); err != nil {
		return nil, err
	}
	note(ctx, "sharedCredential/"+in.ID, "")
	before, err := a.deleteDeclared(ctx, declared.SharedCredential, in.ID, "shared credential")
	if err != nil {
		return nil, err
	}
	change(ctx, auditedShared(before, false), nil)
	return nil, nil
}
