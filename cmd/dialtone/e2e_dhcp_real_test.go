//go:build e2e && linux

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// printEnvironment is a script of DHCP clients, which tell it all by its environment.
const printEnvironment = "#!/bin/sh\nenv >> %s\nexit 0\n"

// leadClients has clients of Debian ask.
func (n *dhcpNetwork) leadClients(t *testing.T) {
	device := n.udhcpc(t, "-V", "dslforum.org", "-O", "43", "-O", "125")
	wantOptions(t, "udhcpc", dhcpDigits(t, device, "opt43"), dhcpDigits(t, device, "opt125"))
	cisco := n.udhcpc(t, "-V", "", "-x", ciscoClassDigits(), "-O", "66", "-O", "150", "-O", "160", "-O", "43", "-O", "125")
	wantOptions(t, "udhcpc as a Cisco phone", dhcpDigits(t, cisco, "opt43"), dhcpDigits(t, cisco, "opt125"))
	if got := strings.TrimRight(string(dhcpDigits(t, cisco, "opt160")), "\x00"); got != dhcpFiles+"/$PSN.xml" {
		t.Errorf("udhcpc as a Cisco phone goes to %q by option 160", got)
	}
	told := n.dhclient(t, "dslforum.org")
	wantOptions(t, "dhclient", dhcpDigits(t, told, "new_vendor_encapsulated_options"), dhcpDigits(t, told, "new_identifying"))
	// It puts a backslash before what a shell would replace.
	if got := strings.ReplaceAll(n.dhclient(t, "Cisco Systems, Inc. IP Phone CP-8851-3PCC"), `\$`, "$"); !strings.Contains(got, "new_tftp_server_name="+dhcpFiles+"/$PSN.xml") {
		t.Errorf("dhclient as a Cisco phone is told by option 66: %s", tail(got, 3000))
	}
}

// script writes one that keeps the environment it is run with in a file.
func dhcpScript(t *testing.T) (script, kept string) {
	t.Helper()
	folder := t.TempDir()
	script, kept = filepath.Join(folder, "script"), filepath.Join(folder, "environment")
	if err := os.WriteFile(script, []byte(strings.Replace(printEnvironment, "%s", kept, 1)), 0o755); err != nil {
		t.Fatal(err)
	}
	return script, kept
}

// udhcpc asks once and returns what it was told.
func (n *dhcpNetwork) udhcpc(t *testing.T, flags ...string) string {
	t.Helper()
	script, kept := dhcpScript(t)
	runDHCPClient(t, neededProgram(t, "udhcpc", "udhcpc"), append([]string{"-i", n.phones, "-n", "-q", "-f", "-t", "10", "-T", "2", "-s", script}, flags...)...)
	return readKept(t, kept)
}

// dhclient asks once and returns what it was told.
func (n *dhcpNetwork) dhclient(t *testing.T, class string) string {
	t.Helper()
	script, kept := dhcpScript(t)
	file := writeDHCP(t, `option identifying code 125 = string;
send vendor-class-identifier "`+class+`";
request subnet-mask, routers, tftp-server-name, vendor-encapsulated-options, identifying;
timeout 20;
`)
	program := neededProgram(t, "dhclient", "isc-dhcp-client")
	flags := []string{"-4", "-1", "-d", "-cf", file, "-lf", file + ".leases", "-pf", file + ".pid", "-sf", script}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, program, append(flags, n.phones)...)
	output := &serverLog{}
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	// It goes on to hold its lease until it is stopped.
	for !strings.Contains(output.String(), "bound to") && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	_ = command.Process.Kill() // It may have ended.
	_ = command.Wait()         // It was killed.
	if ctx.Err() != nil {
		t.Fatalf("dhclient: %v\n%s", ctx.Err(), tail(output.String(), 3000))
	}
	return readKept(t, kept)
}

func runDHCPClient(t *testing.T, program string, flags ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if output, err := exec.CommandContext(ctx, program, flags...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, tail(string(output), 3000))
	}
}

func readKept(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
