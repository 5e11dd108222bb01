package storetest

import (
	"context"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/users"
)

// Fault makes one call of a store fail.
type Fault struct {
	// Method is the part of the store and its method, such as "Sessions.End",
	// or a method of the store itself, such as "Ping".
	Method string
	// Call says which call of the method fails, counted from 1; 0 fails every
	// call.
	Call int
	// After lets the call take effect first: its answer is lost, as when a
	// connection breaks or a process dies. A call that fails by itself returns
	// its own error.
	After bool
	// Err is what the caller gets.
	Err error
}

// Faulty wraps a store so that the calls that faults name fail, and all others
// go through. Calls are counted from the time that Faulty was called. It is safe
// for concurrent use. Close is never made to fail.
func Faulty(s store.Store, faults ...Fault) store.Store {
	return faulty{Store: s, plan: &plan{faults: faults, calls: make(map[string]int)}}
}

type faulty struct {
	store.Store
	plan *plan
}

func (f faulty) Devices() device.Store         { return faultyDevices{f.Store.Devices(), f.plan} }
func (f faulty) Sessions() device.SessionStore { return faultySessions{f.Store.Sessions(), f.plan} }
func (f faulty) Parameters() device.ParameterStore {
	return faultyParameters{f.Store.Parameters(), f.plan}
}
func (f faulty) Credentials() device.CredentialStore {
	return faultyCredentials{f.Store.Credentials(), f.plan}
}
func (f faulty) Models() device.ModelStore    { return faultyModels{f.Store.Models(), f.plan} }
func (f faulty) Tasks() tasks.Store           { return faultyTasks{f.Store.Tasks(), f.plan} }
func (f faulty) Bulks() tasks.BulkStore       { return faultyBulks{f.Store.Bulks(), f.plan} }
func (f faulty) Files() files.Store           { return faultyFiles{f.Store.Files(), f.plan} }
func (f faulty) Groups() device.GroupStore    { return faultyGroups{f.Store.Groups(), f.plan} }
func (f faulty) Summary() device.SummaryStore { return faultySummary{f.Store.Summary(), f.plan} }
func (f faulty) Causes() tasks.CauseStore     { return faultyCauses{f.Store.Causes(), f.plan} }
func (f faulty) Users() users.Store           { return faultyUsers{f.Store.Users(), f.plan} }
func (f faulty) Roles() users.RoleStore       { return faultyRoles{f.Store.Roles(), f.plan} }
func (f faulty) Tokens() users.TokenStore     { return faultyTokens{f.Store.Tokens(), f.plan} }
func (f faulty) BrowserSessions() users.BrowserSessionStore {
	return faultyBrowserSessions{f.Store.BrowserSessions(), f.plan}
}
func (f faulty) Audit() users.AuditStore { return faultyAudit{f.Store.Audit(), f.plan} }
func (f faulty) History() history.Store  { return faultyHistory{f.Store.History(), f.plan} }
func (f faulty) Declared() declared.Store {
	return faultyDeclared{f.Store.Declared(), f.plan}
}
func (f faulty) Provisioning() device.ProvisioningStore {
	return faultyProvisioning{f.Store.Provisioning(), f.plan}
}
func (f faulty) Levels() provisioners.LevelStore  { return faultyLevels{f.Store.Levels(), f.plan} }
func (f faulty) Lines() provisioners.LineStore    { return faultyLines{f.Store.Lines(), f.plan} }
func (f faulty) Fetches() provisioners.FetchStore { return faultyFetches{f.Store.Fetches(), f.plan} }
func (f faulty) Convergences() provisioners.ConvergenceStore {
	return faultyConvergences{f.Store.Convergences(), f.plan}
}
func (f faulty) DataModels() provisioners.DataModelStore {
	return faultyDataModels{f.Store.DataModels(), f.plan}
}
func (f faulty) Traces() trace.Store  { return faultyTraces{f.Store.Traces(), f.plan} }
func (f faulty) Copier() store.Copier { return faultyCopier{f.Store.Copier(), f.plan} }

func (f faulty) Carried() device.CarriedSessionStore { return faultyCarried{f.Store.Carried(), f.plan} }
func (f faulty) Nodes() nodes.Store                  { return faultyNodes{f.Store.Nodes(), f.plan} }

func (f faulty) KeyCheck(ctx context.Context, proposed secret.Sealed) (secret.Sealed, error) {
	return planned(f.plan, "KeyCheck", func() (secret.Sealed, error) { return f.Store.KeyCheck(ctx, proposed) })
}

func (f faulty) ReplaceKeyCheck(ctx context.Context, check secret.Sealed) error {
	return f.plan.do("ReplaceKeyCheck", func() error { return f.Store.ReplaceKeyCheck(ctx, check) })
}

func (f faulty) Maintain(ctx context.Context, at time.Time) error {
	return f.plan.do("Maintain", func() error { return f.Store.Maintain(ctx, at) })
}

func (f faulty) Ping(ctx context.Context) error {
	return f.plan.do("Ping", func() error { return f.Store.Ping(ctx) })
}

func (f faulty) Backup(ctx context.Context, path string) error {
	return f.plan.do("Backup", func() error { return f.Store.Backup(ctx, path) })
}

// plan holds the faults and how often each method was called.
type plan struct {
	faults []Fault

	mu    sync.Mutex
	calls map[string]int
}

func (p *plan) do(method string, call func() error) error {
	_, err := planned(p, method, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// planned makes a call, or fails it. Whoever gets a planned error gets no value.
func planned[T any](p *plan, method string, call func() (T, error)) (T, error) {
	var none T
	fault, planned := p.next(method)
	if planned && !fault.After {
		return none, fault.Err
	}
	value, err := call()
	if planned && err == nil {
		return none, fault.Err
	}
	return value, err
}

// next counts a call and returns the fault that is planned for it.
func (p *plan) next(method string) (Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls[method]++
	for _, fault := range p.faults {
		if fault.Method == method && (fault.Call == 0 || fault.Call == p.calls[method]) {
			return fault, true
		}
	}
	return Fault{}, false
}
