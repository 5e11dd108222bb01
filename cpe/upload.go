package cpe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// UploadedFile is a file that a device sent.
type UploadedFile struct {
	CommandKey string
	FileType   string
	// Size is in bytes.
	Size int64
	// SHA256 is in lower-case hexadecimal.
	SHA256 string
	// StartTime and CompleteTime are those of the TransferComplete.
	StartTime, CompleteTime time.Time
}

// Uploads returns the last files that the device sent, oldest first, at most 64.
func (d *Device) Uploads() []UploadedFile {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.extras == nil {
		return nil
	}
	return slices.Clone(d.extras.uploaded)
}

// acceptUpload queues a transfer (TR-069 A.4.1.5). The caller holds mu.
func (d *Device) acceptUpload(m *cwmp.Upload) cwmp.Message {
	request := cwmp.Download{
		CommandKey: m.CommandKey, FileType: m.FileType, URL: m.URL, Username: m.Username, Password: m.Password,
		DelaySeconds: m.DelaySeconds,
	}
	if fault := checkTransfer(&request); fault != nil {
		return fault
	}
	if !d.hasFile(m.FileType) {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "no file of that FileType")
	}
	if !d.enqueue(&transfer{request: request, method: methodUpload}) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return &cwmp.UploadResponse{Status: 1}
}

// hasFile reports whether the device has a file to send: one configuration and one
// log, which have the number 1 each, and what the configuration names.
func (d *Device) hasFile(fileType string) bool {
	switch fileType {
	case cwmp.FileTypeUploadConfiguration, cwmp.FileTypeUploadLog,
		cwmp.FileTypeUploadNumberedConfiguration + " 1", cwmp.FileTypeUploadNumberedLog + " 1":
		return true
	}
	return cwmp.CheckUploadFileType(fileType) == nil && isVendorType(fileType) && slices.Contains(d.config.FileTypes, fileType)
}

// file makes what an Upload sends: the parameters for a configuration, without what
// reads back empty, else the journal as a log.
func (d *Device) file(fileType string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b bytes.Buffer
	if !strings.Contains(fileType, "Configuration") {
		fmt.Fprintf(&b, "%s %s\n", d.id.SerialNumber, d.software)
		for _, e := range d.ledger.journal {
			fmt.Fprintf(&b, "%s session %d %s fault %d\n", e.Time.UTC().Format(time.RFC3339), e.Session, e.Method, e.FaultCode)
		}
		return b.Bytes()
	}
	b.WriteString("<flat-profile>\n")
	d.tree.each("", func(e *entry) {
		if e.leaf == nil || e.leaf.hidden {
			return
		}
		fmt.Fprintf(&b, `<parameter name="%s">`, e.path)
		_ = xml.EscapeText(&b, []byte(d.tree.value(e)))
		b.WriteString("</parameter>\n")
	})
	b.WriteString("</flat-profile>\n")
	return b.Bytes()
}

// fileSent notes an upload that succeeded. The caller holds mu.
func (d *Device) fileSent(t *transfer, content []byte) {
	sum := sha256.Sum256(content)
	x := d.extra()
	if len(x.uploaded) >= maxApplied {
		x.uploaded = slices.Delete(x.uploaded, 0, len(x.uploaded)-maxApplied+1)
	}
	x.uploaded = append(x.uploaded, UploadedFile{
		CommandKey: t.request.CommandKey, FileType: t.request.FileType, Size: int64(len(content)),
		SHA256: hex.EncodeToString(sum[:]), StartTime: t.start, CompleteTime: t.complete,
	})
}

// send puts a file to a server (TR-069 A.4.1.5). A server that does not answer
// within the time of stall is given up.
func send(ctx context.Context, client *http.Client, m *cwmp.Download, content []byte, stall time.Duration) cwmp.FaultStruct {
	ctx, cancel := context.WithTimeout(ctx, stall)
	defer cancel()
	code := put(ctx, client, m, content)
	return cwmp.FaultStruct{FaultCode: code, FaultString: cwmp.FaultText(code)}
}

// put sends the request, again with credentials if it is asked for them, and returns
// a fault code.
func put(ctx context.Context, client *http.Client, m *cwmp.Download, content []byte) (code int) {
	l := login{username: m.Username, password: m.Password}
	for challenged := 1; ; challenged++ {
		request, err := http.NewRequestWithContext(ctx, http.MethodPut, m.URL, bytes.NewReader(content))
		if err != nil {
			return cwmp.FaultUploadFailure
		}
		request.Header.Set("User-Agent", userAgent)
		request.Header.Set("Content-Type", "application/octet-stream")
		if value := l.authorization(http.MethodPut, request.URL.RequestURI()); value != "" {
			request.Header.Set("Authorization", value)
		}
		answer, err := client.Do(request)
		if err != nil {
			return putFault(err)
		}
		_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer)
		_ = answer.Body.Close()
		switch {
		case answer.StatusCode/100 == 2:
			return 0
		case answer.StatusCode != http.StatusUnauthorized:
			return cwmp.FaultUploadFailure
		case challenged > 2 || m.Username == "" || !l.challenge(answer.Header, challenged):
			return cwmp.FaultTransferAuthentication
		}
	}
}

// maxAnswer is how much of what a file server says to an upload is read, in bytes.
const maxAnswer = 64 << 10

// putFault tells a server that is not there from one that breaks off.
func putFault(err error) int {
	if isUnreachable(err) || errors.Is(err, context.DeadlineExceeded) {
		return cwmp.FaultTransferServerUnreachable
	}
	return cwmp.FaultUploadFailure
}
