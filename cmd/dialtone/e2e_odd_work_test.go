//go:build e2e

package main

import (
	"errors"

	"github.com/dialtone-acs/dialtone/cpe"
)

// arrives waits until the device has completed a session, and checks that the server
// knows it.
func (p *oddPhone) arrives() deviceRecord {
	p.Helper()
	record := p.c.arrive(p.phone)
	p.id = record.ID
	return record
}

// readsAndSets has the device read two values and set one in a session, which it ends
// well.
func (p *oddPhone) readsAndSets() {
	p.Helper()
	read := p.c.Queue(p.id, object{"kind": "getParameterValues", "paths": []string{model, ntp}})
	set := p.c.Queue(p.id, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, "odd.example.net")}})
	p.informs()
	p.succeeded(read.ID)
	p.succeeded(set.ID)
	p.completes()
	holds(p.T, p.phone, ntp, "odd.example.net")
}

// refreshes has the device list and read everything.
func (p *oddPhone) refreshes() {
	p.Helper()
	p.arrives()
	task := p.c.Queue(p.id, object{"kind": "refresh", "path": ""})
	p.informs()
	p.succeeded(task.ID)
	p.completes()
	p.readsAndSets()
}

// informs lets the device open a session.
func (p *oddPhone) informs() { p.phone.Inform() }

// completes waits until the session of the device is over, which must be by 204.
func (p *oddPhone) completes() {
	p.Helper()
	n := p.phone.Sessions()
	p.informs()
	waitPhone(p.T, p.phone, "ends another session", func() bool { return p.phone.Sessions() > n })
	if err := p.phone.LastSession().Err; err != nil {
		p.Errorf("the session failed: %v", err)
	}
}

func (p *oddPhone) succeeded(id string) taskRecord {
	p.Helper()
	task := p.c.WaitTask(id, "succeeded", "failed", "expired", "cancelled")
	if task.State != "succeeded" {
		p.Fatalf("%s: %s, want succeeded; fault %+v; last session %+v", task.Kind, task.State, task.Fault, p.phone.LastSession())
	}
	return task
}

// failsThenCompletes has an attempt at a task fail for a reason, empty for a fault of
// the device, and the session go on. What may pass by itself is tried again later.
func failsThenCompletes(reason string, task object) func(*oddPhone) {
	return func(p *oddPhone) {
		p.Helper()
		p.arrives()
		queued := p.c.Queue(p.id, task)
		p.informs()
		var got taskRecord
		p.c.Eventually("an attempt has failed", func() bool {
			got = p.c.Task(queued.ID)
			return len(got.Attempts) > 0 && got.Attempts[0].EndedAt != nil
		})
		if fault := got.Attempts[0].Fault; fault == nil || fault.Reason != reason {
			p.Errorf("%s: %s with fault %+v, want reason %q", got.Kind, got.State, fault, reason)
		}
		p.completes()
	}
}

// isRefused says that every message of the device is answered with an HTTP status, and
// that a device by the book of the same serial number is served afterwards.
func isRefused(status int) func(*oddPhone) {
	return func(p *oddPhone) {
		p.Helper()
		waitPhone(p.T, p.phone, "ends a session", func() bool { return p.phone.Sessions() > 0 })
		var failure *cpe.SessionError
		if err := p.phone.LastSession().Err; !errors.As(err, &failure) || failure.Status != status {
			p.Errorf("the session ended with %v, want HTTP status %d", err, status)
		}
		p.becomesGood()
	}
}

// becomesGood lets a device by the book follow that has the same serial number.
func (p *oddPhone) becomesGood() {
	p.Helper()
	p.phone = p.s.startPhone(p.T, p.phone.Identity().SerialNumber, nil)
	p.arrives()
	p.readsAndSets()
}

// isNotUnderstood says that the ACS does not understand a header that has to be.
func isNotUnderstood(p *oddPhone) {
	p.Helper()
	waitPhone(p.T, p.phone, "ends a session", func() bool { return p.phone.Sessions() > 0 })
	if reason := p.phone.LastSession().Reason(); reason != cpe.ReasonProtocol {
		p.Errorf("the session ended for the reason %s, want a fault of SOAP", reason)
	}
	if counts := p.phone.Counters(); len(counts) != 0 {
		p.Errorf("the device did %v, want nothing", counts)
	}
	p.becomesGood()
}

// isCalled has the device do a task for which it is called.
func isCalled(p *oddPhone) {
	p.Helper()
	p.arrives()
	p.c.Succeed(p.id, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, "called.example.net")}}, nil)
	holds(p.T, p.phone, ntp, "called.example.net")
	p.c.Succeed(p.id, object{"kind": "getParameterValues", "paths": []string{ntp}}, nil)
}

// downloads has the device fetch a file, which has to be there.
func downloads(p *oddPhone) {
	p.Helper()
	p.arrives()
	task := p.c.Queue(p.id, object{"kind": "download", "file": oddFile})
	p.informs()
	p.succeeded(task.ID)
	p.completes()
	if got := p.phone.Files(); len(got) != 1 {
		p.Errorf("the phone took the files %+v, want one", got)
	}
	p.readsAndSets()
}

// oddModel is what ModelName holds.
const oddModel = "CP-8841-3PCC"

// oddFile is what odd devices download.
const oddFile = "odd.cfg"

// showsValues reads parameters and checks what came of each; empty is one that must
// have no value.
func showsValues(want map[string]string, paths ...string) func(*oddPhone) {
	return func(p *oddPhone) {
		p.Helper()
		p.arrives()
		task := p.c.Queue(p.id, object{"kind": "getParameterValues", "paths": paths})
		p.informs()
		p.succeeded(task.ID)
		shown := map[string]string{}
		for _, v := range parametersBelow(p.c, p.id, "") {
			if v.Value != nil {
				shown[v.Path] = *v.Value
			}
		}
		for path, value := range want {
			if shown[path] != value {
				p.Errorf("the server shows %s = %q, want %q", path, shown[path], value)
			}
		}
		p.completes()
	}
}
