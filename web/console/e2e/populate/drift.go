package main

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// drift is a phone on whose web page somebody changed what settings say, as sessions
// left it, a Cisco phone that nothing is known of yet, and what their models told. That
// the first holds its settings is up to the test: it fetches the phone's file.
type drift struct{ now time.Time }

// profile is where the parameters of its first account are.
const profile = "Device.Services.VoiceService.1.VoiceProfile.1."

// Export calls each with every record.
func (d drift) Export(_ context.Context, each func(store.Record) error) error {
	phone, cisco := d.yealink(), d.cisco()
	convergence, model := d.convergence(phone.ID), d.model(&phone)
	for _, r := range []store.Record{{Device: &phone}, {Device: &cisco}, {Convergence: &convergence}, {DataModel: &model}} {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (d drift) yealink() device.Device {
	return device.Device{
		ID: idOf("drift", 1), Manufacturer: "Yealink", CWMPIdentity: device.CWMPIdentity{OUI: "001565", ProductClass: "SIP-T46S", SerialNumber: "3146019091637071"},
		MAC: "00:15:65:aa:bb:cc", Model: "SIP-T46S", SoftwareVersion: "66.86.0.15", Root: "Device.", Address: "192.0.2.7", Origin: device.OriginContact, Revision: 1,
		FirstSeen: d.now.Add(-48 * time.Hour), LastInform: d.now.Add(-2 * time.Minute), OnlineUntil: d.now.Add(time.Hour), InformInterval: 1800,
		Provisioning: device.Provisioning{Managed: true, Drifted: 2, DriftedSince: d.now.Add(-3 * time.Hour), CheckAt: d.now.Add(40 * time.Minute)},
	}
}

func (d drift) cisco() device.Device {
	return device.Device{
		ID: idOf("drift", 2), Manufacturer: "Cisco", CWMPIdentity: device.CWMPIdentity{OUI: "D0EC35", ProductClass: "CP-8851-3PCC", SerialNumber: "FCH24070ABC"},
		MAC: "d0:ec:35:11:22:33", Model: "8851", SoftwareVersion: "sip88xx.12-0-1MPP0001-123", Root: "Device.", Address: "192.0.2.8", Origin: device.OriginContact, Revision: 1,
		FirstSeen: d.now.Add(-48 * time.Hour), LastInform: d.now.Add(-2 * time.Minute), OnlineUntil: d.now.Add(time.Hour), InformInterval: 1800,
	}
}

func (d drift) convergence(id device.ID) provisioners.Convergence {
	text := func(s string) *string { return &s }
	ago := func(hours int) time.Time { return d.now.Add(-time.Duration(hours) * time.Hour) }
	return provisioners.Convergence{
		Device: id, Revision: 1, UpdatedAt: d.now.Add(-2 * time.Minute), Owned: []string{"account.1.displayName", "account.1.password", "account.1.registrar", "account.1.user"},
		Confirmed: []provisioners.Confirmed{{Path: profile + "Line.1.SIP.AuthUserName", Hash: "a"}, {Path: profile + "Line.1.Enable", Hash: "b"}},
		Differences: []provisioners.Difference{
			{Path: profile + "Line.1.CallingFeatures.CallerIDName", Setting: "account.1.displayName", Kind: provisioners.Drifted, Wanted: text("Anna K."), Has: text("Reception"), Adopt: text("Reception"), Since: ago(3), Reason: "somebody changed it on the phone"},
			{Path: profile + "Line.1.SIP.AuthPassword", Setting: "account.1.password", Kind: provisioners.Withheld, Since: ago(5)},
			{Path: profile + "SIP.RegistrarServer", Setting: "account.1.registrar", Kind: provisioners.Drifted, Wanted: text("sip.example.com"), Has: text("sip.other.example"), Adopt: text("sip.other.example"), Since: ago(2), Reason: "somebody changed it on the phone"},
			{Path: "Device.Time.LocalTimeZone", Setting: "time.zone", Kind: provisioners.Kept, Wanted: text("CET-1CEST,M3.5.0,M10.5.0/3"), Has: text("CET-1"), Since: ago(30), Reason: "the device keeps CET-1", Tries: 2},
		},
		Unmapped:   []provisioners.Unmapped{{Setting: "account.1.transport", Reason: "the device cannot be told of TLS"}},
		Deliveries: []provisioners.Delivery{{Name: provisioners.DeliveryProfile, Hash: "c", Held: "c"}},
		NextTry:    d.now.Add(40 * time.Minute),
	}
}

func (d drift) model(phone *device.Device) provisioners.DataModel {
	return provisioners.DataModel{
		Key: phone.ModelKey(), Root: phone.Root, Revision: 1, UpdatedAt: d.now.Add(-48 * time.Hour), Asked: []string{"Services.VoiceService.", "Time."}, Pack: "yealink",
		Names: []provisioners.ParameterName{
			{Path: "Services.VoiceService.{i}.VoiceProfile.{i}.SIP.RegistrarServer", Writable: true}, {Path: "Time."}, {Path: "Time.LocalTimeZone", Writable: true},
		},
		Unmapped: []provisioners.Unmapped{{Setting: "account.N.transport", Reason: "the device cannot be told of TLS"}},
	}
}
