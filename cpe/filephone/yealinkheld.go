package filephone

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	yealinkAccounts = 16
	yealinkKeys     = 27
)

func (y *yealink) held() Held {
	s := y.kept
	h := Held{
		VLAN:            VLAN{Priority: -1},
		Clock:           y.clock(),
		AdminPassword:   s["password of admin"],
		ProvisioningURL: s["static.auto_provision.server.url"],
		FirmwareURL:     s["static.firmware.url"],
	}
	if s.on("static.network.vlan.internet_port_enable") {
		h.VLAN = VLAN{ID: s.number("static.network.vlan.internet_port_vid", 0), Priority: s.number("static.network.vlan.internet_port_priority", -1)}
	}
	if s.on("static.auto_provision.repeat.enable") {
		h.Interval = s.number("static.auto_provision.repeat.minutes", 0) * 60
	}
	for n := range yealinkAccounts {
		if s.on(fmt.Sprintf("account.%d.enable", n+1)) {
			h.Accounts = append(h.Accounts, y.account(n+1))
		}
	}
	for n := range yealinkKeys {
		if key, ok := y.key(n + 1); ok {
			h.Keys = append(h.Keys, key)
		}
	}
	return h
}

func (y *yealink) account(n int) Account {
	s, name := y.kept, fmt.Sprintf("account.%d.", n)
	a := Account{
		N: n, User: s[name+"user_name"], AuthUser: s[name+"auth_name"], Password: s[name+"password"],
		DisplayName: s[name+"display_name"], Label: s[name+"label"],
		Registrar: s[name+"sip_server.1.address"], Port: s.number(name+"sip_server.1.port", 0), Expires: s.number(name+"sip_server.1.expires", 0),
		Transport: map[string]string{"0": "udp", "1": "tcp", "2": "tls", "3": "dns"}[s[name+"sip_server.1.transport_type"]],
	}
	if s.on(name + "outbound_proxy_enable") {
		a.OutboundProxy = withPort(s[name+"outbound_proxy.1.address"], s.number(name+"outbound_proxy.1.port", 0))
	}
	return a
}

// yealinkFunctions are the functions of a key by their number.
func yealinkFunctions() map[string]string {
	return map[string]string{
		"15": "line", "21": "sharedLine", "16": "blf", "13": "speedDial", "10": "park", "9": "pickup", "23": "groupPickup", "14": "intercom", "5": "dnd",
		"2": "forward", "12": "voicemail", "3": "transfer", "4": "hold", "1": "conference", "25": "record", "11": "dtmf", "24": "paging", "29": "directory",
		"27": "xml", "17": "url",
	}
}

func (y *yealink) key(n int) (Key, bool) {
	s, name := y.kept, fmt.Sprintf("linekey.%d.", n)
	number := s[name+"type"]
	if number == "" || number == "0" {
		return Key{}, false
	}
	k := Key{N: n, Type: yealinkFunctions()[number], Value: s[name+"value"], Label: s[name+"label"], Account: s.number(name+"line", 0)}
	if k.Type == "" {
		k.Type = number
	}
	return k, true
}

func (y *yealink) clock() Clock {
	s := y.kept
	c := Clock{NTP: s["local_time.ntp_server1"]}
	zone := s["local_time.time_zone"]
	if zone == "" {
		return c
	}
	c.Known, c.Offset = true, signedHours(zone)
	if s["local_time.summer_time"] != "1" {
		return c
	}
	byWeek := s["local_time.dst_time_type"] == "1"
	c.Daylight = &Daylight{
		Start: yealinkChange(s["local_time.start_time"], byWeek), End: yealinkChange(s["local_time.end_time"], byWeek), Save: s.number("local_time.offset_time", 60),
	}
	return c
}

// signedHours reads "+1", "-3:30" or "+05:45:00" as seconds, to the minute.
func signedHours(text string) int {
	sign := 1
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = -1, rest
	}
	hours, minutes, _ := strings.Cut(strings.TrimPrefix(text, "+"), ":")
	minutes, _, _ = strings.Cut(minutes, ":")
	return sign * (numberOf(hours, 0)*3600 + numberOf(minutes, 0)*60)
}

// yealinkChange reads month/week/weekday/hour, with weekdays from 1 (Monday), or
// month/day/hour.
func yealinkChange(text string, byWeek bool) Change {
	fields := strings.Split(text, "/")
	at := func(i int) int {
		if i >= len(fields) {
			return 0
		}
		n, _ := strconv.Atoi(fields[i])
		return n
	}
	if byWeek {
		return Change{Month: at(0), Week: at(1), Weekday: at(2) % 7, Hour: at(3)}
	}
	return Change{Month: at(0), Day: at(1), Hour: at(2)}
}
