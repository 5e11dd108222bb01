package converge

import (
	"context"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// ask is a GetParameterNames to be sent.
type ask struct {
	// Path is partial, with the root. Level asks for the next level alone, of devices that
	// do not list more at once.
	Path  string
	Level bool `json:",omitempty"`
	// Prefix is the partial path of the mapping that it is for, empty for an instance that
	// was made.
	Prefix string
	// Walked says that everything below Path was asked: nothing is to be sent.
	Walked bool `json:",omitempty"`
}

// maxAsks bounds the questions for names of one session: a device that lists level by
// level is asked in several.
const maxAsks = 150

// toAsk returns the names that nobody has asked a device of this kind for.
func (c *Course) toAsk(root string) []ask {
	if !c.wants() {
		return nil
	}
	var walk []ask
	for _, prefix := range c.pack.Mapping.Discover() {
		if !c.model.asked(prefix) {
			walk = append(walk, ask{Path: root + prefix, Prefix: prefix})
		}
	}
	return walk
}

// askNames asks for the next names.
func (c *Course) askNames(ctx context.Context, v Visit) (cwmp.Message, error) {
	for len(c.Walk) > 0 && c.Walk[0].Walked {
		walked := c.Walk[0]
		c.Walk = c.Walk[1:]
		if err := c.walked(ctx, walked); err != nil {
			return nil, err
		}
	}
	if len(c.Walk) == 0 {
		c.Stage = stageObjects
		return nil, c.resolve()
	}
	if c.Requests >= maxAsks {
		if err := c.saveNames(ctx); err != nil {
			return nil, err
		}
		return nil, c.pause(ctx, v)
	}
	return &cwmp.GetParameterNames{ParameterPath: c.Walk[0].Path, NextLevel: c.Walk[0].Level}, nil
}

// namesTold notes the names. A device that cannot list a branch at once is asked level by
// level; one that refuses is taken not to have it.
func (c *Course) namesTold(ctx context.Context, m cwmp.Message) error {
	asked := c.Walk[0]
	c.Walk = c.Walk[1:]
	switch m := m.(type) {
	case *cwmp.Fault:
		if m.Code != invalidName && !asked.Level {
			c.Walk = append([]ask{{Path: asked.Path, Level: true, Prefix: asked.Prefix}}, c.Walk...)
			return nil
		}
		if m.Code != invalidName && m.Code != invalidArguments {
			c.Untold = append(c.Untold, asked.Path) // That may be of the moment: it is asked again.
		}
	case *cwmp.GetParameterNamesResponse:
		c.gather(m.ParameterList, !asked.Level)
		c.Told = append(c.Told, c.model.add(c.input.Root, m.ParameterList)...)
		if asked.Level {
			c.descend(asked, m.ParameterList)
			return nil
		}
	}
	return c.walked(ctx, asked)
}

// walked notes that the device was asked for everything below a path, unless it did not
// answer some of it: the next session, or another device, is asked for that again. What is
// below a path of the mapping need not be remembered any more once all of that was asked.
func (c *Course) walked(ctx context.Context, asked ask) error {
	untold := slices.ContainsFunc(c.Untold, func(path string) bool { return strings.HasPrefix(path, asked.Path) })
	if asked.Prefix == "" || untold && asked.Path == c.input.Root+asked.Prefix {
		return c.saveNames(ctx)
	}
	if untold {
		return nil
	}
	if below := c.generic(asked.Path); asked.Path != c.input.Root+asked.Prefix {
		c.model.noteAsked(below)
		c.Walked = append(c.Walked, below)
		return nil
	}
	c.model.noteAsked(asked.Prefix)
	discover := c.pack.Mapping.Discover()
	c.model.stored.Asked = slices.DeleteFunc(slices.Clone(c.model.stored.Asked), func(path string) bool {
		return strings.HasPrefix(path, asked.Prefix) && !slices.Contains(discover, path)
	})
	c.Walked = nil
	return c.saveNames(ctx)
}

// saveNames stores the names that were told.
func (c *Course) saveNames(ctx context.Context) error {
	if err := c.planner.models.save(ctx, c.model); err != nil {
		return err
	}
	c.Told, c.Walked = nil, nil
	return nil
}

// descend asks for the next level of the objects that were listed, of a table for that of
// its first instance. Of what another session asked already nothing is.
func (c *Course) descend(asked ask, list []cwmp.ParameterInfoStruct) {
	if c.Seen == nil {
		c.Seen = map[string]bool{}
	}
	if c.Gathered[asked.Path] == nil {
		c.Gathered[asked.Path] = []int{}
	}
	var below []ask
	for i := range list {
		name := list[i].Name
		generic := c.generic(name)
		if !strings.HasSuffix(name, ".") || name == asked.Path || c.Seen[generic] || asked.Prefix != "" && c.model.asked(generic) {
			continue
		}
		c.Seen[generic] = true
		below = append(below, ask{Path: name, Level: true, Prefix: asked.Prefix})
	}
	below = append(below, ask{Path: asked.Path, Prefix: asked.Prefix, Walked: true})
	c.Walk = append(below, c.Walk...)
}

// gather notes the instances that a list of names tells of. Of a whole list, a table
// without any in it has none.
func (c *Course) gather(list []cwmp.ParameterInfoStruct, whole bool) {
	if c.Gathered == nil {
		c.Gathered = map[string][]int{}
	}
	for i := range list {
		if table, number, ok := instanceOf(list[i].Name); ok {
			c.Gathered[table] = addNumber(c.Gathered[table], number)
		} else if name := list[i].Name; whole && strings.HasSuffix(name, ".") && c.Gathered[name] == nil {
			c.Gathered[name] = []int{}
		}
	}
}

// resolve computes what the device is to have, as far as it is known.
func (c *Course) resolve() error {
	if !c.wants() {
		return nil
	}
	c.input.Names, c.input.Full = c.model.names(), c.Full
	c.input.Instances = make(map[string][]int, len(c.Record.Instances))
	for _, i := range c.Record.Instances {
		c.input.Instances[i.Table] = i.Numbers
	}
	var err error
	c.resolved, err = c.pack.Mapping.Resolve(c.input)
	return err
}

// The faults that mean something here (TR-069 A.5.1).
const (
	invalidArguments = 9003
	invalidName      = 9005
)
