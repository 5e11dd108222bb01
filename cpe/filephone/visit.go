package filephone

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const (
	// longest is the longest file that a phone takes.
	longest = 4 << 20
	// imageHead is how much of a firmware image a phone reads to learn its version.
	imageHead = 512
	// mostRequests is how much a phone asks for in one start, whatever files say.
	mostRequests = 64
)

// kept is the copy of a file that a phone remembers.
type kept struct {
	etag    string
	content []byte
}

// visit is one start of a phone.
type visit struct {
	phone   *Phone
	outcome Outcome
}

// mac is the phone's address, 12 lower-case digits.
func (v *visit) mac() string { return v.phone.config.MAC }

// address returns the URL of a file: of a name in the phone's folder, or of a URL as it
// is.
func (v *visit) address(name string) (*url.URL, error) {
	if strings.Contains(name, "://") {
		u, err := url.Parse(name)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("filephone: %q is no URL", name)
		}
		return u, nil
	}
	folder := *v.phone.base
	if !strings.HasSuffix(folder.Path, "/") {
		folder.Path += "/"
	}
	folder.Path += strings.TrimPrefix(name, "/")
	folder.RawPath = ""
	return &folder, nil
}

// get asks for a file. It is not found if the server says that there is none; every
// other refusal is an error.
func (v *visit) get(ctx context.Context, name string) (f file, found bool, err error) {
	u, err := v.address(name)
	if err != nil {
		return file{}, false, err
	}
	content, status, err := v.request(ctx, u, longest)
	shown := u.Redacted()
	v.outcome.Requests = append(v.outcome.Requests, Request{URL: shown, Status: status, Bytes: len(content)})
	switch {
	case err != nil:
		return file{}, false, err
	case status == http.StatusNotFound || status == http.StatusGone:
		return file{}, false, nil
	case status != http.StatusOK && status != http.StatusNotModified:
		return file{}, false, &StatusError{URL: shown, Status: status}
	}
	return file{name: shown, content: content}, true, nil
}

// image reads the head of a firmware image. Whether it is there makes no difference:
// a phone goes on with the firmware that it has.
func (v *visit) image(ctx context.Context, name string) error {
	u, err := v.address(name)
	if err != nil {
		return err
	}
	head, status, err := v.request(ctx, u, imageHead)
	v.outcome.Requests = append(v.outcome.Requests, Request{URL: u.Redacted(), Status: status, Bytes: len(head)})
	return err
}

// upgrade reads the head of the image that the settings name, unless the phone did so
// before.
func (v *visit) upgrade(ctx context.Context, name string) error {
	if name == "" || v.phone.image == name {
		return nil
	}
	if err := v.image(ctx, name); err != nil {
		return err
	}
	if last := v.outcome.Requests[len(v.outcome.Requests)-1]; last.Status == http.StatusOK {
		v.phone.image = name
	}
	return nil
}

// request asks for a URL and reads up to a limit. Over the limit longest it is an error
// to have more.
func (v *visit) request(ctx context.Context, u *url.URL, limit int) ([]byte, int, error) {
	if len(v.outcome.Requests) == mostRequests {
		return nil, 0, errors.New("filephone: the files lead the phone on without end")
	}
	var content []byte
	var status int
	var err error
	if u.Scheme == "tftp" {
		content, status, err = v.tftp(ctx, u, limit)
	} else {
		content, status, err = v.http(ctx, u, limit)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("filephone: %s: %w", u.Redacted(), err)
	}
	if limit == longest && status == http.StatusOK {
		v.note(u.Redacted(), content)
	}
	return content, status, nil
}

// note remembers a file, and that it changed if it did.
func (v *visit) note(name string, content []byte) {
	before, known := v.phone.copies[name]
	if !known || sha256.Sum256(before.content) != sha256.Sum256(content) {
		v.outcome.Changed = true
	}
	before.content = content
	v.phone.copies[name] = before
}

func (v *visit) http(ctx context.Context, u *url.URL, limit int) ([]byte, int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, 0, err
	}
	request.Header.Set("User-Agent", v.phone.manner.userAgent(v.mac()))
	known := v.phone.copies[u.Redacted()]
	if v.phone.config.Conditional && known.etag != "" && limit == longest {
		request.Header.Set("If-None-Match", known.etag)
	}
	response, err := v.phone.config.Client.Do(request)
	if err != nil {
		var outer *url.Error
		if errors.As(err, &outer) {
			err = outer.Err
		}
		return nil, 0, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusNotModified && request.Header.Get("If-None-Match") != "" {
		return known.content, response.StatusCode, nil
	}
	content, err := readUpTo(response.Body, limit)
	if err == nil && response.StatusCode == http.StatusOK && limit == longest {
		v.phone.copies[u.Redacted()] = kept{etag: response.Header.Get("ETag"), content: known.content}
	}
	return content, response.StatusCode, err
}

func readUpTo(r io.Reader, limit int) ([]byte, error) {
	if limit < longest {
		return io.ReadAll(io.LimitReader(r, int64(limit)))
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err == nil && len(content) > limit {
		err = errTooLong
	}
	return content, err
}

var errTooLong = fmt.Errorf("the file is longer than %d bytes", longest)

// file is what a phone was given.
type file struct {
	// name is its URL, without a password.
	name    string
	content []byte
}

func (f file) refuse(line int, format string, args ...any) error {
	return &RefusedError{File: f.name, Line: line, Reason: fmt.Sprintf(format, args...)}
}
