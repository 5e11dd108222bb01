package ciscophone

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// FileTypeCustomCA is the FileType of a Download of CA certificates, unless
// Config.FileTypeCustomCA is another: Cisco publishes none, and this one has the form
// that the standard asks of vendors.
const FileTypeCustomCA = "X 00000C Custom CA File"

// What the phone says of itself.
const (
	Manufacturer = "Cisco Systems, Inc."
	ProductClass = "CP-8851-3PCC"
	// VendorClass is option 60 of its DHCP requests while it looks for profiles.
	VendorClass = "Cisco Systems, Inc. IP Phone CP-8851-3PCC\x00"
	// ForumClass is option 60 while it looks for an ACS.
	ForumClass = "dslforum.org"
)

// lines is how many lines an 8851 has.
const lines = 10

// maxSerialNumber is what CWMP and DHCP have room for.
const maxSerialNumber = 64

// noACS stands for the ACS of a phone that was told none; it never has a session.
const noACS = "http://acs.invalid/"

// Config says what a phone is.
type Config struct {
	// MAC has 12 hexadecimal digits, in any case, with or without colons or hyphens.
	MAC string
	// SerialNumber is made from the MAC if it is empty.
	SerialNumber string
	// DHCP is the answer that the phone starts with; nil for none.
	DHCP Answer
	// Voice is cpe.VoiceLines (the default) or cpe.VoiceProfiles: what Cisco's phones
	// have is not published.
	Voice cpe.Voice
	// EnabledByDHCP has a phone whose profile does not say otherwise speak CWMP once
	// DHCP names an ACS. Whether any firmware does is not known; the default is that
	// of a phone whose profile has to switch it on.
	EnabledByDHCP bool
	// FileTypeCustomCA is the FileType of CA certificates; empty is the constant of
	// that name.
	FileTypeCustomCA string
	// CWMP is how the client of CWMP goes about it: intervals, listeners, oddities,
	// hooks, a clock, TLS. Who the phone is, its ACS, credentials, data model, lines
	// and what it does with files are its own, and whatever CWMP says of them counts
	// for nothing. OnSession and Hooks are called after the phone's own.
	CWMP cpe.Config
	// Client fetches profiles over HTTP; nil is as in filephone.Config.
	Client *http.Client
	// Timeout is that of a packet of TFTP; 1 s if 0.
	Timeout time.Duration
	// ErrorRetry is how long the phone waits after it found no profile; 0 is as the
	// profile says in Resync_Error_Retry_Delay, an hour if it does not.
	ErrorRetry time.Duration
}

// identity is who the phone is; mac has 12 lower-case digits.
func (c Config) identity(mac string) cpe.Identity {
	mac = strings.ToUpper(mac)
	if c.SerialNumber == "" {
		c.SerialNumber = serialNumber(mac)
	}
	return cpe.Identity{
		Manufacturer: Manufacturer, OUI: mac[:6], ProductClass: ProductClass, SerialNumber: c.SerialNumber,
		MAC: mac, ModelName: ProductClass, HardwareVersion: "V03",
	}
}

// serialNumber is one as Cisco writes them, the same for one MAC always.
func serialNumber(mac string) string {
	sum := sha256.Sum256([]byte(mac))
	number := binary.BigEndian.Uint64(sum[:8])
	return fmt.Sprintf("FCH%02d%02d%06X", 20+number%6, 1+number/6%52, sum[8:11])
}

// unsupported are the RPCs that Cisco's phones have not.
func unsupported() []string {
	return []string{
		"Upload", "ScheduleInform", "ScheduleDownload", "CancelTransfer", "GetQueuedTransfers", "GetAllQueuedTransfers",
		"ChangeDUState", "SetVouchers", "GetOptions", cpe.EchoMethod,
	}
}
