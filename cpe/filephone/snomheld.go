package filephone

import (
	"fmt"
	"strings"
)

const (
	snomAccounts = 12
	snomKeys     = 24
)

func (s *snom) held() Held {
	k := s.kept
	h := Held{
		VLAN:            VLAN{Priority: -1},
		Clock:           s.clock(),
		AdminPassword:   k.any("admin_mode_password", "webserver_admin_password", "http_pass"),
		ProvisioningURL: k["setting_server"],
		Interval:        k.number("settings_refresh_timer", 0),
		FirmwareURL:     k["firmware"],
	}
	if id := k.number("vlan_id", 0); id > 0 {
		h.VLAN = VLAN{ID: id, Priority: k.number("vlan_qos", -1)}
	}
	for n := range snomAccounts {
		if k.on(fmt.Sprintf("user_active %d", n+1)) && k[fmt.Sprintf("user_name %d", n+1)] != "" {
			h.Accounts = append(h.Accounts, s.account(n+1))
		}
	}
	for index := range snomKeys {
		if key, ok := s.key(index, h.Accounts); ok {
			h.Keys = append(h.Keys, key)
		}
	}
	return h
}

func (s *snom) account(n int) Account {
	of := func(name string) string { return s.kept[fmt.Sprintf("%s %d", name, n)] }
	a := Account{
		N: n, User: of("user_name"), AuthUser: of("user_pname"), Password: of("user_pass"), DisplayName: of("user_realname"), Label: of("user_idle_text"),
		Expires: numberOf(of("user_expiry"), 0),
	}
	a.Registrar, a.Port = hostPort(of("user_host"))
	proxy, parameters, _ := strings.Cut(of("user_outbound"), ";")
	if transport, ok := strings.CutPrefix(parameters, "transport="); ok {
		a.Transport = transport
	}
	// This is the only place that a transport can be said in. The registrar as its own
	// outbound proxy says nothing else.
	if host, port := hostPort(proxy); host != a.Registrar || port != a.Port {
		a.OutboundProxy = proxy
	}
	return a
}

// key tells what a function key does.
func (s *snom) key(index int, accounts []Account) (Key, bool) {
	raw, ok := s.keys[index]
	function, argument, _ := strings.Cut(raw.function, " ")
	if !ok || function == "" || function == "none" {
		return Key{}, false
	}
	k := Key{N: index + 1, Type: function, Value: argument, Label: raw.label, Account: numberOf(raw.context, 0)}
	switch function {
	case "line":
		k.Value = ""
		for _, a := range accounts {
			if a.N == k.Account && k.Label == "" {
				k.Label = a.Label
			}
		}
	case "mult":
		k.Type = "sharedLine"
	case "speed":
		k.Type = "speedDial"
	case "blf", "dest":
		k.Type, k.Value = "blf", snomUser(argument)
	case "orbit":
		k.Type, k.Value = "park", snomUser(argument)
	case "icom":
		k.Type, k.Value = "intercom", snomUser(argument)
	case "multicast":
		k.Type = "paging"
	case "recorder":
		k.Type = "record"
	case "redirect":
		k.Type = "forward"
	case "keyevent":
		k.Type, k.Value = snomEvent(argument), ""
	}
	return k, true
}

// snomUser is the user of "<sip:100@host>|*8", "100" or "sip:100@host".
func snomUser(argument string) string {
	argument, _, _ = strings.Cut(argument, "|")
	argument = strings.TrimPrefix(strings.Trim(strings.TrimSpace(argument), "<>"), "sip:")
	user, _, _ := strings.Cut(argument, "@")
	user, _, _ = strings.Cut(user, ";")
	return user
}

func snomEvent(event string) string {
	known := map[string]string{
		"F_DND": "dnd", "F_TRANSFER": "transfer", "F_CONFERENCE": "conference", "F_RETRIEVE": "voicemail", "F_ADR_BOOK": "directory", "F_HOLD": "hold",
		"F_R": "hold", "F_REDIRECT": "forward", "F_RECORD": "record",
	}
	if name, ok := known[event]; ok {
		return name
	}
	return event
}

// clock reads the zone: a name such as GER+1 tells the offset, else utc_offset does.
func (s *snom) clock() Clock {
	c := Clock{NTP: s.kept["ntp_server"]}
	switch name := s.kept["timezone"]; {
	case len(name) > 3:
		c.Known, c.Offset = true, signedHours(strings.Replace(name[3:], ".5", ":30", 1))
	case s.kept["utc_offset"] != "":
		c.Known, c.Offset = true, numberOf(s.kept["utc_offset"], 0)
	default:
		return c
	}
	// Seconds, then twice month.week.weekday and the time.
	fields := strings.Fields(s.kept["dst"])
	if len(fields) == 5 {
		c.Daylight = &Daylight{Save: numberOf(fields[0], 0) / 60, Start: snomChange(fields[1], fields[2]), End: snomChange(fields[3], fields[4])}
	}
	return c
}

func snomChange(day, clock string) Change {
	var c Change
	if n, err := fmt.Sscanf(day, "%d.%d.%d", &c.Month, &c.Week, &c.Weekday); n != 3 || err != nil {
		return Change{}
	}
	if n, err := fmt.Sscanf(clock, "%d:%d", &c.Hour, &c.Minute); n != 2 || err != nil {
		return Change{}
	}
	c.Weekday %= 7
	return c
}
