package main

import "testing"

func TestPhonesAreToldTheACSThatTheyCanReach(t *testing.T) {
	for name, c := range map[string]struct {
		address    acsAddress
		host, want string
	}{
		"the configured one":                   {acsAddress{configured: "https://acs.example.net/cwmp", address: ":7547"}, "files.example.net:7567", "https://acs.example.net/cwmp"},
		"the configured one, of any host":      {acsAddress{configured: "https://acs.example.net/cwmp", address: ":7547"}, "", "https://acs.example.net/cwmp"},
		"the host that they spoke to":          {acsAddress{address: ":7547"}, "files.example.net:7567", "http://files.example.net:7547/"},
		"the host without a port":              {acsAddress{address: "192.0.2.1:80"}, "files.example.net", "http://files.example.net:80/"},
		"by TLS":                               {acsAddress{address: ":7548", tls: true}, "192.0.2.7:443", "https://192.0.2.7:7548/"},
		"over IPv6":                            {acsAddress{address: "[::]:7547"}, "[2001:db8::1]:7567", "http://[2001:db8::1]:7547/"},
		"none, of no host":                     {acsAddress{address: ":7547"}, "", ""},
		"none, at a port that nobody can name": {acsAddress{address: "127.0.0.1:0"}, "files.example.net", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.address.url(c.host); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
