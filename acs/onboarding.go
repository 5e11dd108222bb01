package acs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Onboarding says what a device is given on first contact, and again after a
// factory reset.
type Onboarding struct {
	// Off does nothing of it.
	Off bool
	// InformInterval is the PeriodicInformInterval to set, in seconds; 0 leaves
	// the device's.
	InformInterval int
}

// onboarding queues the tasks of first contact: read who the device is and how
// it is managed, set how often it informs, and give it connection-request
// credentials of its own.
type onboarding struct {
	options  Onboarding
	tasks    Queue
	sessions device.SessionStore
	// behaviour is that of Options.
	behaviour func(*device.Device) *quirks.Behaviour
}

// onboardingPriority lets onboarding run before what operators queued: their
// tasks may need what it reads.
const onboardingPriority = 100

// passwordLength is the length of a generated password, in characters.
const passwordLength = 24

// queue queues the tasks if they are due, and says whether it did.
func (o *onboarding) queue(ctx context.Context, s *Session) (bool, error) {
	if o.options.Off || !s.Device.OnboardingDue || s.Device.Root == "" {
		return false, nil
	}
	steps := o.steps(s.Device)
	if o.behaviour(&s.Device).KeepsConnectionRequestCredentials {
		delete(steps, "connectionRequest")
	}
	for name, n := range steps {
		raw, err := json.Marshal(n.args)
		if err != nil {
			return false, fmt.Errorf("encode onboarding: %w", err)
		}
		_, err = o.tasks.Enqueue(ctx, tasks.New{
			Device: s.Device.ID, Kind: n.kind, Args: raw, Priority: onboardingPriority, UniqueKey: "onboarding/" + name, CreatedBy: "onboarding",
		})
		if err != nil && !errors.Is(err, tasks.ErrDuplicate) && !errors.Is(err, tasks.ErrLimit) {
			return false, fmt.Errorf("queue onboarding: %w", err)
		}
	}
	if err := o.sessions.Learn(ctx, s.Device.ID, s.Device.Session.Generation, device.Learned{Onboarded: true}); err != nil {
		return false, fmt.Errorf("note onboarding: %w", err)
	}
	s.Device.OnboardingDue = false
	return true, nil
}

type onboardingStep struct {
	kind tasks.Kind
	args any
}

func (o *onboarding) steps(d device.Device) map[string]onboardingStep {
	steps := map[string]onboardingStep{
		"deviceInfo":       {tasks.Refresh, tasks.RefreshArgs{Path: d.Root + "DeviceInfo."}},
		"managementServer": {tasks.Refresh, tasks.RefreshArgs{Path: d.Root + "ManagementServer."}},
		"connectionRequest": {tasks.SetParameterValues, tasks.SetParameterValuesArgs{Parameters: []tasks.ParameterSetting{
			{Path: d.Root + connectionRequestUsername, Value: tasks.Text(d.ID), Type: "xsd:string"},
			{Path: d.Root + connectionRequestPassword, Value: tasks.Text(secret.RandomText(passwordLength).Reveal()), Type: "xsd:string"},
		}}},
	}
	if o.options.InformInterval > 0 {
		steps["informInterval"] = onboardingStep{tasks.SetParameterValues, tasks.SetParameterValuesArgs{Parameters: []tasks.ParameterSetting{
			{Path: d.Root + "ManagementServer.PeriodicInformEnable", Value: "1", Type: "xsd:boolean"},
			{Path: d.Root + periodicInformInterval, Value: tasks.Text(strconv.Itoa(o.options.InformInterval)), Type: "xsd:unsignedInt"},
		}}}
	}
	return steps
}
