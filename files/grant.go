package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// OfferRequest asks for a folder for one task.
type OfferRequest struct {
	Device device.ID
	// Task is the task that the folder is made for; it may be empty.
	Task string
	// Name is the file; its siblings come with it.
	Name string
	// Profile says that the file is that with the device's own settings, which is made
	// when the device fetches it: the library has none of that name.
	Profile bool
	// Expires is when the folder ends, as the task's deadline.
	Expires time.Time
}

// Offer is a folder that was made for one task, and the file in it. Its Token
// and Path are secrets: they never show when an Offer is printed or logged.
type Offer struct {
	// Token is the folder's name: 26 lower-case base32 characters.
	Token string
	// Path is the path of the file, as PathPrefix describes it. OfferURL makes a
	// URL of it.
	Path string
	File File
}

// String names the file and not the folder.
func (o Offer) String() string { return "offer of " + o.File.Name }

// GoString is String.
func (o Offer) GoString() string { return o.String() }

// LogValue is String.
func (o Offer) LogValue() slog.Value { return slog.StringValue(o.String()) }

// MarshalJSON refuses: an Offer is for the device alone.
func (o Offer) MarshalJSON() ([]byte, error) {
	return nil, errors.New("an offer holds a secret and is not written as JSON")
}

// Offer makes a folder in which the device finds the file and its siblings until
// r.Expires. It returns ErrNotFound if there is no such file, or one of its
// siblings is missing, whose name is in the error then; a FieldError for a
// request without device or with Expires in the past; ErrName for a profile of a name
// that cannot be.
func (l *Library) Offer(ctx context.Context, r OfferRequest) (Offer, error) {
	if r.Device == "" {
		return Offer{}, invalid("device", "must not be empty")
	}
	if !r.Expires.After(l.now()) {
		return Offer{}, invalid("expires", "must be in the future")
	}
	f, names, err := l.offered(ctx, r)
	if err != nil {
		return Offer{}, fmt.Errorf("offer file %q: %w", r.Name, err)
	}
	token := randomName()
	err = l.store.PutGrant(ctx, Grant{
		TokenHash: hashToken(token), Device: r.Device, Task: r.Task, Names: names, Expires: r.Expires.UTC().Truncate(time.Millisecond),
	})
	if err != nil {
		return Offer{}, fmt.Errorf("offer file %q: %w", f.Name, err)
	}
	return Offer{Token: token, Path: joinPath(token, f.Name), File: f}, nil
}

// offered returns the file that is asked for, and the names of the grant.
func (l *Library) offered(ctx context.Context, r OfferRequest) (f File, names []string, err error) {
	if r.Profile {
		return File{Name: r.Name}, []string{r.Name, profileMark}, CheckName(r.Name)
	}
	if f, err = l.Get(ctx, r.Name); err != nil {
		return f, nil, err
	}
	for _, sibling := range f.Siblings {
		if _, err := l.Get(ctx, sibling); err != nil {
			return f, nil, fmt.Errorf("its sibling %q: %w", sibling, err)
		}
	}
	return f, append([]string{f.Name}, f.Siblings...), nil
}

// Resolved is a file that a device was offered, and to whom and for which task.
type Resolved struct {
	// File has only its name with Profile.
	File File
	// Profile is that of OfferRequest.
	Profile bool
	Device  device.ID
	Task    string
	Expires time.Time
}

// Resolve returns the file of that name in the folder of that token. It returns
// exactly ErrNotFound when there is no such folder, when it has expired, when
// the name is not in it and when the file was deleted: who tries tokens learns
// nothing from the answer.
func (l *Library) Resolve(ctx context.Context, token, name string) (Resolved, error) {
	if !isToken(token) || CheckName(name) != nil {
		return Resolved{}, ErrNotFound
	}
	grant, err := l.store.Grant(ctx, hashToken(token))
	if errors.Is(err, ErrNotFound) {
		return Resolved{}, ErrNotFound
	}
	if err != nil {
		return Resolved{}, fmt.Errorf("find grant: %w", err)
	}
	if grant.Upload || !grant.Expires.After(l.now()) || !slices.Contains(grant.Names, name) {
		return Resolved{}, ErrNotFound
	}
	if grant.profile() {
		return Resolved{File: File{Name: name}, Profile: true, Device: grant.Device, Task: grant.Task, Expires: grant.Expires}, nil
	}
	f, err := l.store.File(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return Resolved{}, ErrNotFound
	}
	if err != nil {
		return Resolved{}, fmt.Errorf("find file %s: %w", name, err)
	}
	return Resolved{File: f, Device: grant.Device, Task: grant.Task, Expires: grant.Expires}, nil
}

// profileMark is beside the name in Grant.Names of a profile. No file has such a name.
const profileMark = "@profile"

func (g *Grant) profile() bool { return slices.Contains(g.Names, profileMark) }

// hashToken returns the form in which a token is stored. A token is 128 random
// bits, so it needs no salt and no slow hash.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// isToken reports whether text has the form of a token, which is that of a
// content's name.
func isToken(text string) bool { return isContentName(text) }
