package dhcp

import (
	"fmt"
)

// Server is a DHCP server for which configurations are written.
type Server string

// The DHCP servers.
const (
	Dnsmasq  Server = "dnsmasq"
	ISC      Server = "isc"
	Kea      Server = "kea"
	MikroTik Server = "mikrotik"
	Windows  Server = "windows"
	CiscoIOS Server = "cisco-ios"
	OPNsense Server = "opnsense"
)

// Servers returns all DHCP servers for which configurations are written.
func Servers() []Server {
	return []Server{Dnsmasq, ISC, Kea, MikroTik, Windows, CiscoIOS, OPNsense}
}

// Title is what people call the server.
func (s Server) Title() string {
	titles := map[Server]string{
		Dnsmasq: "dnsmasq", ISC: "ISC dhcpd", Kea: "Kea", MikroTik: "MikroTik RouterOS", Windows: "Windows Server", CiscoIOS: "Cisco IOS", OPNsense: "OPNsense",
	}
	return titles[s]
}

// IPv6 reports whether a part for DHCPv6 is written for the server.
func (s Server) IPv6() bool { return s != Windows }

// TellsApart reports whether the server tells classes of phones apart. One that does not
// gives the same to all that ask.
func (s Server) TellsApart() bool { return s != CiscoIOS }

// Configuration is what has a DHCP server lead phones.
type Configuration struct {
	Server Server `json:"server"`
	// Parts are pasted each into its own place.
	Parts []Part `json:"parts"`
	// Checks are to be run afterwards, in order.
	Checks []Check `json:"checks"`
	// Notes say what to mind of this server, of the phones and of the installation.
	Notes []string `json:"notes"`
}

// Part is a text for one place.
type Part struct {
	// Filename is a file that may hold it, or where it is entered.
	Filename string `json:"filename"`
	// Language is that of the text: dnsmasq, dhcpd, json, routeros, powershell or ios.
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Check is a command and what it should show.
type Check struct {
	Command string `json:"command"`
	Expect  string `json:"expect"`
}

// writer writes configurations for one server.
type writer interface {
	write(i Installation, rules []rule) ([]Part, error)
	checks(i Installation, rules []rule) []Check
	notes(i Installation, rules []rule) []string
}

func (s Server) writer() (writer, error) {
	switch s {
	case Dnsmasq:
		return dnsmasqWriter{file: "/etc/dnsmasq.d/dialtone.conf", program: "dnsmasq", restart: "systemctl restart dnsmasq"}, nil
	case OPNsense:
		return opnsenseWriter{dnsmasqWriter{file: "/usr/local/etc/dnsmasq.conf.d/dialtone.conf", program: "/usr/local/sbin/dnsmasq", restart: "configctl dnsmasq restart"}}, nil
	case ISC:
		return iscWriter{}, nil
	case Kea:
		return keaWriter{}, nil
	case MikroTik:
		return mikrotikWriter{}, nil
	case Windows:
		return windowsWriter{}, nil
	case CiscoIOS:
		return iosWriter{}, nil
	default:
		return nil, fmt.Errorf("%w: %.32q", ErrServer, string(s))
	}
}

// Config returns the configuration that has a server tell phones of an installation. It
// returns ErrServer for a server that is not known, and a *FieldError for a value that no
// server, or not this one, can be told.
func Config(server Server, i Installation) (Configuration, error) {
	w, err := server.writer()
	if err != nil {
		return Configuration{}, err
	}
	rules, err := i.rules()
	if err != nil {
		return Configuration{}, err
	}
	parts, err := w.write(i, rules)
	if err != nil {
		return Configuration{}, fmt.Errorf("configuration for %s: %w", server.Title(), err)
	}
	notes := append(siteNotes(i, rules, server), w.notes(i, rules)...)
	return Configuration{Server: server, Parts: parts, Checks: append(w.checks(i, rules), clientChecks(rules)...), Notes: notes}, nil
}
