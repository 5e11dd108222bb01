package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// What Options hold of uploads unless they say otherwise: 64 MiB, and 20 of each
// device.
const (
	DefaultMaxUpload    = 64 << 20
	DefaultMaxPerDevice = 20
)

// ReceiveRequest asks for a place where a device puts one file.
type ReceiveRequest struct {
	Device device.ID
	// Task is the task that asks the device to.
	Task string
	// Type is what the device was told to send (TR-069 A.4.1.5), such as "2 Vendor
	// Log File".
	Type string
	// Expires is when the place ends.
	Expires time.Time
}

// Receipt is a place where a device puts one file, and the name that the file will
// have. Its Token and Path are secrets: they never show when a Receipt is printed
// or logged.
type Receipt struct {
	// Token is 26 lower-case base32 characters.
	Token string
	// Path is the path of the place, as UploadPathPrefix describes it. ReceiptURL
	// makes a URL of it.
	Path string
	// Name is the name of the file.
	Name string
}

// String names the file and not the place.
func (r Receipt) String() string { return "receipt of " + r.Name }

// GoString is String.
func (r Receipt) GoString() string { return r.String() }

// LogValue is String.
func (r Receipt) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalJSON refuses: a Receipt is for the device alone.
func (r Receipt) MarshalJSON() ([]byte, error) {
	return nil, errors.New("a receipt holds a secret and is not written as JSON")
}

// uploadNameTime and uploadNameRandom make the names of uploads: those of one
// device are in the order of time, and none can be guessed from another.
const (
	uploadNameTime   = "20060102T150405Z"
	uploadNameRandom = 8
)

// Receive makes a place where the device can put one file until r.Expires. It
// returns a FieldError for a request without device, with a Type that cannot be,
// or with Expires in the past.
func (l *Library) Receive(ctx context.Context, r ReceiveRequest) (Receipt, error) {
	now := l.moment()
	name := "upload-" + string(r.Device) + "-" + now.Format(uploadNameTime) + "-" + randomName()[:uploadNameRandom]
	if r.Device == "" || CheckName(name) != nil {
		return Receipt{}, invalid("device", "must be the id of a device")
	}
	if err := CheckType(r.Type); err != nil {
		return Receipt{}, err
	}
	if !r.Expires.After(now) {
		return Receipt{}, invalid("expires", "must be in the future")
	}
	token := randomName()
	err := l.store.PutGrant(ctx, Grant{
		TokenHash: hashToken(token), Device: r.Device, Task: r.Task, Names: []string{name}, Expires: r.Expires.UTC().Truncate(time.Millisecond),
		Upload: true, UploadType: r.Type,
	})
	if err != nil {
		return Receipt{}, fmt.Errorf("receive %s: %w", name, err)
	}
	return Receipt{Token: token, Path: UploadPathPrefix + token + "/" + name, Name: name}, nil
}

// Accept stores what r reads as the file for which the place of that token was
// made, and returns it. A place takes one file: it is used up once the content is
// complete, so that a device whose connection broke tries again.
//
// It returns exactly ErrNotFound if there is no such place, before r is read or,
// where somebody else was quicker, after; ErrTooLarge once r exceeds the largest
// upload; and the error of r. Nothing of the file is left behind then.
func (l *Library) Accept(ctx context.Context, token string, r io.Reader) (File, error) {
	grant, err := l.uploadGrant(ctx, token)
	if err != nil {
		return File{}, err
	}
	f := File{Name: grant.Names[0], Type: grant.UploadType, Device: grant.Device, Task: grant.Task, CreatedBy: "device/" + string(grant.Device)}
	if err := l.receive(ctx, &f, r, l.maxUpload); err != nil {
		return File{}, fmt.Errorf("receive file %s: %w", f.Name, err)
	}
	// The content is complete: it is stored also if the device does not wait for
	// the answer.
	ctx = context.WithoutCancel(ctx)
	if _, err := l.store.TakeGrant(ctx, grant.TokenHash); err != nil {
		l.removeContent(ctx, f)
		if errors.Is(err, ErrNotFound) {
			return File{}, ErrNotFound
		}
		return File{}, fmt.Errorf("receive file %s: %w", f.Name, err)
	}
	f.CreatedAt = l.moment()
	if err := l.store.PutFile(ctx, f); err != nil {
		l.forget(ctx, f, err)
		return File{}, fmt.Errorf("receive file %s: %w", f.Name, errors.Join(err, l.store.PutGrant(ctx, grant)))
	}
	l.removeOldUploads(ctx, f.Device)
	return f, nil
}

// uploadGrant returns the grant of a place that is still good, or ErrNotFound.
func (l *Library) uploadGrant(ctx context.Context, token string) (Grant, error) {
	if !isToken(token) {
		return Grant{}, ErrNotFound
	}
	grant, err := l.store.Grant(ctx, hashToken(token))
	if errors.Is(err, ErrNotFound) {
		return Grant{}, ErrNotFound
	}
	if err != nil {
		return Grant{}, fmt.Errorf("find grant: %w", err)
	}
	if !grant.Upload || len(grant.Names) != 1 || !grant.Expires.After(l.now()) {
		return Grant{}, ErrNotFound
	}
	return grant, nil
}

// removeOldUploads removes the oldest uploads of a device beyond those that are
// kept. A failure is only logged: the next upload tries again.
func (l *Library) removeOldUploads(ctx context.Context, id device.ID) {
	field, _ := Schema().Field("device")
	of := query.Compare{Field: field, Op: query.Equal, Value: query.TextValue(query.Fold(string(id)))}
	var names []string
	for list := (List{Filter: of, PageSize: sweepPage}); ; {
		page, err := l.store.ListFiles(ctx, list)
		if err != nil {
			l.logger.WarnContext(ctx, "cannot look for old uploads", logkeys.Device, id, logkeys.Error, err)
			return
		}
		for _, f := range page.Files {
			if strings.HasPrefix(f.Name, "upload-") {
				names = append(names, f.Name)
			}
		}
		if list.PageToken = page.NextPageToken; list.PageToken == "" {
			break
		}
	}
	for _, name := range names[:max(0, len(names)-l.maxPerDevice)] {
		if _, err := l.Delete(ctx, name); err != nil && !errors.Is(err, ErrNotFound) {
			l.logger.WarnContext(ctx, "cannot remove old upload", logkeys.File, name, logkeys.Error, err)
		}
	}
}
