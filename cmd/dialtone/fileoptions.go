package main

import (
	"fmt"
	"net/netip"
	"time"
)

// fileOptions say how phones that fetch their configuration are served.
type fileOptions struct {
	FilesAllow   []netip.Prefix `help:"Networks to which files with secrets go (default: private and local ones)." placeholder:"CIDR,..."`
	FilesHistory time.Duration  `default:"720h" help:"How long requests for files, and phones that are not known and silent, are kept."`
	FilesCache   byteSize       `default:"64MB" help:"Memory for files that were rendered and have not changed."`

	TFTPAddr string `name:"tftp-addr" help:"Address of the TFTP listener, such as :69. Default: none." placeholder:"ADDR"`

	MarkPerSecond   int           `default:"500" help:"How many devices a second are looked at after a change of settings."`
	WakePerSecond   int           `default:"50" help:"How many devices a second are called after a change of settings."`
	SettingsRecheck time.Duration `default:"24h" help:"How often the parameters of devices are read again that cannot tell of changes by themselves; of others, every 7 times as long."`
}

// checkFiles refuses options that cannot be, naming the flag.
func (o *fileOptions) checkFiles() error {
	switch {
	case o.FilesHistory < time.Hour:
		return fmt.Errorf("--files-history: must be at least 1h")
	case o.MarkPerSecond < 1:
		return fmt.Errorf("--mark-per-second: must be at least 1")
	case o.WakePerSecond < 1:
		return fmt.Errorf("--wake-per-second: must be at least 1")
	case o.SettingsRecheck < time.Minute:
		return fmt.Errorf("--settings-recheck: must be at least 1m")
	}
	return nil
}
