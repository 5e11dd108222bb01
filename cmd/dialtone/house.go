package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/acs/connreq"
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// house is the server with all its rooms.
type house struct {
	options       *serveOptions
	started       time.Time
	indexed       device.IndexedParameters
	logger        *slog.Logger
	registry      *prometheus.Registry
	builtInQuirks []quirks.Profile
	quirks        *declared.Watch[*quirks.Set]
	orders        *declared.Watch[*trace.Orders]
	traces        *trace.Recorder
	keeper        *secret.Keeper
	store         store.Store
	content       io.Closer
	library       *files.Library
	hub           *api.Hub
	node          *nodes.Registry
	feed          *nodes.Feed
	queue         *tasks.Queue
	waker         *connreq.Waker
	bulks         *tasks.BulkRunner
	directory     *users.Directory
	audit         *users.AuditLog
	history       *history.Recorder
	signOn        api.SignOn
	access        *access.Policy
	cwmp          *acs.Server
	files         http.Handler
	settings      settingsRooms
	gauges        *gauges
	arrivals      *listenerMetrics
	certifier     *certifier
	api           *api.API
	// closing is set once the server is told to stop.
	closing readiness
}

// clock is the time of commands: UTC in milliseconds, as stores keep it.
func clock() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// now is the time of the house: clock, shifted where a test of several nodes
// asks for it.
func (h *house) now() time.Time { return clock().Add(h.options.ClockOffset) }

// newHouse opens the store and wires the rooms together. Nothing runs yet.
func newHouse(ctx context.Context, o *serveOptions, logger *slog.Logger) (*house, error) {
	h := &house{options: o, started: clock(), logger: logger, registry: prometheus.NewRegistry()}
	h.hub = api.NewHub(h.started)
	var err error
	if h.indexed, err = o.indexedParameters(); err != nil {
		return nil, err
	}
	h.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, step := range []func(context.Context) error{h.openData, h.makeUsers, h.makeNode, h.makeQuirks, h.makeTraces, h.makeHistory, h.makeQueue, h.makeFeed, h.makeWaker, h.makeAccess, h.makeSettings, h.makeFiles, h.makeConverge, h.makeCWMP, h.makeAPI, h.makeTLS} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, h.close())
		}
	}
	return h, nil
}

// close closes what is open. It may be called at any stage.
func (h *house) close() error {
	var errs []error
	if h.content != nil {
		errs = append(errs, h.content.Close())
		h.content = nil
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
		h.store = nil
	}
	return errors.Join(errs...)
}

func (h *house) openData(ctx context.Context) error {
	if err := os.MkdirAll(h.options.DataDir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	var err error
	if h.store, err = openStore(ctx, h.options.dataOptions, false, h.indexed.Names(), h.logger, h.registry); err != nil {
		return err
	}
	if h.keeper, err = openKeeper(ctx, h.store, h.options.dataOptions); err != nil {
		return err
	}
	content, closer, err := openContent(h.options.dataOptions, h.store)
	if err != nil {
		return err
	}
	h.content = closer
	h.library, err = files.NewLibrary(files.Options{Store: h.store.Files(), Content: content, MaxSize: int64(h.options.MaxFile), MaxUpload: int64(h.options.MaxUpload), MaxPerDevice: h.options.MaxUploads, Now: h.now, Logger: h.logger})
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	h.gauges, err = newGauges(h.registry)
	return err
}

func (h *house) makeUsers(context.Context) error {
	h.directory = newDirectory(h.store, h.keeper, h.options.signInOptions, h.now)
	h.audit = users.NewAuditLog(h.store.Audit(), h.now)
	provider, err := h.options.provider(h.keeper, h.now)
	if provider != nil {
		h.signOn = signOnPort{provider}
	}
	return err
}

func (h *house) makeQuirks(ctx context.Context) error {
	var err error
	if h.builtInQuirks, err = quirks.BuiltIn(); err != nil {
		return err
	}
	h.quirks, err = declared.NewWatch(ctx, h.store.Declared(), declared.QuirkProfile, quirks.Reader(h.builtInQuirks, h.logger), h.logger)
	if err != nil {
		return fmt.Errorf("quirk profiles: %w", err)
	}
	return nil
}

func (h *house) makeTraces(ctx context.Context) (err error) {
	h.orders, err = declared.NewWatch(ctx, h.store.Declared(), declared.TraceOrder, trace.Reader(device.Schema(h.indexed.Names()...), h.logger), h.logger)
	if err != nil {
		return fmt.Errorf("orders to trace: %w", err)
	}
	h.traces, err = trace.NewRecorder(trace.Options{Store: h.store.Traces(), Orders: h.orders.Current, Node: h.node.ID(), Now: h.now, Logger: h.logger, Metrics: h.registry})
	if err != nil {
		return fmt.Errorf("traces: %w", err)
	}
	return nil
}

func (h *house) makeHistory(context.Context) (err error) {
	h.history, err = history.NewRecorder(history.Options{Store: h.store.History(), Node: h.node.ID(), Now: h.now, Logger: h.logger, Metrics: h.registry})
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

func (h *house) makeQueue(context.Context) (err error) {
	policy := tasks.DefaultPolicy()
	policy.Attempts, policy.Backoff, policy.Retention, policy.Outcome = h.options.TaskAttempts, h.options.TaskBackoff, h.options.TaskRetention, h.options.TaskOutcome
	policy.MaxBackoff = max(policy.MaxBackoff, policy.Backoff)
	h.queue, err = tasks.NewQueue(tasks.QueueOptions{
		Store: h.store.Tasks(), Work: h.store.Sessions(), Keeper: h.keeper, Policy: policy, Now: h.now,
		Observer: taskObservers{hub: h.hub, history: h.history}, Logger: h.logger, Metrics: h.registry, Wake: h.wakeLater,
	})
	return err
}

func (h *house) makeWaker(context.Context) error {
	requester, err := connreq.New(connreq.Options{AllowedNetworks: h.options.ConnreqAllow, Logger: h.logger, Registerer: h.registry})
	if err != nil {
		return fmt.Errorf("connection requests: %w", err)
	}
	records := &deviceRecords{devices: h.store.Devices(), keeper: h.keeper, now: h.now}
	h.waker, err = connreq.NewWaker(connreq.WakerOptions{Caller: requester, Targets: records, Sessions: records, Recheck: recheckInterval, Logger: h.logger, Registerer: h.registry})
	if err != nil {
		return fmt.Errorf("connection requests: %w", err)
	}
	h.bulks = tasks.NewBulkRunner(tasks.BulkOptions{
		Store: h.store.Bulks(), Devices: h.store.Devices(), Queue: h.queue, Keeper: h.keeper, Now: h.now, Logger: h.logger,
		PerSecond: h.options.BulkPerSecond, Retention: h.options.TaskRetention, Wake: h.wakeLater, Edited: h.edited, IndexedParameters: h.indexed.Names(),
		Groups: h.store.Groups(),
	})
	return nil
}

func (h *house) makeCWMP(context.Context) error {
	authenticator, err := h.authenticator()
	if err != nil {
		return fmt.Errorf("device authentication: %w", err)
	}
	sessionKey, otherKeys, err := h.derive("cwmp-session-id")
	if err != nil {
		return fmt.Errorf("derive key of session ids: %w", err)
	}
	h.cwmp, err = acs.New(acs.Options{
		Devices: h.store.Devices(), Sessions: h.store.Sessions(), Parameters: h.store.Parameters(), Models: h.store.Models(),
		Queue: h.queue, Keeper: h.keeper, Authenticator: authenticator, Rules: h.access.Current, Credentials: h.store.Credentials(), AmbiguousSerials: h.options.ambiguousSerials(), Logger: h.logger, Metrics: h.registry, Now: h.now,
		Files:         &fileOffers{library: h.library, profiles: h.settings.delivery.Profiles(), base: h.options.FilesURL, address: h.options.FilesAddr, tls: h.options.secured("files", h.options.FilesTLS)},
		Observer:      &sessionObserver{node: h.node.ID(), hub: h.hub, history: h.history, waker: h.waker, logger: h.logger},
		ClientAddress: clientAddress(h.options.TrustedProxies),
		Onboarding:    acs.Onboarding{Off: !h.options.Onboarding, InformInterval: int(h.options.InformInterval / time.Second)},
		FileTypes:     h.options.FileTypes, IndexedParameters: h.indexed,
		Carried: h.store.Carried(), Node: h.node.ID(), OtherNodes: func() int { return len(h.node.Others()) }, SessionKey: sessionKey, OtherSessionKeys: otherKeys,
		Quirks: quirksPort{h.quirks}, Tracer: h.traces, Planner: plannerPort{h.settings.converge},
		MaxUnknown: h.options.MaxUnknownDevices,
		Strict:     h.options.CwmpStrict, KickedURL: h.options.KickedURL,
		MaxBody: int64(h.options.MaxBody), MaxSessions: h.options.MaxSessions, SessionTimeout: h.options.SessionTimeout,
		MaxSession: h.options.MaxSessionTime, MaxRPCs: h.options.MaxSessionRPCs, Limits: h.options.message(), Load: h.options.load(),
	})
	if err != nil {
		return fmt.Errorf("CWMP: %w", err)
	}
	return nil
}

// derive returns the key for a purpose, and those with which other nodes may sign
// while the secrets key is replaced.
func (h *house) derive(purpose string) (key []byte, others [][]byte, err error) {
	if key, err = h.keeper.Derive(purpose); err != nil {
		return nil, nil, err
	}
	others, err = h.keeper.DeriveOthers(purpose)
	return key, others, err
}

func (h *house) makeAPI(context.Context) (err error) {
	publisher, err := h.options.publisher()
	if err != nil {
		return err
	}
	h.api, err = api.New(api.Options{
		PBX:     publisher,
		DHCP:    api.DHCPOptions{ACSURL: h.options.CWMPURL, FilesURL: h.options.FilesURL},
		Devices: h.store.Devices(), Parameters: h.store.Parameters(), Credentials: h.store.Credentials(), Sealer: h.keeper,
		Tasks: h.queue, Bulks: h.bulks, Waker: wakerPort{h.waker}, Files: libraryPort{h.library}, Directory: h.directory, Audit: h.audit, Hub: h.hub, IndexedParameters: h.indexed.Names(),
		Groups: h.store.Groups(), Summary: h.store.Summary(), Causes: h.store.Causes(), History: h.store.History(), Opener: h.keeper,
		Declared: h.store.Declared(), BuiltInQuirks: h.builtInQuirks, Models: h.store.Models(), FallbackRule: h.options.fallbackRule(), Traces: h.store.Traces(),
		Provisioning: h.provisioningOptions(),
		AuditHead:    h.store.Audit(), SignOn: h.signOn, WebURL: h.options.WebURL, System: h.system(),
		Ping: h.store.Ping, Ready: h.closing.check, TrustedProxies: h.options.TrustedProxies,
		Metrics: api.MetricsOptions{Registerer: h.registry, Gatherer: h.registry, Allow: h.options.MetricsAllow, Token: h.options.MetricsToken.Text},
		Logger:  h.logger, Now: h.now, Version: version,
	})
	if err != nil {
		return fmt.Errorf("API: %w", err)
	}
	return nil
}

func (h *house) makeTLS(context.Context) (err error) {
	if h.arrivals, err = newListenerMetrics(h.registry); err != nil {
		return err
	}
	h.certifier, err = newCertifier(h.options.acmeOptions, h.options.DataDir, h.arrivals.expires, h.logger)
	return err
}

// edited tells of a device that an operator changed, and has its settings looked at.
func (h *house) edited(d device.Device) {
	h.hub.DeviceChanged(d)
	h.settings.pass.Soon(d.ID)
}

// wakeLater calls a device soon, without waiting for it.
func (h *house) wakeLater(id device.ID) {
	if !h.waker.Want(string(id)) {
		h.logger.Debug("too many devices are to be called: this one runs its task at its next Inform", logkeys.Device, id)
	}
}

// clientAddress returns how to find the address of a request's client: the peer,
// or what a trusted proxy says of it.
func clientAddress(trusted []netip.Prefix) func(*http.Request) netip.Addr {
	proxies := trustedProxies(trusted)
	return proxies.client
}
