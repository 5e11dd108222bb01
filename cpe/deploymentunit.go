package cpe

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	softwareModules = "SoftwareModules."
	deploymentUnits = softwareModules + "DeploymentUnit."
	executionUnits  = softwareModules + "ExecutionUnit."
	environments    = softwareModules + "ExecEnv."

	// maxUnits is how many deployment units a device bears.
	maxUnits = 16
	// maxUnitURL is how long the URL of a deployment unit may be (cwmp-1-2.xsd).
	maxUnitURL = 1024
	// maxUnitVersion is how long its version may be.
	maxUnitVersion = 32
)

// units returns the paths of the deployment units with a UUID, of all if it is empty.
// The caller holds mu.
func (d *Device) units(uuid string) []string {
	var units []string
	numbers := d.tree.instances(d.config.Root + deploymentUnits)
	slices.Sort(numbers)
	for _, n := range numbers {
		unit := d.config.Root + deploymentUnits + strconv.Itoa(n) + "."
		if uuid == "" || strings.EqualFold(d.field(unit, "UUID"), uuid) {
			units = append(units, unit)
		}
	}
	return units
}

// addUnit shows a deployment unit in the data model, with the one execution unit that
// it consists of, and returns its path. The caller holds mu.
func (d *Device) addUnit(uuid, url, version, environment string) string {
	name := strings.TrimSuffix(path.Base(url), path.Ext(url))
	if len(name) > maxUnitVersion {
		name = name[:maxUnitVersion]
	}
	execution := d.tree.row(d.config.Root + executionUnits)
	d.setFields(execution, map[string]string{
		"EUID": uuid, "Name": name, "ExecEnvLabel": name, "Version": version, "ExecutionEnvRef": environment,
	})
	unit := d.tree.row(d.config.Root + deploymentUnits)
	d.setFields(unit, map[string]string{
		"UUID": uuid, "DUID": uuid, "Name": name, "URL": url, "Vendor": d.id.Manufacturer, "Version": version,
		"ExecutionEnvRef": environment, "ExecutionUnitList": strings.TrimSuffix(execution, "."),
	})
	return unit
}

func (d *Device) executionUnit(unit string) string { return d.field(unit, "ExecutionUnitList") + "." }

// field returns a parameter of an object. The caller holds mu.
func (d *Device) field(object, name string) string {
	e, ok := d.tree.parameter(object + name)
	if !ok {
		return ""
	}
	return d.tree.value(e)
}

func (d *Device) setFields(object string, values map[string]string) {
	for name, value := range values {
		if e, ok := d.tree.parameter(object + name); ok {
			d.setLocal(e, strings.ToValidUTF8(value, ""))
		}
	}
}

// result is what came of an operation on a deployment unit that is there. The caller
// holds mu.
func (d *Device) result(unit string, start time.Time) cwmp.OpResultStruct {
	return cwmp.OpResultStruct{
		UUID: d.field(unit, "UUID"), DeploymentUnitRef: strings.TrimSuffix(unit, "."), Version: d.field(unit, "Version"),
		CurrentState: cwmp.DeploymentUnitInstalled, Resolved: true, ExecutionUnitRefList: d.field(unit, "ExecutionUnitList"),
		StartTime: cwmp.NewDateTime(start), CompleteTime: cwmp.NewDateTime(d.config.Clock.Now()),
	}
}

// failed is what came of an operation that found no deployment unit, or made none.
func (d *Device) failed(uuid string, code int, start time.Time) cwmp.OpResultStruct {
	return cwmp.OpResultStruct{
		UUID: uuid, CurrentState: cwmp.DeploymentUnitFailed, Fault: faultOf(code),
		StartTime: cwmp.NewDateTime(start), CompleteTime: cwmp.NewDateTime(d.config.Clock.Now()),
	}
}

// unitVersion is what the file says of itself, as a firmware's.
func unitVersion(got fetched, url string) string {
	version := firmwareVersion(got.head, fileName(&cwmp.Download{URL: url}))
	if len(version) > maxUnitVersion {
		version = strings.ToValidUTF8(version[:maxUnitVersion], "")
	}
	return version
}

// compareVersions compares the numbers in two versions, then their texts.
func compareVersions(a, b string) int {
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0
		}
		return n
	}
	x, y := strings.FieldsFunc(a, notDigit), strings.FieldsFunc(b, notDigit)
	order := slices.CompareFunc(x, y, func(s, t string) int { return cmp.Compare(number(s), number(t)) })
	return cmp.Or(order, strings.Compare(a, b))
}

// isUUID reports whether text is a UUID in the form of CWMP (cwmp-1-2.xsd).
func isUUID(text string) bool {
	groups := strings.Split(text, "-")
	if len(groups) != 5 {
		return false
	}
	for i, length := range []int{8, 4, 4, 4, 12} {
		if _, err := hex.DecodeString(groups[i]); err != nil || len(groups[i]) != length {
			return false
		}
	}
	return true
}

// uuidOf derives a UUID of version 5 (RFC 9562, 5.5) from a URL.
func uuidOf(url string) string {
	// The namespace of URLs (RFC 9562, 6.6).
	namespace := []byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	sum := sha1.Sum(append(namespace, url...))
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
