//go:build e2e

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// customer is the group of the tests' phones.
const customer = "customers/acme"

// fileModels are the models of the simulated phones, as packs name them.
func fileModels() map[filephone.Vendor]string {
	return map[filephone.Vendor]string{
		filephone.Yealink: "SIP-T46S", filephone.Poly: "VVX 410", filephone.Snom: "D785", filephone.Grandstream: "GRP2614", filephone.Cisco: "8851",
	}
}

// fourVendors are those of which phones must agree in all that they hold.
func fourVendors() []filephone.Vendor {
	return []filephone.Vendor{filephone.Yealink, filephone.Poly, filephone.Snom, filephone.Grandstream}
}

// fileDevice is a device as far as files go.
type fileDevice struct {
	ID           string
	MAC          string
	Model        string
	Group        string
	Pack         string
	Provisioning struct {
		State       string
		Wanted      string
		HeldCurrent bool
		File        string
		UserAgent   string
		Problem     string
	}
}

// FilesURL is where phones find their files.
func (s *server) FilesURL() string { return s.scheme() + "://" + s.Files + "/" }

// put declares settings at a level: "global", "groups/PATH" or "devices/ID".
func (c *client) put(level string, settings ...object) {
	c.tb.Helper()
	path := level + "/settings"
	if level == "global" {
		path = "settings/global"
	}
	if group, ok := strings.CutPrefix(level, "groups/"); ok {
		path = "groups/" + url.PathEscape(group) + "/settings"
	}
	c.Do(http.MethodPatch, path, object{"set": settings}).Want(http.StatusOK)
}

// declare is a setting with its value, to put at a level.
func declare(path string, value any) object { return object{"path": path, "value": value} }

// makeCustomer makes the customer's group, with what all of its phones share: zone and
// clock for everybody, servers, VLAN and keys for the customer, and two lines.
func (c *client) makeCustomer() {
	c.tb.Helper()
	parent := ""
	for _, name := range strings.Split(customer, "/") {
		parent = strings.TrimPrefix(parent+"/"+name, "/")
		c.Post("groups", object{"path": parent}).Want(http.StatusCreated)
	}
	c.put("global", declare("time.zone", "Europe/Berlin"), declare("time.ntp.primary", "ntp.example.net"), declare("provisioning.interval", 7200))
	c.put("groups/"+customer,
		declare("account.*.registrar", "old.example.net"), declare("account.*.port", 5061), declare("account.*.transport", "tls"), declare("account.*.expires", 600),
		declare("network.vlan.voice.id", 120), declare("network.vlan.voice.priority", 5),
		declare("key.1.type", "line"), declare("key.1.account", 1), declare("key.1.label", "Desk"),
		declare("key.2.type", "blf"), declare("key.2.value", "202"), declare("key.2.label", "Bob & \"Sons\""),
		declare("key.3.type", "blf"), declare("key.3.value", "203"), declare("key.3.label", "Carol"),
		declare("key.4.type", "speedDial"), declare("key.4.value", "0305550100"), declare("key.4.label", "Berlin"),
	)
	c.Post("lines", object{"group": customer, "number": "200", "displayName": "Front desk <1>", "label": "Desk", "password": "first=secret;#1"}).Want(http.StatusCreated)
	c.Post("lines", object{"group": customer, "number": "201", "authUser": "door201", "displayName": "Door", "label": "Door", "password": "second-secret"}).Want(http.StatusCreated)
}

// addFilePhone adds the device of a phone, with the customer's two lines.
func (c *client) addFilePhone(v filephone.Vendor, mac string, settings ...object) fileDevice {
	c.tb.Helper()
	var added fileDevice
	c.Post("devices", object{
		"mac": mac, "model": fileModels()[v], "group": customer, "line": "200", "settings": append([]object{declare("account.2.line", "201")}, settings...),
	}).Want(http.StatusCreated).Decode(&added)
	if added.ID == "" {
		c.tb.Fatalf("the device of %s has no id", mac)
	}
	return added
}

// fileDevice reads a device.
func (c *client) fileDevice(id string) fileDevice {
	c.tb.Helper()
	var d fileDevice
	c.Get("devices/" + id).Want(http.StatusOK).Decode(&d)
	return d
}

// converge waits until the server knows that a device holds its settings.
func (c *client) converge(id string) fileDevice {
	c.tb.Helper()
	var d fileDevice
	c.Eventually("device "+id+" is converged", func() bool {
		d = c.fileDevice(id)
		return d.Provisioning.State == "converged"
	})
	return d
}

// filePhone makes a phone whose files are at a URL.
func filePhone(tb testing.TB, v filephone.Vendor, mac, url string, conditional bool) *filephone.Phone {
	tb.Helper()
	phone, err := filephone.New(filephone.Config{Vendor: v, MAC: mac, Files: url, Conditional: conditional})
	if err != nil {
		tb.Fatal(err)
	}
	return phone
}

// fetch starts a phone, which must take all of its files.
func fetch(tb testing.TB, phone *filephone.Phone) filephone.Outcome {
	tb.Helper()
	outcome, err := phone.Start(tb.Context())
	if err != nil {
		tb.Fatalf("%s %s: %v after %+v", phone.Vendor(), phone.MAC(), err, outcome.Requests)
	}
	return outcome
}

// fetchAll starts phones, 16 at once.
func fetchAll(tb testing.TB, phones []*filephone.Phone) {
	tb.Helper()
	var group sync.WaitGroup
	gate := make(chan struct{}, 16)
	for _, phone := range phones {
		gate <- struct{}{}
		group.Go(func() {
			defer func() { <-gate }()
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if outcome, err := phone.Start(ctx); err != nil {
				tb.Errorf("%s %s: %v after %+v", phone.Vendor(), phone.MAC(), err, outcome.Requests)
			}
		})
	}
	group.Wait()
	if tb.Failed() {
		tb.FailNow()
	}
}

// macOf is the address of a vendor's n-th phone.
func macOf(v filephone.Vendor, n int) string { return fmt.Sprintf("%s%06x", v.OUI(), n) }

var notHex = regexp.MustCompile(`[^0-9a-f]`)

// plainAddress is a MAC address as 12 lower-case digits, however it is written.
func plainAddress(mac string) string { return notHex.ReplaceAllString(strings.ToLower(mac), "") }
