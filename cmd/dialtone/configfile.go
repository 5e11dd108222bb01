package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// configFile is the flag that names the configuration file. Its values stand
// behind flags and environment variables.
type configFile string

// BeforeResolve reads the file and lets its values fill what neither a flag nor
// the environment set.
func (c configFile) BeforeResolve(app *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	path := string(ctx.FlagValue(trace.Flag).(configFile))
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	resolver, err := newConfigResolver(path, raw)
	if err != nil {
		return err
	}
	ctx.AddResolver(resolver)
	return nil
}

// configResolver answers kong with the values of a configuration file.
type configResolver struct {
	path   string
	values map[string]any
}

func newConfigResolver(path string, raw []byte) (*configResolver, error) {
	values := map[string]any{}
	if err := yaml.Unmarshal(raw, &values); err != nil {
		return nil, fmt.Errorf("configuration %s: %w", path, err)
	}
	return &configResolver{path: path, values: values}, nil
}

// Validate refuses keys that are no flag: a misspelt option must not be lost.
func (c *configResolver) Validate(app *kong.Application) error {
	var known []string
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known = append(known, flag.Name)
		}
		return next(nil)
	})
	var unknown []string
	for key := range c.values {
		if !slices.Contains(known, key) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fmt.Errorf("configuration %s: unknown option %s", c.path, strings.Join(unknown, ", "))
	}
	return nil
}

// Resolve returns the file's value for a flag, unless the environment has one:
// kong would let the file win over it.
func (c *configResolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return nil, nil
		}
	}
	value, ok := c.values[flag.Name]
	if !ok || value == nil {
		return nil, nil
	}
	switch value := value.(type) {
	case []any:
		parts := make([]string, 0, len(value))
		for _, part := range value {
			parts = append(parts, fmt.Sprint(part))
		}
		return strings.Join(parts, ","), nil
	case map[string]any:
		if !flag.IsMap() {
			return nil, errors.New("configuration " + c.path + ": " + flag.Name + " must be a value or a list")
		}
		var pairs []string
		for key, part := range value {
			pairs = append(pairs, key+"="+fmt.Sprint(part))
		}
		return strings.Join(pairs, ";"), nil
	default:
		return fmt.Sprint(value), nil
	}
}
