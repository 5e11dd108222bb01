package filephone

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Vendor names a simulated phone.
type Vendor string

// The phones that there are, one model of each vendor.
const (
	// Yealink is a T46S.
	Yealink Vendor = "yealink"
	// Poly is a VVX 410.
	Poly Vendor = "poly"
	// Snom is a D785.
	Snom Vendor = "snom"
	// Grandstream is a GRP2614.
	Grandstream Vendor = "grandstream"
	// Cisco is an 8851 with multiplatform firmware. It speaks no TR-069 here; that of
	// package ciscophone does.
	Cisco Vendor = "cisco"
)

// Vendors returns every vendor.
func Vendors() []Vendor { return []Vendor{Yealink, Poly, Snom, Grandstream, Cisco} }

// OUI returns the first six digits of the vendor's MAC addresses, empty for a vendor
// that there is not.
func (v Vendor) OUI() string {
	switch v {
	case Yealink:
		return "001565"
	case Poly:
		return "0004f2"
	case Snom:
		return "000413"
	case Grandstream:
		return "c074ad"
	case Cisco:
		return "d0ec35"
	}
	return ""
}

// manner is what one model does. It holds what the phone remembers over a restart.
type manner interface {
	// userAgent is as what the phone asks; mac is 12 lower-case digits.
	userAgent(mac string) string
	// start asks for the files as the phone does when it starts, and takes them.
	start(ctx context.Context, v *visit) error
	// held tells what the phone holds now.
	held() Held
}

func newManner(v Vendor) (manner, error) {
	switch v {
	case Yealink:
		return newYealink(), nil
	case Poly:
		return newPoly(), nil
	case Snom:
		return newSnom(), nil
	case Grandstream:
		return newGrandstream(), nil
	case Cisco:
		return newCisco(), nil
	}
	names := make([]string, 0, len(Vendors()))
	for _, known := range Vendors() {
		names = append(names, string(known))
	}
	slices.Sort(names)
	return nil, fmt.Errorf("filephone: no vendor %q: want one of %s", v, strings.Join(names, ", "))
}
