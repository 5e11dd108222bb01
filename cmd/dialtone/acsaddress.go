package main

import (
	"net"
	"net/url"
)

// acsAddress says how phones reach the CWMP listener.
type acsAddress struct {
	// configured is --cwmp-url. Without it, the listener is on the host that a phone spoke
	// to, at the port of address.
	configured string
	address    string
	tls        bool
}

// acsAddress returns that of this server.
func (o *serveOptions) acsAddress() acsAddress {
	return acsAddress{configured: o.CWMPURL, address: o.CwmpAddr, tls: o.secured(cwmpListener, o.CWMPTLS)}
}

// url returns the URL of the ACS for a phone that spoke to a host, which may have a port;
// empty if neither is known.
func (a acsAddress) url(host string) string {
	if a.configured != "" {
		return a.configured
	}
	_, port, err := net.SplitHostPort(a.address)
	name := (&url.URL{Host: host}).Hostname()
	if err != nil || port == "0" || name == "" {
		return ""
	}
	scheme := "http"
	if a.tls {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: net.JoinHostPort(name, port), Path: "/"}).String()
}
