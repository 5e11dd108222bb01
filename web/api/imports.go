package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
	"github.com/dialtone-acs/dialtone/users"
)

const importsTag = "Import and export"

const (
	// maxImportFile bounds the file of an import, and each of its templates, in bytes.
	maxImportFile = 16 << 20
	// importTime is how long an import may take.
	importTime = 10 * time.Minute
	// maxImports bounds imports at once, maxImportsEach those of one caller.
	maxImports, maxImportsEach = 2, 1
)

func (a *API) registerImports() {
	register(a, operation{
		id: "importRoster", method: http.MethodPost, path: "/imports", tag: importsTag, summary: "Bring in phones, lines and settings",
		description: "multipart/form-data: the fields first, then one part named file: CSV, JSON, or the massdeployment.conf of AstLinux. " +
			"Without dryRun=false nothing is stored. Each row is taken by itself, and the answer says of every one what became of it or why it was refused; " +
			"what is there already and the same stays, so that a file can be brought in again. Needs `devices.write` as well. " +
			"One import at a time for each caller: a second is 429 limit.",
		problems: []problemKind{kindTooLarge, kindMediaType},
	}, a.importRoster)
	a.describeImport()
}

// describeImport describes the body of importRoster, after its registration: huma would
// read a body that it knows of.
func (a *API) describeImport() {
	text := func(description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Description: description}
	}
	truth := func(description string, otherwise bool) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Enum: []any{"true", "false"}, Default: fmt.Sprint(otherwise), Description: description}
	}
	list := func(items *huma.Schema, description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeArray, Items: items, Description: description + " Given once for each."}
	}
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	a.path("/imports").Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
		Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"format", "file"}, Properties: map[string]*huma.Schema{
			"format":     {Type: huma.TypeString, Enum: []any{"csv", "json", "massdeployment"}},
			"dryRun":     truth("Nothing is stored; the answer says what would become of each row.", true),
			"makeGroups": truth("Groups that rows name and that are missing are made; needs `groups.write`.", false),
			"group":      text("The group of the phones and lines that name none."),
			"registrar":  text("For massdeployment: the registrar of all accounts."),
			"model":      list(text("TEMPLATE=MODEL"), "For massdeployment: the model of the phones of a template."),
			"template":   list(binary, "For massdeployment: a template, its file name that of the template with or without .conf."),
			"outputs":    truth("For massdeployment: the answer has the files that the templates make, for the phones and for Asterisk.", false),
			"sipServer":  text("For outputs: what @SIP_SERVER_IPV4@ stands for; absent takes registrar."),
			"secrets":    truth("For outputs: passwords are shown, which needs `secrets.reveal` and is written to the audit log.", false),
			"file":       {Type: huma.TypeString, Format: "binary", Description: "What is brought in, as the last part; at most 16 MiB."},
		}},
	}}}
}

// importInput takes the body as it arrives. It has no Body field, so that huma does not
// read it.
type importInput struct {
	contentType string
	body        io.Reader
}

// Resolve implements huma.Resolver.
func (in *importInput) Resolve(ctx huma.Context) []error {
	in.contentType, in.body = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

type importOutput struct {
	Body ImportResult
}

func (a *API) importRoster(ctx context.Context, in *importInput) (*importOutput, error) {
	who, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	if err := needs(ctx, users.WriteDevices); err != nil {
		return nil, err
	}
	free, err := a.imports.take(who.Actor)
	if err != nil {
		return nil, err
	}
	defer free()
	body, err := readImport(ctx, in)
	if err != nil {
		return nil, err
	}
	note(ctx, "import/"+string(body.source.Format), "")
	if err := body.allowed(who); err != nil {
		return nil, err
	}
	read, err := body.source.Read()
	if err != nil {
		return nil, importProblem(err)
	}
	exchangeOf(ctx).extendWriteDeadline(importTime)
	outcomes, err := a.applyRoster(ctx, read.Roster, roster.How{DryRun: body.dryRun, Scope: who.Scope, MakeGroups: body.makeGroups, By: who.Actor})
	result := newImportResult(body.dryRun, read.Wrong, outcomes)
	note(ctx, "import/"+string(body.source.Format), result.summary())
	if err != nil {
		return nil, fmt.Errorf("import broke off after %d rows: %w", len(outcomes), err)
	}
	if body.outputs {
		if err := a.importOutputs(ctx, &result, body, read, outcomes); err != nil {
			return nil, err
		}
	}
	exchangeOf(ctx).extendWriteDeadline(answerTime)
	return &importOutput{Body: result}, nil
}

// importProblem says what is wrong with a file that could not be read.
func importProblem(err error) error {
	var template *roster.TemplateError
	switch {
	case errors.As(err, &template):
		return invalid("body.template["+template.Name+"]", template.Err.Error())
	case errors.Is(err, roster.ErrFormat):
		return invalid("body.format", "must be csv, json or massdeployment")
	default:
		return invalid("body.file", err.Error())
	}
}

// keeper seals and opens.
type keeper struct {
	Sealer
	Opener
}

// applyRoster brings a roster in, and sees to the marks of the devices that it is for.
func (a *API) applyRoster(ctx context.Context, r roster.Roster, how roster.How) ([]roster.Outcome, error) {
	service, err := roster.New(roster.Options{
		Devices: a.Devices, Groups: a.Groups, Levels: a.Provisioning.Levels, Lines: a.Provisioning.Lines, Catalogue: a.Provisioning.Catalogue,
		Keeper: keeper{a.Sealer, a.Opener}, Now: a.moment, Changed: func(id device.ID) { a.importedDevice(ctx, id) },
	})
	if err != nil {
		return nil, err
	}
	outcomes, err := service.Apply(ctx, r, how)
	if !how.DryRun {
		a.importedGroups(ctx, r, outcomes)
	}
	return outcomes, err
}

// importedDevice tells of a device that an import added or changed.
func (a *API) importedDevice(ctx context.Context, id device.ID) {
	a.Provisioning.Marker.Soon(id)
	if d, err := a.Devices.Get(context.WithoutCancel(ctx), id); err == nil {
		a.Hub.DeviceChanged(d)
	}
}

// importedGroups sees to the groups that an import put something into, and to the
// devices below those whose settings or lines it changed.
func (a *API) importedGroups(ctx context.Context, r roster.Roster, outcomes []roster.Outcome) {
	kept := map[string]bool{}
	for _, p := range r.Phones {
		kept[p.Group] = true
	}
	for _, l := range r.Lines {
		kept[l.Group] = true
	}
	for _, l := range r.Levels {
		kept[l.ID] = true
	}
	for group := range kept {
		// One that is not there was refused, or taken away at this moment.
		if there, err := a.hasGroup(ctx, group); err == nil && there {
			a.keepGroup(ctx, group)
		}
	}
	changed := map[string]map[int]bool{"level": {}, "line": {}}
	for _, o := range outcomes {
		if rows := changed[o.Kind]; rows != nil && (o.Action == roster.Created || o.Action == roster.Changed) {
			rows[o.Row] = true
		}
	}
	for _, l := range r.Levels {
		if changed["level"][l.Row] {
			a.levelChanged(ctx, provisioners.LevelKey{Kind: provisioners.LevelKind(l.Kind), ID: l.ID})
		}
	}
	below := map[string]bool{}
	for _, l := range r.Lines {
		if !below[l.Group] && changed["line"][l.Row] {
			below[l.Group] = true
			a.Provisioning.Marker.SoonBelow(device.Scope{Group: l.Group})
		}
	}
}
