package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners/roster"
	"github.com/dialtone-acs/dialtone/users"
)

const (
	// maxImportParts bounds the parts of an import: fields and templates.
	maxImportParts = 256
	// maxTemplateFile bounds a template of an import in bytes.
	maxTemplateFile = 1 << 20
	// maxTemplateFiles bounds the templates of an import together in bytes.
	maxTemplateFiles = 8 << 20
)

// importBody is what an import is asked for.
type importBody struct {
	source                               roster.Source
	sipServer                            string
	dryRun, makeGroups, outputs, secrets bool
	// templates is how many bytes the templates have.
	templates int
	seen      map[string]bool
}

// readImport reads the body of an import.
func readImport(ctx context.Context, in *importInput) (*importBody, error) {
	mediaType, parameters, err := mime.ParseMediaType(in.contentType)
	if err != nil || mediaType != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, kindMediaType.problem("the body must be multipart/form-data with a boundary")
	}
	b := &importBody{dryRun: true, seen: map[string]bool{}}
	b.source.Templates, b.source.Models = map[string]string{}, map[string]string{}
	parts := multipart.NewReader(&patientReader{reader: in.body, exchange: exchangeOf(ctx)}, parameters["boundary"])
	for range maxImportParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, invalid("body.file", "is required: the last part must have this name")
		}
		if err != nil {
			return nil, brokenUpload(err)
		}
		if part.FormName() == filePart {
			return b, b.readFile(&lastPart{part: part, parts: parts})
		}
		if err := b.readPart(part); err != nil {
			return nil, err
		}
	}
	return nil, invalid("body", fmt.Sprintf("must have at most %d parts", maxImportParts))
}

func (b *importBody) readFile(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, maxImportFile+1))
	if err != nil {
		return err
	}
	if len(raw) > maxImportFile {
		return kindTooLarge.problem("the file of an import has at most 16 MiB")
	}
	b.source.Content = bytes.NewReader(raw)
	if b.sipServer == "" {
		b.sipServer = b.source.Registrar
	}
	return nil
}

func (b *importBody) readPart(part *multipart.Part) error {
	name := part.FormName()
	limit := maxField
	if name == "template" {
		limit = maxTemplateFile
	}
	raw, err := io.ReadAll(io.LimitReader(part, int64(limit)+1))
	if err != nil {
		return brokenUpload(err)
	}
	if len(raw) > limit {
		return invalid("body."+name, fmt.Sprintf("must have at most %d bytes", limit))
	}
	switch name {
	case "template":
		return b.addTemplate(part.FileName(), string(raw))
	case "model":
		return b.addModel(string(raw))
	}
	if b.seen[name] {
		return invalid("body."+name, "is given twice")
	}
	b.seen[name] = true
	return b.setField(name, string(raw))
}

func (b *importBody) addTemplate(fileName, text string) error {
	name := strings.TrimSuffix(fileName, ".conf")
	if name == "" {
		return invalid("body.template", "must have a file name: that of the template")
	}
	if _, ok := b.source.Templates[name]; ok {
		return invalid("body.template["+name+"]", "is given twice")
	}
	if b.templates += len(text); b.templates > maxTemplateFiles {
		return kindTooLarge.problem("the templates of an import have at most 8 MiB together")
	}
	b.source.Templates[name] = text
	return nil
}

func (b *importBody) addModel(text string) error {
	template, model, ok := strings.Cut(text, "=")
	if !ok || template == "" || model == "" {
		return invalid("body.model", "must be TEMPLATE=MODEL")
	}
	b.source.Models[template] = model
	return nil
}

func (b *importBody) setField(name, value string) error {
	texts := map[string]*string{
		"format": (*string)(&b.source.Format), "group": &b.source.Group, "registrar": &b.source.Registrar, "sipServer": &b.sipServer,
	}
	truths := map[string]*bool{"dryRun": &b.dryRun, "makeGroups": &b.makeGroups, "outputs": &b.outputs, "secrets": &b.secrets}
	switch {
	case texts[name] != nil:
		*texts[name] = value
	case truths[name] == nil:
		return invalid("body."+name, "is not a field of an import")
	case value == "true", value == "false":
		*truths[name] = value == "true"
	default:
		return invalid("body."+name, "must be true or false")
	}
	return nil
}

// allowed returns the problem of who may not ask for all of it.
func (b *importBody) allowed(who users.Principal) error {
	switch {
	case b.makeGroups && !who.Allows(users.WriteGroups):
		return lacks(who, users.WriteGroups)
	case b.secrets && !who.Allows(users.RevealSecrets):
		return lacks(who, users.RevealSecrets)
	case b.outputs && b.source.Format != roster.MassDeployment:
		return invalid("body.outputs", "is for the format massdeployment")
	default:
		return nil
	}
}
