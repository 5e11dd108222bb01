package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// Description returns the API description with its schemas, for the tests that
// hold answers against it.
func (a *API) Description() *huma.OpenAPI { return a.huma.OpenAPI() }

// Routes returns every route that is served.
func (a *API) Routes() []*echo.Route { return a.echo.Routes() }

// Permissions returns the table of permissions.
var Permissions = permissions

// OverflowAfter is how many events wait for one reader of events.
const OverflowAfter = subscriberBuffer

// Subscribers returns how many readers of events there are.
func Subscribers(h *Hub) int { return h.count() }

// SetHeartbeat sets how often streams of events prove anew who reads them.
func SetHeartbeat(a *API, d time.Duration) { a.heartbeat = d }
