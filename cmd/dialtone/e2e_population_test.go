//go:build e2e

package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// population is what a server has after a while with many phones. It exports
// generated records, the same each time but for the nonces of sealed secrets, so
// that store.Copy puts them into a store.
type population struct {
	store.Copier // Only Export is asked for.
	t            *testing.T
	keeper       *secret.Keeper
	devices      int
}

// What a population has for each device, or beside them.
const (
	// usualTree and largeTree are how many parameters a phone has; every
	// largeEvery-th has the large one, which takes two branches.
	usualTree, largeTree, largeEvery = 10, 1200, 2000
	populationTokens                 = 50
	populationAudit                  = 5000
	populationGrants                 = 100
	populationModels                 = 20
	populationUsers                  = 3
	populationBulks                  = 4
	populationGroups                 = 40
	populationRoles                  = 3
	populationSessions               = 3000
	populationCounts                 = 600
)

// begun is when the first record of a population was made.
func begun() time.Time { return time.Date(2025, 3, 1, 8, 0, 0, 0, time.UTC) }

// Export implements store.Copier: devices come before what belongs to them.
func (p population) Export(_ context.Context, each func(store.Record) error) error {
	for _, kind := range []func(func(store.Record) error) error{p.eachDevice, p.eachTree, p.eachCredential, p.eachTask, p.others} {
		if err := kind(each); err != nil {
			return err
		}
	}
	return nil
}

// digestOf is what makes keys of a number: the same for the same, spread for
// others.
func digestOf(what string, i int) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", what, i))
	return sum[:]
}

func deviceNumbered(i int) device.ID {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(digestOf("device", i)[:16])
	return device.ID(strings.ToLower(text))
}

// taskNumbered returns the id of a task as tasks.NewID makes it.
func taskNumbered(i int, at time.Time) tasks.ID {
	raw := digestOf("task", i)[:16]
	for n, b := range binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli())<<16)[:6] {
		raw[n] = b
	}
	return tasks.ID(strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)))
}

func (p population) eachDevice(each func(store.Record) error) error {
	for i := range p.devices {
		d := p.device(i)
		if err := each(store.Record{Device: &d}); err != nil {
			return err
		}
	}
	return nil
}

func (p population) device(i int) device.Device {
	id, seen := deviceNumbered(i), begun().Add(time.Duration(i)*time.Second)
	d := device.Device{
		ID: id, Manufacturer: "Müller & Söhne", MAC: fmt.Sprintf("00:04:f2:%02x:%02x:%02x", i>>16&255, i>>8&255, i&255),
		CWMPIdentity: device.CWMPIdentity{OUI: "0004F2", ProductClass: "CP-8851", SerialNumber: fmt.Sprintf("MANY%06d", i)},
		Model:        fmt.Sprintf("CP-%d", 8800+i%populationModels), HardwareVersion: "V03", SoftwareVersion: fmt.Sprintf("12.0.%d", i%7), Address: fmt.Sprintf("192.0.2.%d", i%250),
		Origin: device.OriginOperator, Group: fmt.Sprintf("reseller/customer %d/site", i%40), Revision: int64(i % 5),
		FirstSeen: seen, LastInform: seen.Add(90 * time.Minute), LastBoot: seen.Add(time.Minute), OnlineUntil: seen.Add(2 * time.Hour), InformInterval: 300,
		Root: "Device.", Namespace: "urn:dslforum-org:cwmp-1-2", ParameterKey: "key", InformDigest: hex.EncodeToString(digestOf("inform", i)[:8]),
		ConnectionRequest: device.ConnectionRequest{URL: fmt.Sprintf("http://192.0.2.%d:7547/%d", i%250, i), Username: "dialtone", Password: p.seal(fmt.Sprint("wake ", i), device.ConnectionRequestOwner(id))},
		Session:           device.Session{Generation: int64(i % 90)}, Work: device.Work{Raised: int64(i % 3), Cleared: int64(i % 3)},
	}
	if i%3 == 0 {
		d.Origin, d.OnboardingDue = device.OriginContact, true
	}
	if i%4 == 0 {
		d.Tags = []string{"lobby", `Ünïcode "quoted"`, "vip"}
		d.Indexed = map[string]string{"vlan": fmt.Sprint(i % 4096), "registration": "Up.Ünïcode"}
		d.Events = []device.Event{{Code: "0 BOOTSTRAP", At: seen}, {Code: "M Reboot", CommandKey: "c", At: seen.Add(time.Hour)}}
	}
	if i%50 == 0 {
		d.Session = device.Session{ID: fmt.Sprint("session ", i), Generation: 7, Until: seen.Add(2 * time.Hour)}
		d.ConnectionRequest.PendingUsername, d.ConnectionRequest.PendingPassword = "next", p.seal(fmt.Sprint("next ", i), device.ConnectionRequestOwner(id))
	}
	return d
}

func (p population) seal(text, owner string) secret.Sealed {
	return sealFor(p.t, p.keeper, text, owner)
}

func (p population) eachTree(each func(store.Record) error) error {
	for i := range p.devices {
		for branch := range slices.Chunk(p.tree(i), store.MaxBranch) {
			if err := each(store.Record{Parameters: &store.Branch{Device: deviceNumbered(i), Parameters: branch}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// tree returns the parameters of a phone, in order, of every shape: objects,
// values that are unknown, long, secret, or not of this alphabet.
func (p population) tree(i int) []device.Parameter {
	id, size, at := deviceNumbered(i), usualTree, begun().Add(time.Duration(i)*time.Minute)
	if i%largeEvery == 0 {
		size = largeTree
	}
	yes, passive := true, 1
	all := make([]device.Parameter, 0, size)
	all = append(all,
		device.Parameter{Path: "Device.", Writable: new(bool), UpdatedAt: at},
		device.Parameter{Path: passwordPath, Sealed: p.seal(fmt.Sprint("password ", i), device.ParameterOwner(id, passwordPath)), Type: "xsd:string", Known: true, Writable: &yes, UpdatedAt: at},
		device.Parameter{Path: "Device.ManagementServer.URL", Value: "http://acs.example.net/?a=1&b=<2>", Type: "xsd:string", Known: true, AccessList: []string{"Subscriber"}, Notification: &passive, UpdatedAt: at},
	)
	for n := len(all); n < size; n++ {
		q := device.Parameter{Path: fmt.Sprintf("Device.Services.VoiceService.1.Line.%04d.Name", n), Value: fmt.Sprintf("é %d\n%d", i, n), Type: "xsd:string", Known: true, UpdatedAt: at}
		switch {
		case n == 7 && i%100 == 0:
			q.Value = strings.Repeat("long ", 3000)
		case n%5 == 0:
			q.Value, q.Known, q.AccessList = "", false, []string{}
		}
		all = append(all, q)
	}
	return all
}

func (p population) eachCredential(each func(store.Record) error) error {
	for i := 0; i < p.devices; i += 2 {
		name := fmt.Sprintf("phone-%06d", i)
		c := device.Credential{Username: name, Device: deviceNumbered(i), Password: p.seal(fmt.Sprint("login ", i), device.CredentialOwner(name)), CreatedAt: begun()}
		if err := each(store.Record{Credential: &c}); err != nil {
			return err
		}
	}
	return nil
}

// eachTask gives every device a task that ended, and every second one an open
// one.
func (p population) eachTask(each func(store.Record) error) error {
	for i := range p.devices {
		ended := p.endedTask(i)
		if err := each(store.Record{Task: &ended}); err != nil {
			return err
		}
		if i%2 == 1 {
			continue
		}
		open := p.openTask(i)
		if err := each(store.Record{Task: &open}); err != nil {
			return err
		}
	}
	return nil
}

func (p population) endedTask(i int) tasks.Task {
	at := begun().Add(time.Duration(i) * time.Second)
	t := tasks.Task{
		ID: taskNumbered(2*i, at), Device: deviceNumbered(i), Kind: tasks.GetParameterValues, Args: json.RawMessage(`{"paths":["Device."]}`), State: tasks.Succeeded,
		Result:    json.RawMessage(fmt.Sprintf(`{"values":[{"path":"Device.A","value":"é %d"}]}`, i)),
		Attempts:  []tasks.Attempt{{Session: fmt.Sprint("s", i), StartedAt: at.Add(time.Second), EndedAt: at.Add(2 * time.Second)}},
		Timeline:  []tasks.Transition{{State: tasks.Queued, At: at}, {State: tasks.Running, At: at.Add(time.Second)}, {State: tasks.Succeeded, At: at.Add(2 * time.Second)}},
		CreatedBy: "user:admin", CreatedAt: at, UpdatedAt: at.Add(2 * time.Second), FinishedAt: at.Add(2 * time.Second), CheckAt: clock().AddDate(1, 0, 0).Truncate(time.Hour), Revision: 2,
	}
	if i%10 == 0 {
		t.State, t.Result, t.Timeline[2].State = tasks.Failed, nil, tasks.Failed
		t.Fault = &tasks.Fault{Code: 9003, String: "Invalid arguments", Parameters: []tasks.ParameterFault{{Path: "Device.A", Code: 9008, String: "read-only"}}}
		t.Attempts[0].Fault = t.Fault
	}
	return t
}

func (p population) openTask(i int) tasks.Task {
	at := begun().Add(24*time.Hour + time.Duration(i)*time.Second)
	id := taskNumbered(2*i+1, at)
	t := tasks.Task{
		ID: id, Device: deviceNumbered(i), Kind: tasks.Reboot, Args: json.RawMessage(`{}`), State: tasks.Queued, Priority: i % 7, UniqueKey: "nightly",
		Timeline: []tasks.Transition{{State: tasks.Queued, At: at}}, CreatedBy: "bulk:x", CreatedAt: at, UpdatedAt: at, NotBefore: at.Add(time.Hour),
	}
	switch i % 50 {
	case 0:
		t.State, t.CommandKey = tasks.Running, string(id)+"-1"
		t.Attempts = []tasks.Attempt{{Session: fmt.Sprint("session ", i), StartedAt: at}}
		t.Timeline = append(t.Timeline, tasks.Transition{State: tasks.Running, At: at})
		t.Lease, t.CheckAt = tasks.Lease{Session: fmt.Sprint("session ", i), Generation: 7, Until: at.Add(time.Minute)}, at.Add(time.Minute)
		t.Flight = &tasks.Flight{Method: "Reboot", Class: tasks.Unsafe, At: at, Progress: json.RawMessage(`{"sent":true}`), Answered: true}
	case 10:
		t.After, t.Blocked = []tasks.ID{taskNumbered(2*i, begun())}, true
	case 20:
		t.Kind, t.UniqueKey = tasks.Download, ""
		t.Args = json.RawMessage(fmt.Sprintf(`{"fileType":"3 Vendor Configuration File","url":"http://x/y","username":"u","sealedPassword":%q}`, p.seal("download", "task/"+string(id))))
	}
	return t
}

// others gives what there is beside devices and their work.
func (p population) others(each func(store.Record) error) error {
	var all []store.Record
	for i := range populationModels {
		all = append(all, store.Record{Model: &store.Model{Key: device.ModelKey{Manufacturer: "Müller & Söhne", ProductClass: "CP-8851", SoftwareVersion: fmt.Sprintf("12.0.%d", i)}, Limits: device.ModelLimits{GetParameterValues: 1 + i, LevelByLevel: i%2 == 0}}})
	}
	for i := range populationGrants {
		all = append(all, store.Record{Grant: &files.Grant{TokenHash: hex.EncodeToString(digestOf("grant", i)), Device: deviceNumbered(i), Task: "t", Names: []string{"a.loads", "b.bin"}, Expires: begun()}})
	}
	for i := range populationBulks {
		at := begun().Add(time.Duration(i) * time.Hour)
		all = append(all, store.Record{Bulk: &tasks.Bulk{ID: taskNumbered(i, at), Filter: `model:"CP*"`, Kind: tasks.Reboot, Args: json.RawMessage(`{}`), CreatedBy: "user:anna", CreatedAt: at, Queued: i, FinishedAt: at.Add(time.Minute), Revision: 2}})
	}
	for i := range populationUsers {
		all = append(all, store.Record{User: &users.User{Name: fmt.Sprintf("Björn %d", i), Role: users.Admin, Scope: device.Scope{Group: "g"}, PasswordHash: "$argon2id$x", CreatedAt: begun(), UpdatedAt: begun(), Revision: int64(i) + 1,
			DisplayName: "Björn", Subject: fmt.Sprintf("https://login.example.net %d", i), Preferences: `{"theme":"dark"}`, LastSignIn: begun(),
			SecondFactor: users.SecondFactor{Key: p.seal("key", users.SecondFactorOwner(fmt.Sprintf("Björn %d", i))), LastStep: 7, Recovery: []string{"a", "b"}}}})
	}
	for i := range populationGroups {
		all = append(all, store.Record{Group: &device.Group{Path: fmt.Sprintf("acme/site %d", i), Title: "Größe", Description: "<b>", CreatedAt: begun(), UpdatedAt: begun(), Revision: int64(i) + 1}})
	}
	for i := range populationRoles {
		all = append(all, store.Record{Role: &users.RoleDefinition{Name: users.Role(fmt.Sprintf("night-%d", i)), Description: "é", Permissions: users.BuiltInRoles()[i].Permissions, CreatedAt: begun(), UpdatedAt: begun(), Revision: int64(i) + 1}})
	}
	for i := range populationSessions {
		at := begun().Add(time.Duration(i) * time.Second)
		all = append(all, store.Record{Session: &history.Session{ID: fmt.Sprintf("%032d", i), Device: deviceNumbered(i), Events: []string{"1 BOOT", "M Reboot"}, StartedAt: at, EndedAt: at.Add(time.Second), Outcome: "completed", RPCs: i % 7, Address: "192.0.2.1", Node: "n1"}})
	}
	for i := range populationCounts {
		all = append(all, store.Record{Counts: &history.Counts{At: begun().Add(time.Duration(i) * history.Span), Node: "n1", Values: map[string]int64{"sessions.completed": int64(i), "faults.9002": 1}}})
	}
	for i := range populationTokens {
		all = append(all, store.Record{Token: &users.Token{ID: fmt.Sprintf("token%03d", i), Name: "CRM", Role: users.Viewer, Hash: hex.EncodeToString(digestOf("token", i)), CreatedAt: begun(), CreatedBy: "user:anna"}})
	}
	for i := range populationAudit {
		at := begun().Add(time.Duration(i) * time.Minute)
		all = append(all, store.Record{Audit: &users.AuditEntry{Sequence: int64(i) - 100, At: at, Before: `{"tags":[]}`, After: `{"tags":["é"]}`, Previous: fmt.Sprint(i), Hash: fmt.Sprint(i + 1), Actor: "user:anna", Address: "192.0.2.1", Action: "editDevice", Target: "device/" + string(deviceNumbered(i)), Outcome: 200, Detail: "tags: é"}})
	}
	for _, r := range all {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}
