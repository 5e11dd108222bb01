// Package ciscophone simulates a Cisco 8851 with multiplatform firmware that gets its
// settings by both roads at once: profiles, of which DHCP tells where they are, and CWMP,
// which a profile switches on.
//
// A [Phone] is a [filephone.CiscoPhone] and a [cpe.Device] with one memory. What a
// profile and the data model both have is one setting: twins.go lists what that is. As
// the real phone, it has its CWMP client off when it is new or reset; it fetches its
// profiles whenever it starts, and takes one that comes by a Download of type
// "3 Vendor Configuration File", which reboots it if it changes anything.
//
// It knows nothing of the server, and decodes the options of DHCP by itself.
package ciscophone
