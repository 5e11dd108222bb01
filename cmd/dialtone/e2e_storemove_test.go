//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cpe"
)

// move is a server that moves from store to store while its phones stay on.
type move struct {
	t      *testing.T
	server *server
	api    *client
	phone  *cpe.Device
	id     string
	sum    string
	// downloads is how many files the phone fetched.
	downloads int
}

const movedPassword = "moved wörd"

// folder is where the server keeps its data.
func (m *move) folder() folder {
	return folder{dataOptions{DataDir: m.server.DataDir, Store: newStoreAddress(m.server.Store)}}
}

// seen is what the API shows of all that was there before the server moved.
type seen struct {
	devices    []deviceRecord
	tasks      []taskRecord
	parameters []valueRecord
	audit      int
}

func (m *move) look() seen {
	m.t.Helper()
	s := seen{devices: listAll[deviceRecord](m.api, "devices"), tasks: listAll[taskRecord](m.api, "tasks"), parameters: parametersBelow(m.api, m.id, "")}
	s.audit = len(listAll[object](m.api, "audit"))
	slices.SortFunc(s.tasks, func(a, b taskRecord) int { return strings.Compare(a.ID, b.ID) })
	return s
}

// to moves the server to another store, and its phones' work with it.
func (m *move) to(target folder) {
	m.t.Helper()
	before := m.look()
	m.server.Stop()
	copyStore(m.t, m.folder(), target)
	m.server.DataDir, m.server.Store = target.DataDir, target.Store.Reveal()
	m.server.Start()
	after := m.look()
	if diff := cmp.Diff(before.devices, after.devices); diff != "" {
		m.t.Errorf("devices differ after the move (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(before.tasks, after.tasks); diff != "" {
		m.t.Errorf("tasks differ after the move (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(before.parameters, after.parameters); diff != "" || len(before.parameters) == 0 {
		m.t.Errorf("%d parameters differ after the move (-before +after):\n%s", len(before.parameters), diff)
	}
	if before.audit == 0 || after.audit != before.audit {
		m.t.Errorf("the audit log has %d entries after the move, %d before it", after.audit, before.audit)
	}
}

// works shows that the phone is called, logs in, and is given its file: each
// needs a secret or a record that was copied.
func (m *move) works() {
	m.t.Helper()
	m.api.Succeed(m.id, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, fmt.Sprintf("%d.example.net", m.downloads))}}, nil)
	m.api.Succeed(m.id, object{"kind": "download", "file": "moved.cfg"}, nil)
	m.downloads++
	got := m.phone.Files()
	if len(got) != m.downloads || got[len(got)-1].SHA256 != m.sum {
		m.t.Errorf("the phone took %+v, want %d files, the last with SHA-256 %s", got, m.downloads, m.sum)
	}
	before := m.phone.Sessions()
	m.phone.Inform()
	waitPhone(m.t, m.phone, "informs again", func() bool { return m.phone.Sessions() > before })
	if err := m.phone.LastSession().Err; err != nil {
		m.t.Errorf("the phone's session failed: %v", err)
	}
	if record := m.api.Device(m.phone); record.ID != m.id {
		m.t.Errorf("the phone is device %s now, it was %s", record.ID, m.id)
	}
}

// queueForOff queues a task with a secret for a phone that is off.
func (m *move) queueForOff(serial string) (*cpe.Device, taskRecord) {
	m.t.Helper()
	id := m.api.provision(serial, serial, movedPassword).ID
	phone := m.server.newPhone(m.t, serial, login(serial, movedPassword))
	return phone, m.api.Queue(id, object{"kind": "setParameterValues", "parameters": []object{setting(line+"1.SIP.AuthPassword", "secret of "+serial)}})
}

func (m *move) runs(phone *cpe.Device, queued taskRecord) {
	m.t.Helper()
	switchOn(m.t, phone)
	m.api.WaitTask(queued.ID, "succeeded")
	holds(m.t, phone, line+"1.SIP.AuthPassword", "secret of "+phone.Identity().SerialNumber)
}

func TestAServerOnACopyGoesOnWhereTheOtherStopped(t *testing.T) {
	t.Parallel()
	s := serve(t, "--cwmp-auth", "digest")
	m := &move{t: t, server: s, api: s.Client("admin")}
	m.id = m.api.provision("MOVED01", "moved", movedPassword).ID
	m.phone = s.startPhone(t, "MOVED01", login("moved", movedPassword))
	m.api.arrive(m.phone)
	m.api.Succeed(m.id, object{"kind": "refresh", "path": ""}, nil)
	m.sum = m.api.upload("moved.cfg", configurationType, noise(4, 700_000))
	m.works()

	first, task := m.queueForOff("OFF01")
	database := folder{dataOptions{DataDir: s.DataDir, Store: newStoreAddress(emptyDatabase(t))}}
	m.to(database)
	m.works()
	m.runs(first, task)

	second, task := m.queueForOff("OFF02")
	back := newFolder(t)
	copyFile(t, m.folder().keyPath(), back.keyPath())
	m.to(back)
	m.works()
	m.runs(second, task)
	s.Stop()
	if entries, err := os.ReadDir(filepath.Join(back.DataDir, "files")); err != nil || len(entries) == 0 {
		t.Errorf("the folder of files holds %v, %v", entries, err)
	}
}
