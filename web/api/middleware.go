package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// clientAddress returns how the address of a client is found: the peer's, or
// what X-Forwarded-For says as far as it was written by trusted proxies.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// observe gives the request its id and counts and logs its end.
func (a *API) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := a.Now()
		x := &exchange{
			id: newRequestID(), address: c.RealIP(), controller: http.NewResponseController(c.Response()),
			overTLS: OverTLS(c.Request(), a.TrustedProxies), host: c.Request().Host, userAgent: c.Request().UserAgent(), actor: anonymous,
		}
		c.SetRequest(c.Request().WithContext(withExchange(c.Request().Context(), x)))
		c.Response().Header().Set(echo.HeaderXRequestID, x.id)
		if err := next(c); err != nil {
			c.Error(err)
		}
		duration := a.Now().Sub(began)
		a.metrics.answered(x.operation, c.Response().Status, duration)
		a.Logger.DebugContext(c.Request().Context(), "request answered",
			slog.String(logkeys.Request, x.id), slog.String(logkeys.Operation, x.operation), slog.String(logkeys.Method, c.Request().Method),
			slog.Int(logkeys.Status, c.Response().Status), slog.String(logkeys.Address, x.address), slog.Duration(logkeys.Duration, duration))
		return nil
	}
}

// recoverPanics turns a panic into an internal error, or breaks the connection
// off if the answer has begun.
func (a *API) recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			r := recover()
			if r == nil {
				return
			}
			if r == http.ErrAbortHandler {
				panic(r)
			}
			ctx := c.Request().Context()
			a.Logger.ErrorContext(ctx, "request panicked", slog.String(logkeys.Request, requestID(ctx)), slog.String(logkeys.Operation, operationID(ctx)),
				slog.String(logkeys.Panic, fmt.Sprint(r)), slog.String(logkeys.Stack, string(debug.Stack())))
			if c.Response().Committed {
				panic(http.ErrAbortHandler)
			}
			p := kindInternal.problem("the server's log says why, under the instance of this problem")
			p.Instance = instance(ctx)
			err = writeProblem(c, p)
		}()
		return next(c)
	}
}

// plainHeaders sets what every answer carries unless its handler says otherwise.
func plainHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		return next(c)
	}
}

// decodePathParameters undoes percent-encoding in path parameters. The router
// matches against the path as it was sent, where that differs from its plain
// form, and leaves the parameters so.
func decodePathParameters(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().URL.RawPath == "" {
			return next(c)
		}
		values := append([]string(nil), c.ParamValues()...)
		for i, value := range values {
			plain, err := url.PathUnescape(value)
			if err != nil {
				return echo.NewHTTPError(http.StatusBadRequest)
			}
			values[i] = plain
		}
		c.SetParamValues(values...)
		return next(c)
	}
}

// routingProblem answers what no handler took.
func (a *API) routingProblem(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	ctx := c.Request().Context()
	var p *Problem
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &p):
	case errors.As(err, &routing) && routing.Code < http.StatusInternalServerError:
		p = kindOf(routing.Code).problem("")
		if routing.Code == http.StatusNotFound {
			p.Detail = "no call has this path"
		}
	default:
		p = a.problem(ctx, err)
	}
	p.Instance = instance(ctx)
	if err := writeProblem(c, p); err != nil {
		a.Logger.DebugContext(ctx, "cannot write answer", slog.String(logkeys.Request, requestID(ctx)), slog.Any(logkeys.Error, err))
	}
}

// writeProblem answers with a problem outside of huma.
func writeProblem(c echo.Context, p *Problem) error {
	for name, values := range p.GetHeaders() {
		c.Response().Header()[name] = values
	}
	c.Response().Header().Set(echo.HeaderContentType, problemType)
	c.Response().WriteHeader(p.Status)
	return c.Echo().JSONSerializer.Serialize(c, p, "")
}

// statusText is a status as a metric's label.
func statusText(status int) string { return strconv.Itoa(status) }
