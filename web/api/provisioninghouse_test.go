package api_test

import (
	"context"
	"log/slog"
	"net/url"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
	"github.com/dialtone-acs/dialtone/web/api"
)

// acmeManifest and acmeTemplate are a pack of a maker that does not exist.
const (
	acmeManifest = `name: acme
title: Acme
vendor: Acme
version: 1
ouis: ["0a0b0c"]
models:
  - {name: A1, title: Acme One, lines: 2, keys: 4}
  - {name: A2, title: Acme Two, lines: 4, keys: 8}
files:
  - name: 'acme.cfg'
    template: common.cfg.tmpl
    format: keyvalue
    contentType: text/plain
    generic: true
  - name: '{mac}.cfg'
    template: phone.cfg.tmpl
    format: keyvalue
    contentType: text/plain
    secrets: true
    confirms: true
`
	acmeCommon = `vlan = {{.network.vlan.voice.id}}
ntp = {{.time.ntp.primary}}
`
	acmeTemplate = `{{range .accounts -}}
account.{{.n}}.user = {{.user}}
account.{{.n}}.password = {{.password}}
account.{{.n}}.registrar = {{.registrar}}
account.{{.n}}.name = {{.displayName}}
{{end -}}
admin = {{.admin.password}}
`
)

// acmeFiles are the files of the pack.
func acmeFiles() map[string]string {
	return map[string]string{"pack.yaml": acmeManifest, "common.cfg.tmpl": acmeCommon, "phone.cfg.tmpl": acmeTemplate}
}

// provisioning opens what settings need, over the store of the house.
func (h *house) provisioning(logger *slog.Logger) api.ProvisioningOptions {
	h.t.Helper()
	ctx := h.t.Context()
	catalogue, err := provisioners.DefaultCatalogue()
	check(h.t, err)
	folder := fstest.MapFS{}
	for name, content := range acmeFiles() {
		folder["acme/"+name] = &fstest.MapFile{Data: []byte(content)}
	}
	acme, err := pack.Load(ctx, folder, "acme", catalogue)
	check(h.t, err)
	check(h.t, acme.Check(ctx))
	h.shelf, err = shelf.New(ctx, shelf.Options{BuiltIn: []*pack.Pack{acme}, Catalogue: catalogue, Documents: h.store.Declared(), Files: h.files, Logger: logger})
	check(h.t, err)
	h.tree, err = provisioners.NewTree(ctx, h.store.Levels(), logger)
	check(h.t, err)
	resolver, err := provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: catalogue, Levels: h.store.Levels(), Lines: h.store.Lines(), Packs: h.shelf, Shared: h.tree, Keeper: h.keeper, Now: h.clock.Now, Logger: logger,
	})
	check(h.t, err)
	renderer, err := plan.NewRenderer(&url.URL{Scheme: "http", Host: "files.example:7568"}, h.store.Lines(), h.clock.Now)
	check(h.t, err)
	planner, err := plan.NewPlanner(plan.Options{Devices: h.store.Devices(), Resolver: resolver, Packs: h.shelf.Registry, Renderer: renderer, Now: h.clock.Now})
	check(h.t, err)
	h.pass, err = plan.NewPass(plan.PassOptions{
		Devices: h.store.Devices(), Store: h.store.Provisioning(), Resolver: resolver, Packs: h.shelf.Registry, Renderer: renderer,
		Version: h.shelf.Revision, Now: h.clock.Now, Logger: logger,
		Lead: func(_ string, work func(context.Context)) func(context.Context) { return work },
	})
	check(h.t, err)
	return api.ProvisioningOptions{
		Catalogue: catalogue, Levels: h.store.Levels(), Lines: h.store.Lines(), Fetches: h.store.Fetches(), Resolver: resolver, Planner: planner,
		Renderer: renderer, Shelf: h.shelf, Marker: h.pass, Refresh: h.tree.Refresh,
		Convergence: h.store.Convergences(), DataModels: h.store.DataModels(), Reconsider: h.store.Provisioning(),
	}
}

// acmePhone stores a phone that the pack acme serves.
func (h *house) acmePhone(mac, model, group string) device.ID {
	h.t.Helper()
	d := device.Device{ID: device.NewID(), MAC: mac, Model: model, Group: group, Origin: device.OriginOperator, Revision: 1}
	check(h.t, h.store.Devices().Create(h.t.Context(), d, 0))
	return d.ID
}
