package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

// fleet is a number of devices such as a provider has: several makers, models and
// firmware versions, customers with sites, and every state. Device i is always the
// same but for its times.
type fleet struct {
	devices int
	now     time.Time
}

// product is a model that some devices are of.
type product struct {
	manufacturer, oui, class, model string
	firmware                        []string
}

func products() []product {
	return []product{
		{"Cisco Systems, Inc.", "000E08", "CP-8841-3PCC", "CP-8841", []string{"sip88xx.12-0-1MPP0001-123", "sip88xx.11-3-7MPP0001-272"}},
		{"Cisco Systems, Inc.", "000E08", "CP-6851-3PCC", "CP-6851", []string{"sip68xx.12-0-1MPP0001-123", "sip68xx.11-3-7MPP0001-272"}},
		{"Yealink", "001565", "SIP-T54W", "SIP-T54W", []string{"96.86.0.100", "96.85.0.5", "96.84.0.70"}},
		{"Yealink", "001565", "SIP-T46U", "SIP-T46U", []string{"108.86.0.20", "108.85.0.39"}},
		{"Grandstream", "000B82", "GXP2170", "GXP2170", []string{"1.0.11.64", "1.0.11.35"}},
	}
}

const (
	customers = 20
	sites     = 10
)

// idOf returns an id that belongs to a number.
func idOf(what string, i int) device.ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", what, i))
	return device.ID(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16])))
}

// taskOf returns the id of a task of a number that was made at a time, in the form
// of tasks.NewID.
func taskOf(i int, at time.Time) tasks.ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "task %d", i))
	copy(sum[:6], binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli())<<16)[:6])
	return tasks.ID(strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16])))
}

// Export calls each with every record.
func (f fleet) Export(ctx context.Context, each func(store.Record) error) error {
	for i := range f.devices {
		d := f.device(i)
		if err := each(store.Record{Device: &d}); err != nil {
			return err
		}
	}
	return f.groups(ctx, each)
}

func (f fleet) groups(ctx context.Context, each func(store.Record) error) error {
	for c := range customers {
		paths := []string{customerOf(c)}
		for s := range sites {
			paths = append(paths, siteOf(c, s))
		}
		for _, path := range paths {
			g := device.Group{Path: path, CreatedAt: f.now, UpdatedAt: f.now, Revision: 1}
			if err := each(store.Record{Group: &g}); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func customerOf(c int) string { return fmt.Sprintf("customer-%02d", c) }

func siteOf(c, s int) string { return fmt.Sprintf("%s/site-%d", customerOf(c), s) }

func (f fleet) device(i int) device.Device {
	p := products()[i%len(products())]
	seen, interval := f.now.Add(-time.Duration(1+i%400)*24*time.Hour), 3600
	d := device.Device{
		ID: idOf("device", i), Manufacturer: p.manufacturer, Model: p.model,
		CWMPIdentity:    device.CWMPIdentity{OUI: p.oui, ProductClass: p.class, SerialNumber: fmt.Sprintf("SN%07d", i)},
		MAC:             macOf(p.oui, i),
		HardwareVersion: "V03", SoftwareVersion: p.firmware[i/len(products())%len(p.firmware)],
		Address: fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255),
		Origin:  device.OriginOperator, Group: siteOf(i%customers, i/customers%sites), Tags: tagsOf(i),
		FirstSeen: seen, InformInterval: interval, Root: "Device.", Namespace: "urn:dslforum-org:cwmp-1-2",
	}
	f.inform(&d, i)
	return d
}

// inform gives a device its last Inform: most are online, few late, more offline,
// and some never came.
func (f fleet) inform(d *device.Device, i int) {
	ago := time.Duration(i%50) * time.Minute
	switch i % 100 {
	case 96, 97:
		ago = 150 * time.Minute
	case 98:
		ago = 72 * time.Hour
	case 99:
		d.FirstSeen, d.InformInterval, d.Root, d.Namespace, d.Address = f.now, 0, "", "", ""
		return
	}
	d.LastInform, d.LastBoot = f.now.Add(-ago), d.FirstSeen
	d.OnlineUntil = d.LastInform.Add(2*time.Hour + time.Minute)
	d.Events = []device.Event{{Code: "1 BOOT", At: d.FirstSeen}}
}

func macOf(oui string, i int) string {
	return strings.ToLower(fmt.Sprintf("%s:%s:%s:%02x:%02x:%02x", oui[:2], oui[2:4], oui[4:], i>>16&255, i>>8&255, i&255))
}

func tagsOf(i int) []string {
	var tags []string
	if i%10 == 0 {
		tags = append(tags, "lobby")
	}
	if i%200 == 0 {
		tags = append(tags, "vip")
	}
	return tags
}
