package filephone

import (
	"fmt"
	"strings"
)

const (
	ciscoAccounts = 10
	ciscoKeys     = 10
)

func (c *cisco) held() Held {
	s := c.kept
	h := Held{
		VLAN:            VLAN{Priority: -1},
		Clock:           c.clock(),
		AdminPassword:   s["Admin_Password"],
		ProvisioningURL: c.provisioning(),
		Interval:        s.number("Resync_Periodic", 0),
		FirmwareURL:     s["Upgrade_Rule"],
	}
	if s.on("Enable_VLAN") {
		h.VLAN.ID = s.number("VLAN_ID", 0)
	}
	for n := range ciscoAccounts {
		if s.on(fmt.Sprintf("Line_Enable_%d_", n+1)) && s[fmt.Sprintf("User_ID_%d_", n+1)] != "" {
			h.Accounts = append(h.Accounts, c.account(n+1))
		}
	}
	for n := range ciscoKeys {
		if k, ok := c.key(n + 1); ok {
			h.Keys = append(h.Keys, k)
		}
	}
	return h
}

// provisioning is the rule without its options, which have a password.
func (c *cisco) provisioning() string {
	rule := c.kept["Profile_Rule"]
	if rule == ciscoFirst {
		return ""
	}
	return rule[len(ciscoOptions.FindString(rule)):]
}

func (c *cisco) account(n int) Account {
	of := func(name string) string { return c.kept[fmt.Sprintf("%s_%d_", name, n)] }
	a := Account{N: n, User: of("User_ID"), AuthUser: of("User_ID"), Password: of("Password"), DisplayName: of("Display_Name")}
	if c.kept.on(fmt.Sprintf("Use_Auth_ID_%d_", n)) {
		a.AuthUser = of("Auth_ID")
	}
	// The key of the line has its label, wherever that key is.
	for k := 1; k <= ciscoKeys; k++ {
		if c.kept[fmt.Sprintf("Extension_%d_", k)] == fmt.Sprint(n) {
			a.Label = c.kept[fmt.Sprintf("Short_Name_%d_", k)]
			break
		}
	}
	a.Registrar, a.Port = hostPort(of("Proxy"))
	a.OutboundProxy, _, _ = strings.Cut(of("Outbound_Proxy"), ",")
	a.Expires = numberOf(of("Register_Expires"), 0)
	a.Transport = map[string]string{"UDP": "udp", "TCP": "tcp", "TLS": "tls", "AUTO": "dns"}[of("SIP_Transport")]
	return a
}

// key reads a line key: a line, or an extended function such as
// fnc=sd+blf+cp;sub=100@$PROXY;nme=Bob.
func (c *cisco) key(n int) (Key, bool) {
	of := func(name string) string { return c.kept[fmt.Sprintf("%s_%d_", name, n)] }
	if line := numberOf(of("Extension"), 0); line > 0 {
		k := Key{N: n, Type: "line", Label: of("Short_Name"), Account: line}
		if of("Share_Call_Appearance") == "shared" {
			k.Type = "sharedLine"
		}
		return k, true
	}
	fields := settings{}
	for _, field := range strings.Split(of("Extended_Function"), ";") {
		name, value, _ := strings.Cut(field, "=")
		fields[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	if fields["fnc"] == "" {
		return Key{}, false
	}
	k := Key{N: n, Type: fields["fnc"], Label: fields["nme"], Account: fields.number("vid", 1)}
	functions := strings.Split(fields["fnc"], "+")
	for _, function := range functions {
		switch function {
		case "blf":
			k.Type, k.Value = "blf", ciscoUserPart(fields["sub"])
			return k, true
		case "sd":
			k.Type, k.Value = "speedDial", ciscoUserPart(fields["ext"])
		case "xml":
			k.Value = fields["url"]
		}
	}
	return k, true
}

func ciscoUserPart(address string) string {
	user, _, _ := strings.Cut(address, "@")
	return user
}

func (c *cisco) clock() Clock { return CiscoClock(c.kept) }

// CiscoClock tells the clock that the elements of a Cisco profile set.
func CiscoClock(elements map[string]string) Clock {
	s := settings(elements)
	clock := Clock{NTP: s["Primary_NTP_Server"]}
	zone, found := strings.CutPrefix(s["Time_Zone"], "GMT")
	if !found {
		return clock
	}
	clock.Known, clock.Offset = true, signedHours(zone)
	if !s.on("Daylight_Saving_Time_Enable") {
		return clock
	}
	rule := map[string]string{}
	for _, part := range strings.Split(s["Daylight_Saving_Time_Rule"], ";") {
		name, value, _ := strings.Cut(part, "=")
		rule[strings.TrimSpace(name)] = value
	}
	clock.Daylight = &Daylight{Start: ciscoChange(rule["start"]), End: ciscoChange(rule["end"]), Save: signedHours(rule["save"]) / 60}
	return clock
}

// ciscoChange reads month/day/weekday/time. Day -1 is the last such weekday, any other
// the first on or after it; weekdays are from 1 (Monday), and 0 means the day itself.
func ciscoChange(text string) Change {
	fields := strings.Split(text, "/")
	for len(fields) < 4 {
		fields = append(fields, "")
	}
	c := Change{Month: numberOf(fields[0], 0)}
	day, weekday := numberOf(fields[1], 0), numberOf(fields[2], 0)
	seconds := signedHours(fields[3])
	c.Hour, c.Minute = seconds/3600, seconds%3600/60
	switch {
	case weekday == 0:
		c.Day = day
	case day < 0:
		c.Week, c.Weekday = 5, weekday%7
	default:
		c.Week, c.Weekday = (day+6)/7, weekday%7
	}
	return c
}
