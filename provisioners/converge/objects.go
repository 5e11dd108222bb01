package converge

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// maxAdded bounds the instances that one session makes.
const maxAdded = 64

// askObjects asks which instances the device has where that is not known, and makes those
// that it lacks.
func (c *Course) askObjects(ctx context.Context, v Visit) (cwmp.Message, error) {
	for {
		if adding := c.Record.Adding; adding != nil {
			// Of an earlier session, which did not see the answer.
			return &cwmp.GetParameterNames{ParameterPath: adding.Table, NextLevel: true}, nil
		}
		table, known := c.firstUnknown()
		if table != "" && !known {
			return &cwmp.GetParameterNames{ParameterPath: table, NextLevel: true}, nil
		}
		if table == "" {
			break
		}
		if err := c.resolve(); err != nil {
			return nil, err
		}
	}
	for _, table := range c.resolved.Missing {
		if !c.Full[table] && c.Made < maxAdded {
			return c.addObject(ctx, v, table)
		}
	}
	c.Stage = stageRead
	return nil, nil
}

// firstUnknown returns a table whose instances must be known; known says that they are by
// now.
func (c *Course) firstUnknown() (table string, known bool) {
	if len(c.resolved.Unknown) == 0 {
		return "", false
	}
	table = c.resolved.Unknown[0]
	numbers, told := c.Gathered[table]
	if !told && !c.Listed[table] {
		return table, false
	}
	// What was asked for in vain has none.
	c.setInstances(table, numbers)
	return table, true
}

// addObject makes an instance. That it is asked for is stored first: whether it was made
// can then be seen, should no answer come.
func (c *Course) addObject(ctx context.Context, v Visit, table string) (cwmp.Message, error) {
	if stop, err := c.attempt(ctx, v); stop || err != nil {
		return nil, err
	}
	c.Record.Adding = &provisioners.Adding{Table: table, Before: c.instances(table), At: v.Now}
	c.Making, c.Made = true, c.Made+1
	if err := c.save(ctx); err != nil {
		return nil, err
	}
	return &cwmp.AddObject{ObjectName: table, ParameterKey: c.parameterKey()}, nil
}

// objectsTold notes instances.
func (c *Course) objectsTold(ctx context.Context, v Visit, m cwmp.Message) error {
	switch m := m.(type) {
	case *cwmp.AddObjectResponse:
		c.added(m.InstanceNumber)
		if c.Stage == stageNames {
			return nil
		}
	case *cwmp.GetParameterNamesResponse:
		c.gather(m.ParameterList, false)
		c.listed(m.ParameterList)
	case *cwmp.Fault:
		c.objectsRefused()
	}
	return c.resolve()
}

// added notes an instance that was made.
func (c *Course) added(number int) {
	adding := c.Record.Adding
	if adding == nil {
		return
	}
	c.setInstances(adding.Table, addNumber(slices.Clone(adding.Before), number))
	instance := adding.Table + strconv.Itoa(number) + "."
	c.forgetInstance(instance)
	if below, ok := strings.CutPrefix(instance, c.input.Root); ok && c.model.names().Unseen(below) {
		// The first instance of its table: what it has is not known.
		c.Stage, c.Walk = stageNames, []ask{{Path: instance}}
	}
	c.Record.Adding, c.Making = nil, false
}

// forgetInstance forgets what is known of an instance that was just made: there may have
// been another of its number.
func (c *Course) forgetInstance(instance string) {
	c.Cause.Verify = true
	c.Record.Confirmed = slices.DeleteFunc(c.Record.Confirmed, func(known provisioners.Confirmed) bool { return strings.HasPrefix(known.Path, instance) })
	c.Record.Differences = slices.DeleteFunc(c.Record.Differences, func(d provisioners.Difference) bool { return strings.HasPrefix(d.Path, instance) })
	c.Record.Instances = slices.DeleteFunc(c.Record.Instances, func(i provisioners.Instances) bool { return strings.HasPrefix(i.Table, instance) })
}

// forgetInstances forgets the instances of the tables that a path is in, but of those that
// were told in this session; it reports whether there are any.
func (c *Course) forgetInstances(path string) bool {
	before := len(c.Record.Instances)
	c.Record.Instances = slices.DeleteFunc(c.Record.Instances, func(i provisioners.Instances) bool {
		_, told := c.Gathered[i.Table]
		return strings.HasPrefix(path, i.Table) && !told && !c.Listed[i.Table]
	})
	return len(c.Record.Instances) < before
}

// listed notes the instances of the table that was asked for. Where an AddObject was not
// answered, an instance that was not there before is the one that it made.
func (c *Course) listed(list []cwmp.ParameterInfoStruct) {
	table := c.asking()
	numbers := []int{}
	for i := range list {
		if of, number, ok := instanceOf(list[i].Name); ok && of == table {
			numbers = addNumber(numbers, number)
		}
	}
	c.setListed(table)
	c.Gathered[table] = numbers
	c.setInstances(table, numbers)
	c.Record.Adding = nil
}

// objectsRefused notes that the device does not tell of a table, or makes no instance.
func (c *Course) objectsRefused() {
	table := c.asking()
	c.Record.Adding = nil
	if !c.Making {
		c.setListed(table)
		return
	}
	if c.Full == nil {
		c.Full = map[string]bool{}
	}
	c.Full[table], c.Making = true, false
}

// asking returns the table that the request under way is about.
func (c *Course) asking() string {
	if c.Record.Adding != nil {
		return c.Record.Adding.Table
	}
	table, _ := c.firstUnknown()
	return table
}

func (c *Course) setListed(table string) {
	if c.Listed == nil {
		c.Listed = map[string]bool{}
	}
	if c.Gathered == nil {
		c.Gathered = map[string][]int{}
	}
	c.Listed[table] = true
}

func (c *Course) instances(table string) []int {
	for _, i := range c.Record.Instances {
		if i.Table == table {
			return i.Numbers
		}
	}
	return nil
}

func (c *Course) setInstances(table string, numbers []int) {
	for i := range c.Record.Instances {
		if c.Record.Instances[i].Table == table {
			c.Record.Instances[i].Numbers = numbers
			return
		}
	}
	c.Record.Instances = append(c.Record.Instances, provisioners.Instances{Table: table, Numbers: numbers})
}

// instanceOf returns table and number of the path of an instance: "A.B.3." is 3 of "A.B.".
func instanceOf(path string) (table string, number int, ok bool) {
	object, ok := strings.CutSuffix(path, ".")
	if !ok {
		return "", 0, false
	}
	i := strings.LastIndexByte(object, '.')
	if i < 0 {
		return "", 0, false
	}
	number, err := strconv.Atoi(object[i+1:])
	return object[:i+1], number, err == nil && number > 0
}

// addNumber returns sorted numbers with one more.
func addNumber(numbers []int, number int) []int {
	i, found := slices.BinarySearch(numbers, number)
	if found {
		return numbers
	}
	return slices.Insert(numbers, i, number)
}
