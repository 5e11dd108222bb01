package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/httpd"
	"github.com/dialtone-acs/dialtone/files/tftpd"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/converge"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
	"github.com/dialtone-acs/dialtone/provisioners/packs"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/web/api"
)

// settingsRooms are the rooms that know what phones should have, and give it to them.
type settingsRooms struct {
	catalogue *provisioners.Catalogue
	shared    *provisioners.Tree
	shelf     *shelf.Shelf
	resolver  *provisioners.Resolver
	renderer  *plan.Renderer
	planner   *plan.Planner
	pass      *plan.Pass
	delivery  *delivery.Server
	retention *delivery.Retention
	converge  *converge.Planner
	wakes     *settingsWakes
	// tftp is nil where no TFTP is spoken.
	tftp *tftpd.Server
}

// settingsParts are what the rooms of settings stand on.
type settingsParts struct {
	store   store.Store
	keeper  *secret.Keeper
	library *files.Library
	// base is --files-url, nil without it.
	base *url.URL
	// acs returns how phones that reach this server by a host reach the ACS; nil if that
	// is not known.
	acs    func(host string) string
	now    func() time.Time
	logger *slog.Logger
}

// newSettings makes the rooms that say what phones should have, without those that
// give it to them.
func newSettings(ctx context.Context, p settingsParts) (s settingsRooms, err error) {
	if s.catalogue, err = provisioners.DefaultCatalogue(); err != nil {
		return s, err
	}
	builtIn, err := packs.Load(ctx, s.catalogue)
	if err != nil {
		return s, fmt.Errorf("vendor packs: %w", err)
	}
	if s.shelf, err = shelf.New(ctx, shelf.Options{BuiltIn: builtIn, Catalogue: s.catalogue, Documents: p.store.Declared(), Files: p.library, Logger: p.logger}); err != nil {
		return s, err
	}
	if s.shared, err = provisioners.NewTree(ctx, p.store.Levels(), p.logger); err != nil {
		return s, err
	}
	s.resolver, err = provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: s.catalogue, Levels: p.store.Levels(), Lines: p.store.Lines(), Packs: s.shelf, Shared: s.shared, Keeper: p.keeper, Now: p.now, Logger: p.logger,
	})
	if err != nil {
		return s, err
	}
	if s.renderer, err = plan.NewRenderer(p.base, p.store.Lines(), p.now); err != nil {
		return s, err
	}
	s.renderer = s.renderer.WithACS(p.acs)
	s.planner, err = plan.NewPlanner(plan.Options{Devices: p.store.Devices(), Resolver: s.resolver, Packs: s.shelf.Registry, Renderer: s.renderer, Now: p.now})
	return s, err
}

func (h *house) makeSettings(ctx context.Context) error {
	base, err := parseFilesURL(h.options.FilesURL)
	if err != nil {
		return err
	}
	h.settings, err = newSettings(ctx, settingsParts{store: h.store, keeper: h.keeper, library: h.library, base: base, acs: h.options.acsAddress().url, now: h.now, logger: h.logger})
	if err != nil {
		return err
	}
	s := &h.settings
	s.wakes = newSettingsWakes(h.waker, h.options.WakePerSecond, h.now, h.logger)
	s.pass, err = plan.NewPass(plan.PassOptions{
		Devices: h.store.Devices(), Store: h.wakingMarks(), Resolver: s.resolver, Packs: s.shelf.Registry, Renderer: s.renderer,
		Version:   func() string { return fmt.Sprint(s.shared.Revision(), " ", s.shelf.Revision()) },
		PerSecond: h.options.MarkPerSecond, Lead: h.node.Lead, Now: h.now, Logger: h.logger,
	})
	return err
}

// parseFilesURL reads --files-url; nil without it.
func parseFilesURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("--files-url: %w", err)
	}
	return u, nil
}

// makeFiles makes the file road: what answers over HTTP and TFTP.
func (h *house) makeFiles(context.Context) (err error) {
	s := &h.settings
	base, err := parseFilesURL(h.options.FilesURL)
	if err != nil {
		return err
	}
	s.delivery, err = delivery.New(delivery.Options{
		Packs: s.shelf.Registry, Catalogue: s.catalogue, Devices: h.store.Devices(), Provisioning: h.marks(), Fetches: h.store.Fetches(),
		Resolver: s.resolver, Shared: s.shared, Lines: h.store.Lines(), Library: h.library,
		Convergences: h.store.Convergences(), Credentials: h.store.Credentials(), Keeper: h.keeper, ACSURL: h.options.acsAddress().url, FilesURL: base, Allow: h.options.FilesAllow,
		CacheBytes: int64(h.options.FilesCache), Now: h.now, Logger: h.logger, Registerer: h.registry,
	})
	if err != nil {
		return err
	}
	s.retention, err = delivery.NewRetention(delivery.RetentionOptions{Fetches: h.store.Fetches(), History: h.options.FilesHistory, Now: h.now, Logger: h.logger})
	if err != nil {
		return err
	}
	proxies := trustedProxies(h.options.TrustedProxies)
	h.files, err = httpd.New(httpd.Options{
		Library: h.library, Opener: s.delivery, Profiles: s.delivery.Profiles(), Secure: proxies.secure, ClientAddress: proxies.client, Logger: h.logger, Registerer: h.registry,
	})
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if h.options.TFTPAddr != "" {
		s.tftp, err = tftpd.New(tftpd.Options{Opener: s.delivery, Logger: h.logger, Registerer: h.registry})
	}
	return err
}

// makeConverge makes what brings devices to their settings in sessions.
func (h *house) makeConverge(context.Context) (err error) {
	s := &h.settings
	s.converge, err = converge.New(converge.Options{
		Resolver: s.resolver, Packs: s.shelf.Registry, Parameters: h.store.Parameters(), Provisioning: h.marks(),
		Convergences: h.store.Convergences(), DataModels: h.store.DataModels(), Profiles: s.delivery.Profiles(), Tasks: h.queue, Files: h.library,
		Keeper: h.keeper, Recheck: h.options.SettingsRecheck, Now: h.now, Logger: h.logger, Registerer: h.registry,
	})
	return err
}

// provisioningOptions are what the API needs of these rooms.
func (h *house) provisioningOptions() api.ProvisioningOptions {
	s := &h.settings
	return api.ProvisioningOptions{
		Catalogue: s.catalogue, Levels: h.store.Levels(), Lines: h.store.Lines(), Fetches: h.store.Fetches(), Resolver: s.resolver,
		Planner: s.planner, Renderer: s.renderer, Shelf: s.shelf, Marker: s.pass, Refresh: s.shared.Refresh,
		Convergence: h.store.Convergences(), DataModels: h.store.DataModels(), Reconsider: h.store.Provisioning(),
	}
}

// workers returns what runs on every node; each ends with its context.
func (s *settingsRooms) workers() []func(context.Context) {
	return []func(context.Context){s.shared.Run, s.shelf.Run, s.pass.Run, s.delivery.Run, s.wakes.Run}
}
