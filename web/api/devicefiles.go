package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
)

func (a *API) registerDeviceFiles() {
	register(a, operation{
		id: "listDeviceFiles", method: http.MethodGet, path: "/devices/{id}/files", tag: settingsTag, summary: "List the files that a device would be given now",
		description: "In the order in which it asks for them; none for a device that no vendor pack serves.",
		problems:    []problemKind{kindNotFound, kindState},
	}, a.listDeviceFiles)
	register(a, operation{
		id: "getDeviceFile", method: http.MethodGet, path: "/devices/{id}/files/{name}", tag: settingsTag, summary: "Get a file as a device would be given it now, with its secrets masked",
		description: "A name with folders is percent-encoded as one segment.",
		problems:    []problemKind{kindNotFound, kindState},
	}, a.getDeviceFile)
	register(a, operation{
		id: "revealDeviceFile", method: http.MethodPost, path: "/devices/{id}/files/{name}/reveal", tag: settingsTag, summary: "Get a file as a device would be given it now, with its secrets",
		description: "Every call leaves an entry in the audit log, which says who saw which file.",
		problems:    []problemKind{kindNotFound, kindState},
	}, a.revealDeviceFile)
}

// DeviceFile is a file of one device.
type DeviceFile struct {
	Name        string `json:"name" doc:"The one that the phone asks for, with its folders. Of a static file it may hold placeholders."`
	ContentType string `json:"contentType"`
	Size        int64  `json:"size" doc:"In bytes."`
	SHA256      string `json:"sha256" doc:"Of the content with its secrets, in lower-case hex; empty where it may hold any, as it could be tried out."`
	Secrets     bool   `json:"secrets" doc:"It may hold secrets."`
	Confirms    bool   `json:"confirms" doc:"A phone that took it holds its settings."`
	Held        bool   `json:"held" doc:"The phone took the file as it is; told of the one that confirms."`
	Generic     bool   `json:"generic" doc:"Phones that are not known are given it, too."`
	Static      bool   `json:"static" doc:"The same for all phones."`
	Problem     string `json:"problem" doc:"Why it cannot be made; empty if it can."`
}

// DeviceFileContent is a file of one device with its content.
type DeviceFileContent struct {
	DeviceFile
	Masked  bool   `json:"masked" doc:"Secrets are replaced by asterisks."`
	Content string `json:"content"`
}

func showDeviceFile(d device.Device, f plan.File) DeviceFile {
	shown := DeviceFile{
		Name: f.Name, ContentType: f.ContentType, Size: int64(len(f.Content)), Secrets: f.Secrets, Confirms: f.Confirms, Generic: f.Generic, Static: f.Static, Problem: f.Problem,
		Held: f.Confirms && d.Provisioning.State() == device.ProvisioningConverged,
	}
	if !f.Secrets && f.Problem == "" {
		sum := sha256.Sum256(f.Content)
		shown.SHA256 = hex.EncodeToString(sum[:])
	}
	return shown
}

// deviceFiles makes the files of a device, with its secrets or masked.
func (a *API) deviceFiles(ctx context.Context, d device.Device, reveal bool) ([]plan.File, error) {
	e, err := a.effective(ctx, d)
	if err != nil {
		return nil, err
	}
	if !reveal {
		e = plan.Masked(e)
	}
	return a.Provisioning.Renderer.Files(ctx, d, e, a.Provisioning.Shelf.Registry())
}

func (a *API) listDeviceFiles(ctx context.Context, in *DevicePath) (*pageOutput[DeviceFile], error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	files, err := a.deviceFiles(ctx, d, true)
	if err != nil {
		return nil, err
	}
	total := len(files)
	return newPage(files, "", &total, func(f plan.File) (DeviceFile, error) { return showDeviceFile(d, f), nil })
}

type deviceFilePath struct {
	DevicePath
	Name string `path:"name" maxLength:"256" doc:"The name of the file, percent-encoded as one segment."`
}

type deviceFileOutput struct {
	Body DeviceFileContent
}

func (a *API) getDeviceFile(ctx context.Context, in *deviceFilePath) (*deviceFileOutput, error) {
	return a.deviceFile(ctx, in, false)
}

func (a *API) revealDeviceFile(ctx context.Context, in *deviceFilePath) (*deviceFileOutput, error) {
	return a.deviceFile(ctx, in, true)
}

func (a *API) deviceFile(ctx context.Context, in *deviceFilePath, reveal bool) (*deviceFileOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), in.Name)
	files, err := a.deviceFiles(ctx, d, reveal)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f.Name != in.Name {
			continue
		}
		if reveal {
			if err := a.attest(ctx); err != nil {
				return nil, err
			}
		}
		return &deviceFileOutput{Body: DeviceFileContent{
			DeviceFile: showDeviceFile(d, f), Masked: !reveal && f.Secrets, Content: strings.ToValidUTF8(string(f.Content), "\uFFFD"),
		}}, nil
	}
	return nil, kindNotFound.problem("the device is given no such file")
}
