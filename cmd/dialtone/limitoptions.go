package main

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// limitOptions bound what devices, and whoever else reaches the listeners, may ask
// of a server.
type limitOptions struct {
	MaxBody         byteSize      `default:"16MB" help:"Largest CWMP message as it is sent."`
	MaxInflatedBody byteSize      `default:"32MB" help:"Largest CWMP message that was sent compressed, once inflated; in no case more than 1 MB and 100 times its size."`
	MaxBodyMemory   byteSize      `default:"256MB" help:"Memory for the bodies of all CWMP requests at once."`
	BodyTime        time.Duration `default:"2m" help:"How long the body of a CWMP request may take."`
	MinBodyRate     byteSize      `default:"1KB" help:"How much of a body must come in a second, after the first 20 s."`

	MaxHeaderBytes byteSize      `default:"32KB" help:"Largest header of a request, on the CWMP and web listeners."`
	MaxHeaders     int           `default:"100" help:"Most header fields of a CWMP request."`
	HeaderTime     time.Duration `default:"15s" help:"How long a TLS handshake, and the header of a request, may take on the CWMP and web listeners."`

	MaxXMLDepth          int      `name:"max-xml-depth" default:"64" help:"How deep elements of a CWMP message may nest."`
	MaxXMLElements       int      `name:"max-xml-elements" default:"300000" help:"Most elements of a CWMP message."`
	MaxXMLAttributes     int      `name:"max-xml-attributes" default:"64" help:"Most attributes of an element."`
	MaxXMLName           byteSize `name:"max-xml-name" default:"256" help:"Longest name of an element or attribute."`
	MaxXMLAttribute      byteSize `name:"max-xml-attribute" default:"4KB" help:"Longest value of an attribute."`
	MaxMessageParameters int      `default:"50000" help:"Most parameters, names, events or faults in a CWMP message."`

	SessionTimeout    time.Duration `default:"60s" help:"How long a device may keep silent in a session."`
	MaxSessionTime    time.Duration `default:"15m" help:"How long a session may last; then its work ends and goes on in the next one."`
	MaxSessionRPCs    int           `name:"max-session-rpcs" default:"2000" help:"Most requests to a device in one session."`
	MaxSessions       int           `default:"20000" help:"CWMP sessions open at once; more are told to come later."`
	MaxDeviceSessions int           `default:"30" help:"Sessions that a device may begin in a minute, and at once; those that answer a connection request are counted apart. 0 for no limit."`

	MaxAddressRequests float64        `default:"200" help:"CWMP requests a second from one address, or one /64 of IPv6. 0 for no limit."`
	MaxAddressBurst    int            `default:"1000" help:"CWMP requests at once from one address."`
	MaxConnections     int            `default:"16384" help:"Connections open at once on each listener; more are closed at once."`
	MaxAddressOpen     int            `name:"max-address-connections" default:"2048" help:"Connections open at once from one address on each listener; trusted proxies have no such limit."`
	LimitsExempt       []netip.Prefix `default:"127.0.0.0/8,::1/128" help:"Networks that have no limit by address or device, such as that of a site with many phones behind one address." placeholder:"CIDR,..."`

	MaxWorking int           `default:"256" help:"CWMP requests that are worked on at once."`
	MaxWaiting int           `default:"4096" help:"CWMP requests that wait to be worked on."`
	MaxWait    time.Duration `default:"2s" help:"How long a request that begins a session waits; those of a session that has begun go first, and wait five times as long."`
	RetryAfter time.Duration `default:"30s" help:"What devices that are sent away are told to wait at least; they are told times of up to three times as long."`
}

// check refuses limits that cannot be, naming the flag.
func (o *limitOptions) check() error {
	for name, n := range map[string]int{
		"max-headers": o.MaxHeaders, "max-xml-depth": o.MaxXMLDepth, "max-xml-elements": o.MaxXMLElements, "max-xml-attributes": o.MaxXMLAttributes,
		"max-message-parameters": o.MaxMessageParameters, "max-session-rpcs": o.MaxSessionRPCs, "max-sessions": o.MaxSessions,
		"max-address-burst": o.MaxAddressBurst, "max-connections": o.MaxConnections, "max-address-connections": o.MaxAddressOpen,
		"max-working": o.MaxWorking, "max-waiting": o.MaxWaiting,
	} {
		if n < 1 {
			return fmt.Errorf("--%s: must be at least 1", name)
		}
	}
	for name, d := range map[string]time.Duration{
		"body-time": o.BodyTime, "header-time": o.HeaderTime, "session-timeout": o.SessionTimeout, "max-session-time": o.MaxSessionTime, "retry-after": o.RetryAfter,
	} {
		if d < time.Second {
			return fmt.Errorf("--%s: must be at least 1s", name)
		}
	}
	switch {
	case o.MaxWait < time.Millisecond:
		return fmt.Errorf("--max-wait: must be at least 1ms")
	case o.RetryAfter > 24*time.Hour:
		return fmt.Errorf("--retry-after: must be at most 24h")
	case o.MaxDeviceSessions < 0:
		return fmt.Errorf("--max-device-sessions: must not be negative")
	case !(o.MaxAddressRequests >= 0 && o.MaxAddressRequests <= 1e9):
		return fmt.Errorf("--max-address-requests: must be between 0 and a thousand millions")
	}
	return nil
}

// load returns the limits of the CWMP server's work.
func (o *limitOptions) load() acs.Load {
	return acs.Load{
		MaxInflated: int64(o.MaxInflatedBody), BodyTime: o.BodyTime, MinBodyRate: int64(o.MinBodyRate), BodyMemory: int64(o.MaxBodyMemory), MaxHeaders: o.MaxHeaders,
		AddressRate: o.MaxAddressRequests, AddressBurst: o.MaxAddressBurst, DeviceRate: o.MaxDeviceSessions, Exempt: trustedProxies(o.LimitsExempt).contain,
		Working: o.MaxWorking, Waiting: o.MaxWaiting, Patience: o.MaxWait, RetryAfter: o.RetryAfter,
	}
}

// message returns the limits of one CWMP message.
func (o *limitOptions) message() cwmp.Limits {
	return cwmp.Limits{
		Depth: o.MaxXMLDepth, Elements: o.MaxXMLElements, Parameters: o.MaxMessageParameters,
		Attributes: o.MaxXMLAttributes, NameLength: int(o.MaxXMLName), AttributeLength: int(o.MaxXMLAttribute),
	}
}
