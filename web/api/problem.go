package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is the body of every answer that is an error (RFC 9457).
type Problem struct {
	Type     string       `json:"type" doc:"What kind of problem it is: urn:dialtone:problem:NAME. Stable: programs decide by it."`
	Title    string       `json:"title" doc:"The kind of problem in words."`
	Status   int          `json:"status" doc:"The HTTP status."`
	Detail   string       `json:"detail,omitempty" doc:"What is wrong in this case."`
	Instance string       `json:"instance" doc:"This answer: urn:dialtone:request:ID, as the server's log has it."`
	Errors   []FieldError `json:"errors,omitempty" nullable:"false" doc:"What is wrong in which place of the request."`
	Existing string       `json:"existing,omitempty" doc:"For duplicate: the id of what exists already."`
	headers  [][2]string
}

// FieldError is one place of a request that is wrong.
type FieldError struct {
	Location string `json:"location" doc:"The place, such as body.parameters[2].path or query.filter."`
	Message  string `json:"message" doc:"What was expected."`
	Position *int   `json:"position,omitempty" doc:"For filter and orderBy: the offset in bytes, from 0, at which the text is wrong."`
}

// Error returns the detail, else the title.
func (p *Problem) Error() string {
	if p.Detail != "" {
		return p.Detail
	}
	return p.Title
}

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	for _, pair := range p.headers {
		h.Add(pair[0], pair[1])
	}
	return h
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

var _ huma.StatusError = (*Problem)(nil)

// with returns the problem with a header that goes with it.
func (p *Problem) with(name, value string) *Problem {
	p.headers = append(p.headers, [2]string{name, value})
	return p
}

// problemKind is a kind of problem: the last part of its type, its status and
// its title.
type problemKind struct {
	name   string
	status int
	title  string
}

// The kinds of problems, which docs/api.md lists.
var (
	kindMalformed       = problemKind{"malformed", http.StatusBadRequest, "The request cannot be read"}
	kindUnauthenticated = problemKind{"unauthenticated", http.StatusUnauthorized, "It is not proven who asks"}
	kindForbidden       = problemKind{"forbidden", http.StatusForbidden, "Who asks may not do this"}
	kindSecondFactor    = problemKind{"second-factor-required", http.StatusUnauthorized, "The code of the second factor is missing or wrong"}
	kindPasswordChange  = problemKind{"password-change-required", http.StatusForbidden, "The password must be changed first"}
	kindNotFound        = problemKind{"not-found", http.StatusNotFound, "There is no such thing"}
	kindMethod          = problemKind{"method-not-allowed", http.StatusMethodNotAllowed, "The method cannot be used here"}
	kindNotAcceptable   = problemKind{"not-acceptable", http.StatusNotAcceptable, "There is no such representation"}
	kindTimeout         = problemKind{"timeout", http.StatusRequestTimeout, "The request took too long to arrive"}
	kindDuplicate       = problemKind{"duplicate", http.StatusConflict, "It exists already"}
	kindConflict        = problemKind{"conflict", http.StatusConflict, "It was changed at the same moment"}
	kindState           = problemKind{"state", http.StatusConflict, "It is in no state for this"}
	kindPrecondition    = problemKind{"precondition-failed", http.StatusPreconditionFailed, "It was changed since it was read"}
	kindTooLarge        = problemKind{"too-large", http.StatusRequestEntityTooLarge, "The request is too large"}
	kindMediaType       = problemKind{"unsupported-media-type", http.StatusUnsupportedMediaType, "The media type is not supported"}
	kindInvalid         = problemKind{"invalid", http.StatusUnprocessableEntity, "The request has invalid values"}
	kindLimit           = problemKind{"limit", http.StatusTooManyRequests, "A limit is reached"}
	kindInternal        = problemKind{"internal", http.StatusInternalServerError, "The server could not do its part"}
	kindUnavailable     = problemKind{"unavailable", http.StatusServiceUnavailable, "The server cannot answer at the moment"}
)

// problemKinds lists every kind.
func problemKinds() []problemKind {
	return []problemKind{
		kindMalformed, kindUnauthenticated, kindForbidden, kindSecondFactor, kindPasswordChange, kindNotFound, kindMethod, kindNotAcceptable, kindTimeout,
		kindDuplicate, kindConflict, kindState, kindPrecondition, kindTooLarge, kindMediaType, kindInvalid, kindLimit,
		kindInternal, kindUnavailable,
	}
}

// kindOf returns the kind that stands for a status where only that is known.
func kindOf(status int) problemKind {
	for _, k := range problemKinds() {
		if k.status == status {
			return k
		}
	}
	if status < http.StatusInternalServerError {
		return kindMalformed
	}
	return kindInternal
}

const problemTypePrefix = "urn:dialtone:problem:"

// problem returns a problem of the kind. Detail is shown to whoever asked.
func (k problemKind) problem(detail string) *Problem {
	return &Problem{Type: problemTypePrefix + k.name, Title: k.title, Status: k.status, Detail: detail}
}

// invalid returns the problem of one place of the request that is wrong.
func invalid(location, message string) *Problem {
	p := kindInvalid.problem(location + " " + message)
	p.Errors = []FieldError{{Location: location, Message: message}}
	return p
}
