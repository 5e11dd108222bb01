package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// simRequest is how long one request of a simulated phone may take.
const simRequest = 30 * time.Second

// simFiles are the options of phones that fetch files.
type simFiles struct {
	Files       string  `help:"URL of the folder of the phones' files (http, https or tftp), with user name and password if they need any. Each phone asks for them as its model does when it starts, and says what it then holds." required:"" xor:"road" placeholder:"URL"`
	Vendor      string  `help:"Whose phones: ${enum} (T46S, VVX 410, D785, GRP2614, 8851 multiplatform)." enum:"yealink,poly,snom,grandstream,cisco" default:"yealink"`
	MAC         string  `name:"mac" help:"MAC address of the first; the others have those that follow. The vendor's, ending in 000001, if absent."`
	Count       int     `help:"Number of phones." default:"1"`
	Rate        float64 `help:"Phones that start in a second; 0 is as fast as they can." default:"0"`
	Starts      int     `help:"How often each starts, one time after the other." default:"1"`
	Conditional bool    `help:"Have them send If-None-Match, as some firmware does."`
	Passwords   bool    `help:"Show the passwords that they hold."`
}

// run starts the phones and writes what each holds, then a summary. The error is that
// of a wrong option or, if a phone failed, a *filephone.FailedError.
func (f *simFiles) run(ctx context.Context, s *streams, asJSON bool, client *http.Client) error {
	config := filephone.FleetConfig{
		Phone: filephone.Config{Vendor: filephone.Vendor(f.Vendor), MAC: f.MAC, Files: f.Files, Conditional: f.Conditional, Client: client},
		Count: f.Count, Rate: f.Rate, Starts: f.Starts,
	}
	write := writeHeld
	if asJSON {
		write = func(w io.Writer, r filephone.Result) error { return json.NewEncoder(w).Encode(r) }
	}
	var failure error
	summary, err := filephone.RunFleet(ctx, config, func(r filephone.Result) {
		if !f.Passwords {
			r.Held = r.Held.WithoutSecrets()
		}
		if err := write(s.out, r); err != nil && failure == nil {
			failure = fmt.Errorf("write what a phone holds: %w", err)
		}
	})
	if err != nil || failure != nil {
		return firstError(err, failure)
	}
	if asJSON {
		err = json.NewEncoder(s.out).Encode(map[string]filephone.Summary{"summary": summary})
	} else {
		_, err = fmt.Fprintf(s.out, "%d phones, %d failed; %d requests, %d of them unchanged, %d bytes in %.1f s\n",
			summary.Phones, summary.Failed, summary.Requests, summary.Unchanged, summary.Bytes, summary.Seconds)
	}
	if err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	return summary.Err()
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// writeHeld writes what one phone holds, for people.
func writeHeld(w io.Writer, r filephone.Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { _, _ = fmt.Fprintf(t, "  "+name+"\t"+format+"\n", args...) }
	_, _ = fmt.Fprintf(t, "%s %s: %d requests\n", r.Vendor, r.MAC, len(r.Requests))
	if r.Error != "" {
		row("failed", "%s", r.Error)
	}
	h := r.Held
	for _, a := range h.Accounts {
		row(fmt.Sprintf("account %d", a.N), "%s", describe(
			"user", a.User, "as", a.AuthUser, "password", a.Password, "name", a.DisplayName, "label", a.Label, "registrar", a.Registrar,
			"port", number(a.Port), "by", a.OutboundProxy, "over", a.Transport, "for", seconds(a.Expires)))
	}
	for _, k := range h.Keys {
		row(fmt.Sprintf("key %d", k.N), "%s", describe("", k.Type, "to", k.Value, "label", k.Label, "account", number(k.Account)))
	}
	if h.VLAN.ID != 0 {
		row("VLAN", "%d", h.VLAN.ID)
	}
	if h.Clock.Known {
		row("clock", "%s", describeClock(h.Clock))
	}
	row("files", "%s", describe("from", h.ProvisioningURL, "every", seconds(h.Interval), "firmware", h.FirmwareURL, "administrator", h.AdminPassword))
	return t.Flush()
}

// describe joins names and values, by turns, leaving out what is empty. What comes from
// a file is quoted, so that it stays on its line.
func describe(parts ...string) string {
	var all []string
	for i := 0; i+1 < len(parts); i += 2 {
		if parts[i+1] != "" {
			all = append(all, strings.TrimSpace(parts[i]+" "+fmt.Sprintf("%q", parts[i+1])))
		}
	}
	return strings.Join(all, ", ")
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func seconds(n int) string {
	if n == 0 {
		return ""
	}
	return (time.Duration(n) * time.Second).String()
}

func describeClock(c filephone.Clock) string {
	text := fmt.Sprintf("%+d s from Greenwich", c.Offset)
	if c.Daylight != nil {
		text += fmt.Sprintf(", %d minutes more from month %d to month %d", c.Daylight.Save, c.Daylight.Start.Month, c.Daylight.End.Month)
	}
	if c.NTP != "" {
		text += fmt.Sprintf(", NTP %q", c.NTP)
	}
	return text
}
