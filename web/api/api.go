package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// prefix begins the path of every operation.
const prefix = "/api/v1"

// API answers /api, /healthz, /readyz and /metrics. It has no listener and sets
// no timeouts of its own connection but extends those of the server where an
// answer takes long by design. It is safe for concurrent use.
type API struct {
	Options
	// deviceSchema has the fields of devices that filters and orders name.
	deviceSchema *query.Schema

	echo    *echo.Echo
	huma    huma.API
	metrics *metrics
	// crossOrigin refuses what a page of another origin has a browser do.
	crossOrigin *http.CrossOriginProtection
	// strangers bounds the audit entries of those who are not known.
	strangers *strangers
	// refusals bounds the audit entries of what callers are forbidden.
	refusals *refusals
	// heartbeat is how often a stream of events proves anew who reads it.
	heartbeat time.Duration
	// verifying holds one place: checking the audit log reads all of it.
	verifying chan struct{}
	// waits and wakes bound what goes on at once in the background.
	waits, wakes chan struct{}
	// plans bounds plans at once, which look at every device.
	plans *places
	// imports bounds imports at once.
	imports *places
	// overview is what calls over the whole fleet share.
	overview overview
	// calls are the calls to devices under way; ended tells them to stop.
	calls sync.WaitGroup
	ended context.Context
	end   context.CancelFunc
}

const (
	// maxWaits bounds requests that wait for a task at once.
	maxWaits = 2000
	// maxWakes bounds calls to devices at once that a queued task asked for.
	maxWakes = 128
	// maxPlans bounds plans at once, maxPlansEach those of one caller.
	maxPlans, maxPlansEach = 4, 2
	// planTime is how long the answer of a plan may take.
	planTime = 5 * time.Minute
)

// New returns an API. It returns an error if an option is missing or a metric
// is registered already.
func New(o Options) (*API, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	m, err := newMetrics(o.Metrics.Registerer, o.Hub)
	if err != nil {
		return nil, err
	}
	a := &API{Options: o, deviceSchema: device.Schema(o.IndexedParameters...), metrics: m, waits: make(chan struct{}, maxWaits), wakes: make(chan struct{}, maxWakes)}
	a.strangers, a.refusals, a.verifying, a.heartbeat = newStrangers(), newRefusals(), make(chan struct{}, 1), heartbeat
	if a.crossOrigin, err = newCrossOrigin(o.WebURL); err != nil {
		return nil, err
	}
	a.ended, a.end = context.WithCancel(context.Background())
	a.overview = a.newOverview()
	a.plans = newPlaces("plans", maxPlans, maxPlansEach)
	a.imports = newPlaces("imports", maxImports, maxImportsEach)
	a.echo = a.newEcho()
	a.huma = humaecho.New(a.echo, a.configuration())
	a.huma.UseMiddleware(a.guard)
	prepareSchemas(a.schemas())
	a.registerDevices()
	a.registerParameters()
	a.registerTasks()
	a.registerBulks()
	a.registerWake()
	a.registerFleet()
	a.registerFiles()
	a.registerEvents()
	a.registerTokens()
	a.registerAudit()
	a.registerSignIn()
	a.registerSignOn()
	a.registerMe()
	a.registerSecondFactor()
	a.registerOwnSessions()
	a.registerUsers()
	a.registerRoles()
	a.registerGroups()
	a.registerQuirks()
	a.registerAccess()
	a.registerTraces()
	a.registerSettings()
	a.registerConvergence()
	a.registerLines()
	a.registerPacks()
	a.registerDeviceFiles()
	a.registerFetches()
	a.registerUnknownPhones()
	a.registerImports()
	a.registerExports()
	a.registerPBX()
	a.registerDHCP()
	a.registerProbes()
	if err := a.registerDescription(); err != nil {
		return nil, fmt.Errorf("describe the api: %w", err)
	}
	return a, nil
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.echo.ServeHTTP(w, r) }

// Close ends event streams and the calls to devices that are under way, and
// waits for the latter. Requests are the server's to end.
func (a *API) Close() {
	a.Hub.Close()
	a.end()
	a.calls.Wait()
}

func (a *API) newEcho() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.IPExtractor = clientAddress(a.TrustedProxies)
	e.HTTPErrorHandler = a.routingProblem
	e.Use(a.observe, a.recoverPanics, plainHeaders, decodePathParameters)
	return e
}

// configuration returns that of huma without what it adds by itself: a link to
// a schema in every answer, a documentation page that loads scripts from
// elsewhere, and routes for the description.
func (a *API) configuration() huma.Config {
	c := huma.DefaultConfig("Dialtone", a.Version)
	c.CreateHooks = nil
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.RejectUnknownQueryParameters = true
	c.Transformers = []huma.Transformer{a.problemTransformer}
	c.Info.Description = "Auto-configuration server (TR-069/CWMP) for fleets of IP phones."
	c.Components.SecuritySchemes = securitySchemes()
	return c
}
