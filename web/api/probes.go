package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// registerProbes adds what watches the server. None of it needs a token of the
// API.
func (a *API) registerProbes() {
	a.echo.GET("/healthz", named("healthz", a.healthz))
	a.echo.GET("/readyz", named("readyz", a.readyz))
	exporter := promhttp.HandlerFor(a.Metrics.Gatherer, promhttp.HandlerOpts{ErrorHandling: promhttp.HTTPErrorOnError})
	a.echo.GET("/metrics", named("metrics", func(c echo.Context) error {
		if !a.mayReadMetrics(c) {
			return unauthenticated("", "metrics are limited to certain addresses or a token")
		}
		exporter.ServeHTTP(c.Response(), c.Request())
		return nil
	}))
}

// named gives a route outside of huma the name under which it is counted.
func named(name string, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		exchangeOf(c.Request().Context()).operation = name
		return next(c)
	}
}

// state is the answer of the probes.
type state struct {
	Status string `json:"status"`
}

func (a *API) healthz(c echo.Context) error { return c.JSON(http.StatusOK, state{"alive"}) }

// readyTimeout bounds the look whether the server is ready.
const readyTimeout = 3 * time.Second

func (a *API) readyz(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := errors.Join(a.Ready(), a.Ping(ctx)); err != nil {
		a.Logger.WarnContext(ctx, "not ready", slog.Any(logkeys.Error, err))
		return c.JSON(http.StatusServiceUnavailable, state{"notReady"})
	}
	return c.JSON(http.StatusOK, state{"ready"})
}

func (a *API) mayReadMetrics(c echo.Context) bool {
	m := a.Metrics
	if len(m.Allow) == 0 && m.Token.IsZero() {
		return true
	}
	if token, ok := bearerToken(c.Request().Header.Get("Authorization")); ok && !m.Token.IsZero() && m.Token.Equal(secret.NewText(token)) {
		return true
	}
	address, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return false
	}
	for _, p := range m.Allow {
		if p.Contains(address.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}
