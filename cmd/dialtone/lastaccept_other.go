//go:build !linux

package main

import "net"

// takeWaiting takes nothing: other systems have no call that asks without waiting.
func takeWaiting(*net.TCPListener) func() []net.Conn {
	return func() []net.Conn { return nil }
}
