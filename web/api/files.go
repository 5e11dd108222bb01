package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/dialtone-acs/dialtone/files"
)

const filesTag = "Files"

func (a *API) registerFiles() {
	register(a, operation{
		id: "listFiles", method: http.MethodGet, path: "/files", tag: filesTag, summary: "List files in order of name",
		description: "Those that were given to the server and those that devices sent to it, which have a device. Who is limited to a group sees the latter of one device at a time.",
		problems:    []problemKind{kindNotFound},
	}, a.listFiles)
	register(a, operation{
		id: "createFile", method: http.MethodPost, path: "/files", tag: filesTag, summary: "Upload a file",
		description: "multipart/form-data: the fields first, then one part named file. It is written to disk as it arrives, whatever its size.",
		status:      http.StatusCreated, problems: []problemKind{kindDuplicate, kindTooLarge, kindMediaType},
	}, a.createFile)
	register(a, operation{
		id: "getFile", method: http.MethodGet, path: "/files/{name}", tag: filesTag, summary: "Get what is known of a file",
		problems: []problemKind{kindNotFound},
	}, a.getFile)
	register(a, operation{
		id: "getFileContent", method: http.MethodGet, path: "/files/{name}/content", tag: filesTag, summary: "Get the content of a file",
		description: "As an attachment, whatever it is. An answer that breaks off is shorter than its Content-Length.",
		problems:    []problemKind{kindNotFound},
	}, a.getFileContent)
	a.describeContent()
	register(a, operation{
		id: "deleteFile", method: http.MethodDelete, path: "/files/{name}", tag: filesTag, summary: "Delete a file",
		status: http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteFile)
	a.describeUpload()
}

// File is a file as answers show it.
type File struct {
	Name         string    `json:"name"`
	Type         string    `json:"type" doc:"The FileType that devices are told, such as 1 Firmware Upgrade Image."`
	OUI          string    `json:"oui"`
	ProductClass string    `json:"productClass"`
	Version      string    `json:"version"`
	Siblings     []string  `json:"siblings" nullable:"false" doc:"Files that a device fetches from the same folder."`
	Size         int64     `json:"size" doc:"In bytes."`
	SHA256       string    `json:"sha256" doc:"Of the content, in lower-case hex."`
	CreatedAt    time.Time `json:"createdAt"`
	CreatedBy    string    `json:"createdBy"`
	Device       string    `json:"device" doc:"The device that sent the file; empty for one that was given to the server."`
	Task         string    `json:"task" doc:"The task that asked the device for it."`
}

func showFile(f files.File) (File, error) {
	return File{
		Name: f.Name, Type: f.Type, OUI: f.OUI, ProductClass: f.ProductClass, Version: f.Version, Siblings: append([]string{}, f.Siblings...),
		Size: f.Size, SHA256: f.SHA256, CreatedAt: f.CreatedAt.UTC(), CreatedBy: f.CreatedBy, Device: string(f.Device), Task: f.Task,
	}, nil
}

type listFilesInput struct {
	Filtering
	Device string `query:"device" maxLength:"64" doc:"Only the files that this device sent."`
}

func (a *API) listFiles(ctx context.Context, in *listFilesInput) (*pageOutput[File], error) {
	filter, err := parseFilter(files.Schema(), in.Filter, a.Now())
	if err != nil {
		return nil, err
	}
	if filter, err = a.limitFiles(ctx, filter, in.Device); err != nil {
		return nil, err
	}
	page, err := a.Files.List(ctx, files.List{Filter: filter, PageSize: in.PageSize, PageToken: in.PageToken, Count: true})
	if err != nil {
		return nil, listProblem(err, in.PageToken)
	}
	return newPage(page.Files, page.NextPageToken, &page.Total, showFile)
}

type fileInput struct {
	Name string `path:"name" maxLength:"256" doc:"The name of the file."`
}

type fileOutput struct {
	Body File
}

func (a *API) getFile(ctx context.Context, in *fileInput) (*fileOutput, error) {
	f, err := a.visibleFile(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	shown, err := showFile(f)
	return &fileOutput{Body: shown}, err
}

func (a *API) deleteFile(ctx context.Context, in *fileInput) (*nothing, error) {
	if err := wholeFleet(ctx, "files"); err != nil {
		return nil, err
	}
	note(ctx, "file/"+in.Name, "")
	f, err := a.Files.Get(ctx, in.Name)
	if err != nil {
		return nil, fileProblem(err)
	}
	if err := a.Files.Delete(ctx, in.Name); err != nil {
		return nil, fileProblem(err)
	}
	change(ctx, auditedFileOf(f), nil)
	return nil, nil
}

// fileProblem makes a name that no file can have one that no file has.
func fileProblem(err error) error {
	if p := asProblem(err); p != nil && p.Status == http.StatusUnprocessableEntity {
		return files.ErrNotFound
	}
	return err
}

// wholeFleet refuses who is limited to a group what concerns all groups.
func wholeFleet(ctx context.Context, what string) error {
	s, err := scope(ctx)
	if err != nil {
		return err
	}
	if s.Group != "" {
		return kindForbidden.problem("who asks is limited to the group " + s.Group + ", and " + what + " belong to all groups")
	}
	return nil
}

func sizeText(size int64) string { return strconv.FormatInt(size, 10) + " bytes" }
