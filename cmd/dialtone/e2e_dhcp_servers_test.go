//go:build e2e && linux

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// Each server says of its own that it could be started with all that is written for it.
func TestDHCPServersAcceptEveryClass(t *testing.T) {
	all, err := dhcp.Classes()
	if err != nil {
		t.Fatal(err)
	}
	var classes []string
	for _, c := range all {
		classes = append(classes, c.Name)
	}
	for server, check := range map[dhcp.Server]func(t *testing.T, file string, version6 bool) *exec.Cmd{
		dhcp.Dnsmasq: func(t *testing.T, file string, _ bool) *exec.Cmd {
			return exec.Command(neededProgram(t, "dnsmasq", "dnsmasq-base"), "--test", "--conf-file="+file)
		},
		dhcp.ISC: func(t *testing.T, file string, version6 bool) *exec.Cmd {
			return exec.Command(neededProgram(t, "dhcpd", "isc-dhcp-server"), map[bool]string{false: "-4", true: "-6"}[version6], "-t", "-cf", file)
		},
		dhcp.Kea: func(t *testing.T, file string, version6 bool) *exec.Cmd {
			program := map[bool]string{false: "kea-dhcp4", true: "kea-dhcp6"}[version6]
			command := exec.Command(neededProgram(t, program, program+"-server"), "-t", file)
			command.Env = append(os.Environ(), "KEA_LOCKFILE_DIR="+filepath.Dir(file), "KEA_PIDFILE_DIR="+filepath.Dir(file))
			return command
		},
	} {
		t.Run(string(server), func(t *testing.T) {
			parts := generated(t, server, "--acs-url", dhcpACS, "--files-url", "http://files.example.net/", "--tftp-address", "10.9.0.1", "--class", strings.Join(classes, ","), "--ipv6")
			for i, p := range parts {
				if output, err := check(t, writeDHCP(t, p.Text), i == 1).CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s\n%s", p.Filename, err, tail(string(output), 2000), p.Text)
				}
			}
		})
	}
}

// dhcpServers are the servers that are installed, each with how it is started with what
// was generated: the files that it takes beside the subnet are nothing else.
func dhcpServers() map[dhcp.Server]func(t *testing.T, n *dhcpNetwork, parts []dhcp.Part, site66 string) {
	return map[dhcp.Server]func(*testing.T, *dhcpNetwork, []dhcp.Part, string){
		dhcp.Dnsmasq: serveDnsmasq, dhcp.ISC: serveISC, dhcp.Kea: serveKea,
	}
}

func writeDHCP(t *testing.T, text string) (file string) {
	t.Helper()
	// Servers that give up their rights read it too.
	folder, err := os.MkdirTemp("", "dialtone-dhcp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) }) // It is a temporary folder.
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(folder, "configuration")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func serveDnsmasq(t *testing.T, n *dhcpNetwork, parts []dhcp.Part, site66 string) {
	text := parts[0].Text + "dhcp-range=10.9.0.100,10.9.0.199,1h\ndhcp-range=2001:db8:9::100,2001:db8:9::199,64,1h\n"
	if site66 != "" {
		text += "dhcp-option=option:tftp-server,\"" + site66 + "\"\n"
	}
	file := writeDHCP(t, text)
	n.serve(t, nil, neededProgram(t, "dnsmasq", "dnsmasq-base"), "--keep-in-foreground", "--conf-file="+file, "--port=0", "--interface="+n.servers,
		"--dhcp-leasefile="+file+".leases", "--pid-file="+file+".pid", "--user=root", "--log-facility=-", "--no-ping")
}

func serveISC(t *testing.T, n *dhcpNetwork, parts []dhcp.Part, site66 string) {
	text := parts[0].Text + "ping-check false;\nsubnet 10.9.0.0 netmask 255.255.255.0 { range 10.9.0.100 10.9.0.199; }\n"
	if site66 != "" {
		text += "option tftp-server-name \"" + site66 + "\";\n"
	}
	file := writeDHCP(t, text)
	touch(t, file+".leases")
	program := neededProgram(t, "dhcpd", "isc-dhcp-server")
	n.serve(t, nil, program, "-4", "-f", "-d", "-cf", file, "-lf", file+".leases", "-pf", file+".pid", n.servers)
	if len(parts) < 2 {
		return
	}
	file6 := writeDHCP(t, parts[1].Text+"subnet6 2001:db8:9::/64 { range6 2001:db8:9::100 2001:db8:9::199; }\n")
	touch(t, file6+".leases")
	n.serve(t, nil, program, "-6", "-f", "-d", "-cf", file6, "-lf", file6+".leases", "-pf", file6+".pid", n.servers)
}

func touch(t *testing.T, file string) {
	t.Helper()
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
}

// serveKea puts what Kea needs beside into the generated object.
func serveKea(t *testing.T, n *dhcpNetwork, parts []dhcp.Part, site66 string) {
	for i, p := range parts {
		name := []string{"Dhcp4", "Dhcp6"}[i]
		var whole map[string]map[string]any
		if err := json.Unmarshal([]byte(p.Text), &whole); err != nil {
			t.Fatal(err)
		}
		subnet := map[string]any{"id": 1, "subnet": "10.9.0.0/24", "interface": n.servers, "pools": []any{map[string]any{"pool": "10.9.0.100 - 10.9.0.199"}}}
		key := "subnet4"
		if name == "Dhcp6" {
			key = "subnet6"
			subnet["subnet"], subnet["pools"] = "2001:db8:9::/64", []any{map[string]any{"pool": "2001:db8:9::100 - 2001:db8:9::199"}}
		}
		whole[name]["interfaces-config"] = map[string]any{"interfaces": []string{n.servers}}
		whole[name]["lease-database"] = map[string]any{"type": "memfile", "persist": false}
		whole[name][key] = []any{subnet}
		if name == "Dhcp6" {
			whole[name]["server-id"] = map[string]any{"type": "EN", "enterprise-id": dhcp.Enterprise, "identifier": "0102030405", "persist": false}
		}
		if site66 != "" && name == "Dhcp4" {
			whole[name]["option-data"] = []any{map[string]any{"name": "tftp-server-name", "data": site66}}
		}
		text, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		file := writeDHCP(t, string(text))
		folder := filepath.Dir(file)
		program := []string{"kea-dhcp4", "kea-dhcp6"}[i]
		n.serve(t, []string{"KEA_LOCKFILE_DIR=" + folder, "KEA_PIDFILE_DIR=" + folder}, neededProgram(t, program, program+"-server"), "-c", file)
	}
}
