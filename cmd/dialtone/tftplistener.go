package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/dialtone-acs/dialtone/files/tftpd"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
)

// openTFTP opens the TFTP listener; nil without one.
func (h *house) openTFTP(ctx context.Context) (*net.UDPConn, error) {
	if h.settings.tftp == nil {
		return nil, nil
	}
	conn, err := tftpd.Listen(ctx, h.options.TFTPAddr)
	if err != nil {
		return nil, fmt.Errorf("tftp listener: %w", err)
	}
	return conn, nil
}

// stopTFTP lets the transfers under way end, until the context does.
func (h *house) stopTFTP(ctx context.Context) {
	if err := h.settings.tftp.Shutdown(ctx); err != nil {
		h.logger.Warn("transfers were cut off", logkeys.Listener, "tftp", logkeys.Error, err)
	}
}

// tftpReady names the TFTP listener in the line that says that the server is ready,
// if there is one.
func (c *serveCommand) tftpReady(addresses []string) string {
	if c.TFTPAddr == "" {
		return ""
	}
	return ", tftp " + addresses[len(addresses)-1]
}

// filesNetworks returns the networks to which files with secrets go.
func (o *fileOptions) filesNetworks() []netip.Prefix {
	if o.FilesAllow == nil {
		return delivery.DefaultAllow()
	}
	return o.FilesAllow
}
