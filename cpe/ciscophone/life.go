package ciscophone

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"

	"github.com/dialtone-acs/dialtone/cpe"
)

// Run switches the phone on and lets it live until ctx ends: it fetches its profiles,
// and speaks CWMP while they say so. It returns nil, or the error of opening its
// connection-request listener, or cpe.ErrRunning. It may run again afterwards.
func (p *Phone) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := p.power(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Start lets the phone run in the background until stop is called, which returns when
// it has stopped, with Run's error.
func (p *Phone) Start() (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	return sync.OnceValue(func() error {
		cancel()
		return <-done
	})
}

// PowerCycle switches the phone off and on, with what DHCP then answers; nil for no
// answer. It returns at once; a phone that does not run starts with that answer.
func (p *Phone) PowerCycle(answer Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = maps.Clone(answer)
	if p.off != nil {
		p.off()
	}
}

// SetDHCP is what DHCP will answer from the next boot on.
func (p *Phone) SetDHCP(answer Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = maps.Clone(answer)
}

// Silent reports whether the phone runs without speaking CWMP.
func (p *Phone) Silent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.silent
}

// power is the time from switching the phone on to switching it off.
func (p *Phone) power(ctx context.Context) error {
	on, off := context.WithCancel(ctx)
	defer off()
	p.mu.Lock()
	p.off, p.silent = off, false
	p.mu.Unlock()
	var background sync.WaitGroup
	background.Go(func() { p.fetchAgain(on) })
	defer background.Wait()
	err := p.device.Run(on)
	if errors.Is(err, errSilent) {
		err = nil
		<-on.Done()
	}
	off()
	p.mu.Lock()
	p.off, p.silent = nil, false
	p.mu.Unlock()
	return err
}

// boot is the start of the phone's firmware, of which the client of CWMP is a part.
func (p *Phone) boot(ctx context.Context) error {
	p.mu.Lock()
	if p.reset {
		p.reset = false
		p.profile.Reset()
		p.memory.look()
	}
	p.counts.Boots++
	p.silent = false
	wanted := wants(p.profile.Elements(), "Resync_On_Reset")
	p.mu.Unlock()
	if wanted {
		p.resync(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.announce()
	p.useDiscovery()
	p.silent = !p.managed()
	if p.silent {
		return errSilent
	}
	return nil
}

// useDiscovery takes over what DHCP says beside servers of files. The caller holds mu.
func (p *Phone) useDiscovery() {
	d := Discover(p.answer)
	set := func(path, value string) {
		if value != "" {
			_ = p.device.SetLocal(cpe.RootDevice+path, value)
		}
	}
	if p.profile.Elements()["ACS_URL"] == "" && d.ACS.URL != "" {
		p.memory.set("ManagementServer.URL", d.ACS.URL)
	}
	set("DeviceInfo.ProvisioningCode", d.ACS.ProvisioningCode)
	set("ManagementServer.CWMPRetryMinimumWaitInterval", d.ACS.RetryMinimum)
	set("ManagementServer.CWMPRetryIntervalMultiplier", d.ACS.RetryMultiplier)
	set("GatewayInfo.ManufacturerOUI", d.Gateway.OUI)
	set("GatewayInfo.SerialNumber", d.Gateway.SerialNumber)
	set("GatewayInfo.ProductClass", d.Gateway.ProductClass)
}

// managed reports whether the phone speaks CWMP. The caller holds mu.
func (p *Phone) managed() bool {
	url, _ := p.device.Parameter(cpe.RootDevice + "ManagementServer.URL")
	if url == "" || url == noACS {
		return false
	}
	enabled, said := p.profile.Elements()["Enable_TR-069"]
	if !said {
		return p.config.EnabledByDHCP && Discover(p.answer).ACS.URL != ""
	}
	return strings.EqualFold(enabled, "yes")
}

// reconsider restarts a phone whose settings changed, or that is to begin or to stop to
// speak CWMP.
func (p *Phone) reconsider(changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	managed := p.managed()
	switch {
	case p.off == nil:
	case p.silent && (managed || changed):
		p.off()
	case !p.silent && (!managed || changed):
		p.device.Reboot()
	}
}
