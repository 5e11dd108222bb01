package ciscophone

import (
	"reflect"
	"testing"
)

// acsURL is 28 bytes long.
const acsURL = "http://acs.example.net:7547/"

func TestAnswersOfDHCPAreReadAsThePhoneDoes(t *testing.T) {
	acs := ACS{URL: acsURL, ProvisioningCode: "SITE-042"}
	sub := "\x01\x1c" + acsURL + "\x02\x08SITE-042"
	for name, c := range map[string]struct {
		answer Answer
		want   Discovery
	}{
		"nothing": {Answer{}, Discovery{}},
		"all options in their order": {
			Answer{66: []byte("one.example"), 160: []byte("http://two.example/"), 159: []byte("http://three.example/$MA.xml"), 150: {192, 0, 2, 1, 192, 0, 2, 2}},
			Discovery{Servers: []string{"one.example", "http://two.example/", "http://three.example/$MA.xml", "192.0.2.1", "192.0.2.2"}},
		},
		"option 150 as text":                       {Answer{150: []byte("192.0.2.9")}, Discovery{Servers: []string{"192.0.2.9"}}},
		"what dnsmasq adds":                        {Answer{66: []byte("one.example\x00"), 43: []byte(sub + "\xff\x00")}, Discovery{Servers: []string{"one.example"}, ACS: acs}},
		"the phone's own class":                    {Answer{60: []byte(VendorClass)}, Discovery{}},
		"a URL as vendor class":                    {Answer{60: []byte("http://one.example/")}, Discovery{Servers: []string{"http://one.example/"}}},
		"sub-options of 43":                        {Answer{43: []byte(sub)}, Discovery{ACS: acs}},
		"sub-options of 43 with times":             {Answer{43: []byte(sub + "\x03\x015\x04\x042000")}, Discovery{ACS: ACS{URL: acsURL, ProvisioningCode: "SITE-042", RetryMinimum: "5", RetryMultiplier: "2000"}}},
		"a zero after a value":                     {Answer{43: []byte("\x01\x1d" + acsURL + "\x00")}, Discovery{ACS: ACS{URL: acsURL}}},
		"a length in front":                        {Answer{43: []byte("\x1e\x01\x1c" + acsURL)}, Discovery{ACS: ACS{URL: acsURL}}},
		"a URL as it is in 43":                     {Answer{43: []byte("http://one.example/")}, Discovery{Servers: []string{"http://one.example/"}}},
		"66 within 43":                             {Answer{43: []byte("\x42\x0bone.example")}, Discovery{Servers: []string{"one.example"}}},
		"43 cut short":                             {Answer{43: []byte("\x01\x1chttp")}, Discovery{}},
		"option 125":                               {Answer{125: []byte("\x00\x00\x0d\xe9\x28\x0b\x1c" + acsURL + "\x0c\x08SITE-042")}, Discovery{ACS: acs}},
		"option 125 of two enterprises":            {Answer{125: []byte("\x00\x00\x00\x09\x02\x0b\x00\x00\x00\x0d\xe9\x0e\x04\x06001A2B\x05\x01S\x06\x01P")}, Discovery{Gateway: Gateway{"001A2B", "S", "P"}}},
		"option 125 cut short":                     {Answer{125: []byte("\x00\x00\x0d\xe9\x28\x0b")}, Discovery{}},
		"43 before 125":                            {Answer{43: []byte(sub), 125: []byte("\x00\x00\x0d\xe9\x04\x0b\x02no")}, Discovery{ACS: acs}},
		"option 150 that is neither text nor four": {Answer{150: {1, 2, 3}}, Discovery{}},
	} {
		if got := Discover(c.answer); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func FuzzDiscoverNeverPanics(f *testing.F) {
	f.Add(uint8(43), []byte("\x01\x1c"+acsURL))
	f.Add(uint8(125), []byte("\x00\x00\x0d\xe9\x28\x0b\x1c"+acsURL))
	f.Add(uint8(150), []byte{1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, code uint8, value []byte) {
		for _, server := range Discover(Answer{code: value}).Servers {
			if server == "" {
				t.Error("an empty server")
			}
		}
	})
}
