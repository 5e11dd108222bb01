package filephone

import (
	"fmt"
	"strings"
)

const (
	grandstreamAccounts = 4
	// Virtual keys are those of the screen, hard keys the buttons beside it.
	grandstreamVirtualKeys = 16
	grandstreamHardKeys    = 24
)

func (g *grandstream) held() Held {
	s := g.kept
	h := Held{
		VLAN:            VLAN{Priority: -1},
		Clock:           g.clock(),
		AdminPassword:   s.any("users.admin.password", "p2"),
		ProvisioningURL: g.server("provisioning.config.protocol", "p212", "provisioning.config.serverpath", "p237"),
		FirmwareURL:     g.server("provisioning.firmware.protocol", "p6767", "provisioning.firmware.serverpath", "p192"),
	}
	if id := numberOf(s.any("network.port.eth.1.vlan.tag", "p51"), 0); id > 0 && s["network.port.eth.1.vlan.enable"] != "No" {
		h.VLAN = VLAN{ID: id, Priority: numberOf(s.any("network.port.eth.1.vlan.priority", "p87"), -1)}
	}
	switch s.any("provisioning.auto.mode", "p194") {
	case "YesUpgradeMin", "1":
		h.Interval = 60 * numberOf(s.any("provisioning.auto.minute", "p193"), 0)
	}
	for n := range grandstreamAccounts {
		if a, ok := g.account(n + 1); ok {
			h.Accounts = append(h.Accounts, a)
		}
	}
	for n := range grandstreamVirtualKeys {
		if k, ok := g.key(n+1, "pks.vpk", n+1); ok {
			h.Keys = append(h.Keys, k)
		}
	}
	for n := range grandstreamHardKeys {
		if k, ok := g.key(grandstreamVirtualKeys+n+1, "pks.mpk", n+1); ok {
			h.Keys = append(h.Keys, k)
		}
	}
	return h
}

// server puts together what the phone has in two: how, and where without scheme.
func (g *grandstream) server(protocol, protocolValue, path, pathValue string) string {
	where := g.kept.any(path, pathValue)
	if where == "" || strings.Contains(where, "://") {
		return where
	}
	switch g.kept.any(protocol, protocolValue) {
	case "HTTP", "1":
		return "http://" + where
	case "HTTPS", "2":
		return "https://" + where
	}
	return "tftp://" + where
}

// accountValues are the numbers of an account's P values, in the order of the fields
// of accountAliases. The accounts from the second on are alike.
func accountValues(n int) [10]string {
	if n == 1 {
		return [10]string{"p271", "p270", "p47", "p48", "p35", "p36", "p34", "p3", "p32", "p130"}
	}
	var all [10]string
	for i, rest := range [10]string{"01", "17", "02", "03", "04", "05", "06", "07", "12", "30"} {
		all[i] = fmt.Sprintf("p%d%s", n+2, rest)
	}
	return all
}

func accountAliases() [10]string {
	return [10]string{
		"enable", "name", "sip.server.1.address", "sip.outboundproxy.1.address", "sip.userid", "sip.subscriber.userid", "sip.subscriber.password",
		"sip.subscriber.name", "sip.registerexpiration", "sip.transport",
	}
}

func (g *grandstream) account(n int) (Account, bool) {
	var value [10]string
	numbers := accountValues(n)
	for i, alias := range accountAliases() {
		value[i] = g.kept.any(fmt.Sprintf("account.%d.%s", n, alias), numbers[i])
	}
	if active := strings.ToLower(value[0]); active != "1" && active != "yes" {
		return Account{}, false
	}
	a := Account{N: n, Label: value[1], OutboundProxy: value[3], User: value[4], AuthUser: value[5], Password: value[6], DisplayName: value[7]}
	a.Registrar, a.Port = hostPort(value[2])
	// The phone counts in minutes.
	a.Expires = 60 * numberOf(value[8], 0)
	switch strings.ToLower(strings.ReplaceAll(value[9], " ", "")) {
	case "udp", "0":
		a.Transport = "udp"
	case "tcp", "1":
		a.Transport = "tcp"
	case "tlsortcp", "tls", "2":
		a.Transport = "tls"
	}
	if strings.EqualFold(g.kept[fmt.Sprintf("account.%d.network.dnsmode", n)], "NaptrOrSrv") {
		a.Transport = "dns"
	}
	return a, true
}

// key reads a key by its alias, or a virtual one by its P values, of which there are
// two rows.
func (g *grandstream) key(n int, alias string, index int) (Key, bool) {
	name := fmt.Sprintf("%s.%d.", alias, index)
	numbers := [4]string{}
	if alias == "pks.vpk" {
		numbers = virtualKeyValues(index)
	}
	mode := grandstreamMode(g.kept.any(name+"keymode", numbers[0]))
	if mode == "" || mode == "none" {
		return Key{}, false
	}
	k := Key{N: n, Type: mode, Label: g.kept.any(name+"description", numbers[2]), Value: g.kept.any(name+"value", numbers[3])}
	account := g.kept.any(name+"account", numbers[1])
	if number, ok := strings.CutPrefix(account, "Account"); ok {
		k.Account = numberOf(number, 0)
	} else if account != "" {
		k.Account = numberOf(account, -1) + 1
	}
	return k, true
}

// virtualKeyValues are the P values of mode, account, description and value.
func virtualKeyValues(n int) [4]string {
	if n <= 6 {
		first := 1363 + 2*(n-1)
		return [4]string{fmt.Sprintf("p%d", first), fmt.Sprintf("p%d", first+1), fmt.Sprintf("p%d", first+102), fmt.Sprintf("p%d", first+103)}
	}
	first := 23800 + 4*(n-7)
	return [4]string{fmt.Sprintf("p%d", first), fmt.Sprintf("p%d", first+1), fmt.Sprintf("p%d", first+2), fmt.Sprintf("p%d", first+3)}
}

// grandstreamMode translates a mode: its name in any case, or the number that the P
// values of line keys have.
func grandstreamMode(text string) string {
	known := map[string]string{
		"none": "none", "-1": "none", "31": "none", "line": "line", "0": "line", "sharedline": "sharedLine", "1": "sharedLine", "speeddial": "speedDial",
		"10": "speedDial", "blf": "blf", "11": "blf", "dialdtmf": "dtmf", "voicemail": "voicemail", "transfer": "transfer", "callpark": "park",
		"monitoredcallpark": "park", "intercom": "intercom", "conference": "conference", "multicastpaging": "paging", "record": "record",
		"xmlapplication": "xml", "forward": "forward", "dnd": "dnd",
	}
	if name, ok := known[strings.ToLower(text)]; ok {
		return name
	}
	return text
}

func (g *grandstream) clock() Clock {
	c := Clock{NTP: g.kept.any("datetime.ntp.server.1", "p30")}
	zone := g.kept.any("datetime.timezone", "p64")
	if strings.EqualFold(zone, "customize") {
		zone = g.kept.any("datetime.timezone.custom", "p246")
	}
	if zone == "" {
		return c
	}
	c.Offset, c.Daylight, c.Known = posixZone(zone)
	return c
}
