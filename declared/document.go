package declared

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Kind says what a document is.
type Kind string

// The kinds.
const (
	// QuirkProfile says what devices of some models do wrong.
	QuirkProfile Kind = "quirkProfile"
	// AccessRule says how some devices prove who they are.
	AccessRule Kind = "accessRule"
	// SharedCredential is a user name and password of many devices, for first
	// contact.
	SharedCredential Kind = "sharedCredential"
	// TraceOrder asks to trace the sessions of some devices.
	TraceOrder Kind = "traceOrder"
	// VendorPack says which version of a vendor pack is in force.
	VendorPack Kind = "vendorPack"
)

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{QuirkProfile, AccessRule, SharedCredential, TraceOrder, VendorPack}
}

// Document is one document.
type Document struct {
	Kind Kind
	// ID is unique among those of its kind: 1 to 64 of a-z, 0-9 and hyphen.
	ID string
	// Body is a JSON object of at most MaxBody bytes. Secrets in it are sealed.
	Body json.RawMessage
	// Revision grows with every change; the first is 1.
	Revision  int64
	CreatedAt time.Time
	UpdatedAt time.Time
	UpdatedBy string
}

// Bounds of documents.
const (
	// MaxBody is how many bytes a body may have.
	MaxBody = 64 << 10
	// MaxDocuments is how many documents of one kind there may be.
	MaxDocuments = 500
)

var (
	// ErrNotFound is returned for a document that does not exist.
	ErrNotFound = errors.New("no such document")
	// ErrConflict is returned where the document has another revision than the one
	// that was seen, or exists and should not.
	ErrConflict = errors.New("document has another revision")
	// ErrLimit is returned where MaxDocuments of the kind exist.
	ErrLimit = errors.New("too many documents of this kind")
)

// Store keeps documents. Every method is one atomic operation on one document.
type Store interface {
	// Documents returns all documents of a kind in order of ID, at most
	// MaxDocuments.
	Documents(ctx context.Context, kind Kind) ([]Document, error)
	// Document returns one, or ErrNotFound.
	Document(ctx context.Context, kind Kind, id string) (Document, error)
	// PutDocument stores a document in place of the one of its Revision, 0 for one
	// that does not exist yet, and returns it with the next Revision. It returns
	// ErrConflict if there is another, and ErrNotFound if the one to replace is
	// gone. A new one is refused with ErrLimit if MaxDocuments of the kind exist;
	// two that are stored at the same moment may both be the last.
	PutDocument(ctx context.Context, d Document) (Document, error)
	// DeleteDocument removes a document of that revision, 0 for any. It returns
	// ErrConflict, or ErrNotFound.
	DeleteDocument(ctx context.Context, kind Kind, id string, revision int64) error
}

// CheckID returns an error for what cannot be the ID of a document.
func CheckID(id string) error {
	if id == "" || len(id) > 64 {
		return errors.New("must have 1 to 64 characters")
	}
	for i := range len(id) {
		if c := id[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return errors.New("must hold a-z, 0-9 and hyphens only")
		}
	}
	return nil
}
