package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/ciscophone"
	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// simCisco are the options of phones that go both roads.
type simCisco struct {
	DHCP66 string `name:"dhcp-66" help:"What DHCP tells Cisco phones (8851 multiplatform) in option 66: a host, or the URL of the folder of their profiles or of a profile. Each fetches its profiles, speaks TR-069 once they switch it on, and takes profiles by Download. --devices, --duration, --ramp, --odd and others are as with --acs, --mac as with --files." required:"" xor:"road" placeholder:"URL"`
	Held   bool   `help:"Say at the end what each phone holds."`
}

// simChanges are what somebody changes at phones.
type simChanges struct {
	Change      map[string]string `help:"Change a parameter at every phone, as on its web page: its whole path, or for Cisco phones the name of an element of the profile." placeholder:"NAME=VALUE" mapsep:"none"`
	ChangeAfter time.Duration     `help:"When to do that, from the start." default:"30s"`
}

// local are the changes for devices.
func (c simChanges) local() []cpe.LocalChange {
	var changes []cpe.LocalChange
	for path, value := range c.Change {
		changes = append(changes, cpe.LocalChange{Path: path, Value: value})
	}
	return changes
}

// runCisco lets Cisco phones run, and writes the report.
func (c *SimCommand) runCisco(ctx context.Context, s *streams) error {
	fleet, err := ciscophone.NewFleet(c.ciscoFleet())
	if err != nil {
		return err
	}
	defer func() { _ = fleet.Close() }()
	stop := simProgress(fleet, s.err)
	report, err := fleet.Run(ctx)
	stop()
	if err != nil {
		return err
	}
	if err := c.writeCisco(s.out, fleet, report); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return report.Err()
}

func (c *SimCommand) ciscoFleet() ciscophone.FleetConfig {
	client := cpe.Config{
		Interval: c.Interval, HoldInterval: c.HoldInterval, Jitter: simJitter, SoftwareVersion: c.SoftwareVersion,
		RebootDuration: c.RebootDuration, RetryScale: c.RetryScale, Grace: simGrace, JournalSize: -1, Odd: c.Odd,
	}
	files := &http.Client{Timeout: simRequest}
	if c.InsecureTLS {
		client.TLS = &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
		files = c.client()
	}
	return ciscophone.FleetConfig{
		Phone: ciscophone.Config{
			MAC: c.File.MAC, Voice: cpe.Voice(c.Voice), CWMP: client, Client: files,
			DHCP: ciscophone.Answer{ciscophone.OptionTFTPServer: []byte(c.Cisco.DHCP66)},
		},
		Count: c.Devices, Ramp: c.Ramp, Duration: c.Duration, ConnectionRequestListen: c.ConnectionRequestAddr,
		Changes: c.Changes.Change, ChangeAfter: c.Changes.ChangeAfter,
	}
}

// writeCisco writes what the phones hold, if that is wanted, and the report.
func (c *SimCommand) writeCisco(w io.Writer, fleet *ciscophone.Fleet, report ciscophone.Report) error {
	encoder := json.NewEncoder(w)
	for _, p := range fleet.Phones() {
		if !c.Cisco.Held {
			break
		}
		result := filephone.Result{Vendor: filephone.Cisco, MAC: p.MAC(), Held: p.Held(), Requests: p.Fetches()}
		if !c.File.Passwords {
			result.Held = result.Held.WithoutSecrets()
		}
		write := func() error { return writeHeld(w, result) }
		if c.JSON {
			write = func() error { return encoder.Encode(result) }
		}
		if err := write(); err != nil {
			return err
		}
	}
	if !c.JSON {
		return report.WriteText(w)
	}
	return encoder.Encode(map[string]ciscophone.Report{"summary": report})
}
