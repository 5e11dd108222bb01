package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
	"github.com/dialtone-acs/dialtone/store"
)

// planCommand says what a change of settings would do, also beside a server that runs.
type planCommand struct {
	dataOptions

	Level    string            `default:"global" help:"Where the settings would be declared: global, group:PATH, or device: and the id or MAC address of one." placeholder:"LEVEL"`
	Set      map[string]string `mapsep:"none" help:"Setting that would be declared, such as account.*.registrar=sip.example.net; several times for several." placeholder:"PATH=VALUE"`
	Unset    []string          `sep:"none" help:"Setting that would be taken away." placeholder:"PATH"`
	Device   string            `help:"Show how the files of this device would change: its id or MAC address." placeholder:"DEVICE"`
	Names    int               `default:"20" help:"How many devices are named at most."`
	FilesURL string            `help:"The --files-url of the server." placeholder:"URL"`
}

// Run writes the plan to standard output. Nothing is changed.
func (c *planCommand) Run(ctx context.Context, s *streams) error {
	if len(c.Set)+len(c.Unset) == 0 {
		return errors.New("--set or --unset: must say what would change")
	}
	if c.Names < 1 || c.Names > plan.MaxNames {
		return fmt.Errorf("--names: must be 1 to %d", plan.MaxNames)
	}
	return withSettings(ctx, c.dataOptions, c.FilesURL, func(rooms *settingsRooms, opened store.Store) error {
		question, err := c.question(ctx, opened)
		if err != nil {
			return err
		}
		if c.Device != "" {
			return c.differences(ctx, s.out, rooms, opened, question)
		}
		answer, err := rooms.planner.Ask(ctx, question)
		if err != nil {
			return err
		}
		return showPlan(s.out, answer)
	})
}

// question returns the change that the flags describe.
func (c *planCommand) question(ctx context.Context, opened store.Store) (plan.Question, error) {
	key, err := c.levelKey(ctx, opened)
	if err != nil {
		return plan.Question{}, fmt.Errorf("--level: %w", err)
	}
	service, err := rosterService(ctx, c.dataOptions, opened)
	if err != nil {
		return plan.Question{}, err
	}
	var entries []roster.Entry
	for _, path := range slices.Sorted(maps.Keys(c.Set)) {
		entries = append(entries, roster.Entry{Path: path, Value: c.Set[path]})
	}
	level, wrong, err := service.Merged(ctx, key, entries)
	if err != nil {
		return plan.Question{}, err
	}
	var refused []error
	for _, w := range wrong {
		refused = append(refused, fmt.Errorf("%s %s", w.Column, w.Expected))
	}
	if len(refused) > 0 {
		return plan.Question{}, fmt.Errorf("--set: %w", errors.Join(refused...))
	}
	for _, path := range c.Unset {
		before := len(level.Entries)
		level.Entries = slices.DeleteFunc(level.Entries, func(e provisioners.Entry) bool { return e.Path == path })
		if len(level.Entries) == before {
			return plan.Question{}, fmt.Errorf("--unset: %s is not declared there", path)
		}
	}
	return plan.Question{Levels: []provisioners.Level{level}, Level: key, Paths: slices.Sorted(maps.Keys(c.Set)), Names: c.Names}, nil
}

func (c *planCommand) levelKey(ctx context.Context, opened store.Store) (provisioners.LevelKey, error) {
	kind, id, _ := strings.Cut(c.Level, ":")
	switch {
	case c.Level == "global":
		return provisioners.LevelKey{Kind: provisioners.GlobalLevel}, nil
	case kind == "group" && id != "":
		return provisioners.LevelKey{Kind: provisioners.GroupLevel, ID: id}, nil
	case kind == "device" && id != "":
		d, err := deviceNamed(ctx, opened.Devices(), id)
		return provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(d.ID)}, err
	default:
		return provisioners.LevelKey{}, errors.New("expected global, group:PATH or device:ID")
	}
}

// differences shows how the files of one device would change.
func (c *planCommand) differences(ctx context.Context, w io.Writer, rooms *settingsRooms, opened store.Store, question plan.Question) error {
	d, err := deviceNamed(ctx, opened.Devices(), c.Device)
	if err != nil {
		return fmt.Errorf("--device: %w", err)
	}
	question.Device = d.ID
	all, err := rooms.planner.Differences(ctx, question)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(w, "no file of the device would change")
	}
	for _, difference := range all {
		if difference.Problem != "" {
			fmt.Fprintf(w, "%s cannot be made: %s\n", difference.Name, difference.Problem)
			continue
		}
		fmt.Fprint(w, difference.Text)
		if difference.Truncated {
			fmt.Fprintln(w, "... and more")
		}
	}
	return nil
}

// showPlan writes what a plan answers.
func showPlan(w io.Writer, a plan.Answer) error {
	fmt.Fprintf(w, "%d of %d devices would change", a.Changed, a.Devices)
	if a.Unserved > 0 {
		fmt.Fprintf(w, "; no vendor pack serves %d", a.Unserved)
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, count := range a.ByModel {
		name := count.Name
		if count.Others {
			name = "(others)"
		}
		fmt.Fprintf(table, "%d\t%s\n", count.Count, name)
	}
	if len(a.Names) > 0 {
		fmt.Fprintln(table, "\nDEVICE\tMAC\tMODEL\tGROUP")
	}
	for _, d := range a.Names {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", d.ID, d.MAC, d.Model, d.Group)
	}
	if a.Truncated {
		fmt.Fprintln(table, "... and more")
	}
	for _, place := range a.Unreached.Places {
		fmt.Fprintf(table, "%s\t%s\tnot there: %s by %s\n", place.Device.ID, place.Path, place.Why, strings.TrimSpace(string(place.By.Kind)+" "+place.By.ID+" "+place.Reason))
	}
	for _, failure := range a.Failures {
		fmt.Fprintf(table, "%s\tcannot be given its files: %s\n", failure.Device.ID, failure.Problem)
	}
	return table.Flush()
}
