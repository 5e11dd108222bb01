package converge

import (
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

const (
	manifest = `name: acme
vendor: Acme
version: 1
fallback: true
models: [{name: generic, lines: 12, keys: 4}]
files: []
`
	cwmpMapping = `version: 1
discover: [Services.VoiceService., Time.]
places: {service: [Services.VoiceService.1.]}
layouts:
  - {name: a profile for each account, many: '{service}VoiceProfile.', account: {profile: '{service}VoiceProfile.{n}.', line: '{profile}Line.1.'}}
  - {name: lines of one profile, with: ['{service}VoiceProfile.1.Line.'], account: {profile: '{service}VoiceProfile.1.', line: '{profile}Line.{n}.'}}
parameters:
  - {setting: time.ntp.primary, path: Time.NTPServer1}
  - {setting: time.ntp.secondary, path: Time.NTPServer2}
  - {setting: account.N.enabled, path: '{profile}Enable', values: {"true": Enabled, "false": Disabled}, default: "true", absent: Disabled}
  - {setting: account.N.registrar, path: '{profile}SIP.RegistrarServer'}
  - {setting: account.N.port, path: '{profile}SIP.RegistrarServerPort', type: unsignedInt, except: ["0"]}
  - {setting: account.N.authUser, path: '{line}SIP.AuthUserName'}
  - {settings: [account.N.user, account.N.registrar], path: '{line}SIP.URI', text: 'sip:{account.N.user}@{account.N.registrar}'}
  - {setting: account.N.password, path: '{line}SIP.AuthPassword', secret: true}
  - {setting: account.N.displayName, path: '{line}CallingFeatures.CallerIDName'}
`
	splitManifest = `name: acme
vendor: Acme
version: 1
ouis: ["0A0B0C"]
models: [{name: A1, lines: 8, keys: 4}]
files:
  - {name: '{mac}.cfg', template: phone.cfg.tmpl, format: keyvalue, contentType: text/plain, secrets: true, confirms: true}
`
	splitTemplate = `{{- range .accounts}}
{{- if byFile $ (printf "account.%d.registrar" .n)}}account.{{.n}}.registrar = {{.registrar}}
{{end}}
{{- end}}vlan = {{.network.vlan.voice.id}}
`
	splitMapping = `version: 1
split: true
profile: {file: '{mac}.cfg', fileType: 3 Vendor Configuration File}
ca: {fileType: 'X 00000C Custom CA File'}
discover: [Services.VoiceService.]
places: {service: [Services.VoiceService.1.]}
layouts:
  - {name: a profile for each account, many: '{service}VoiceProfile.', account: {profile: '{service}VoiceProfile.{n}.', line: '{profile}Line.1.'}}
parameters:
  - {setting: account.N.registrar, path: '{profile}SIP.RegistrarServer'}
`
)

// house is the planner over stores in memory, and one device after another.
type house struct {
	t            testing.TB
	records      *records
	levels       *provisionerstest.Levels
	convergences *provisionerstest.Convergences
	models       *provisionerstest.DataModels
	tree         *provisioners.Tree
	keeper       *secret.Keeper
	packs        *pack.Registry
	resolver     *provisioners.Resolver
	planner      *Planner
	now          time.Time
	unproven     bool
	changed      bool
	// alone says that sessions stay on one node.
	alone bool
	// values and settings are how much a device takes at once.
	values, settings int
	// before is called before each request is answered.
	before func(cwmp.Message)
	// lose ends a session where it returns true; the phone did what it was asked if done.
	lose func(m cwmp.Message) (lost, done bool)
}

// id is the device that tests are about.
const id = device.ID("device1")

func newHouse(t testing.TB) *house { return newHouseOf(t, manifest, cwmpMapping, "") }

func newSplitHouse(t testing.TB) *house {
	return newHouseOf(t, splitManifest, splitMapping, splitTemplate)
}

func newHouseOf(t testing.TB, manifest, mapping, template string) *house {
	t.Helper()
	h := &house{
		t: t, levels: provisionerstest.NewLevels(), convergences: provisionerstest.NewConvergences(), models: provisionerstest.NewDataModels(),
		now:     time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		records: &records{devices: map[device.ID]device.Device{}, values: map[device.ID]map[string]device.Parameter{}, files: map[string]files.File{}},
	}
	catalogue, err := provisioners.DefaultCatalogue()
	h.check(err)
	folder := fstest.MapFS{"acme/pack.yaml": {Data: []byte(manifest)}, "acme/cwmp.yaml": {Data: []byte(mapping)}}
	if template != "" {
		folder["acme/phone.cfg.tmpl"] = &fstest.MapFile{Data: []byte(template)}
	}
	p, err := pack.Load(t.Context(), folder, "acme", catalogue)
	h.check(err)
	h.packs = pack.NewRegistry(p)
	h.keeper, err = secret.NewKeeper(make([]byte, secret.KeySize))
	h.check(err)
	h.tree, err = provisioners.NewTree(t.Context(), h.levels, slog.New(slog.DiscardHandler))
	h.check(err)
	h.resolver, err = provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: catalogue, Levels: h.levels, Lines: provisionerstest.NewLines(), Packs: h.packs, Shared: h.tree, Keeper: h.keeper,
		Now: h.clock, Logger: slog.New(slog.DiscardHandler),
	})
	h.check(err)
	h.restart()
	h.addDevice(id)
	return h
}

// restart makes the planner anew, as another node has it.
func (h *house) restart() {
	var err error
	h.planner, err = New(Options{
		Resolver: h.resolver, Packs: func() *pack.Registry { return h.packs }, Parameters: h.records, Provisioning: h.records,
		Convergences: h.convergences, DataModels: h.models, Profiles: profileHashes{}, Tasks: taskQueue{h.records}, Files: library{h.records},
		Keeper: h.keeper, Now: h.clock, Logger: slog.New(slog.DiscardHandler),
	})
	h.check(err)
}

func (h *house) addDevice(id device.ID) {
	h.records.devices[id] = device.Device{
		ID: id, Root: "Device.", Manufacturer: "Acme", SoftwareVersion: "1.0", MAC: "0a:0b:0c:00:00:01", LastInform: h.now,
		CWMPIdentity: device.CWMPIdentity{OUI: "0A0B0C", ProductClass: "A1", SerialNumber: string(id)}, Model: "A1",
	}
}

func (h *house) clock() time.Time { return h.now }

func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// declare says what the device should have, in the place of what was said before.
func (h *house) declare(pairs ...string) {
	h.t.Helper()
	k := provisioners.LevelKey{Kind: provisioners.GlobalLevel}
	var entries []provisioners.Entry
	for i := 0; i < len(pairs); i += 2 {
		e := provisioners.Entry{Path: pairs[i], Value: pairs[i+1]}
		if strings.HasSuffix(e.Path, "assword") {
			sealed, err := h.keeper.Seal(secret.NewText(e.Value), k.Owner(e.Path))
			h.check(err)
			e.Value, e.Sealed = "", sealed
		}
		entries = append(entries, e)
	}
	provisioners.SortEntries(entries)
	h.levels.Set(k, entries...)
	h.check(h.tree.Refresh(h.t.Context()))
	for id := range h.records.devices {
		h.mark(id)
	}
}

// mark has the record say what the device should have, as a pass over all devices does.
func (h *house) mark(id device.ID) {
	h.t.Helper()
	all, err := h.resolver.EffectiveOf(h.t.Context(), []device.Device{h.records.devices[id]}, provisioners.Change{})
	h.check(err)
	h.check(all[0].Err)
	_, err = h.records.Mark(h.t.Context(), id, device.Mark{Pack: "acme", Wanted: all[0].Fingerprint, At: h.now})
	h.check(err)
}

// changes has the phone changed by somebody at it, and tell so.
func (h *house) changes(p *phone, path, value string) int {
	h.t.Helper()
	p.change(path, value)
	h.records.observe(id, path, value, text)
	return h.session(p, "4 VALUE CHANGE")
}

// record is that of the device, convergence what is known of its way.
func (h *house) record() *device.Provisioning {
	d := h.records.devices[id]
	return &d.Provisioning
}

func (h *house) convergence() provisioners.Convergence {
	h.t.Helper()
	c, err := h.convergences.Convergence(h.t.Context(), id)
	h.check(err)
	return c
}

// want fails the test unless the record says so.
func (h *house) want(state device.ProvisioningState) {
	h.t.Helper()
	if got := h.record().State(); got != state {
		c, _ := h.convergences.Convergence(h.t.Context(), id)
		h.t.Fatalf("the device is %s, want %s: %+v\n%+v", got, state, *h.record(), c)
	}
}

// wantRPCs fails the test unless a session had as many.
func (h *house) wantRPCs(got, want int, what string) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("%s: %d RPCs, want %d", what, got, want)
	}
}

// settled returns a house and a phone that has its settings.
func settled(t testing.TB, pairs ...string) (*house, *phone) {
	t.Helper()
	h, p := newHouse(t), newPhone()
	h.declare(pairs...)
	h.session(p, "0 BOOTSTRAP", "1 BOOT")
	h.want(device.ProvisioningConverged)
	return h, p
}

// accounts are the settings of some accounts.
func accounts(n int) (pairs []string) {
	for i := range n {
		at := "account." + strconv.Itoa(i+1) + "."
		user := strconv.Itoa(100 + i)
		pairs = append(pairs, at+"registrar", "sip.example.org", at+"user", user, at+"displayName", "Desk "+user)
	}
	return pairs
}
