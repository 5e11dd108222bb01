package api

import (
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Device is a device as answers show it.
type Device struct {
	ID              string     `json:"id" doc:"Dialtone's own name of the device: 26 characters, stable."`
	Manufacturer    string     `json:"manufacturer"`
	OUI             string     `json:"oui"`
	ProductClass    string     `json:"productClass"`
	SerialNumber    string     `json:"serialNumber"`
	MAC             string     `json:"mac" doc:"Six lower-case hex pairs joined by colons; empty if unknown."`
	Model           string     `json:"model"`
	HardwareVersion string     `json:"hardwareVersion"`
	SoftwareVersion string     `json:"softwareVersion"`
	Address         string     `json:"address" doc:"The IP address from which the last Inform came."`
	Tags            []string   `json:"tags" nullable:"false"`
	Group           string     `json:"group" doc:"The path of its group, such as reseller/customer/site; empty for the root."`
	FirstSeen       *time.Time `json:"firstSeen" doc:"Null for a device that never informed."`
	LastInform      *time.Time `json:"lastInform"`
	Online          bool       `json:"online" doc:"It informed within two inform intervals and a minute."`
	State           string     `json:"state" enum:"online,late,offline,never" doc:"late: it should have informed less than an hour ago; offline: longer ago; never: it never informed."`
	Revision        int64      `json:"revision" doc:"Grows with every change by an operator."`

	ConnectionRequestURL string        `json:"connectionRequestURL"`
	InformInterval       int           `json:"informInterval" doc:"PeriodicInformInterval in seconds; 0 if unknown."`
	LastBoot             *time.Time    `json:"lastBoot"`
	LastBootstrap        *time.Time    `json:"lastBootstrap"`
	Events               []DeviceEvent `json:"events" nullable:"false" doc:"The newest events of its Informs that are not routine, newest last."`
	ParameterKey         string        `json:"parameterKey"`

	CWMPVersion string        `json:"cwmpVersion" doc:"The version of CWMP that its last session spoke, such as 1.2; empty if unknown."`
	RetryCount  int           `json:"retryCount" doc:"How often it had tried in vain to open its last session."`
	Quarantined bool          `json:"quarantined" doc:"It may open sessions and is given nothing in them, until somebody approves it."`
	Alarms      []DeviceAlarm `json:"alarms" nullable:"false" doc:"What a person should look at, at most one of each kind; an alarm stays until somebody clears it."`

	Pack         string             `json:"pack" doc:"The vendor pack that serves it; empty if none does."`
	Provisioning DeviceProvisioning `json:"provisioning" doc:"How it stands with its settings and the files that carry them."`

	Indexed map[string]string `json:"indexed" nullable:"false" doc:"The values of indexed parameters by name, as last reported, read or set. A value that is too long to be indexed is empty; a parameter of which nothing is known is absent."`
}

// DeviceAlarm is something about a device that a person should look at.
type DeviceAlarm struct {
	Kind   device.AlarmKind `json:"kind" enum:"identityClash,repeatedBootstrap,credentials,transfers,parameters"`
	Since  time.Time        `json:"since"`
	Last   time.Time        `json:"last"`
	Count  int              `json:"count"`
	Detail string           `json:"detail"`
}

// DeviceEvent is an event that a device reported in an Inform.
type DeviceEvent struct {
	Code       string    `json:"code" doc:"The EventCode, such as 1 BOOT."`
	CommandKey string    `json:"commandKey,omitempty"`
	At         time.Time `json:"at"`
}

// DeviceProvisioning is how a device stands with its settings.
type DeviceProvisioning struct {
	State       string     `json:"state" enum:"none,pending,converged,drifted,failing" doc:"none: no pack serves it, or nothing was computed yet; pending: it did not take the current settings yet; converged: it did; drifted: it did, and somebody changed something on it since; failing: it cannot be given them."`
	Wanted      string     `json:"wanted" doc:"The fingerprint of the settings that it should have; empty if not computed yet."`
	HeldCurrent bool       `json:"heldCurrent" doc:"It took the settings that it should have."`
	ChangedAt   *time.Time `json:"changedAt" doc:"When what it should have last changed."`
	LastFetch   *time.Time `json:"lastFetch" doc:"When it last asked for a file."`
	File        string     `json:"file" doc:"Which file that was."`
	UserAgent   string     `json:"userAgent" doc:"As what it asked."`
	Problem     string     `json:"problem" doc:"Why its files cannot be made; empty if they can."`

	Managed      bool       `json:"managed" doc:"Its settings go as CWMP parameters, and files carry the rest."`
	Drifted      int        `json:"drifted" doc:"How many parameters it has otherwise than they were set."`
	DriftedSince *time.Time `json:"driftedSince" doc:"When the first of them was seen; null for none."`
	Stuck        string     `json:"stuck" doc:"Why a session could not give it its settings; empty if one could, or none tried."`
	NextTry      *time.Time `json:"nextTry" doc:"When a session compares its parameters again, whatever happens; null for never."`
}

func showProvisioning(p device.Provisioning) DeviceProvisioning {
	return DeviceProvisioning{
		State: string(p.State()), Wanted: p.Wanted, HeldCurrent: p.Wanted != "" && p.Held == p.Wanted, ChangedAt: shownTime(p.ChangedAt),
		LastFetch: shownTime(p.FetchedAt), File: p.File, UserAgent: p.UserAgent, Problem: p.Problem,
		Managed: p.Managed, Drifted: p.Drifted, DriftedSince: shownTime(p.DriftedSince), Stuck: p.Stuck, NextTry: shownTime(p.CheckAt),
	}
}

// showDevice returns the device as answers show it at now.
func (a *API) showDevice(d device.Device, now time.Time) Device {
	events := make([]DeviceEvent, 0, len(d.Events))
	for _, e := range d.Events {
		events = append(events, DeviceEvent{Code: e.Code, CommandKey: e.CommandKey, At: e.At.UTC()})
	}
	alarms := make([]DeviceAlarm, 0, len(d.Alarms))
	for _, alarm := range d.Alarms {
		alarms = append(alarms, DeviceAlarm{Kind: alarm.Kind, Since: alarm.Since.UTC(), Last: alarm.Last.UTC(), Count: alarm.Count, Detail: alarm.Detail})
	}
	return Device{
		CWMPVersion: d.CWMPVersion, RetryCount: d.RetryCount, Quarantined: d.Quarantined, Alarms: alarms,
		ID: string(d.ID), Manufacturer: d.Manufacturer, OUI: d.OUI, ProductClass: d.ProductClass, SerialNumber: d.SerialNumber,
		MAC: d.MAC, Model: d.Model, HardwareVersion: d.HardwareVersion, SoftwareVersion: d.SoftwareVersion, Address: d.Address,
		Tags: append([]string{}, d.Tags...), Group: d.Group, FirstSeen: shownTime(d.FirstSeen), LastInform: shownTime(d.LastInform),
		Online: d.Online(now), State: string(d.State(now)), Revision: d.Revision, ConnectionRequestURL: d.ConnectionRequest.URL, InformInterval: d.InformInterval,
		LastBoot: shownTime(d.LastBoot), LastBootstrap: shownTime(d.LastBootstrap), Events: events, ParameterKey: d.ParameterKey,
		Indexed: a.shownIndexed(d), Pack: d.Provisioning.Pack, Provisioning: showProvisioning(d.Provisioning),
	}
}

// shownIndexed returns the values of the parameters that are indexed now: the
// record may still have those of others.
func (a *API) shownIndexed(d device.Device) map[string]string {
	values := make(map[string]string, len(a.IndexedParameters))
	for _, name := range a.IndexedParameters {
		if value, ok := d.Indexed[name]; ok {
			values[name] = value
		}
	}
	return values
}

// etag returns the entity tag of a device: it covers what operators edit, not
// what the device reports.
func etag(d device.Device) string { return fmt.Sprintf(`"r%d"`, d.Revision) }
