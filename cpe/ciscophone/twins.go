package ciscophone

import (
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/cpe"
)

// elements are those of the phone's profile by name.
type elements map[string]string

// twin is a parameter of the data model and the elements of the profile that are the
// same setting.
type twin struct {
	// path is that of the parameter, below the root.
	path string
	// value is what the elements say in the words of the parameter; false if they say
	// nothing, or what the parameter cannot.
	value func(e elements) (value string, said bool)
	// take has the elements say what the parameter says.
	take func(e elements, value string)
	// spell is how the parameter has a value; nil is as it is.
	spell func(e elements, value string) string
}

// twins lists all twins of a phone with so many lines. Some parameters are those of
// several lines, where these share a profile.
func twins(voice cpe.Voice, lines int) []twin {
	all := []twin{
		text("ManagementServer.URL", "ACS_URL"),
		text("ManagementServer.Username", "ACS_Username"),
		text("ManagementServer.Password", "ACS_Password"),
		text("ManagementServer.ConnectionRequestUsername", "Connection_Request_Username"),
		text("ManagementServer.ConnectionRequestPassword", "Connection_Request_Password"),
		text("ManagementServer.PeriodicInformInterval", "Periodic_Inform_Interval"),
		yesNo("ManagementServer.PeriodicInformEnable", "Periodic_Inform_Enable", "1", "0"),
		text("Time.NTPServer1", "Primary_NTP_Server"),
		text("Time.NTPServer2", "Secondary_NTP_Server"),
		zone("Time.LocalTimeZone"),
		yesNo("Ethernet.VLANEnable", "Enable_VLAN", "1", "0"),
		text("Ethernet.VLANID", "VLAN_ID"),
		text("Ethernet.PCPortVLANID", "PC_Port_VLAN_ID"),
		yesNo("Ethernet.CDPEnable", "Enable_CDP", "1", "0"),
		yesNo("Ethernet.LLDPEnable", "Enable_LLDP-MED", "1", "0"),
	}
	for n := 1; n <= lines; n++ {
		profile := "Services.VoiceService.1.VoiceProfile.1."
		line := fmt.Sprintf("%sLine.%d.", profile, n)
		if voice == cpe.VoiceProfiles {
			profile = fmt.Sprintf("Services.VoiceService.1.VoiceProfile.%d.", n)
			line = profile + "Line.1."
		}
		all = append(all, profileTwins(profile, n)...)
		all = append(all, lineTwins(line, n)...)
	}
	return all
}

// profileTwins are what a line shares with the other lines of its profile.
func profileTwins(profile string, n int) []twin {
	of := func(name string) string { return fmt.Sprintf("%s_%d_", name, n) }
	sip := profile + "SIP."
	all := []twin{
		host(sip+"RegistrarServer", of("Proxy")),
		port(sip+"RegistrarServerPort", of("Proxy")),
		only(host(sip+"ProxyServer", of("Proxy")), of("Proxy")),
		only(port(sip+"ProxyServerPort", of("Proxy")), of("Proxy")),
		host(sip+"OutboundProxy", of("Outbound_Proxy")),
		port(sip+"OutboundProxyPort", of("Outbound_Proxy")),
		text(sip+"RegisterExpires", of("Register_Expires")),
		text(sip+"RegistrationPeriod", of("Register_Expires")),
		choice(profile+"DTMFMethod", of("DTMF_Tx_Method"), "AVT", "RFC2833", "INFO", "SIPInfo", "InBand", "InBand"),
	}
	for _, transport := range []string{"RegistrarServerTransport", "ProxyServerTransport", "UserAgentTransport"} {
		all = append(all, choice(sip+transport, of("SIP_Transport"), "UDP", "UDP", "TCP", "TCP", "TLS", "TLS"))
	}
	return all
}

func lineTwins(line string, n int) []twin {
	of := func(name string) string { return fmt.Sprintf("%s_%d_", name, n) }
	return []twin{
		yesNo(line+"Enable", of("Line_Enable"), "Enabled", "Disabled"),
		address(line+"SIP.URI", of("User_ID"), of("Proxy")),
		only(text(line+"DirectoryNumber", of("User_ID")), of("User_ID")),
		user(line+"SIP.AuthUserName", of("Auth_ID"), of("Use_Auth_ID"), of("User_ID")),
		text(line+"SIP.AuthPassword", of("Password")),
		text(line+"CallingFeatures.CallerIDName", of("Display_Name")),
	}
}

// text is an element with the same text.
func text(path, element string) twin {
	return twin{
		path:  path,
		value: func(e elements) (string, bool) { value, said := e[element]; return value, said },
		take:  func(e elements, value string) { e[element] = value },
	}
}

// only leaves the element alone once it has a value: the parameter follows it.
func only(t twin, element string) twin {
	take := t.take
	t.take = func(e elements, value string) {
		if e[element] == "" {
			take(e, value)
		}
	}
	return t
}

// choice is an element with other words: pairs of the element's and the parameter's.
func choice(path, element string, pairs ...string) twin {
	find := func(value string, from, to int) (string, bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.EqualFold(pairs[i+from], value) {
				return pairs[i+to], true
			}
		}
		return "", false
	}
	return twin{
		path:  path,
		value: func(e elements) (string, bool) { return find(e[element], 0, 1) },
		take: func(e elements, value string) {
			if word, ok := find(value, 1, 0); ok {
				e[element] = word
			}
		},
	}
}

func yesNo(path, element, yes, no string) twin {
	return choice(path, element, "Yes", yes, "No", no)
}

// host is what is before the port of an element.
func host(path, element string) twin {
	return twin{
		path: path,
		value: func(e elements) (string, bool) {
			value, said := e[element]
			name, _ := splitPort(value)
			return name, said
		},
		take: func(e elements, value string) {
			_, number := splitPort(e[element])
			e[element] = joinPort(value, number)
		},
	}
}

// sipPort is the port where none is named.
const sipPort = "5060"

// port is the port of an element.
func port(path, element string) twin {
	return twin{
		path: path,
		value: func(e elements) (string, bool) {
			name, number := splitPort(e[element])
			if number == "" {
				number = sipPort
			}
			return number, name != ""
		},
		take: func(e elements, value string) {
			name, number := splitPort(e[element])
			if value == sipPort && number == "" {
				return
			}
			e[element] = joinPort(name, value)
		},
	}
}

// splitPort takes host:port apart; of several addresses the first counts, and what
// stands in for it is left out.
func splitPort(value string) (name, number string) {
	value, _, _ = strings.Cut(value, ",")
	name, number, _ = strings.Cut(strings.TrimSpace(value), ":")
	number, _, _ = strings.Cut(number, ":")
	if strings.Trim(number, "0123456789") != "" {
		number = ""
	}
	return name, number
}

func joinPort(name, number string) string {
	if name == "" || number == "" || number == "0" {
		return name
	}
	return name + ":" + number
}

// address is a SIP address of which an element has the user. The host of another
// element goes with a user that is new; another host alone leaves the address as it is.
func address(path, userElement, hostElement string) twin {
	t := text(path, userElement)
	t.take = func(e elements, value string) {
		value = strings.TrimPrefix(strings.TrimPrefix(value, "sip:"), "sips:")
		e[userElement], _, _ = strings.Cut(value, "@")
	}
	t.spell = func(e elements, name string) string {
		server, _ := splitPort(e[hostElement])
		if name == "" || server == "" {
			return name
		}
		return "sip:" + name + "@" + server
	}
	return t
}

// user is the name to authenticate with: the line's own, or its user.
func user(path, element, use, otherwise string) twin {
	return twin{
		path: path,
		value: func(e elements) (string, bool) {
			if strings.EqualFold(e[use], "yes") {
				return e[element], true
			}
			value, said := e[otherwise]
			return value, said
		},
		take: func(e elements, value string) { e[element], e[use] = value, "Yes" },
	}
}
