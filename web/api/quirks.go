package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/quirks"
)

const policiesTag = "Policies"

func (a *API) registerQuirks() {
	register(a, operation{
		id: "listQuirkProfiles", method: http.MethodGet, path: "/quirkProfiles", tag: policiesTag, summary: "List quirk profiles, those that win last",
		description: "All of them at once. Built-in profiles are among them; one of an operator with the same id stands in the place of a built-in one.",
	}, a.listQuirkProfiles)
	register(a, operation{
		id: "getQuirkProfile", method: http.MethodGet, path: "/quirkProfiles/{id}", tag: policiesTag, summary: "Get a quirk profile",
		problems: []problemKind{kindNotFound},
	}, a.getQuirkProfile)
	register(a, operation{
		id: "putQuirkProfile", method: http.MethodPut, path: "/quirkProfiles/{id}", tag: policiesTag, summary: "Make or replace a quirk profile",
		description: "In force within seconds, from the next request of a session on. With the id of a built-in profile it stands in its place. Not for those who are limited to a group.",
		maxBody:     declared.MaxBody, problems: []problemKind{kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.putQuirkProfile)
	register(a, operation{
		id: "deleteQuirkProfile", method: http.MethodDelete, path: "/quirkProfiles/{id}", tag: policiesTag, summary: "Delete an operator's quirk profile",
		description: "A built-in profile in whose place it stood is in force again. Not for those who are limited to a group.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound, kindState, kindConflict},
	}, a.deleteQuirkProfile)
	register(a, operation{
		id: "getDeviceBehaviour", method: http.MethodGet, path: "/devices/{id}/behaviour", tag: devicesTag, summary: "Get how the server behaves toward a device, and why",
		description: "The quirk profiles that match it, and what was learnt of its model.",
		problems:    []problemKind{kindNotFound},
	}, a.getDeviceBehaviour)
}

// QuirkProfile is a quirk profile as answers show it.
type QuirkProfile struct {
	ID        string         `json:"id"`
	BuiltIn   bool           `json:"builtIn" doc:"It came with the program."`
	Replaces  bool           `json:"replaces" doc:"It stands in the place of a built-in one."`
	Name      string         `json:"name"`
	Why       string         `json:"why"`
	Disabled  bool           `json:"disabled"`
	Priority  int            `json:"priority"`
	Devices   quirks.Devices `json:"devices"`
	Behaviour map[string]any `json:"behaviour" nullable:"false" doc:"The fields that it says."`
	Revision  int64          `json:"revision" doc:"0 for a built-in one."`
	UpdatedAt *time.Time     `json:"updatedAt,omitempty"`
	UpdatedBy string         `json:"updatedBy,omitempty"`
}

// NewQuirkProfile is the body that makes or replaces a quirk profile.
type NewQuirkProfile struct {
	Name      string           `json:"name" minLength:"1" maxLength:"500"`
	Why       string           `json:"why,omitempty" maxLength:"500" doc:"Where that is known from."`
	Disabled  bool             `json:"disabled,omitempty"`
	Priority  int              `json:"priority,omitempty" minimum:"-1000" maximum:"1000" doc:"Of profiles that say the same field the greater wins; built-in ones have 0."`
	Devices   quirks.Devices   `json:"devices" doc:"Patterns in which * stands for any text; at least one."`
	Behaviour quirks.Behaviour `json:"behaviour" doc:"What is absent is not said."`
}

func showQuirkProfile(p quirks.Profile, d declared.Document, replaces bool) (QuirkProfile, error) {
	said, err := p.Said()
	if err != nil {
		return QuirkProfile{}, err
	}
	return QuirkProfile{
		ID: p.ID, BuiltIn: p.BuiltIn, Replaces: replaces, Name: p.Name, Why: p.Why, Disabled: p.Disabled, Priority: p.Priority, Devices: p.Devices, Behaviour: said,
		Revision: d.Revision, UpdatedAt: shownTime(d.UpdatedAt), UpdatedBy: d.UpdatedBy,
	}, nil
}

// quirkDocuments returns the documents of operators and the set that they make.
func (a *API) quirkDocuments(ctx context.Context) (map[string]declared.Document, *quirks.Set, error) {
	documents, err := a.Declared.Documents(ctx, declared.QuirkProfile)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[string]declared.Document, len(documents))
	for _, d := range documents {
		byID[d.ID] = d
	}
	set, err := quirks.Reader(a.BuiltInQuirks, a.Logger)(documents)
	return byID, set, err
}

func (a *API) isBuiltIn(id string) bool {
	return slices.ContainsFunc(a.BuiltInQuirks, func(p quirks.Profile) bool { return p.ID == id })
}

func (a *API) listQuirkProfiles(ctx context.Context, _ *noInput) (*pageOutput[QuirkProfile], error) {
	documents, set, err := a.quirkDocuments(ctx)
	if err != nil {
		return nil, err
	}
	profiles := set.Profiles()
	total := len(profiles)
	return newPage(profiles, "", &total, func(p quirks.Profile) (QuirkProfile, error) {
		return showQuirkProfile(p, documents[p.ID], !p.BuiltIn && a.isBuiltIn(p.ID))
	})
}

type quirkPath struct {
	ID string `path:"id" maxLength:"64" doc:"The id of the profile."`
}

type quirkOutput struct {
	ETag string `header:"ETag"`
	Body QuirkProfile
}

// documentTag returns the entity tag of a document.
func documentTag(d declared.Document) string { return fmt.Sprintf(`"r%d"`, d.Revision) }

func (a *API) getQuirkProfile(ctx context.Context, in *quirkPath) (*quirkOutput, error) {
	documents, set, err := a.quirkDocuments(ctx)
	if err != nil {
		return nil, err
	}
	profiles := set.Profiles()
	i := slices.IndexFunc(profiles, func(p quirks.Profile) bool { return p.ID == in.ID })
	if i < 0 {
		return nil, kindNotFound.problem("there is no such quirk profile")
	}
	shown, err := showQuirkProfile(profiles[i], documents[in.ID], !profiles[i].BuiltIn && a.isBuiltIn(in.ID))
	return &quirkOutput{ETag: documentTag(documents[in.ID]), Body: shown}, err
}

type putQuirkInput struct {
	ID      string `path:"id" maxLength:"64" doc:"The id of the profile: a-z, 0-9 and hyphens."`
	IfMatch string `header:"If-Match" doc:"The ETag that the change is based on."`
	RawBody []byte
	Body    NewQuirkProfile
}

func (a *API) putQuirkProfile(ctx context.Context, in *putQuirkInput) (*quirkOutput, error) {
	if err := wholeFleet(ctx, "quirk profiles"); err != nil {
		return nil, err
	}
	note(ctx, "quirkProfile/"+in.ID, "")
	profile, err := quirks.ParseProfile(in.ID, in.RawBody)
	if err != nil {
		return nil, profileProblem(err)
	}
	before, stored, err := a.putDeclared(ctx, declared.QuirkProfile, in.ID, in.IfMatch, in.RawBody)
	if err != nil {
		return nil, err
	}
	change(ctx, auditedDocument(before), auditedDocument(stored))
	shown, err := showQuirkProfile(profile, stored, a.isBuiltIn(in.ID))
	return &quirkOutput{ETag: documentTag(stored), Body: shown}, err
}

// profileProblem returns the problem of a profile that cannot be.
func profileProblem(err error) error {
	var field *quirks.FieldError
	if !errors.As(err, &field) {
		return err
	}
	if field.Field == "id" {
		return invalid("path.id", field.Message)
	}
	return invalid("body."+field.Field, field.Message)
}

func (a *API) deleteQuirkProfile(ctx context.Context, in *quirkPath) (*nothing, error) {
	if err := wholeFleet(ctx, "quirk profiles"); err != nil {
		return nil, err
	}
	note(ctx, "quirkProfile/"+in.ID, "")
	before, err := a.deleteDeclared(ctx, declared.QuirkProfile, in.ID, "quirk profile")
	if err != nil {
		var p *Problem
		if errors.As(err, &p) && p.Status == http.StatusNotFound && a.isBuiltIn(in.ID) {
			return nil, kindState.problem("a built-in profile cannot be deleted: put a disabled one in its place")
		}
		return nil, err
	}
	change(ctx, auditedDocument(before), nil)
	return nil, nil
}

// DeviceBehaviour is how the server behaves toward a device.
type DeviceBehaviour struct {
	Behaviour quirks.Behaviour `json:"behaviour"`
	Profiles  []AppliedProfile `json:"profiles" nullable:"false" doc:"The quirk profiles that match the device, those that win last."`
	Model     LearntModel      `json:"model" doc:"What was learnt of devices of this maker, product class and firmware."`
}

// AppliedProfile is a quirk profile that matches a device.
type AppliedProfile struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Why     string   `json:"why"`
	BuiltIn bool     `json:"builtIn"`
	Decides []string `json:"decides" nullable:"false" doc:"The fields of the behaviour that it decides."`
}

// LearntModel is what was learnt of a model.
type LearntModel struct {
	Methods            []string   `json:"methods" nullable:"false" doc:"The RPCs that it says it has; empty if it was not asked."`
	MethodsAt          *time.Time `json:"methodsAt,omitempty"`
	Lacks              []string   `json:"lacks" nullable:"false" doc:"RPCs that it answered with fault 9000."`
	GetParameterValues int        `json:"getParameterValues" doc:"How many names one GetParameterValues may carry; 0 if no limit is known."`
	SetParameterValues int        `json:"setParameterValues" doc:"How many parameters one SetParameterValues may carry; 0 if no limit is known."`
	LevelByLevel       bool       `json:"levelByLevel" doc:"It cannot list its tree at once."`
}

type behaviourOutput struct {
	Body DeviceBehaviour
}

func (a *API) getDeviceBehaviour(ctx context.Context, in *DevicePath) (*behaviourOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	_, set, err := a.quirkDocuments(ctx)
	if err != nil {
		return nil, err
	}
	limits, err := a.Models.ModelLimits(ctx, d.ModelKey())
	if err != nil {
		return nil, err
	}
	resolved := set.For(quirks.Subject{Manufacturer: d.Manufacturer, OUI: d.OUI, ProductClass: d.ProductClass, SoftwareVersion: d.SoftwareVersion})
	shown := DeviceBehaviour{Behaviour: resolved.Behaviour, Profiles: []AppliedProfile{}, Model: LearntModel{
		Methods: append([]string{}, limits.Methods...), MethodsAt: shownTime(limits.MethodsAt), Lacks: append([]string{}, limits.Lacks...),
		GetParameterValues: limits.GetParameterValues, SetParameterValues: limits.SetParameterValues, LevelByLevel: limits.LevelByLevel,
	}}
	for _, p := range resolved.Applied {
		shown.Profiles = append(shown.Profiles, AppliedProfile{ID: p.Profile.ID, Name: p.Profile.Name, Why: p.Profile.Why, BuiltIn: p.Profile.BuiltIn, Decides: append([]string{}, p.Fields...)})
	}
	return &behaviourOutput{Body: shown}, nil
}

// auditedDocument returns what the audit log compares of a document without secrets;
// nil for none.
func auditedDocument(d declared.Document) any {
	if d.Revision == 0 {
		return nil
	}
	var fields map[string]any
	if json.Unmarshal(d.Body, &fields) != nil {
		return nil // Written by another version of the program.
	}
	return fields
}
