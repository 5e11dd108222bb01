package api

import (
	"cmp"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Convergence is how a device is brought to its settings.
type Convergence struct {
	State        string                  `json:"state" enum:"none,pending,converged,drifted,failing" doc:"As that of the device: provisioning.state."`
	Since        *time.Time              `json:"since" doc:"Since when it is drifted; of one that does not hold its settings, when these changed; null otherwise."`
	NextTry      *time.Time              `json:"nextTry" doc:"When it is tried again, or its parameters are read again; null if nothing is to come by itself."`
	Problem      string                  `json:"problem" doc:"Why it cannot be given its settings; empty if it can."`
	Managed      bool                    `json:"managed" doc:"A session has taken charge: settings go as parameters, and files carry the rest."`
	Wanted       string                  `json:"wanted" doc:"The first 12 characters of the fingerprint of the settings that it should have."`
	Held         string                  `json:"held" doc:"The same of those that it took last."`
	UpdatedAt    *time.Time              `json:"updatedAt" doc:"When a session last worked at it; null if none did."`
	Roads        ConvergenceRoads        `json:"roads"`
	Differences  []ConvergenceDifference `json:"differences" nullable:"false" doc:"The parameters that it has otherwise, in order of path."`
	Unmapped     []UnmappedSetting       `json:"unmapped" nullable:"false" doc:"Its settings that no parameter and no file carries to it."`
	DataModel    *ConvergenceModel       `json:"dataModel,omitempty" doc:"What its model has for parameters; absent if that is not known yet."`
	FactoryReset string                  `json:"factoryReset" enum:",silent" doc:"silent: after a factory reset it does not speak CWMP until a file switches it on again; empty: it does."`
}

// ConvergenceRoads are the ways on which settings reach a device.
type ConvergenceRoads struct {
	Parameters ConvergenceParameters `json:"parameters"`
	File       ConvergenceFile       `json:"file"`
	CA         *ConvergenceFile      `json:"ca,omitempty" doc:"The certificate of an authority of the site's own; absent if none is delivered."`
}

// ConvergenceParameters is the road of CWMP parameters.
type ConvergenceParameters struct {
	Settings  int `json:"settings" doc:"How many settings they carry."`
	Confirmed int `json:"confirmed" doc:"How many parameters the device was seen to have as they should be."`
}

// ConvergenceFile is a file that is delivered.
type ConvergenceFile struct {
	State   string `json:"state" enum:"none,pending,held,failed" doc:"none: no file carries anything; pending: the device is to take it; held: it has it; failed: it could not be delivered."`
	Task    string `json:"task" doc:"The task that delivers it; empty if none is under way."`
	Problem string `json:"problem" doc:"Why it was not delivered; empty if it was, or nobody tried."`
}

// ConvergenceDifference is a parameter that a device has otherwise than it should.
type ConvergenceDifference struct {
	Path      string    `json:"path" doc:"Of the parameter."`
	Setting   string    `json:"setting" doc:"The setting that it carries; empty for one that carries none, or several that differ."`
	Also      []string  `json:"also" nullable:"false" doc:"The same setting of further accounts, which it carries too: adopting takes the value into all of them."`
	Kind      string    `json:"kind" enum:"drifted,kept,refused,later,withheld" doc:"drifted: it had the value, and somebody changed it; kept: it took the value and has another; refused: it answers with a fault; later: it has the value after its next restart; withheld: a secret, and the device has not proven who it is. Other kinds may come."`
	Wanted    *string   `json:"wanted" doc:"As it should be; null for a secret."`
	Has       *string   `json:"has" doc:"As the device has it; null for a secret, and where that is not known."`
	Secret    bool      `json:"secret" doc:"The values are not shown."`
	Since     time.Time `json:"since"`
	Reason    string    `json:"reason" doc:"Why, in words."`
	Code      int       `json:"code" doc:"The fault that the device answers with; 0 without one."`
	Tries     int       `json:"tries" doc:"How often the value was set."`
	Adoptable bool      `json:"adoptable" doc:"The value of the device can become a setting of its own, unless a level above locked the setting."`
	Restoring bool      `json:"restoring" doc:"Somebody asked to set it back; the next session does."`
}

// UnmappedSetting is a setting that does not reach a device.
type UnmappedSetting struct {
	Setting string `json:"setting"`
	Reason  string `json:"reason"`
}

// ConvergenceModel is what is known of the data model of a device.
type ConvergenceModel struct {
	Root      string     `json:"root" doc:"The root object of its parameters: Device. or InternetGatewayDevice."`
	Names     int        `json:"names" doc:"How many names of objects and parameters are known."`
	UpdatedAt *time.Time `json:"updatedAt"`
}

// shownFingerprint is how many characters of a fingerprint tell two apart by eye.
const shownFingerprint = 12

func shortFingerprint(text string) string { return text[:min(len(text), shownFingerprint)] }

func (a *API) showConvergence(d device.Device, c *provisioners.Convergence) Convergence {
	p := &d.Provisioning
	shown := Convergence{
		State: string(p.State()), Since: shownTime(stateSince(p)), NextTry: shownTime(nextTry(p, c)), Problem: cmp.Or(p.Problem, p.Stuck), Managed: p.Managed,
		Wanted: shortFingerprint(p.Wanted), Held: shortFingerprint(p.Held), UpdatedAt: shownTime(c.UpdatedAt),
		Roads: showRoads(p, c), Differences: make([]ConvergenceDifference, 0, len(c.Differences)), Unmapped: showUnmapped(c.Unmapped),
	}
	if p, _, served := a.Provisioning.Shelf.Registry().ModelOf(d); served && p.Mapping != nil && p.Mapping.SilentAfterFactoryReset() {
		shown.FactoryReset = "silent"
	}
	for i := range c.Differences {
		shown.Differences = append(shown.Differences, a.showDifference(&c.Differences[i], c.Restore))
	}
	slices.SortStableFunc(shown.Differences, func(x, y ConvergenceDifference) int { return provisioners.ComparePaths(x.Path, y.Path) })
	return shown
}

// stateSince returns since when a device stands as it does, the zero time where
// nobody knows.
func stateSince(p *device.Provisioning) time.Time {
	switch p.State() {
	case device.ProvisioningDrifted:
		return p.DriftedSince
	case device.ProvisioningPending, device.ProvisioningFailing:
		return p.ChangedAt
	default:
		return time.Time{}
	}
}

// nextTry returns when a session works at the settings again, whatever happens.
func nextTry(p *device.Provisioning, c *provisioners.Convergence) time.Time {
	if !c.NextTry.IsZero() {
		return c.NextTry
	}
	return p.CheckAt
}

func showRoads(p *device.Provisioning, c *provisioners.Convergence) ConvergenceRoads {
	roads := ConvergenceRoads{
		Parameters: ConvergenceParameters{Settings: len(c.Owned), Confirmed: len(c.Confirmed)},
		File:       ConvergenceFile{State: fileState(p)},
	}
	for i := range c.Deliveries {
		switch d := &c.Deliveries[i]; d.Name {
		case provisioners.DeliveryProfile:
			roads.File = showDelivery(d)
		case provisioners.DeliveryCA:
			ca := showDelivery(d)
			roads.CA = &ca
		}
	}
	return roads
}

// fileState returns how a device that fetches its file by itself stands with it.
func fileState(p *device.Provisioning) string {
	switch {
	case p.Managed && p.FileHeld != "", !p.Managed && p.Held != "" && p.Held == p.Wanted && !p.FetchedAt.IsZero():
		return "held"
	case p.Managed || p.Pack == "" || p.Wanted == "":
		return "none"
	default:
		return "pending"
	}
}

func showDelivery(d *provisioners.Delivery) ConvergenceFile {
	shown := ConvergenceFile{State: "pending", Task: d.Task, Problem: d.Problem}
	switch {
	case d.Task != "":
	case d.Problem != "":
		shown.State = "failed"
	case d.Held != "" && (d.Hash == "" || d.Held == d.Hash):
		shown.State = "held"
	}
	return shown
}

// showDifference shows a difference. A secret has no values in it; that a setting is
// secret by the catalogue is looked at once more, whatever is stored.
func (a *API) showDifference(d *provisioners.Difference, restore []string) ConvergenceDifference {
	shown := ConvergenceDifference{
		Path: d.Path, Setting: d.Setting, Kind: string(d.Kind), Wanted: d.Wanted, Has: d.Has, Secret: a.isSecret(d), Since: d.Since.UTC(),
		Reason: d.Reason, Code: d.Code, Tries: d.Tries, Restoring: slices.Contains(restore, d.Path), Also: append([]string{}, d.Also...),
	}
	if shown.Secret {
		shown.Wanted, shown.Has = nil, nil
	}
	shown.Adoptable = a.adoptable(d)
	return shown
}

func (a *API) isSecret(d *provisioners.Difference) bool {
	setting, known := a.Provisioning.Catalogue.Find(d.Setting)
	return d.Wanted == nil || known && setting.Secret
}

// adoptable reports whether the value that a device has can become a setting.
func (a *API) adoptable(d *provisioners.Difference) bool {
	return d.Setting != "" && d.Adopt != nil && !a.isSecret(d)
}

func showUnmapped(all []provisioners.Unmapped) []UnmappedSetting {
	shown := make([]UnmappedSetting, 0, len(all))
	for _, u := range all {
		shown = append(shown, UnmappedSetting{Setting: u.Setting, Reason: u.Reason})
	}
	return shown
}
