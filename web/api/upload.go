package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/files"
)

// createFileInput takes the body as it arrives. It has no Body field, so that
// huma does not read it.
type createFileInput struct {
	contentType string
	body        io.Reader
}

// Resolve implements huma.Resolver.
func (in *createFileInput) Resolve(ctx huma.Context) []error {
	in.contentType, in.body = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

type createFileOutput struct {
	Location string `header:"Location" doc:"The path of the file."`
	Body     File
}

// describeUpload describes the body of createFile, after its registration: huma
// would read a body that it knows of.
func (a *API) describeUpload() {
	text := func(description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Description: description}
	}
	a.path("/files").Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
		Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"name":         text("The name of the file; absent takes that of the part named file."),
			"type":         text("The FileType that devices are told, such as 1 Firmware Upgrade Image."),
			"oui":          text("For which devices it is meant: six hex digits."),
			"productClass": text("For which devices it is meant."),
			"version":      text("What it brings."),
			"siblings":     {Type: huma.TypeArray, Items: text("A file that devices fetch from the same folder."), Description: "Given once for each."},
			"file":         {Type: huma.TypeString, Format: "binary", Description: "The content, as the last part."},
		}},
	}}}
}

func (a *API) createFile(ctx context.Context, in *createFileInput) (*createFileOutput, error) {
	if err := wholeFleet(ctx, "files"); err != nil {
		return nil, err
	}
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	mediaType, parameters, err := mime.ParseMediaType(in.contentType)
	if err != nil || mediaType != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, kindMediaType.problem("the body must be multipart/form-data with a boundary")
	}
	body := &patientReader{reader: in.body, exchange: exchangeOf(ctx)}
	u := upload{parts: multipart.NewReader(body, parameters["boundary"]), file: files.File{CreatedBy: p.Actor}}
	content, err := u.fields()
	if err != nil {
		return nil, err
	}
	note(ctx, "file/"+u.file.Name, "")
	f, err := a.Files.Add(ctx, u.file, content)
	if err != nil {
		return nil, err
	}
	note(ctx, "file/"+f.Name, sizeText(f.Size))
	change(ctx, nil, auditedFileOf(f))
	shown, err := showFile(f)
	return &createFileOutput{Location: prefix + "/files/" + f.Name, Body: shown}, err
}

// upload reads a multipart body: fields, then the part named file, then nothing.
type upload struct {
	parts *multipart.Reader
	file  files.File
	seen  map[string]bool
}

const (
	// maxField bounds the value of one field in bytes.
	maxField = 1 << 10
	// maxFields bounds how many fields there may be.
	maxFields = files.MaxSiblings + 16
	// filePart is the name of the part with the content.
	filePart = "file"
)

// fields reads the fields into u.file and returns the content that follows them.
func (u *upload) fields() (io.Reader, error) {
	u.seen = map[string]bool{}
	for range maxFields {
		part, err := u.parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, invalid("body.file", "is required: the last part must have this name")
		}
		if err != nil {
			return nil, brokenUpload(err)
		}
		if part.FormName() == filePart {
			if u.file.Name == "" {
				u.file.Name = part.FileName()
			}
			return &lastPart{part: part, parts: u.parts}, nil
		}
		if err := u.field(part); err != nil {
			return nil, err
		}
	}
	return nil, invalid("body", fmt.Sprintf("must have at most %d fields", maxFields))
}

func (u *upload) field(part *multipart.Part) error {
	name := part.FormName()
	into := map[string]*string{
		"name": &u.file.Name, "type": &u.file.Type, "oui": &u.file.OUI, "productClass": &u.file.ProductClass, "version": &u.file.Version,
	}[name]
	if into == nil && name != "siblings" {
		return invalid("body."+name, "is not a field of a file")
	}
	raw, err := io.ReadAll(io.LimitReader(part, maxField+1))
	if err != nil {
		return brokenUpload(err)
	}
	if len(raw) > maxField {
		return invalid("body."+name, fmt.Sprintf("must have at most %d bytes", maxField))
	}
	if into == nil {
		u.file.Siblings = append(u.file.Siblings, string(raw))
		return nil
	}
	if u.seen[name] {
		return invalid("body."+name, "is given twice")
	}
	u.seen[name] = true
	*into = string(raw)
	return nil
}

// lastPart reads a part and fails at its end if another follows: a field after
// the content would have been without effect.
type lastPart struct {
	part  *multipart.Part
	parts *multipart.Reader
}

func (r *lastPart) Read(p []byte) (int, error) {
	n, err := r.part.Read(p)
	if err == nil {
		return n, nil
	}
	if !errors.Is(err, io.EOF) {
		return n, brokenUpload(err)
	}
	switch next, err := r.parts.NextPart(); {
	case errors.Is(err, io.EOF):
		return n, io.EOF
	case err != nil:
		return n, brokenUpload(err)
	default:
		return n, invalid("body."+next.FormName(), "must stand before the part named file")
	}
}

// brokenUpload says what is wrong with a body that could not be read to its end.
func brokenUpload(err error) error {
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return files.ErrTooLarge
	}
	return kindMalformed.problem("the multipart body is not complete, or cannot be read")
}

// uploadPause is how long an upload may stand still.
const uploadPause = time.Minute

// patientReader reads a body however long it takes, as long as it goes on.
type patientReader struct {
	reader   io.Reader
	exchange *exchange
}

func (r *patientReader) Read(p []byte) (int, error) {
	r.exchange.extendReadDeadline(uploadPause)
	n, err := r.reader.Read(p)
	if err != nil {
		r.exchange.clearReadDeadline()
		r.exchange.extendWriteDeadline(answerTime)
	}
	return n, err
}
