package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// limitFiles limits a list of files to those that a device sent, or to what who
// asks may see: whoever is limited to a group sees, without a device, only those
// that no device sent.
func (a *API) limitFiles(ctx context.Context, filter query.Expr, id string) (query.Expr, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	if id == "" && s.Group == "" {
		return filter, nil
	}
	if id != "" {
		d, err := a.visible(ctx, id)
		if err != nil {
			return nil, err
		}
		id = string(d.ID)
	}
	field, _ := files.Schema().Field("device")
	var of query.Expr = query.Not{Term: query.Present{Field: field}}
	if id != "" {
		of = query.Compare{Field: field, Op: query.Equal, Value: query.TextValue(query.Fold(id))}
	}
	if filter == nil {
		return of, nil
	}
	return query.AllOf(filter, of), nil
}

// visibleFile returns a file, unless a device sent it that who asks may not see.
func (a *API) visibleFile(ctx context.Context, name string) (files.File, error) {
	f, err := a.Files.Get(ctx, name)
	if err != nil {
		return files.File{}, fileProblem(err)
	}
	s, err := scope(ctx)
	if err != nil || s.Group == "" || f.Device == "" {
		return f, err
	}
	if _, err := a.visible(ctx, string(f.Device)); err != nil {
		if errors.Is(err, device.ErrNotFound) {
			err = files.ErrNotFound
		}
		return files.File{}, err
	}
	return f, nil
}

type fileContentOutput struct {
	ContentDisposition string `header:"Content-Disposition"`
	ContentLength      string `header:"Content-Length"`
	NoSniff            string `header:"X-Content-Type-Options"`
	Body               func(huma.Context)
}

// describeContent describes the answer of getFileContent.
func (a *API) describeContent() {
	a.path("/files/{name}/content").Get.Responses["200"].Content = map[string]*huma.MediaType{
		contentType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}
}

// contentType is told of every content: what a device sent is not to be shown by a
// browser, whatever it is.
const contentType = "application/octet-stream"

// contentPause is how long somebody who reads a content may stand still.
const contentPause = time.Minute

func (a *API) getFileContent(ctx context.Context, in *fileInput) (*fileContentOutput, error) {
	f, err := a.visibleFile(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	content, err := a.Files.OpenContent(ctx, f)
	if err != nil {
		return nil, err
	}
	return &fileContentOutput{
		ContentDisposition: `attachment; filename="` + f.Name + `"`, ContentLength: strconv.FormatInt(f.Size, 10), NoSniff: "nosniff",
		Body: func(hc huma.Context) {
			defer content.Close()
			hc.SetHeader("Content-Type", contentType)
			w := &patientWriter{writer: hc.BodyWriter(), exchange: exchangeOf(hc.Context())}
			if _, err := io.Copy(w, content); err != nil {
				a.Logger.InfoContext(hc.Context(), "content of a file broke off", slog.String(logkeys.Request, requestID(hc.Context())), slog.Any(logkeys.Error, err))
				panic(http.ErrAbortHandler) // The only way left to tell that it is not complete.
			}
		},
	}, nil
}

// patientWriter writes a body however long it takes, as long as it goes on.
type patientWriter struct {
	writer   io.Writer
	exchange *exchange
}

func (w *patientWriter) Write(p []byte) (int, error) {
	w.exchange.extendWriteDeadline(contentPause)
	return w.writer.Write(p)
}
