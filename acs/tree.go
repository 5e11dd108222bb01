package acs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/tasks"
)

// tree notes in the store what a device tells of its parameters, secrets
// sealed.
type tree struct {
	store  device.ParameterStore
	keeper Keeper
	logger *slog.Logger
	// full keeps devices that grow from flooding the log.
	full rate.Sometimes
}

// observe notes observations; none is no call. A device that has told of more
// parameters than are kept is managed on: what it told before stays, and what
// would go beyond is left out.
func (t *tree) observe(ctx context.Context, id device.ID, at time.Time, observations []device.Observation) error {
	if len(observations) == 0 {
		return nil
	}
	err := t.store.Observe(ctx, id, at, observations)
	if errors.Is(err, device.ErrLimit) {
		t.full.Do(func() {
			t.logger.WarnContext(ctx, "device tells of more parameters than are kept, left some out; not every time is logged", logkeys.Device, id, logkeys.Error, err)
		})
		return nil
	}
	if err != nil {
		return fmt.Errorf("note parameters: %w", err)
	}
	return nil
}

// maxValue is the longest value that is kept of a device, in bytes: the longest string
// that a data model knows. What is longer is not kept, for a device must not fill the
// store.
const maxValue = 64 << 10

// values turns what a device reported into observations. Names that cannot be
// parameters are left out, as a device that sends one has told nothing.
func (t *tree) values(id device.ID, list []cwmp.ParameterValueStruct) ([]device.Observation, error) {
	observations := make([]device.Observation, 0, len(list))
	for i := range list {
		p := &list[i]
		if device.CheckPath(p.Name) != nil || device.IsObject(p.Name) || len(p.Value) > maxValue {
			continue
		}
		value, err := t.value(id, p.Name, p.Value, p.Type)
		if err != nil {
			return nil, err
		}
		observations = append(observations, device.Observation{Path: p.Name, Value: value})
	}
	return observations, nil
}

func (t *tree) value(id device.ID, path, text, xsdType string) (*device.Value, error) {
	if text == "" || !secret.NameIsSecret(path) {
		return &device.Value{Text: text, Type: xsdType}, nil
	}
	sealed, err := t.keeper.Seal(secret.NewText(text), device.ParameterOwner(id, path))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", path, err)
	}
	return &device.Value{Sealed: sealed, Type: xsdType}, nil
}

// names turns a list of names into observations.
func names(list []cwmp.ParameterInfoStruct) []device.Observation {
	observations := make([]device.Observation, 0, len(list))
	for i := range list {
		p := &list[i]
		if device.CheckPath(p.Name) != nil {
			continue
		}
		observations = append(observations, device.Observation{Path: p.Name, Writable: &p.Writable})
	}
	return observations
}

// types returns the known types of the given paths.
func (t *tree) types(ctx context.Context, id device.ID, paths []string) (map[string]string, error) {
	known, err := t.store.Values(ctx, id, paths)
	if err != nil {
		return nil, fmt.Errorf("read known types: %w", err)
	}
	types := make(map[string]string, len(known))
	for _, p := range known {
		if p.Type != "" {
			types[p.Path] = p.Type
		}
	}
	return types, nil
}

// resultValue is a value as a task's result shows it.
func resultValue(p cwmp.ParameterValueStruct) tasks.ParameterValue {
	if secret.NameIsSecret(p.Name) {
		return tasks.ParameterValue{Path: p.Name, Type: p.Type, Secret: true}
	}
	return tasks.ParameterValue{Path: p.Name, Value: &p.Value, Type: p.Type}
}
