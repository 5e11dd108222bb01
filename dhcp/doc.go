// Package dhcp knows how devices learn by DHCP where they are managed: the options that
// carry the URL of an ACS (43, 125, and 17 of DHCPv6) or of a server of files (66, 67,
// 114, 150, 159 to 161), and the classes by which devices say what they are (60, 124, 125,
// and 16 of DHCPv6). It encodes strictly what it sends and decodes what is really
// seen; and it writes the configuration that has a DHCP server give these options.
//
// It opens no socket: packets are those of github.com/insomniacslk/dhcp.
package dhcp
