package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// SimCommand is `dialtone sim`: a fleet of simulated phones that informs an ACS, that
// fetches files, or both.
type SimCommand struct {
	ACS                   string        `name:"acs" help:"URL of the ACS." required:"" xor:"road" placeholder:"URL"`
	Devices               int           `help:"Number of phones." default:"10"`
	Interval              time.Duration `help:"Periodic inform interval of a new phone." default:"30s"`
	Duration              time.Duration `help:"How long to run; 0 is until interrupted." default:"0s"`
	Ramp                  time.Duration `help:"Time over which the phones are switched on." default:"0s"`
	Username              string        `help:"User name for the ACS; {serial}, {oui}, {productClass} and {mac} are replaced."`
	Password              string        `help:"Password for the ACS; replacements as in --username."`
	Root                  string        `help:"Root of the data model: ${enum}." enum:"Device.,InternetGatewayDevice." default:"Device."`
	OUI                   string        `name:"oui" help:"OUI of the phones." default:"000E08"`
	ProductClass          string        `help:"Product class of the phones." default:"CP-8841-3PCC"`
	SoftwareVersion       string        `help:"Firmware of a new phone." default:"sip88xx.12-0-1MPP0001-123"`
	Lines                 int           `help:"Lines of a new phone, 1 to 16." default:"2"`
	Voice                 string        `help:"Telephony in the data model: ${enum} (one profile with all lines, a profile for each account, the same directly below the root, TR-104 issue 2). Cisco phones take the first two." enum:"lines,profiles,short,issue2" default:"lines"`
	Seed                  uint64        `help:"The same seed gives the same phones." default:"1"`
	ConnectionRequestAddr string        `help:"Address to wait for connection requests at, one port for all phones; empty is off." default:"127.0.0.1:0"`
	HoldInterval          bool          `help:"Keep to --interval whatever the ACS sets."`
	Source                []netip.Addr  `help:"Local addresses that the phones connect from, by turns." placeholder:"ADDR,..."`
	MaxConnections        int           `help:"Most sessions at once; 0 is no limit." default:"0"`
	RebootDuration        time.Duration `help:"How long a phone is gone when it reboots." default:"2s"`
	RetryScale            float64       `help:"Multiplies the waits before a failed session is tried again (TR-069: 5 s and up)." default:"1"`
	InsecureTLS           bool          `name:"insecure-tls" help:"Accept any certificate of the ACS."`
	Odd                   []string      `help:"Misbehave as real devices do; the names are below." placeholder:"NAME"`
	JSON                  bool          `name:"json" help:"Report in JSON."`
	Replay                string        `help:"Play the device's half of an exported trace, in place of phones." placeholder:"FILE"`
	ReplaySession         string        `help:"Play only the session of that name." placeholder:"NAME"`

	Changes simChanges `embed:""`
	File    simFiles   `embed:"" group:"Phones that fetch files:"`
	Cisco   simCisco   `embed:"" group:"Phones that do both:"`
}

const (
	simGrace            = 10 * time.Second
	simJitter           = 0.1
	simTerminalProgress = time.Second
	simLogProgress      = 10 * time.Second
)

// Help lists what --odd takes.
func (c *SimCommand) Help() string {
	var b strings.Builder
	b.WriteString("Names for --odd, of clients that exist:\n\n")
	for _, name := range cpe.Presets() {
		parts, _ := cpe.Preset(name)
		fmt.Fprintf(&b, "    %s: %s\n", name, strings.Join(parts, ", "))
	}
	b.WriteString("\nand of single oddities, each being what the phone does:\n\n")
	for _, o := range cpe.Oddities() {
		fmt.Fprintf(&b, "    %s: %s\n", o.Name, o.Manner)
	}
	return b.String()
}

// Validate refuses names for --odd that there are not.
func (c *SimCommand) Validate() error {
	_, err := cpe.ExpandOdd(c.Odd)
	return err
}

// Run simulates until --duration is over or ctx ends, lets the sessions that run
// then end within 10 seconds, and writes the report; progress goes to the
// error stream. The error is that of a wrong flag or, if anything failed, a
// *cpe.FailedError.
func (c *SimCommand) Run(ctx context.Context, s *streams) error {
	if c.File.Files != "" {
		return c.File.run(ctx, s, c.JSON, c.client())
	}
	if c.Cisco.DHCP66 != "" {
		return c.runCisco(ctx, s)
	}
	if c.Replay != "" {
		return c.replay(ctx, s)
	}
	fleet, err := cpe.NewFleet(c.fleet())
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
	if err := c.write(s.out, report); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return report.Err()
}

// replay plays an exported trace, and writes a line for each exchange.
func (c *SimCommand) replay(ctx context.Context, s *streams) error {
	file, err := os.Open(c.Replay)
	if err != nil {
		return fmt.Errorf("--replay: %w", err)
	}
	defer func() { _ = file.Close() }()
	messages, err := cpe.ReadRecorded(file)
	if err != nil {
		return fmt.Errorf("--replay: %s: %w", c.Replay, err)
	}
	config := cpe.ReplayConfig{ACSURL: c.ACS, Username: c.Username, Password: c.Password, Messages: messages, Session: c.ReplaySession, Client: c.client()}
	config.Step = func(step cpe.ReplayStep) {
		note := ""
		if step.Different {
			note = " (then: " + step.Recorded + ")"
		}
		_, _ = fmt.Fprintf(s.out, "%s: %s -> %s%s\n", step.Session, step.Sent, step.Got, note)
	}
	report, err := cpe.Replay(ctx, config)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%d sessions, %d requests, %d answered otherwise than then\n", report.Sessions, report.Requests, report.Different)
	return err
}

// client is one that takes any certificate if that is wanted, else nil.
func (c *SimCommand) client() *http.Client {
	if !c.InsecureTLS {
		return nil
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}}, Timeout: simRequest}
}

func (c *SimCommand) fleet() cpe.FleetConfig {
	device := cpe.Config{
		ACSURL:          c.ACS,
		Username:        c.Username,
		Password:        c.Password,
		Identity:        cpe.Identity{OUI: c.OUI, ProductClass: c.ProductClass},
		Root:            c.Root,
		Lines:           c.Lines,
		Voice:           cpe.Voice(c.Voice),
		Interval:        c.Interval,
		HoldInterval:    c.HoldInterval,
		Jitter:          simJitter,
		SoftwareVersion: c.SoftwareVersion,
		RebootDuration:  c.RebootDuration,
		RetryScale:      c.RetryScale,
		Grace:           simGrace,
		JournalSize:     -1,
		Odd:             c.Odd,
	}
	if c.InsecureTLS {
		device.TLS = &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
	}
	return cpe.FleetConfig{
		Device:                  device,
		Devices:                 c.Devices,
		Seed:                    c.Seed,
		Ramp:                    c.Ramp,
		Changes:                 c.Changes.local(),
		ChangeAfter:             c.Changes.ChangeAfter,
		Duration:                c.Duration,
		MaxConnections:          c.MaxConnections,
		Sources:                 c.Source,
		ConnectionRequestListen: c.ConnectionRequestAddr,
	}
}

func (c *SimCommand) write(w io.Writer, report cpe.Report) error {
	if !c.JSON {
		return report.WriteText(w)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

// simFleet is a fleet of either kind.
type simFleet interface{ Progress() cpe.Progress }

// simProgress writes how far a fleet is until stop is called: over and over on one
// line of a terminal, else a line now and then.
func simProgress(fleet simFleet, w io.Writer) (stop func()) {
	terminal := isTerminal(w)
	interval, start, end := simLogProgress, "", "\n"
	if terminal {
		interval, start, end = simTerminalProgress, "\r", "\x1b[K"
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		var before cpe.Progress
		for {
			select {
			case <-quit:
				if terminal {
					_, _ = fmt.Fprintln(w)
				}
				return
			case <-ticker.C:
			}
			p := fleet.Progress()
			_, _ = fmt.Fprint(w, start, simLine(p, before), end)
			before = p
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

func simLine(p, before cpe.Progress) string {
	rate := 0.0
	if passed := (p.Elapsed - before.Elapsed).Seconds(); passed > 0 {
		rate = float64(p.SessionsCompleted-before.SessionsCompleted) / passed
	}
	return fmt.Sprintf("%s: %d of %d phones, %d sessions completed (%.0f a second) by %d phones, %d failed",
		p.Elapsed.Round(time.Second), p.Active, p.Devices, p.SessionsCompleted, rate, p.Seen, p.SessionsFailed)
}
