package cpe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// errTooLong is a file that a device has no room for.
var errTooLong = errors.New("the file is too long")

const (
	// maxTaken bounds a file that Config.TakeFile is given, in bytes.
	maxTaken = 4 << 20
	// maxResumes is how often a fetch goes on after a cut.
	maxResumes = 5
	// headSize is how much of a file is looked at.
	headSize = 256
)

// fetched is a file that was read to its end.
type fetched struct {
	size    int64
	sum     string
	head    []byte
	resumed int
	// content is the whole file, where it was wanted.
	content []byte
	// reboot says that the device reboots to take it.
	reboot bool
}

// transferError is a failed fetch in the words of CWMP.
type transferError struct {
	code int
	err  error
	// final says that going on would not help.
	final bool
}

func (e *transferError) Error() string { return fmt.Sprintf("fault %d: %v", e.code, e.err) }

// fetch reads a file, resumes after cuts, and checks its size. A server that gives
// nothing for the time of stall is given up.
func fetch(ctx context.Context, client *http.Client, m *cwmp.Download, stall time.Duration) (fetched, cwmp.FaultStruct) {
	return fetchAndKeep(ctx, client, m, stall, 0)
}

// fetchAndKeep is fetch for a file that is wanted whole, of at most so many bytes; 0 is
// a file of any length that is not kept.
func fetchAndKeep(ctx context.Context, client *http.Client, m *cwmp.Download, stall time.Duration, keep int64) (fetched, cwmp.FaultStruct) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &fetcher{client: client, request: m, hash: sha256.New(), stall: stall, keep: keep}
	f.watch = time.AfterFunc(stall, cancel)
	defer f.watch.Stop()
	f.login = login{username: m.Username, password: m.Password}
	for resumed := 0; ; resumed++ {
		before := f.size
		err := f.attempt(ctx)
		if err == nil {
			return fetched{size: f.size, sum: hex.EncodeToString(f.hash.Sum(nil)), head: f.head, content: f.content, resumed: resumed}, cwmp.FaultStruct{}
		}
		var failure *transferError
		if !errors.As(err, &failure) {
			failure = &transferError{code: cwmp.FaultTransferFailure, err: err, final: true}
		}
		// Going on is for files that were cut, not for servers that give nothing.
		if failure.final || resumed == maxResumes || f.size == before || ctx.Err() != nil {
			return fetched{}, cwmp.FaultStruct{FaultCode: failure.code, FaultString: cwmp.FaultText(failure.code)}
		}
	}
}

// fetcher is a fetch that may take several requests.
type fetcher struct {
	client  *http.Client
	request *cwmp.Download
	login   login
	hash    hash.Hash
	size    int64
	total   int64
	etag    string
	head    []byte
	content []byte
	keep    int64
	stall   time.Duration
	watch   *time.Timer
}

// attempt reads on from where the last attempt was cut.
func (f *fetcher) attempt(ctx context.Context) error {
	answer, err := f.get(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	switch answer.StatusCode {
	case http.StatusOK:
		f.restart(answer)
	case http.StatusPartialContent:
		if want := fmt.Sprintf("bytes %d-", f.size); !strings.HasPrefix(answer.Header.Get("Content-Range"), want) {
			return &transferError{cwmp.FaultTransferIncomplete, errors.New("the server sent another range"), true}
		}
	case http.StatusUnauthorized:
		return &transferError{cwmp.FaultTransferAuthentication, errors.New("status 401"), true}
	case http.StatusForbidden, http.StatusNotFound, http.StatusGone, http.StatusMethodNotAllowed:
		return &transferError{cwmp.FaultTransferFileInaccessible, fmt.Errorf("status %d", answer.StatusCode), true}
	default:
		return &transferError{cwmp.FaultTransferFailure, fmt.Errorf("status %d", answer.StatusCode), true}
	}
	if _, err := io.Copy(f, answer.Body); errors.Is(err, errTooLong) {
		return &transferError{cwmp.FaultTransferFileCorrupted, err, true}
	} else if err != nil {
		return &transferError{code: cwmp.FaultTransferIncomplete, err: err}
	}
	if f.total > 0 && f.size < f.total {
		return &transferError{code: cwmp.FaultTransferIncomplete, err: io.ErrUnexpectedEOF}
	}
	if want := f.request.FileSize; want != 0 && want != f.size {
		return &transferError{cwmp.FaultTransferFileCorrupted, errors.New("not of the announced size"), true}
	}
	return nil
}

// restart begins with the first byte.
func (f *fetcher) restart(answer *http.Response) {
	f.hash.Reset()
	f.size, f.head, f.content = 0, nil, nil
	f.total = max(answer.ContentLength, 0)
	f.etag = ""
	if etag := answer.Header.Get("ETag"); !strings.HasPrefix(etag, "W/") {
		f.etag = etag
	}
}

// Write takes the next bytes of the file.
func (f *fetcher) Write(p []byte) (int, error) {
	f.watch.Reset(f.stall)
	if room := headSize - len(f.head); room > 0 {
		f.head = append(f.head, p[:min(room, len(p))]...)
	}
	f.size += int64(len(p))
	if f.keep > 0 && f.size > f.keep {
		return 0, errTooLong
	}
	if f.keep > 0 {
		f.content = append(f.content, p...)
	}
	return f.hash.Write(p)
}

// get sends the request, again with credentials if it is asked for them.
func (f *fetcher) get(ctx context.Context) (*http.Response, error) {
	for challenged := 0; ; {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.request.URL, nil)
		if err != nil {
			return nil, &transferError{cwmp.FaultInvalidArguments, err, true}
		}
		if f.size > 0 {
			request.Header.Set("Range", "bytes="+strconv.FormatInt(f.size, 10)+"-")
			if f.etag != "" {
				request.Header.Set("If-Range", f.etag)
			}
		}
		request.Header.Set("User-Agent", userAgent)
		if value := f.login.authorization(http.MethodGet, request.URL.RequestURI()); value != "" {
			request.Header.Set("Authorization", value)
		}
		answer, err := f.client.Do(request)
		if err != nil {
			return nil, &transferError{code: f.dialFault(err), err: err}
		}
		challenged++
		if answer.StatusCode != http.StatusUnauthorized || challenged > 2 ||
			f.request.Username == "" || !f.login.challenge(answer.Header, challenged) {
			return answer, nil
		}
		_ = answer.Body.Close()
	}
}

// dialFault tells a server that is not there from one that breaks off.
func (f *fetcher) dialFault(err error) int {
	if f.size > 0 {
		return cwmp.FaultTransferIncomplete
	}
	if isUnreachable(err) || errors.Is(err, context.Canceled) {
		return cwmp.FaultTransferServerUnreachable
	}
	return cwmp.FaultTransferFailure
}

// isUnreachable reports whether there was no connection to a server, or no answer.
func isUnreachable(err error) bool {
	var operation *net.OpError
	var name *net.DNSError
	return errors.As(err, &name) || errors.As(err, &operation) && operation.Op == "dial" || isTimeout(err)
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

// newFileClient makes the client that fetches files: no limit on the time of a
// whole transfer, only on its beginning.
func newFileClient(c Config) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext:           c.Dial,
		TLSClientConfig:       c.TLS,
		TLSHandshakeTimeout:   c.RequestTimeout,
		ResponseHeaderTimeout: c.RequestTimeout,
		DisableCompression:    true,
		DisableKeepAlives:     true,
		IdleConnTimeout:       time.Second,
	}}
}
