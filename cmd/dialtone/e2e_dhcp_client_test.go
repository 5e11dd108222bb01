//go:build e2e && linux

package main

import (
	"errors"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/dhcpv6"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// dhcpPhone is a simulated phone that asks a DHCP server.
type dhcpPhone struct {
	mac net.HardwareAddr
	// class is option 60, and identifying the class in option 124; none if empty.
	class, identifying string
	// device is told in option 125, if it is somebody.
	device dhcp.Identity
	asks   []uint8
	// longest is how long an answer it takes in bytes (option 57); 0 leaves it to the 576
	// that everybody takes.
	longest uint16
}

// How long a phone waits for an answer before it asks again, and how often it asks.
const (
	dhcpWait  = 2 * time.Second
	dhcpTries = 10
)

// askDHCP has the phone ask for an offer and take it, and returns what it was told at last.
func (n *dhcpNetwork) askDHCP(t *testing.T, p dhcpPhone) dhcp.Offer {
	t.Helper()
	wire := listenDHCP(t, n.phones)
	defer func() { _ = wire.Close() }() // Nothing more is asked.
	discover, err := dhcpv4.NewDiscovery(p.mac, p.says(t)...)
	if err != nil {
		t.Fatal(err)
	}
	offer := exchangeDHCP(t, wire, discover, dhcpv4.MessageTypeOffer)
	request, err := dhcpv4.NewRequestFromOffer(offer, p.says(t)...)
	if err != nil {
		t.Fatal(err)
	}
	told, err := dhcp.ReadOffer(exchangeDHCP(t, wire, request, dhcpv4.MessageTypeAck))
	if err != nil {
		t.Fatalf("what the server acknowledged: %v", err)
	}
	first, err := dhcp.ReadOffer(offer)
	if err != nil || first.ACS(nil) != told.ACS(nil) {
		t.Errorf("the server offered %+v (%v), and acknowledged %+v", first.ACS(nil), err, told.ACS(nil))
	}
	return told
}

// says is what the phone puts into each of its packets.
func (p dhcpPhone) says(t *testing.T) []dhcpv4.Modifier {
	t.Helper()
	var asked []dhcpv4.OptionCode
	for _, code := range append([]uint8{1, 3, 6}, p.asks...) {
		asked = append(asked, dhcpv4.GenericOptionCode(code))
	}
	all := []dhcpv4.Modifier{dhcpv4.WithBroadcast(true), dhcpv4.WithOption(dhcpv4.OptParameterRequestList(asked...))}
	if p.class != "" {
		all = append(all, dhcpv4.WithGeneric(dhcpv4.OptionClassIdentifier, []byte(p.class)))
	}
	if p.identifying != "" {
		content, err := dhcp.EncodeIdentifyingClass(p.identifying)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(dhcp.OptionIdentifyingClass), content))
	}
	if !p.device.IsZero() {
		content, err := dhcp.VendorIdentifying{Device: p.device}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(dhcp.OptionVendorIdentifying), content))
	}
	if p.longest > 0 {
		all = append(all, dhcpv4.WithOption(dhcpv4.OptMaxMessageSize(p.longest)))
	}
	return all
}

// listenDHCP listens as a DHCP client does, on one interface.
func listenDHCP(t *testing.T, name string) net.PacketConn {
	t.Helper()
	control := func(_, _ string, raw syscall.RawConn) error {
		var wrong error
		err := raw.Control(func(descriptor uintptr) { wrong = syscall.BindToDevice(int(descriptor), name) })
		return errors.Join(err, wrong)
	}
	listener := net.ListenConfig{Control: control}
	wire, err := listener.ListenPacket(t.Context(), "udp4", "0.0.0.0:68")
	if err != nil {
		t.Fatal(err)
	}
	return wire
}

// exchangeDHCP sends a packet to all servers until one answers with the type.
func exchangeDHCP(t *testing.T, wire net.PacketConn, ask *dhcpv4.DHCPv4, want dhcpv4.MessageType) *dhcpv4.DHCPv4 {
	t.Helper()
	buffer := make([]byte, 64<<10)
	for range dhcpTries {
		if _, err := wire.WriteTo(ask.ToBytes(), &net.UDPAddr{IP: net.IPv4bcast, Port: 67}); err != nil {
			t.Fatal(err)
		}
		if err := wire.SetReadDeadline(time.Now().Add(dhcpWait)); err != nil {
			t.Fatal(err)
		}
		for {
			size, _, err := wire.ReadFrom(buffer)
			if err != nil {
				break // Nothing came: it asks again.
			}
			answer, err := dhcpv4.FromBytes(buffer[:size])
			if err == nil && answer.TransactionID == ask.TransactionID && answer.MessageType() == want {
				return answer
			}
		}
	}
	t.Fatalf("no server answers %s with %s", ask.MessageType(), want)
	return nil
}

// askDHCP6 has a device ask over DHCPv6 for nothing but option 17, and returns what it was
// told of the ACS.
func (n *dhcpNetwork) askDHCP6(t *testing.T, class string) dhcp.ACS {
	t.Helper()
	ask, err := dhcpv6.NewMessage(dhcpv6.WithClientID(&dhcpv6.DUIDLL{HWType: 1, LinkLayerAddr: dhcpMAC(9)}), dhcpv6.WithRequestedOptions(dhcpv6.OptionVendorOpts))
	if err != nil {
		t.Fatal(err)
	}
	ask.MessageType = dhcpv6.MessageTypeInformationRequest
	if class != "" {
		content, err := dhcp.EncodeVendorClass6(class)
		if err != nil {
			t.Fatal(err)
		}
		ask.AddOption(&dhcpv6.OptionGeneric{OptionCode: dhcpv6.OptionVendorClass, OptionData: content})
	}
	answer := n.exchangeDHCP6(t, ask)
	option := answer.GetOneOption(dhcpv6.OptionVendorOpts)
	if option == nil {
		return dhcp.ACS{}
	}
	told, _, err := dhcp.ParseVendorOptions6(option.ToBytes())
	if err != nil {
		t.Errorf("option 17: %v", err)
	}
	return told
}

// exchangeDHCP6 sends a message to all servers until one answers.
func (n *dhcpNetwork) exchangeDHCP6(t *testing.T, ask *dhcpv6.Message) *dhcpv6.Message {
	t.Helper()
	wire, err := net.ListenUDP("udp6", &net.UDPAddr{Port: dhcpv6.DefaultClientPort})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = wire.Close() }() // Nothing more is asked.
	buffer := make([]byte, 64<<10)
	for range dhcpTries {
		to := &net.UDPAddr{IP: dhcpv6.AllDHCPRelayAgentsAndServers, Port: dhcpv6.DefaultServerPort, Zone: n.phones}
		if _, err := wire.WriteToUDP(ask.ToBytes(), to); err != nil {
			t.Logf("send: %v", err) // The interface has no address of its own yet.
		}
		if err := wire.SetReadDeadline(time.Now().Add(dhcpWait)); err != nil {
			t.Fatal(err)
		}
		for {
			size, err := wire.Read(buffer)
			if err != nil {
				break // Nothing came: it asks again.
			}
			answer, err := dhcpv6.MessageFromBytes(buffer[:size])
			if err == nil && answer.TransactionID == ask.TransactionID && answer.MessageType == dhcpv6.MessageTypeReply {
				return answer
			}
		}
	}
	t.Fatal("no server answers over DHCPv6")
	return nil
}
