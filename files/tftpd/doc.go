// Package tftpd gives phones their files over TFTP: RFC 1350 with option
// negotiation (RFC 2347), block size (RFC 2348), timeout and transfer size (RFC
// 2349) and window size (RFC 7440). It reads only: a request to write is refused.
//
// What is asked for is found by a files.Opener, which gets the name as the phone sent
// it. Each transfer has a socket of its own, with the address that the phone spoke to,
// and a goroutine; how many there may be is bounded in all and for one address. A
// request beyond that is not answered, as is one that got lost: the phone asks again.
//
// Mode octet is sent as it is; mode netascii is converted, which small files only
// are. Blocks are counted past 65535 from 0 again, so that a file may be larger than
// 65535 blocks.
package tftpd
