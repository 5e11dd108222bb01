package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
)

// zipType is the media type of an upload.
const zipType = "application/zip"

func (a *API) registerPackEdits() {
	register(a, operation{
		id: "uploadPack", method: http.MethodPost, path: "/packs", tag: packsTag, summary: "Upload a version of a vendor pack",
		description: "The body is a zip. It is checked, stored, and not in force by that. The same zip once more is the same version. " +
			"What is wrong with it is in errors, located as FILE:LINE. Not for those who are limited to a group.",
		status: http.StatusCreated, maxBody: shelf.MaxZip, problems: []problemKind{kindTooLarge, kindMediaType},
	}, a.uploadPack)
	a.path("/packs").Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		zipType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	register(a, operation{
		id: "editPack", method: http.MethodPost, path: "/packs/{name}/edit", tag: packsTag, summary: "Make a version of a vendor pack by changing files of another",
		description: "As uploadPack with the files of the version and these in their place. Not for those who are limited to a group.",
		status:      http.StatusCreated, maxBody: shelf.MaxZip, problems: []problemKind{kindNotFound, kindTooLarge, kindMediaType},
	}, a.editPack)
	register(a, operation{
		id: "activatePack", method: http.MethodPost, path: "/packs/{name}/activate", tag: packsTag, summary: "Put a version of a vendor pack in force",
		description: "On all nodes within seconds; devices that it concerns are pending until they take their files. Not for those who are limited to a group.",
		problems:    []problemKind{kindNotFound, kindConflict, kindTooLarge, kindMediaType},
	}, a.activatePack)
	register(a, operation{
		id: "deletePackVersion", method: http.MethodDelete, path: "/packs/{name}/versions/{version}", tag: packsTag, summary: "Delete a version of a vendor pack that was uploaded",
		description: "The one in force only of a pack that did not come with the program: nothing serves its devices then. Not for those who are limited to a group.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound, kindState, kindConflict},
	}, a.deletePackVersion)
}

// uploadPackInput takes the body as it arrives. It has no Body field, so that huma
// does not read it.
type uploadPackInput struct {
	contentType string
	body        io.Reader
}

// Resolve implements huma.Resolver.
func (in *uploadPackInput) Resolve(ctx huma.Context) []error {
	in.contentType, in.body = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

type createdPackOutput struct {
	Location string `header:"Location" doc:"The path of the pack."`
	Body     PackDetail
}

func (a *API) uploadPack(ctx context.Context, in *uploadPackInput) (*createdPackOutput, error) {
	if err := wholeFleet(ctx, "vendor packs"); err != nil {
		return nil, err
	}
	if mediaType, _, err := mime.ParseMediaType(in.contentType); err != nil || mediaType != zipType {
		return nil, kindMediaType.problem("the body must be " + zipType)
	}
	who, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	p, u, err := a.Provisioning.Shelf.Add(ctx, &patientReader{reader: in.body, exchange: exchangeOf(ctx)}, who.Actor)
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return nil, kindTooLarge.problem(fmt.Sprintf("a pack has at most %d bytes", shelf.MaxZip))
	}
	if err != nil {
		return nil, packProblem(err)
	}
	return a.createdPack(ctx, p, u)
}

// createdPack answers with a version that was stored.
func (a *API) createdPack(ctx context.Context, p *pack.Pack, u shelf.Upload) (*createdPackOutput, error) {
	note(ctx, "pack/"+u.Pack, u.Version)
	change(ctx, nil, auditedFileOf(u.File))
	out, err := a.packDetail(ctx, p, u.Version)
	if err != nil {
		return nil, err
	}
	return &createdPackOutput{Location: prefix + "/packs/" + u.Pack, Body: out.Body}, nil
}

// packProblem says of a pack what is wrong with it.
func packProblem(err error) error {
	var many pack.Errors
	if !errors.As(err, &many) || len(many) == 0 {
		return err
	}
	var places []FieldError
	for _, e := range many {
		location := "body"
		if e.File != "" {
			location = e.File
		}
		if e.Line > 0 {
			location = fmt.Sprintf("%s:%d", location, e.Line)
		}
		places = append(places, FieldError{Location: location, Message: e.Message})
	}
	return invalidSettings(places)
}

// PackEdit is the body that changes files of a pack.
type PackEdit struct {
	Version string             `json:"version,omitempty" maxLength:"64" doc:"The version whose files are changed, or builtIn; absent for the one in force."`
	Files   map[string]*string `json:"files" nullable:"false" doc:"Contents by path; null takes a file out."`
}

type editPackInput struct {
	PackPath
	Body PackEdit
}

func (a *API) editPack(ctx context.Context, in *editPackInput) (*createdPackOutput, error) {
	if err := wholeFleet(ctx, "vendor packs"); err != nil {
		return nil, err
	}
	who, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	base, _, err := a.packVersion(ctx, in.Name, in.Body.Version)
	if err != nil {
		return nil, err
	}
	p, u, err := a.Provisioning.Shelf.Edit(ctx, base, in.Body.Files, who.Actor)
	if err != nil {
		return nil, packProblem(err)
	}
	return a.createdPack(ctx, p, u)
}

// PackChoice is the body that puts a version in force.
type PackChoice struct {
	Version string `json:"version" minLength:"1" maxLength:"64" doc:"A version that was uploaded, or builtIn."`
}

type activatePackInput struct {
	PackPath
	Body PackChoice
}

func (a *API) activatePack(ctx context.Context, in *activatePackInput) (*packOutput, error) {
	if err := wholeFleet(ctx, "vendor packs"); err != nil {
		return nil, err
	}
	note(ctx, "pack/"+in.Name, in.Body.Version)
	p, err := a.Provisioning.Shelf.Version(ctx, in.Name, in.Body.Version)
	if err != nil {
		return nil, packProblem(err)
	}
	if err := p.Check(ctx); err != nil {
		return nil, packProblem(err)
	}
	choice := shelf.Choice{Checked: a.moment()}
	if in.Body.Version != shelf.BuiltIn {
		choice.Active = shelf.FileName(in.Name, in.Body.Version)
	}
	if err := a.choosePack(ctx, in.Name, choice); err != nil {
		return nil, err
	}
	return a.packDetail(ctx, p, in.Body.Version)
}

// choosePack stores which version of a pack is in force, and puts it in force here.
func (a *API) choosePack(ctx context.Context, name string, c shelf.Choice) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode the choice of a pack: %w", err)
	}
	before, after, err := a.putDeclared(ctx, declared.VendorPack, name, "", body)
	if err != nil {
		return err
	}
	change(ctx, auditedDocument(before), auditedDocument(after))
	// The write is done: the nodes read it by themselves, if not now.
	if err := a.Provisioning.Shelf.Refresh(context.WithoutCancel(ctx)); err != nil {
		a.Logger.WarnContext(ctx, "cannot read the choice of vendor packs: it is tried again", "error", err)
	}
	a.Provisioning.Marker.SoonBelow(device.Scope{})
	return nil
}

type packVersionInput struct {
	PackPath
	Version string `path:"version" maxLength:"64" doc:"A version that was uploaded."`
}

func (a *API) deletePackVersion(ctx context.Context, in *packVersionInput) (*nothing, error) {
	if err := wholeFleet(ctx, "vendor packs"); err != nil {
		return nil, err
	}
	note(ctx, "pack/"+in.Name, in.Version)
	s := a.Provisioning.Shelf
	uploads, err := s.Uploads(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(uploads, func(u shelf.Upload) bool { return u.Version == in.Version })
	if i < 0 {
		return nil, shelf.ErrNotFound
	}
	if s.Active(in.Name) == in.Version {
		if s.HasBuiltIn(in.Name) {
			return nil, shelf.ErrInUse
		}
		if err := a.choosePack(ctx, in.Name, shelf.Choice{}); err != nil {
			return nil, err
		}
	}
	if err := a.Files.Delete(ctx, uploads[i].File.Name); err != nil {
		return nil, fileProblem(err)
	}
	change(ctx, auditedFileOf(uploads[i].File), nil)
	return nil, nil
}

// packsWith returns the packs as they would be with a version in force.
func (a *API) packsWith(ctx context.Context, v *PackVersion) (*pack.Registry, error) {
	p, err := a.Provisioning.Shelf.Version(ctx, strings.TrimSpace(v.Name), v.Version)
	if err != nil {
		return nil, packProblem(err)
	}
	return a.Provisioning.Shelf.With(p), nil
}
