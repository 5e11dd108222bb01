package filephone

import (
	"fmt"
	"slices"
	"strings"
)

const (
	polyAccounts = 12
	polyKeys     = 12
)

func (p *poly) held() Held {
	s := p.files
	h := Held{
		VLAN:            VLAN{ID: p.device.number("device.net.vlanId", 0), Priority: -1},
		Clock:           p.clock(),
		AdminPassword:   p.device["device.auth.localAdminPassword"],
		ProvisioningURL: p.device["device.prov.serverName"],
		FirmwareURL:     p.firmware,
	}
	if s.on("prov.polling.enabled") && s["prov.polling.mode"] == "rel" {
		h.Interval = s.number("prov.polling.period", 0)
	}
	for n := range polyAccounts {
		if s[fmt.Sprintf("reg.%d.address", n+1)] != "" {
			h.Accounts = append(h.Accounts, p.account(n+1))
		}
	}
	if s.on("lineKey.reassignment.enabled") {
		h.Keys = p.assigned()
	} else {
		h.Keys = p.inOrder(h.Accounts)
	}
	return h
}

func (p *poly) account(n int) Account {
	s, name := p.files, fmt.Sprintf("reg.%d.", n)
	return Account{
		N: n, User: s[name+"address"], AuthUser: s[name+"auth.userId"], Password: s[name+"auth.password"],
		DisplayName: s[name+"displayName"], Label: s[name+"label"],
		Registrar: s[name+"server.1.address"], Port: s.number(name+"server.1.port", 0), Expires: s.number(name+"server.1.expires", 0),
		Transport:     map[string]string{"UDPOnly": "udp", "TCPOnly": "tcp", "TLS": "tls", "DNSnaptr": "dns"}[s[name+"server.1.transport"]],
		OutboundProxy: withPort(s[name+"outboundProxy.address"], s.number(name+"outboundProxy.port", 0)),
	}
}

// line is the key of an account.
func (p *poly) line(key, account int) Key {
	k := Key{N: key, Type: "line", Label: p.files[fmt.Sprintf("reg.%d.label", account)], Account: account}
	if p.files[fmt.Sprintf("reg.%d.type", account)] == "shared" {
		k.Type = "sharedLine"
	}
	return k
}

// watched is the key of the n-th entry of the list of those watched.
func (p *poly) watched(key, n int) (Key, bool) {
	name := fmt.Sprintf("attendant.resourceList.%d.", n)
	user, _, _ := strings.Cut(strings.TrimPrefix(p.files[name+"address"], "sip:"), "@")
	return Key{N: key, Type: "blf", Value: user, Label: p.files[name+"label"]}, user != ""
}

// assigned are the keys as files give them one by one. Keys for those watched show
// these in the order of the list.
func (p *poly) assigned() []Key {
	var keys []Key
	watched := 0
	for n := 1; n <= polyKeys; n++ {
		index := p.files.number(fmt.Sprintf("lineKey.%d.index", n), 0)
		switch p.files[fmt.Sprintf("lineKey.%d.category", n)] {
		case "Line":
			keys = append(keys, p.line(n, index))
		case "BLF":
			watched++
			if key, ok := p.watched(n, watched); ok {
				keys = append(keys, key)
			}
		case "SpeedDial":
			if c, ok := p.directory[index]; ok {
				keys = append(keys, Key{N: n, Type: "speedDial", Value: c.number, Label: c.name})
			}
		}
	}
	return keys
}

// inOrder are the keys of a phone that was told nothing of them: lines, then those
// watched, then speed dials.
func (p *poly) inOrder(accounts []Account) []Key {
	var keys []Key
	for _, a := range accounts {
		for range p.files.number(fmt.Sprintf("reg.%d.lineKeys", a.N), 1) {
			keys = append(keys, p.line(len(keys)+1, a.N))
		}
	}
	for n := 1; ; n++ {
		key, ok := p.watched(len(keys)+1, n)
		if !ok {
			break
		}
		keys = append(keys, key)
	}
	var speed []int
	for index := range p.directory {
		speed = append(speed, index)
	}
	slices.Sort(speed)
	for _, index := range speed {
		c := p.directory[index]
		keys = append(keys, Key{N: len(keys) + 1, Type: "speedDial", Value: c.number, Label: c.name})
	}
	return keys[:min(len(keys), polyKeys)]
}

func (p *poly) clock() Clock {
	const name = "tcpIpApp.sntp."
	s := p.files
	c := Clock{NTP: s[name+"address"]}
	if s[name+"gmtOffset"] == "" {
		return c
	}
	c.Known, c.Offset = true, s.number(name+"gmtOffset", 0)
	if s.on(name + "daylightSavings.enable") {
		c.Daylight = &Daylight{Start: p.change(name + "daylightSavings.start."), End: p.change(name + "daylightSavings.stop."), Save: 60}
	}
	return c
}

// change reads when the clock is changed: on a date, or on the first weekday from a
// date on, or on the last of the month.
func (p *poly) change(name string) Change {
	s := p.files
	c := Change{Month: s.number(name+"month", 0), Hour: s.number(name+"time", 0)}
	date := s.number(name+"date", 1)
	if s.on("tcpIpApp.sntp.daylightSavings.fixedDayEnable") {
		c.Day = date
		return c
	}
	c.Weekday = s.number(name+"dayOfWeek", 1) - 1
	c.Week = (date + 6) / 7
	if s.on(name + "dayOfWeek.lastInMonth") {
		c.Week = 5
	}
	return c
}
