package cpe

import (
	"context"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// installUnit fetches and installs a deployment unit.
func (d *Device) installUnit(ctx context.Context, o cwmp.InstallOpStruct) cwmp.OpResultStruct {
	start := d.config.Clock.Now()
	environment, code := d.checkInstall(o)
	var got fetched
	if code == 0 {
		got, code = d.fetchUnit(ctx, o.URL, o.Username, o.Password)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	uuid := o.UUID
	if uuid == "" {
		uuid = uuidOf(o.URL)
	}
	version := unitVersion(got, o.URL)
	switch {
	case code != 0:
	case slices.ContainsFunc(d.units(uuid), func(unit string) bool { return d.field(unit, "Version") == version }):
		code = cwmp.FaultDuplicateDeploymentUnit
	case len(d.tree.instances(d.config.Root+deploymentUnits)) >= maxUnits:
		code = cwmp.FaultSystemResourcesExceeded
	}
	if code != 0 {
		return d.failed(o.UUID, code, start)
	}
	return d.result(d.addUnit(uuid, o.URL, version, environment), start)
}

// checkInstall returns the execution environment for a deployment unit, or a fault
// code.
func (d *Device) checkInstall(o cwmp.InstallOpStruct) (environment string, code int) {
	if o.UUID != "" && !isUUID(o.UUID) {
		return "", cwmp.FaultInvalidUUID
	}
	if code := checkURL(o.URL, maxUnitURL); code != 0 {
		return "", code
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.environment(o.ExecutionEnvRef)
}

// environment finds an execution environment, the first one for an empty reference,
// and returns its path without the final dot, or a fault code. The caller holds mu.
func (d *Device) environment(reference string) (environment string, code int) {
	if reference == "" {
		reference = d.config.Root + environments + "1."
	}
	reference = strings.TrimSuffix(reference, ".") + "."
	if strings.HasPrefix(reference, ".") {
		reference = d.config.Root + reference[1:]
	}
	enable, ok := d.tree.parameter(reference + "Enable")
	if !ok || !strings.HasPrefix(reference, d.config.Root+environments) {
		return "", cwmp.FaultUnknownExecutionEnvironment
	}
	if d.tree.value(enable) != "1" {
		return "", cwmp.FaultDisabledExecutionEnvironment
	}
	return strings.TrimSuffix(reference, "."), 0
}

// fetchUnit reads the file of a deployment unit, or returns a fault code.
func (d *Device) fetchUnit(ctx context.Context, url, username, password string) (fetched, int) {
	got, fault := fetch(ctx, d.config.FileClient, &cwmp.Download{URL: url, Username: username, Password: password}, d.config.RequestTimeout)
	if fault.FaultCode == cwmp.FaultTransferFailure {
		// Deployment units have no code for what is nothing else (cwmp-1-2.xsd).
		fault.FaultCode = cwmp.FaultTransferIncomplete
	}
	return got, fault.FaultCode
}

// updateUnits updates one deployment unit, or all.
func (d *Device) updateUnits(ctx context.Context, o cwmp.UpdateOpStruct) []cwmp.OpResultStruct {
	start := d.config.Clock.Now()
	units, code := d.unitsToUpdate(o)
	if code != 0 {
		return []cwmp.OpResultStruct{d.failed(o.UUID, code, start)}
	}
	results := make([]cwmp.OpResultStruct, 0, len(units))
	for _, unit := range units {
		results = append(results, d.updateUnit(ctx, unit, o))
	}
	return results
}

// unitsToUpdate finds the deployment units that an operation means, or returns a
// fault code.
func (d *Device) unitsToUpdate(o cwmp.UpdateOpStruct) (units []string, code int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case o.UUID != "" && !isUUID(o.UUID):
		return nil, cwmp.FaultInvalidUUID
	case o.UUID != "":
		units = d.units(o.UUID)
	case o.URL != "":
		units = slices.DeleteFunc(d.units(""), func(unit string) bool { return d.field(unit, "URL") != o.URL })
	default:
		units = d.units("")
	}
	if o.Version != "" {
		units = slices.DeleteFunc(units, func(unit string) bool { return d.field(unit, "Version") != o.Version })
	}
	switch {
	case len(units) == 0:
		return nil, cwmp.FaultUnknownDeploymentUnit
	case len(units) > 1 && o.UUID != "":
		return nil, cwmp.FaultDeploymentUnitVersionMissing
	}
	return units, 0
}

// updateUnit fetches and installs another version of a deployment unit.
func (d *Device) updateUnit(ctx context.Context, unit string, o cwmp.UpdateOpStruct) cwmp.OpResultStruct {
	start := d.config.Clock.Now()
	d.mu.Lock()
	url := d.field(unit, "URL")
	d.mu.Unlock()
	if o.URL != "" {
		url = o.URL
	}
	code := checkURL(url, maxUnitURL)
	var got fetched
	if code == 0 {
		got, code = d.fetchUnit(ctx, url, o.Username, o.Password)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	version := unitVersion(got, url)
	if code == 0 {
		code = d.checkVersion(unit, version)
	}
	if code == 0 {
		d.setFields(unit, map[string]string{"Version": version, "URL": url})
		d.setFields(d.executionUnit(unit), map[string]string{"Version": version})
	}
	r := d.result(unit, start)
	r.Fault = faultOf(code)
	return r
}

// checkVersion returns a fault code for a version that is not above the one
// installed.
func (d *Device) checkVersion(unit, version string) (code int) {
	for _, other := range d.units(d.field(unit, "UUID")) {
		if d.field(other, "Version") == version {
			return cwmp.FaultDeploymentUnitVersionDuplicated
		}
	}
	if compareVersions(version, d.field(unit, "Version")) < 0 {
		return cwmp.FaultDeploymentUnitDowngrade
	}
	return 0
}

// uninstallUnits removes the versions of a deployment unit that an operation means.
func (d *Device) uninstallUnits(o cwmp.UninstallOpStruct) []cwmp.OpResultStruct {
	start := d.config.Clock.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	units, code := d.unitsToUninstall(o)
	if code != 0 {
		return []cwmp.OpResultStruct{d.failed(o.UUID, code, start)}
	}
	results := make([]cwmp.OpResultStruct, 0, len(units))
	for _, unit := range units {
		r := d.result(unit, start)
		r.CurrentState, r.Resolved = cwmp.DeploymentUnitUninstalled, false
		d.tree.discard(d.executionUnit(unit))
		d.tree.discard(unit)
		results = append(results, r)
	}
	return results
}

func (d *Device) unitsToUninstall(o cwmp.UninstallOpStruct) (units []string, code int) {
	if !isUUID(o.UUID) {
		return nil, cwmp.FaultInvalidUUID
	}
	units = d.units(o.UUID)
	if o.Version != "" {
		units = slices.DeleteFunc(units, func(unit string) bool { return d.field(unit, "Version") != o.Version })
	}
	if len(units) == 0 {
		return nil, cwmp.FaultUnknownDeploymentUnit
	}
	if o.ExecutionEnvRef == "" {
		return units, 0
	}
	environment, code := d.environment(o.ExecutionEnvRef)
	if code != 0 {
		return nil, code
	}
	if slices.ContainsFunc(units, func(unit string) bool { return d.field(unit, "ExecutionEnvRef") != environment }) {
		return nil, cwmp.FaultExecutionEnvironmentMismatch
	}
	return units, 0
}
