package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// folder is a data folder, with an embedded store unless its options name
// another.
type folder struct{ dataOptions }

func newFolder(t *testing.T) folder {
	t.Helper()
	return folder{dataOptions{DataDir: t.TempDir()}}
}

func (f folder) url() string {
	if !f.Store.IsZero() {
		return f.Store.Reveal()
	}
	return "sqlite:" + filepath.Join(f.DataDir, "dialtone.db")
}

// with opens the store of the folder, which nobody else uses, for work.
func (f folder) with(t *testing.T, work func(s store.Store)) {
	t.Helper()
	s, err := openStore(t.Context(), f.dataOptions, false, nil, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	work(s)
	must(t, s.Close())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ran(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, &o, &e)
	return o.String(), e.String(), code
}

// mustRun runs a command that must succeed.
func mustRun(t *testing.T, args ...string) (out, errs string) {
	t.Helper()
	out, errs, code := ran(t, args...)
	if code != 0 {
		t.Fatalf("%v: exit %d: %s", args, code, errs)
	}
	return out, errs
}

// refused runs a command that must fail and say why.
func refused(t *testing.T, want string, args ...string) string {
	t.Helper()
	out, errs, code := ran(t, args...)
	if code != 1 || !strings.Contains(errs, want) {
		t.Errorf("%v: exit %d: %s, want %q in it", args, code, errs, want)
	}
	return out + errs
}

// the secrets that furnish stores, each of them in another kind of record.
const (
	secretOfDevice     = "mark-device"
	secretPending      = "mark-pending"
	secretOfParameter  = "mark-parameter"
	secretOfCredential = "mark-credential"
	secretOfTask       = "mark-task"
	secretOfDownload   = "mark-download"
	secretOfBulk       = "mark-bulk"
	secretOfUser       = "mark-user"
	secretShared       = "mark-shared"
	secretOfLevel      = "mark-level"
	secretOfLine       = "mark-line"
)

const passwordPath = "Device.ManagementServer.Password"

// furnish makes the key and a store with a record of every kind, with secrets
// wherever there can be some, and the content of a file.
func (f folder) furnish(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	f.with(t, func(s store.Store) {
		keeper, err := openKeeper(ctx, s, f.dataOptions)
		must(t, err)
		d := device.Device{ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "0004F2", SerialNumber: "1"}, Origin: device.OriginOperator}
		d.ConnectionRequest = device.ConnectionRequest{
			Password:        sealFor(t, keeper, secretOfDevice, device.ConnectionRequestOwner(d.ID)),
			PendingPassword: sealFor(t, keeper, secretPending, device.ConnectionRequestOwner(d.ID)),
		}
		must(t, s.Devices().Create(ctx, d, 0))
		value := &device.Value{Sealed: sealFor(t, keeper, secretOfParameter, device.ParameterOwner(d.ID, passwordPath))}
		must(t, s.Parameters().Observe(ctx, d.ID, clock(), []device.Observation{{Path: passwordPath, Value: value}, {Path: "Device.A", Value: &device.Value{Text: "1"}}}))
		must(t, s.Credentials().PutCredential(ctx, device.Credential{Username: "u", Device: d.ID, Password: sealFor(t, keeper, secretOfCredential, device.CredentialOwner("u"))}))
		must(t, s.Models().PutModelLimits(ctx, device.ModelKey{Manufacturer: "m"}, device.ModelLimits{LevelByLevel: true}))
		f.order(t, s, keeper, d.ID)
		f.keepFiles(t, s, d.ID)
		directory := newDirectory(s, keeper, signInOptions{}, clock)
		_, _, err = directory.NewUser(ctx, users.NewUser{Name: "admin", Role: users.Admin, Password: "correct horse battery"})
		must(t, err)
		u, err := directory.User(ctx, "admin")
		must(t, err)
		u.SecondFactor.Key = sealFor(t, keeper, secretOfUser, users.SecondFactorOwner(u.Name))
		must(t, s.Users().PutUser(ctx, u))
		_, err = directory.PutRole(ctx, users.RoleDefinition{Name: "night", Permissions: users.BuiltInRoles()[1].Permissions})
		must(t, err)
		must(t, s.Groups().PutGroup(ctx, device.Group{Path: "acme"}))
		f.declare(t, s, keeper)
		f.set(t, s, keeper)
		f.converge(t, s, d.ID)
		must(t, s.History().PutSession(ctx, history.Session{ID: "s", Device: d.ID, EndedAt: clock()}))
		must(t, s.History().AddCounts(ctx, history.Counts{At: clock().Truncate(history.Span), Node: "n", Values: map[string]int64{"sessions.completed": 1}}))
		must(t, s.Tokens().PutToken(ctx, users.Token{ID: "t", Hash: "h"}))
		must(t, users.NewAuditLog(s.Audit(), clock).Append(ctx, users.AuditEntry{Action: "test"}))
	})
}

// declare stores a rule and a shared credential.
func (f folder) declare(t *testing.T, s store.Store, keeper *secret.Keeper) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"username": "factory", "password": sealFor(t, keeper, secretShared, access.SharedCredentialOwner("maker"))})
	must(t, err)
	for _, d := range []declared.Document{
		{Kind: declared.SharedCredential, ID: "maker", Body: body},
		{Kind: declared.AccessRule, ID: "phones", Body: json.RawMessage(`{"name":"phones","methods":["digest"]}`)},
	} {
		_, err := s.Declared().PutDocument(t.Context(), d)
		must(t, err)
	}
}

// set stores settings and a line whose passwords are sealed.
func (f folder) set(t *testing.T, s store.Store, keeper *secret.Keeper) {
	t.Helper()
	key := provisioners.LevelKey{Kind: provisioners.GlobalLevel}
	_, err := s.Levels().PutLevel(t.Context(), provisioners.Level{Key: key, Entries: []provisioners.Entry{
		{Path: "admin.password", Sealed: sealFor(t, keeper, secretOfLevel, key.Owner("admin.password"))},
		{Path: "time.zone", Value: "Europe/Berlin"},
	}})
	must(t, err)
	line := provisioners.LineKey{Group: "acme", Number: "201"}
	_, err = s.Lines().PutLine(t.Context(), provisioners.Line{LineKey: line, Password: sealFor(t, keeper, secretOfLine, line.Owner())})
	must(t, err)
}

// converge stores what a session knows of the way of a device to its settings.
func (f folder) converge(t *testing.T, s store.Store, id device.ID) {
	t.Helper()
	_, err := s.Convergences().PutConvergence(t.Context(), provisioners.Convergence{
		Device: id, Wanted: "abc", Owned: []string{"account.1.registrar"}, Confirmed: []provisioners.Confirmed{{Path: "Device.A", Hash: "d0"}},
	})
	must(t, err)
	_, err = s.DataModels().PutDataModel(t.Context(), provisioners.DataModel{
		Key: device.ModelKey{Manufacturer: "Acme", ProductClass: "A1", SoftwareVersion: "1.0"}, Root: "Device.", Asked: []string{"Time."},
		Names: []provisioners.ParameterName{{Path: "Time.NTPServer1", Writable: true}},
	})
	must(t, err)
}

func sealFor(t *testing.T, k *secret.Keeper, text, owner string) secret.Sealed {
	t.Helper()
	sealed, err := k.Seal(secret.NewText(text), owner)
	must(t, err)
	return sealed
}

// order queues tasks and a bulk task whose arguments hold secrets.
func (f folder) order(t *testing.T, s store.Store, keeper *secret.Keeper, id device.ID) {
	t.Helper()
	policy := tasks.DefaultPolicy()
	queue, err := tasks.NewQueue(tasks.QueueOptions{
		Store: s.Tasks(), Work: s.Sessions(), Keeper: keeper, Policy: policy, Now: clock, Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
	})
	must(t, err)
	for kind, args := range map[tasks.Kind]string{
		tasks.SetParameterValues: `{"parameters":[{"path":"` + passwordPath + `","value":"` + secretOfTask + `"},{"path":"Device.A","value":"1"}]}`,
		tasks.Download:           `{"fileType":"3 Vendor Configuration File","url":"http://x/y","password":"` + secretOfDownload + `"}`,
		tasks.Reboot:             `{}`,
	} {
		_, err := queue.Enqueue(t.Context(), tasks.New{Device: id, Kind: kind, Args: []byte(args), CreatedBy: "test"})
		must(t, err)
	}
	bulks := tasks.NewBulkRunner(tasks.BulkOptions{Store: s.Bulks(), Devices: s.Devices(), Queue: queue, Keeper: keeper, Now: clock, PerSecond: 1, Logger: slog.New(slog.DiscardHandler)})
	_, err = bulks.Begin(t.Context(), tasks.NewBulk{
		Kind: tasks.SetParameterValues, Args: []byte(`{"parameters":[{"path":"` + passwordPath + `","value":"` + secretOfBulk + `"}]}`), CreatedBy: "test",
	})
	must(t, err)
}

const fileContent = "firmware of a phone"

func (f folder) keepFiles(t *testing.T, s store.Store, id device.ID) {
	t.Helper()
	content, closer, err := openContent(f.dataOptions, s)
	must(t, err)
	library, err := files.NewLibrary(files.Options{Store: s.Files(), Content: content, Now: clock})
	must(t, err)
	for name, text := range map[string]string{"a.bin": fileContent, "empty.cfg": ""} {
		_, err := library.Add(t.Context(), files.File{Name: name, Type: "1 Firmware Upgrade Image"}, strings.NewReader(text))
		must(t, err)
	}
	_, err = library.Offer(t.Context(), files.OfferRequest{Device: id, Name: "a.bin", Expires: clock().Add(time.Hour)})
	must(t, err)
	if closer != nil {
		must(t, closer.Close())
	}
}

// opened returns every secret in the store, opened with the keys of the folder,
// and which key sealed it.
func (f folder) opened(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	f.with(t, func(s store.Store) {
		keeper, err := secret.Load(f.keyPath())
		must(t, err)
		must(t, s.Copier().Export(t.Context(), func(r store.Record) error {
			values, _, err := sealedIn(&r)
			if err != nil {
				return err
			}
			for _, v := range values {
				text, err := keeper.Open(*v.sealed, v.owner)
				if err != nil {
					return err
				}
				all[text.Reveal()] = strings.Split(string(*v.sealed), ".")[1]
			}
			return nil
		}))
	})
	return all
}

func allSecrets() []string {
	return []string{secretOfDevice, secretPending, secretOfParameter, secretOfCredential, secretOfTask, secretOfDownload, secretOfBulk, secretOfUser, secretShared, secretOfLevel, secretOfLine}
}

func (f folder) keys(t *testing.T) []string {
	t.Helper()
	keeper, err := secret.Load(f.keyPath())
	must(t, err)
	return keeper.KeyIDs()
}

func readAll(t *testing.T, f folder, name string) string {
	t.Helper()
	text := ""
	f.with(t, func(s store.Store) {
		content, closer, err := openContent(f.dataOptions, s)
		must(t, err)
		file, err := s.Files().File(t.Context(), name)
		must(t, err)
		reader, err := content.Open(t.Context(), file.Content)
		must(t, err)
		raw, err := io.ReadAll(reader)
		must(t, err)
		text = string(raw)
		must(t, reader.Close())
		if closer != nil {
			must(t, closer.Close())
		}
	})
	return text
}
