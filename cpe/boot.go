package cpe

import "context"

// startUp is what comes before boot: a device that loses its settings does so, and the
// hook knows of the boot; until it returns the device is down.
func (d *Device) startUp(ctx context.Context) error {
	d.mu.Lock()
	d.forgetSettings()
	d.down = d.config.Hooks.Boot != nil
	d.mu.Unlock()
	if d.config.Hooks.Boot == nil {
		return nil
	}
	return d.config.Hooks.Boot(ctx)
}

// Reboot switches the device off and on as somebody at it would. It has no effect
// where the device does not run.
func (d *Device) Reboot() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.running {
		return
	}
	d.restart()
	d.poke()
}

// FactoryReset brings the device back to what it was when new, but for its firmware, as
// somebody at it would. One that runs reboots.
func (d *Device) FactoryReset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.running {
		d.forgetAll()
		return
	}
	d.restart()
	d.reboot.factory = true
	d.poke()
}

// restart has the device reboot when its session is over. The caller holds mu.
func (d *Device) restart() {
	if d.reboot == nil {
		d.reboot = &rebooting{}
	}
}
