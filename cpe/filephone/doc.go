// Package filephone simulates IP phones that get their settings from files: what each
// asks for when it starts, in which order and as whom, and what it makes of what it
// gets.
//
// A [Phone] behaves as one model of one vendor does (see [Vendors]). It knows nothing
// of the server: it parses the files as its own documents of the vendor's format
// demand, refuses what the phone would refuse, and tells what it then holds in the
// words that all vendors have in common, [Held]. That makes it the judge of what a
// server serves.
//
// It asks over HTTP, HTTPS or TFTP, as the URL says. It uploads nothing, and of a
// firmware image it reads the head only.
package filephone
