//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// loadPhone is a phone that fetches its files.
type loadPhone struct {
	mac, model, agent, password string
	// paths are in the order in which it asks; the last one confirms.
	paths []string
}

// fileVendors are phones of four vendors: how each names its files. Bare is the MAC
// address as twelve digits in lower case.
var fileVendors = []struct {
	oui, model, agent string
	paths             func(bare string) []string
}{
	{"001565", "SIP-T46S", "Yealink SIP-T46S 66.86.0.15 {bare}", func(bare string) []string {
		return []string{bare + ".boot", "y000000000066.cfg", bare + ".cfg"}
	}},
	{"0004f2", "VVX 410", "FileTransport PolycomVVX-VVX_410-UA/5.9.6.2327", func(bare string) []string {
		return []string{bare + ".cfg", bare + "-directory.xml", bare + "-user.cfg"}
	}},
	{"000413", "D785", "Mozilla/4.0 (compatible; snomD785-SIP 10.1.64.14 {bare})", func(bare string) []string {
		bare = strings.ToUpper(bare)
		return []string{"snomD785.htm", "snomD785-" + bare + ".htm", bare + ".xml"}
	}},
	{"c074ad", "GRP2614", "Grandstream Model HW GRP2614 SW 1.0.5.36 DevId {bare}", func(bare string) []string {
		return []string{"cfgGRP2614.xml", bare + "/phonebook.xml", "cfg" + bare + ".xml"}
	}},
}

// The syslog server of the fleet, in the files as they are and as they become. No other
// byte differs.
const (
	logBefore = "log-before.example"
	logAfter  = "log-behind.example"
)

// newLoadPhones are so many phones, a quarter of each vendor.
func newLoadPhones(count int) []loadPhone {
	phones := make([]loadPhone, count)
	for i := range phones {
		vendor := fileVendors[i%len(fileVendors)]
		bare := fmt.Sprintf("%s%06x", vendor.oui, i+1)
		phones[i] = loadPhone{
			mac: bare, model: vendor.model, agent: strings.ReplaceAll(vendor.agent, "{bare}", bare),
			password: fmt.Sprintf("pass-of-%06d", i+1), paths: vendor.paths(bare),
		}
	}
	return phones
}

// addLoadPhones declares a customer and his phones.
func addLoadPhones(tb testing.TB, c *client, phones []loadPhone) {
	tb.Helper()
	c.Post("groups", object{"path": "customer"}).Want(http.StatusCreated)
	c.setLog(logBefore)
	settings := []object{}
	for path, value := range map[string]any{
		"account.1.registrar": "sip.example.com", "account.1.displayName": `Desk "one" <&>`, "network.vlan.voice.id": 100, "time.zone": "Europe/Berlin",
		"time.ntp.primary": "ntp.example.com", "admin.password": "the-admin-password", "phonebook.1.name": "Company", "phonebook.1.url": "company",
		"key.1.type": "blf", "key.1.value": "202", "key.2.type": "blf", "key.2.value": "203",
	} {
		settings = append(settings, object{"path": path, "value": value})
	}
	c.Do(http.MethodPatch, "groups/customer/settings", object{"set": settings}).Want(http.StatusOK)
	forEach(phones, 16, func(i int, p loadPhone) {
		body := object{"mac": p.mac, "model": p.model, "group": "customer", "settings": []object{
			{"path": "account.1.user", "value": fmt.Sprintf("user-%06d", i+1)}, {"path": "account.1.password", "value": p.password}}}
		got, err := c.Try(tb.Context(), http.MethodPost, "devices", body)
		if err != nil || got.Status != http.StatusCreated {
			tb.Errorf("add phone %d: %d, %v: %s", i, got.Status, err, tail(string(got.Body), 500))
		}
	})
	if tb.Failed() {
		tb.FailNow()
	}
}

// setLog gives the customer's phones another syslog server.
func (c *client) setLog(name string) {
	c.tb.Helper()
	c.Do(http.MethodPatch, "groups/customer/settings", object{"set": []object{{"path": "syslog.server", "value": name}}}).Want(http.StatusOK)
}

// provisioned is how many devices have a state of provisioning.
func (c *client) provisioned(state string) int {
	c.tb.Helper()
	var page listed[deviceRecord]
	query := url.Values{"pageSize": {"1"}, "filter": {fmt.Sprintf("provisioning = %q", state)}}
	c.Get("devices?" + query.Encode()).Want(http.StatusOK).Decode(&page)
	return page.TotalSize
}

// wait asks until so many devices have a state of provisioning.
func (c *client) waitProvisioned(state string, count int) {
	c.tb.Helper()
	c.Eventually(fmt.Sprintf("%d devices are %s", count, state), func() bool { return c.provisioned(state) == count })
}

// forEach does work for each phone, so many at once.
func forEach(phones []loadPhone, atOnce int, work func(int, loadPhone)) {
	var all sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i, p := range phones {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			work(i, p)
		})
	}
	all.Wait()
}
