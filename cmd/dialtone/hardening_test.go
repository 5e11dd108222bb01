package main

import (
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

func TestTheImageHoldsTheProgramAloneAndRunsItWithoutRights(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	stages := strings.Split(string(raw), "\nFROM ")
	last := stages[len(stages)-1]
	if !strings.HasPrefix(last, "scratch\n") {
		t.Error("the image is made of another one")
	}
	if !strings.Contains(last, "\nUSER 65532:65532\n") {
		t.Error("the program runs as root")
	}
}

func TestComposeGivesItsNodesNoRights(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Image       string
			ReadOnly    bool     `yaml:"read_only"`
			CapDrop     []string `yaml:"cap_drop"`
			CapAdd      []string `yaml:"cap_add"`
			SecurityOpt []string `yaml:"security_opt"`
			Privileged  bool
			Ulimits     map[string]any
		}
	}
	if err := yaml.Unmarshal(raw, &compose); err != nil {
		t.Fatal(err)
	}
	nodes := 0
	for name, s := range compose.Services {
		if s.Image != "dialtone:local" {
			continue
		}
		nodes++
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s may do more than it needs: %+v", name, s)
		}
		if s.Ulimits["core"] != 0 {
			t.Errorf("%s may write its memory to a file", name)
		}
	}
	if nodes != 2 {
		t.Errorf("%d nodes were looked at, want 2", nodes)
	}
}

func TestTheUnitGivesTheServerNoRights(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "deploy/systemd/dialtone.service"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(raw), "\n")
	for _, want := range []string{
		"User=dialtone", "CapabilityBoundingSet=", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateDevices=yes", "RestrictNamespaces=yes",
		"MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service", "LimitCORE=0", "UMask=0077",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("the unit lacks %s", want)
		}
	}
}

func TestNoHTTP2IsOfferedToDevices(t *testing.T) {
	for name, suites := range map[string]*tls.Config{cwmpListener: nil, legacyListener: legacyTLS()} {
		config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
		connection, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", securedListener(t, name, suites), config)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := connection.ConnectionState().NegotiatedProtocol; got == "h2" {
			t.Errorf("%s speaks %s", name, got)
		}
		_ = connection.Close()
	}
}
