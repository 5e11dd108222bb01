package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func (a *API) registerConvergence() {
	register(a, operation{
		id: "getConvergence", method: http.MethodGet, path: "/devices/{id}/convergence", tag: settingsTag, summary: "Get how a device is brought to its settings over CWMP, and what differs",
		description: "By which roads its settings go, what it has otherwise and why, and what cannot be carried to it. Secrets are never shown. " +
			"A device that is not brought to its settings over CWMP has an empty answer with its state.",
		problems: []problemKind{kindNotFound},
	}, a.getConvergence)
	register(a, operation{
		id: "restoreConvergence", method: http.MethodPost, path: "/devices/{id}/convergence/restore", tag: settingsTag, summary: "Set what drifted on a device back to its settings",
		description: "The next session does; the device is called. Without paths everything that drifted is set.",
		problems:    []problemKind{kindNotFound, kindState, kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.restoreConvergence)
	register(a, operation{
		id: "adoptConvergence", method: http.MethodPost, path: "/devices/{id}/convergence/adopt", tag: settingsTag, summary: "Take values that a device has into its own settings",
		description: "Each value becomes a setting of the device itself, so that the device has what it should. Nothing is written if one of them cannot be taken.",
		problems:    []problemKind{kindNotFound, kindState, kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.adoptConvergence)
	register(a, operation{
		id: "retryConvergence", method: http.MethodPost, path: "/devices/{id}/convergence/retry", tag: settingsTag, summary: "Compare the parameters of a device with its settings now",
		description: "Does not wait for the next try: the device is called, and its next session compares and sets what is missing, what it refused before too.",
		problems:    []problemKind{kindNotFound, kindState, kindConflict},
	}, a.retryConvergence)
	a.registerDataModels()
	a.registerProvisioningSummary()
}

type convergenceOutput struct {
	ETag string `header:"ETag" doc:"Covers what is known of the parameters, not the state of the record."`
	Body Convergence
}

// convergenceTag returns the entity tag of what is known of a device's way.
func convergenceTag(c *provisioners.Convergence) string { return fmt.Sprintf(`"r%d"`, c.Revision) }

func (a *API) getConvergence(ctx context.Context, in *DevicePath) (*convergenceOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := a.convergence(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	return a.convergenceOutput(ctx, d, &c)
}

// convergence returns what is known of a device's way, an empty one if nothing is.
func (a *API) convergence(ctx context.Context, id device.ID) (provisioners.Convergence, error) {
	c, err := a.Provisioning.Convergence.Convergence(ctx, id)
	if errors.Is(err, provisioners.ErrNotFound) {
		return provisioners.Convergence{Device: id}, nil
	}
	return c, err
}

func (a *API) convergenceOutput(ctx context.Context, d device.Device, c *provisioners.Convergence) (*convergenceOutput, error) {
	shown := a.showConvergence(d, c)
	if d.Root == "" || c.Revision == 0 {
		return &convergenceOutput{ETag: convergenceTag(c), Body: shown}, nil
	}
	model, err := a.Provisioning.DataModels.DataModel(ctx, d.ModelKey(), d.Root)
	switch {
	case err == nil:
		shown.DataModel = &ConvergenceModel{Root: model.Root, Names: len(model.Names), UpdatedAt: shownTime(model.UpdatedAt)}
	case !errors.Is(err, provisioners.ErrNotFound):
		return nil, err
	}
	return &convergenceOutput{ETag: convergenceTag(c), Body: shown}, nil
}

// reconsidered has the next session of a device compare its parameters, tells those
// who follow, calls the device, and answers with how things are then.
func (a *API) reconsidered(ctx context.Context, id device.ID) (*convergenceOutput, error) {
	if err := a.Provisioning.Reconsider.Reconsider(ctx, id, a.moment()); err != nil {
		return nil, err
	}
	d, err := a.Devices.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	a.Hub.DeviceChanged(d)
	a.wakeSoon(id)
	c, err := a.convergence(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.convergenceOutput(ctx, d, &c)
}

func (a *API) retryConvergence(ctx context.Context, in *DevicePath) (*convergenceOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "")
	if d.Root == "" {
		return nil, kindState.problem("the device never opened a CWMP session: it takes its settings with its files")
	}
	if err := a.endWait(ctx, d.ID); err != nil {
		return nil, err
	}
	return a.reconsidered(ctx, d.ID)
}

// endWait has what a device did not take sent again now, and not at the next try.
func (a *API) endWait(ctx context.Context, id device.ID) error {
	for try := 1; ; try++ {
		c, err := a.convergence(ctx, id)
		now := a.moment()
		if err != nil || !c.NextTry.After(now) {
			return err
		}
		c.NextTry = now
		_, err = a.Provisioning.Convergence.PutConvergence(ctx, c)
		if !errors.Is(err, provisioners.ErrConflict) || try == levelTries {
			return convergenceProblem(err)
		}
	}
}
