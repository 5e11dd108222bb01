package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

// payloads are texts that do something wherever they are taken for markup. What
// they do is to set a variable of the window that the tests look at.
func payloads() []string {
	return []string{
		`<script>window.pwned=1</script>`,
		`<img src=x onerror=window.pwned=1>`,
		`"><svg onload=window.pwned=1>`,
		`javascript:window.pwned=1`,
		`{{constructor.constructor('window.pwned=1')()}}`,
	}
}

// hostileFleet is one device for each payload. Everything that a device can say of
// itself, and the texts that people write beside it, are that payload.
type hostileFleet struct{ now time.Time }

// Export calls each with every record.
func (h hostileFleet) Export(_ context.Context, each func(store.Record) error) error {
	for i, text := range payloads() {
		for _, r := range h.records(i, text) {
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h hostileFleet) records(i int, text string) []store.Record {
	d, id := h.device(i, text), idOf("hostile", i)
	all := []store.Record{{Device: &d}, {Parameters: &store.Branch{Device: id, Parameters: h.tree(text)}}}
	for n, kind := range []tasks.Kind{tasks.SetParameterValues, tasks.Download, tasks.GetParameterValues} {
		t := h.task(10*i+n, id, kind, text)
		all = append(all, store.Record{Task: &t})
	}
	at := h.now.Add(-time.Minute)
	return append(all,
		store.Record{Session: &history.Session{ID: fmt.Sprintf("%032d", i), Device: id, Events: []string{text, "2 PERIODIC"}, StartedAt: at.Add(-time.Second), EndedAt: at, Outcome: text, RPCs: 3, Address: text, Node: text}},
		store.Record{Group: &device.Group{Path: groupName(i), Title: text, Description: text, CreatedAt: h.now, UpdatedAt: h.now, Revision: 1}},
		store.Record{File: &files.File{Name: fmt.Sprintf("hostile-%d.bin", i), Type: text, OUI: text, ProductClass: text, Version: text, Siblings: []string{text}, Size: 10, SHA256: text, Content: fmt.Sprintf("none-%d", i), CreatedAt: h.now, CreatedBy: text}},
		store.Record{Bulk: &tasks.Bulk{ID: taskOf(1000+i, h.now), Filter: `model:"x"`, Kind: tasks.Reboot, Args: json.RawMessage(`{}`), CreatedBy: text, CreatedAt: h.now, Queued: 1, Refused: 1, LastError: text, FinishedAt: h.now, Revision: 1}},
	)
}

func groupName(i int) string { return fmt.Sprintf("hostile-%d", i) }

func (h hostileFleet) device(i int, text string) device.Device {
	return device.Device{
		ID: idOf("hostile", i), Manufacturer: text, Model: text, HardwareVersion: text, SoftwareVersion: text, Address: text,
		CWMPIdentity: device.CWMPIdentity{OUI: "0004F2", ProductClass: text, SerialNumber: text},
		MAC:          fmt.Sprintf("00:04:f2:00:00:%02x", i), Origin: device.OriginContact, Group: groupName(i), Tags: []string{text},
		FirstSeen: h.now.Add(-time.Hour), LastInform: h.now, LastBoot: h.now, OnlineUntil: h.now.Add(time.Hour), InformInterval: 1800,
		Root: "Device.", Namespace: text, ParameterKey: text,
		Events:            []device.Event{{Code: text, CommandKey: text, At: h.now}},
		Indexed:           map[string]string{"registration": text},
		ConnectionRequest: device.ConnectionRequest{URL: text},
	}
}

// tree has the payload as a value, as a type, in an access list, and as far as a
// path allows in a path.
func (h hostileFleet) tree(text string) []device.Parameter {
	yes, active := true, 2
	inPath := "Device.X_" + strings.NewReplacer(" ", "/", ".", "").Replace(text)
	return []device.Parameter{
		{Path: "Device.", UpdatedAt: h.now},
		{Path: "Device.DeviceInfo.", UpdatedAt: h.now},
		{Path: "Device.DeviceInfo.Description", Value: text, Type: text, Known: true, Writable: &yes, Notification: &active, AccessList: []string{text}, UpdatedAt: h.now},
		{Path: "Device.DeviceInfo.DeviceLog", Value: strings.Repeat(text+"\n", 50), Type: "xsd:string", Known: true, UpdatedAt: h.now},
		{Path: inPath, Value: text, Type: "xsd:string", Known: true, Writable: &yes, UpdatedAt: h.now},
	}
}

// task is one that failed, or succeeded if it only reads.
func (h hostileFleet) task(i int, id device.ID, kind tasks.Kind, text string) tasks.Task {
	at := h.now.Add(-time.Duration(i+1) * time.Second)
	t := tasks.Task{
		ID: taskOf(i, at), Device: id, Kind: kind, State: tasks.Failed, CreatedBy: text,
		CreatedAt: at, UpdatedAt: h.now, FinishedAt: h.now, CheckAt: h.now.Add(24 * time.Hour), Revision: 1,
		Fault: &tasks.Fault{Code: 9002, String: text, Parameters: []tasks.ParameterFault{{Path: "Device." + text, Code: 9005, String: text}}},
	}
	switch kind {
	case tasks.SetParameterValues:
		t.Args = argumentsOf(map[string]any{"parameters": []map[string]any{{"path": "Device.DeviceInfo.ProvisioningCode", "value": text, "type": "string"}}})
	case tasks.Download:
		t.Args = argumentsOf(map[string]any{"file": "hostile-0.bin"})
	default:
		t.Args = argumentsOf(map[string]any{"paths": []string{"Device.DeviceInfo.Description"}})
		t.State, t.Fault = tasks.Succeeded, nil
		t.Result = argumentsOf(map[string]any{"values": []map[string]any{{"path": "Device.DeviceInfo.Description", "value": text, "type": text}}})
	}
	t.Attempts = []tasks.Attempt{{Session: text, StartedAt: at, EndedAt: h.now, Fault: t.Fault}}
	t.Timeline = []tasks.Transition{{State: tasks.Queued, At: at, Reason: text}, {State: t.State, At: h.now, Reason: text}}
	return t
}

func argumentsOf(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // Only maps of texts are given.
	}
	return raw
}
