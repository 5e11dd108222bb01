package storetest

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

type faultyDevices struct {
	next device.Store
	plan *plan
}

func (f faultyDevices) Create(ctx context.Context, d device.Device, limit int) error {
	return f.plan.do("Devices.Create", func() error { return f.next.Create(ctx, d, limit) })
}

func (f faultyDevices) Get(ctx context.Context, id device.ID) (device.Device, error) {
	return planned(f.plan, "Devices.Get", func() (device.Device, error) { return f.next.Get(ctx, id) })
}

func (f faultyDevices) ByIdentity(ctx context.Context, i device.Identity) (device.Device, error) {
	return planned(f.plan, "Devices.ByIdentity", func() (device.Device, error) { return f.next.ByIdentity(ctx, i) })
}

func (f faultyDevices) Edit(ctx context.Context, id device.ID, e device.Edit) (device.Device, error) {
	return planned(f.plan, "Devices.Edit", func() (device.Device, error) { return f.next.Edit(ctx, id, e) })
}

func (f faultyDevices) List(ctx context.Context, l device.List) (device.Page, error) {
	return planned(f.plan, "Devices.List", func() (device.Page, error) { return f.next.List(ctx, l) })
}

func (f faultyDevices) Delete(ctx context.Context, id device.ID) error {
	return f.plan.do("Devices.Delete", func() error { return f.next.Delete(ctx, id) })
}

func (f faultyDevices) DeleteSilent(ctx context.Context, since time.Time, limit int) ([]device.ID, error) {
	return planned(f.plan, "Devices.DeleteSilent", func() ([]device.ID, error) { return f.next.DeleteSilent(ctx, since, limit) })
}

type faultySessions struct {
	next device.SessionStore
	plan *plan
}

func (f faultySessions) Begin(ctx context.Context, c device.Contact) (device.Began, error) {
	return planned(f.plan, "Sessions.Begin", func() (device.Began, error) { return f.next.Begin(ctx, c) })
}

func (f faultySessions) Learn(ctx context.Context, id device.ID, generation int64, l device.Learned) error {
	return f.plan.do("Sessions.Learn", func() error { return f.next.Learn(ctx, id, generation, l) })
}

func (f faultySessions) Extend(ctx context.Context, id device.ID, generation int64, until time.Time) error {
	return f.plan.do("Sessions.Extend", func() error { return f.next.Extend(ctx, id, generation, until) })
}

func (f faultySessions) End(ctx context.Context, e device.SessionEnd) error {
	return f.plan.do("Sessions.End", func() error { return f.next.End(ctx, e) })
}

func (f faultySessions) RaiseWork(ctx context.Context, id device.ID) error {
	return f.plan.do("Sessions.RaiseWork", func() error { return f.next.RaiseWork(ctx, id) })
}

func (f faultySessions) RaiseAlarm(ctx context.Context, id device.ID, a device.RaisedAlarm, at time.Time) error {
	return f.plan.do("Sessions.RaiseAlarm", func() error { return f.next.RaiseAlarm(ctx, id, a, at) })
}

type faultyParameters struct {
	next device.ParameterStore
	plan *plan
}

func (f faultyParameters) Observe(ctx context.Context, id device.ID, at time.Time, all []device.Observation) error {
	return f.plan.do("Parameters.Observe", func() error { return f.next.Observe(ctx, id, at, all) })
}

func (f faultyParameters) Replace(ctx context.Context, id device.ID, path string, at time.Time, all []device.Observation) error {
	return f.plan.do("Parameters.Replace", func() error { return f.next.Replace(ctx, id, path, at, all) })
}

func (f faultyParameters) Forget(ctx context.Context, id device.ID, path string) (int, error) {
	return planned(f.plan, "Parameters.Forget", func() (int, error) { return f.next.Forget(ctx, id, path) })
}

func (f faultyParameters) Parameters(ctx context.Context, id device.ID, path, after string, limit int) ([]device.Parameter, error) {
	return planned(f.plan, "Parameters.Parameters", func() ([]device.Parameter, error) { return f.next.Parameters(ctx, id, path, after, limit) })
}

func (f faultyParameters) Values(ctx context.Context, id device.ID, paths []string) ([]device.Parameter, error) {
	return planned(f.plan, "Parameters.Values", func() ([]device.Parameter, error) { return f.next.Values(ctx, id, paths) })
}

func (f faultyParameters) ForgetAttributes(ctx context.Context, id device.ID) error {
	return f.plan.do("Parameters.ForgetAttributes", func() error { return f.next.ForgetAttributes(ctx, id) })
}

type faultyCredentials struct {
	next device.CredentialStore
	plan *plan
}

func (f faultyCredentials) PutCredential(ctx context.Context, c device.Credential) error {
	return f.plan.do("Credentials.PutCredential", func() error { return f.next.PutCredential(ctx, c) })
}

func (f faultyCredentials) Credential(ctx context.Context, username string) (device.Credential, error) {
	return planned(f.plan, "Credentials.Credential", func() (device.Credential, error) { return f.next.Credential(ctx, username) })
}

func (f faultyCredentials) DeleteCredentials(ctx context.Context, id device.ID) error {
	return f.plan.do("Credentials.DeleteCredentials", func() error { return f.next.DeleteCredentials(ctx, id) })
}

func (f faultyCredentials) CredentialsOf(ctx context.Context, id device.ID) ([]device.Credential, error) {
	return planned(f.plan, "Credentials.CredentialsOf", func() ([]device.Credential, error) { return f.next.CredentialsOf(ctx, id) })
}

func (f faultyCredentials) NoteCredentialSeen(ctx context.Context, username string, at time.Time) error {
	return f.plan.do("Credentials.NoteCredentialSeen", func() error { return f.next.NoteCredentialSeen(ctx, username, at) })
}

func (f faultyCredentials) DeleteCredential(ctx context.Context, username string) error {
	return f.plan.do("Credentials.DeleteCredential", func() error { return f.next.DeleteCredential(ctx, username) })
}

type faultyModels struct {
	next device.ModelStore
	plan *plan
}

func (f faultyModels) ModelLimits(ctx context.Context, key device.ModelKey) (device.ModelLimits, error) {
	return planned(f.plan, "Models.ModelLimits", func() (device.ModelLimits, error) { return f.next.ModelLimits(ctx, key) })
}

func (f faultyModels) PutModelLimits(ctx context.Context, key device.ModelKey, limits device.ModelLimits) error {
	return f.plan.do("Models.PutModelLimits", func() error { return f.next.PutModelLimits(ctx, key, limits) })
}

type faultyGroups struct {
	next device.GroupStore
	plan *plan
}

func (f faultyGroups) PutGroup(ctx context.Context, g device.Group) error {
	return f.plan.do("Groups.PutGroup", func() error { return f.next.PutGroup(ctx, g) })
}

func (f faultyGroups) Group(ctx context.Context, path string) (device.Group, error) {
	return planned(f.plan, "Groups.Group", func() (device.Group, error) { return f.next.Group(ctx, path) })
}

func (f faultyGroups) Groups(ctx context.Context, l device.GroupList) ([]device.Group, error) {
	return planned(f.plan, "Groups.Groups", func() ([]device.Group, error) { return f.next.Groups(ctx, l) })
}

func (f faultyGroups) DeleteGroup(ctx context.Context, path string) error {
	return f.plan.do("Groups.DeleteGroup", func() error { return f.next.DeleteGroup(ctx, path) })
}

type faultySummary struct {
	next device.SummaryStore
	plan *plan
}

func (f faultySummary) Summary(ctx context.Context, scope device.Scope, at time.Time) (device.Summary, error) {
	return planned(f.plan, "Summary.Summary", func() (device.Summary, error) { return f.next.Summary(ctx, scope, at) })
}
