package files

import (
	"context"
	"io"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// File describes a file that devices may be given.
type File struct {
	// Name is unique, and is the last segment of the URL that a device fetches.
	Name string
	// Type is the FileType of TR-069 A.3.2.8, such as "1 Firmware Upgrade
	// Image".
	Type string
	// OUI, ProductClass and Version say for which devices it is meant and what
	// it brings; informative.
	OUI          string
	ProductClass string
	Version      string
	// Siblings are names of other files that a device fetches from the same
	// folder, as a Cisco .loads file makes it do.
	Siblings []string
	// Size is in bytes.
	Size int64
	// SHA256 is the checksum of the content in lower-case hex.
	SHA256 string
	// Content names the content in the content store.
	Content   string
	CreatedAt time.Time
	CreatedBy string
	// Device is the device that uploaded the file, and Task the task that asked it
	// to; both are empty for a file that was given to the server.
	Device device.ID
	Task   string
}

// Grant lets one device fetch some files for a time without other credentials:
// whoever holds its token may read exactly these names.
type Grant struct {
	// TokenHash is the SHA-256 of the token, in lower-case hex; the token
	// itself is never stored.
	TokenHash string
	Device    device.ID
	// Task is the task that the folder was made for.
	Task string
	// Names are those of the files. "@profile" beside one name says that it is the file
	// with the device's own settings, which is in no store.
	Names []string
	// Expires is when the grant ends.
	Expires time.Time
	// Upload makes it a grant to upload one file of type UploadType (TR-069
	// A.3.2.13, such as "2 Vendor Log File") instead.
	Upload     bool
	UploadType string
}

// Store keeps what is known of files, and grants. Every method is one atomic
// operation.
type Store interface {
	// PutFile stores a file under a name that is free, or returns ErrExists.
	PutFile(ctx context.Context, f File) error
	// File returns a file, or ErrNotFound.
	File(ctx context.Context, name string) (File, error)
	// ListFiles returns a page of files in order of name.
	ListFiles(ctx context.Context, l List) (Page, error)
	// DeleteFile removes a file and returns what it was, or ErrNotFound.
	DeleteFile(ctx context.Context, name string) (File, error)
	// PutGrant stores a grant.
	PutGrant(ctx context.Context, g Grant) error
	// Grant returns a grant by the hash of its token, or ErrNotFound. The caller
	// checks Expires.
	Grant(ctx context.Context, tokenHash string) (Grant, error)
	// TakeGrant removes a grant and returns what it was, or ErrNotFound: of two who
	// take it, one gets it.
	TakeGrant(ctx context.Context, tokenHash string) (Grant, error)
	// DeleteGrants removes up to limit grants that expired before the given time
	// and returns how many.
	DeleteGrants(ctx context.Context, before time.Time, limit int) (int, error)
}

// List asks for a page of files.
type List struct {
	// Filter may be nil for all; its fields are those of Schema.
	Filter query.Expr
	// PageSize is between 1 and 1000.
	PageSize  int
	PageToken string
	// Count asks for Page.Total.
	Count bool
}

// Page is one page of files.
type Page struct {
	Files         []File
	NextPageToken string
	Total         int
}

// Content keeps the bytes of files. No file is ever held in memory.
type Content interface {
	// Create returns a writer for new content. Nothing of it is seen by anybody
	// until Commit.
	Create(ctx context.Context) (ContentWriter, error)
	// Open opens content for reading, or returns ErrNotFound. The caller closes
	// it.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	// Remove removes content. Removing what is not there is no error.
	Remove(ctx context.Context, name string) error
}

// ContentWriter takes the bytes of one file.
type ContentWriter interface {
	io.Writer
	// Commit makes the content durable and returns its name.
	Commit() (name string, err error)
	// Abort throws away what was written; after Commit it does nothing.
	Abort()
}
