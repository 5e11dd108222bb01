package main

import (
	"bytes"
	"context"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// printed returns what serve --print-config prints with the arguments.
func printed(t *testing.T, args ...string) (string, string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), append(args, "serve", "--print-config"), &out, &errs)
	return out.String(), errs.String(), code
}

func TestAFlagStandsBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dialtone.yaml")
	if err := os.WriteFile(file, []byte("cwmp-addr: ':1'\nfiles-addr: ':1'\nweb-addr: ':1'\nconnreq-allow: [10.0.0.0/8, 192.0.2.0/24]\nfile-type:\n  X CA: X 00562B CA\nonboarding: false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DIALTONE_CWMP_ADDR", ":2")
	t.Setenv("DIALTONE_FILES_ADDR", ":2")
	t.Setenv("DIALTONE_METRICS_TOKEN", "hunter2")
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"--config", file, "serve", "--cwmp-addr", ":3", "--print-config"}, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	for _, want := range []string{"cwmp-addr: :3", "files-addr: :2", "web-addr: :1", "- 10.0.0.0/8", "- 192.0.2.0/24", "onboarding: false", "X CA", "metrics-token: '[secret]'"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "hunter2") {
		t.Error("a secret is printed")
	}
}

func TestAFileWithAnUnknownOptionIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dialtone.yaml")
	if err := os.WriteFile(file, []byte("cwmp-adr: ':1'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := printed(t, "--config", file); code != 2 || !strings.Contains(errs, "cwmp-adr") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestOptionsThatCannotBeAreRefusedByName(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--files-url", "files.example.net"}, "--files-url"},
		{[]string{"--cwmp-url", "acs.example.net:7547"}, "--cwmp-url"},
		{[]string{"--cwmp-url", "http://u:p@acs.example.net/"}, "--cwmp-url"},
		{[]string{"--files-url", "http://u:p@files.example.net"}, "--files-url"},
		{[]string{"--cwmp-tls-cert", "x.pem"}, "--cwmp-tls-key"},
		{[]string{"--web-client-ca", "x.pem"}, "--web-client-ca"},
		{[]string{"--max-sessions", "0"}, "--max-sessions"},
		{[]string{"--max-connections", "0"}, "--max-connections"},
		{[]string{"--body-time", "1ms"}, "--body-time"},
		{[]string{"--max-wait", "0s"}, "--max-wait"},
		{[]string{"--retry-after", "48h"}, "--retry-after"},
		{[]string{"--max-device-sessions", "-1"}, "--max-device-sessions"},
		{[]string{"--max-address-requests", "NaN"}, "--max-address-requests"},
		{[]string{"--limits-exempt", "10.0.0.0"}, "--limits-exempt"},
		{[]string{"--cwmp-legacy-tls-addr", ":7548"}, "--cwmp-legacy-tls-cert"},
		{[]string{"--cwmp-legacy-tls-cert", "x.pem", "--cwmp-legacy-tls-key", "x.key"}, "--cwmp-legacy-tls-addr"},
		{[]string{"--acme-http-addr", ":80"}, "--acme-host"},
		{[]string{"--acme-host", "h.example", "--acme-directory", "http://ca.example/directory"}, "--acme-directory"},
		{[]string{"--acme-host", "h.example", "--acme-listeners", "api"}, "--acme-listeners"},
		{[]string{"--session-timeout", "1ms"}, "--session-timeout"},
		{[]string{"--bulk-per-second", "0"}, "--bulk-per-second"},
		{[]string{"--index-parameter", "Vlan=Device.X"}, "--index-parameter: invalid value: name \"Vlan\""},
		{[]string{"--index-parameter", "vlan=Device."}, "--index-parameter: vlan: invalid value: path \"Device.\""},
		{[]string{"--index-parameter", "login=Device.ManagementServer.Password"}, "names a secret"},
		{[]string{"--index-parameter", "vlan"}, "--index-parameter"},
		{[]string{"--cwmp-auth", "magic"}, "--cwmp-auth"},
		{[]string{"--connreq-allow", "10.0.0.0"}, "--connreq-allow"},
		{[]string{"--max-body", "much"}, "--max-body"},
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), append([]string{"serve", "--print-config"}, c.args...), &out, &errs)
		if code == 0 || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%v: exit %d: %s", c.args, code, errs.String())
		}
	}
}

func TestEveryLimitReachesTheCWMPServerAndIsTheDefaultOfIt(t *testing.T) {
	var o limitOptions
	parser, err := kong.New(&o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	if got, want := o.message(), cwmp.DefaultLimits(); got != want {
		t.Errorf("limits of a message %+v, want those that cwmp has by default: %+v", got, want)
	}
	load := o.load()
	for _, address := range []string{"127.0.0.1", "::1"} {
		if !load.Exempt(netip.MustParseAddr(address)) {
			t.Errorf("%s is not exempt", address)
		}
	}
	load.Exempt = nil
	want := acs.Load{
		MaxInflated: 32 << 20, BodyTime: 2 * time.Minute, MinBodyRate: 1 << 10, BodyMemory: 256 << 20, MaxHeaders: 100,
		AddressRate: 200, AddressBurst: 1000, DeviceRate: 30, Working: 256, Waiting: 4096, Patience: 2 * time.Second, RetryAfter: 30 * time.Second,
	}
	if !reflect.DeepEqual(load, want) {
		t.Errorf("load %+v, want %+v", load, want)
	}
}

func TestIndexedParametersComeFromRepeatedFlagsOrTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dialtone.yaml")
	if err := os.WriteFile(file, []byte("index-parameter:\n  vlan: Device.V|InternetGatewayDevice.V\n  status: Device.S\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"--config", file, "serve", "--print-config"},
		{"serve", "--print-config", "--index-parameter", "vlan=Device.V|InternetGatewayDevice.V", "--index-parameter", "status=Device.S"},
		{"serve", "--print-config", "--index-parameter", "vlan=Device.V|InternetGatewayDevice.V;status=Device.S"},
	} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), args, &out, &errs); code != 0 {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		if want := "index-parameter:\n    status: Device.S\n    vlan: Device.V|InternetGatewayDevice.V\n"; !strings.Contains(out.String(), want) {
			t.Errorf("%v: %q is not in\n%s", args, want, out.String())
		}
	}
}

func TestASizeIsReadAndWrittenWithItsUnit(t *testing.T) {
	for text, want := range map[string]byteSize{"1": 1, "10B": 10, "2KB": 2048, "16MB": 16 << 20, "2 gb": 2 << 30} {
		var b byteSize
		if err := b.UnmarshalText([]byte(text)); err != nil || b != want {
			t.Errorf("%q = %d, %v, want %d", text, b, err, want)
		}
		var again byteSize
		if err := again.UnmarshalText([]byte(b.String())); err != nil || again != b {
			t.Errorf("%s is read back as %d, %v", b, again, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "x", "1TBX", "99999999999GB"} {
		var b byteSize
		if err := b.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for %d", text, b)
		}
	}
}

func TestTheClientsAddressIsBelievedFromTrustedProxiesOnly(t *testing.T) {
	client := clientAddress([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	for _, c := range []struct{ name, peer, forwarded, want string }{
		{"a device", "192.0.2.1:5", "", "192.0.2.1"},
		{"a device that claims to be another", "192.0.2.1:5", "203.0.113.9", "192.0.2.1"},
		{"behind a proxy", "10.0.0.1:5", "192.0.2.7", "192.0.2.7"},
		{"behind two proxies", "10.0.0.1:5", "192.0.2.7, 10.0.0.2", "192.0.2.7"},
		{"what the device itself wrote before is not believed", "10.0.0.1:5", "203.0.113.9, 192.0.2.7", "192.0.2.7"},
		{"a proxy that tells nothing", "10.0.0.1:5", "", "10.0.0.1"},
		{"a proxy that tells nonsense", "10.0.0.1:5", "192.0.2.7, unknown", "10.0.0.1"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.1]:5", "", "192.0.2.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}}
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			if got := client(r).String(); got != c.want {
				t.Errorf("address = %s, want %s", got, c.want)
			}
		})
	}
}

func TestAStoreThatIsNotKnownIsRefused(t *testing.T) {
	for store, want := range map[string]string{"": "d/dialtone.db", "sqlite:/x/y.db": "/x/y.db"} {
		if got, err := (dataOptions{DataDir: "d", Store: newStoreAddress(store)}).databasePath(); err != nil || got != want {
			t.Errorf("%q: %q, %v", store, got, err)
		}
	}
	for _, store := range []string{"postgres://u:hunter2@h/", "sqlite:", "x"} {
		if err := (dataOptions{Store: newStoreAddress(store)}).checkStore(); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", store, err)
		}
	}
}
