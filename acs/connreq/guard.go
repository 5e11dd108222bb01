package connreq

import (
	"fmt"
	"net/netip"
	"slices"
)

// specialRange is a part of the address space that is never called because a device claims to live there.
type specialRange struct {
	prefix netip.Prefix
	name   string
}

// specialRanges come in this order: of two that hold an address, the narrower one stands first and decides.
func specialRanges() []specialRange {
	named := func(prefix, name string) specialRange {
		return specialRange{prefix: netip.MustParsePrefix(prefix), name: name}
	}
	return []specialRange{
		named("169.254.169.254/32", "a cloud metadata address"),
		named("100.100.100.200/32", "a cloud metadata address"),
		named("fd00:ec2::254/128", "a cloud metadata address"),
		named("fd20:ce::254/128", "a cloud metadata address"),
		named("0.0.0.0/8", "an unspecified address"),
		named("127.0.0.0/8", "a loopback address"),
		named("169.254.0.0/16", "a link-local address"),
		named("224.0.0.0/4", "a multicast address"),
		named("240.0.0.0/4", "a reserved or broadcast address"),
		named("::/128", "an unspecified address"),
		named("::1/128", "a loopback address"),
		named("fe80::/10", "a link-local address"),
		named("ff00::/8", "a multicast address"),
		named("::/96", "an IPv6 address that stands for an IPv4 address"),
		named("64:ff9b::/96", "an IPv6 address that stands for an IPv4 address"),
		named("64:ff9b:1::/48", "an IPv6 address that stands for an IPv4 address"),
		named("2002::/16", "an IPv6 address that stands for an IPv4 address"),
	}
}

// guard decides which addresses and ports may be called.
//
// An address may be called if it is the one the device's last Inform came from, or lies in an allowed network. An
// address in a special range may be called only if the operator allowed it by name: by a network that lies within
// that range. 127.0.0.0/8 allows loopback; 0.0.0.0/0 does not, and neither does a device that informs from there.
type guard struct {
	allowed []netip.Prefix
	special []specialRange
	ports   []uint16
}

func newGuard(allowed []netip.Prefix, ports []uint16) (guard, error) {
	g := guard{special: specialRanges(), ports: slices.Clone(ports)}
	for _, prefix := range allowed {
		if !prefix.IsValid() {
			return guard{}, fmt.Errorf("connreq: AllowedNetworks: invalid network %s", prefix)
		}
		g.allowed = append(g.allowed, unmapPrefix(prefix).Masked())
	}
	return g, nil
}

func unmapPrefix(prefix netip.Prefix) netip.Prefix {
	if prefix.Addr().Is4In6() && prefix.Bits() >= 96 {
		return netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	return prefix
}

// checkPort refuses the ports of well-known services, so that a device cannot have requests sent to its host's
// or a neighbour's mail or management services: below 1024 only 80 and the ports of the options are allowed.
func (g guard) checkPort(port uint16) error {
	if port != 0 && (port == 80 || port >= 1024 || slices.Contains(g.ports, port)) {
		return nil
	}
	return fmt.Errorf("%w: port %d: of the ports below 1024 only 80 is allowed", ErrNotAllowed, port)
}

// checkAddress judges an address, without zone and unmapped, against the source of the device's last Inform.
func (g guard) checkAddress(address, source netip.Addr) error {
	for _, special := range g.special {
		if special.prefix.Contains(address) {
			return g.checkSpecial(address, special)
		}
	}
	if source.IsValid() && source.Unmap().WithZone("") == address {
		return nil
	}
	if g.contains(address, 0) {
		return nil
	}
	came := "no address of an Inform is known"
	if source.IsValid() {
		came = fmt.Sprintf("its last Inform came from %s", source.Unmap())
	}
	return fmt.Errorf("%w: %s is not the device's own address (%s) and in no allowed network; "+
		"allow its network with --connreq-allow", ErrNotAllowed, address, came)
}

func (g guard) checkSpecial(address netip.Addr, special specialRange) error {
	if g.contains(address, special.prefix.Bits()) {
		return nil
	}
	return fmt.Errorf("%w: %s is %s; allow it by name, with a network within %s in --connreq-allow",
		ErrNotAllowed, address, special.name, special.prefix)
}

// contains looks for an allowed network of at least so many bits that holds the address.
func (g guard) contains(address netip.Addr, bits int) bool {
	return slices.ContainsFunc(g.allowed, func(network netip.Prefix) bool {
		return network.Bits() >= bits && network.Contains(address)
	})
}
