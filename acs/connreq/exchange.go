package connreq

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/internal/digest"
)

const (
	// maxHeader bounds the status line and header of a response in bytes.
	maxHeader = 8 << 10
	// maxBody bounds what is read of the body of a challenge so that the connection can be used again.
	maxBody = 16 << 10
	// maxInterim bounds the 1xx responses before the final one.
	maxInterim = 3
)

// exchange is one connection request on the wire. net/http's client is not used: the answer to a challenge has to
// go out on the connection that the challenge came in on, and nothing may be followed, stored or decompressed.
type exchange struct {
	dial     func(context.Context) (net.Conn, error)
	endpoint endpoint
	result   *Result

	connection net.Conn
	reader     *bufio.Reader
	bounded    *io.LimitedReader
	stop       func() bool
	reconnects int
}

// errLost says that the connection ended before a response came: the device closed it after its challenge.
var errLost = errors.New("connection closed before the response")

// run asks without credentials, then answers challenges, for each credential at most twice: a second time with
// the nonce of the second challenge, for devices whose nonces are short-lived.
func (e *exchange) run(ctx context.Context, credentials []Credential) error {
	response, err := e.send(ctx, "")
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusUnauthorized {
		return judge(response)
	}
	if len(credentials) == 0 {
		return fmt.Errorf("%w: it asks for some, and none are known", ErrCredentials)
	}
	for _, credential := range credentials[:min(len(credentials), MaxCredentials)] {
		for range 2 {
			authorization, err := e.answer(response, credential)
			if err != nil {
				return err
			}
			if response, err = e.send(ctx, authorization); err != nil {
				return err
			}
			if response.StatusCode != http.StatusUnauthorized {
				return judge(response)
			}
		}
	}
	return fmt.Errorf("%w: still 401 after its challenge was answered", ErrCredentials)
}

func (e *exchange) answer(challenge *http.Response, credential Credential) (string, error) {
	authorization, err := digest.Authorize(challenge.Header.Values("WWW-Authenticate"), digest.Request{
		Method:   http.MethodGet,
		URI:      e.endpoint.target,
		Username: credential.Username,
		Password: credential.Password.Reveal(),
	})
	if err != nil {
		return "", fmt.Errorf("%w: answer to its challenge: %w", ErrProtocol, err)
	}
	return authorization, nil
}

// judge reads the final status.
func judge(response *http.Response) error {
	switch code := response.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusServiceUnavailable:
		return fmt.Errorf("%w: it answered 503", ErrBusy)
	case code >= 300 && code < 400:
		return fmt.Errorf("%w: status %d, and redirects are not followed", ErrProtocol, code)
	default:
		return fmt.Errorf("%w: status %d", ErrProtocol, code)
	}
}

// send makes one request, on the open connection if there is one. A connection that is lost after a challenge is
// replaced once in an exchange: there are devices that close it then.
func (e *exchange) send(ctx context.Context, authorization string) (*http.Response, error) {
	for {
		if err := e.connect(ctx); err != nil {
			return nil, err
		}
		response, err := e.roundTrip(authorization)
		if err == nil {
			return response, nil
		}
		e.close()
		if !errors.Is(err, errLost) || ctx.Err() != nil {
			return nil, err
		}
		if e.reconnects > 0 || authorization == "" {
			return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
		}
		e.reconnects++
	}
}

func (e *exchange) connect(ctx context.Context) error {
	if e.connection != nil {
		return nil
	}
	connection, err := e.dial(ctx)
	if err != nil {
		return err
	}
	// The end of the context, by deadline or by cancellation, ends a read or write that is under way.
	e.stop = context.AfterFunc(ctx, func() { _ = connection.SetDeadline(time.Unix(1, 0)) })
	e.connection = connection
	e.bounded = &io.LimitedReader{R: connection}
	e.reader = bufio.NewReader(e.bounded)
	return nil
}

func (e *exchange) close() {
	if e.connection == nil {
		return
	}
	e.stop()
	_ = e.connection.Close()
	e.connection = nil
}

func (e *exchange) roundTrip(authorization string) (*http.Response, error) {
	if err := e.write(authorization); err != nil {
		return nil, connectionError(err)
	}
	e.bounded.N = int64(maxHeader - e.reader.Buffered())
	response, err := e.readFinal()
	if err != nil {
		return nil, e.readError(err)
	}
	e.result.StatusCode = response.StatusCode
	if response.StatusCode == http.StatusUnauthorized {
		e.prepareNext(response)
	}
	return response, nil
}

// write sends the whole request at once: there are devices that read it with one call.
func (e *exchange) write(authorization string) error {
	var request strings.Builder
	fmt.Fprintf(&request, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Dialtone\r\n", e.endpoint.target, e.endpoint.authority)
	if authorization != "" {
		fmt.Fprintf(&request, "Authorization: %s\r\n", authorization)
	}
	request.WriteString("\r\n")
	_, err := io.WriteString(e.connection, request.String())
	return err
}

func (e *exchange) readFinal() (*http.Response, error) {
	if _, err := e.reader.Peek(1); err != nil {
		return nil, errors.Join(errNoByte, err)
	}
	for range maxInterim + 1 {
		response, err := http.ReadResponse(e.reader, &http.Request{Method: http.MethodGet})
		if err != nil {
			return nil, err
		}
		if response.StatusCode >= 200 {
			return response, nil
		}
	}
	return nil, errors.New("too many interim responses")
}

// prepareNext makes the connection ready for the answer to the challenge, or closes it if that cannot be: the device
// says so, the end of the body shows only by the end of the connection, or the body is too long.
func (e *exchange) prepareNext(response *http.Response) {
	if response.Close {
		e.close()
		return
	}
	e.bounded.N = maxBody
	n, err := io.Copy(io.Discard, io.LimitReader(response.Body, maxBody+1))
	if err != nil || n > maxBody {
		e.close()
	}
}

// errNoByte marks that the connection ended before the first byte of a response.
var errNoByte = errors.New("no response")

func (e *exchange) readError(err error) error {
	switch {
	case isTimeout(err):
		return fmt.Errorf("%w: no answer in time", ErrUnreachable)
	case errors.Is(err, errNoByte):
		return connectionError(err)
	case e.bounded.N <= 0:
		return fmt.Errorf("%w: header longer than %d bytes", ErrProtocol, maxHeader)
	default:
		return fmt.Errorf("%w: %s", ErrProtocol, clip(err.Error()))
	}
}

// connectionError tells a time-out from a connection that the device closed or reset.
func connectionError(err error) error {
	if isTimeout(err) {
		return fmt.Errorf("%w: no answer in time", ErrUnreachable)
	}
	return errLost
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}
