package main

import (
	"errors"
	"net"
	"os"
	"syscall"
)

// takeWaiting takes the connections that wait in the kernel for an Accept. What it
// returns makes connections of them, once there is time for it.
func takeWaiting(l *net.TCPListener) (connections func() []net.Conn) {
	var taken []int
	if raw, err := l.SyscallConn(); err == nil {
		_ = raw.Control(func(listening uintptr) { // An error means that it is closed: nothing waits.
			for len(taken) < maxLeft {
				fd, _, err := syscall.Accept4(int(listening), syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
				switch {
				case err == nil:
					taken = append(taken, fd)
				case errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.ECONNABORTED):
				default:
					return
				}
			}
		})
	}
	return func() []net.Conn {
		var all []net.Conn
		for _, fd := range taken {
			file := os.NewFile(uintptr(fd), "tcp")
			if c, err := net.FileConn(file); err == nil {
				all = append(all, c)
			}
			_ = file.Close() // The connection has a descriptor of its own.
		}
		return all
	}
}
