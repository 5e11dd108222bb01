package packs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// dataModel is what a kind of device has.
type dataModel struct {
	root      string
	names     *mapping.Names
	instances map[string][]int
}

// readDataModel reads a file of testdata/models: the root, a line for each name that says
// whether it is writable, and the instances of tables.
func readDataModel(t testing.TB, name string) dataModel {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "models", name+".names"))
	if err != nil {
		t.Fatal(err)
	}
	m := dataModel{instances: map[string][]int{}}
	var list []provisioners.ParameterName
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		switch {
		case fields[0] == "#":
		case fields[0] == "root":
			m.root = fields[1]
		case fields[1] == "=":
			numbers := make([]int, len(fields)-2)
			for i, field := range fields[2:] {
				if numbers[i], err = strconv.Atoi(field); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			m.instances[m.root+fields[0]] = numbers
		default:
			list = append(list, provisioners.ParameterName{Path: fields[1], Writable: fields[0] == "w"})
		}
	}
	m.names = mapping.NewNames(list)
	return m
}

// mappedPhones are models of packs with a mapping, and a data model of each.
func mappedPhones() []struct{ pack, model, dataModel string } {
	return []struct{ pack, model, dataModel string }{
		{"cisco", "8851", "cisco-8851"}, {"cisco", "6841", "cisco-6841"}, {"cisco", "8851", "profiles"},
		{"tr104", "generic", "profiles"}, {"tr104", "generic", "short"}, {"tr104", "generic", "issue2"}, {"tr104", "generic", "cisco-8851"},
		{"yealink", "SIP-T46S", "profiles"}, {"grandstream", "GRP2614", "profiles"}, {"fanvil", "X5U", "profiles"},
		{"htek", "UC924", "profiles"}, {"panasonic", "KX-UT136", "profiles"},
	}
}

// resolve returns what a phone is to have.
func resolve(t testing.TB, b *bench, p *pack.Pack, m *pack.Model, in dataModel, entries []provisioners.Entry) mapping.Resolved {
	t.Helper()
	resolved, err := p.Mapping.Resolve(mapping.Input{
		Root: in.root, Names: in.names, Instances: in.instances, Pack: p.Name,
		Effective: b.effective(t, p, m, entries), Phone: b.phone(t, p, m, entries),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

func TestParametersAreAsTheGoldenOnes(t *testing.T) {
	b := newBench(t, shipped(t)...)
	settings := cases(t, catalogue(t))
	for _, phone := range mappedPhones() {
		p, m := find(t, b, phone.pack, phone.model)
		in := readDataModel(t, phone.dataModel)
		for name, entries := range settings {
			t.Run(phone.pack+"/"+phone.model+"/"+phone.dataModel+"/"+name, func(t *testing.T) {
				resolved := resolve(t, b, p, m, in, entries)
				compareFile(t, filepath.Join(p.Name, "testdata", "parameters", m.Name+" "+phone.dataModel, name+".golden"), []byte(written(resolved)))
			})
		}
	}
}

// written writes what a phone is to have; secrets as [secret].
func written(r mapping.Resolved) string {
	var text strings.Builder
	for _, p := range r.Parameters {
		value := p.Value
		if p.IsSecret {
			value = "[secret]"
		}
		fmt.Fprintln(&text, strings.TrimSpace(fmt.Sprintf("%s %s %q %s", p.Path, p.Type, value, p.Setting)))
	}
	for _, table := range r.Missing {
		fmt.Fprintln(&text, "missing", table)
	}
	for _, table := range r.Unknown {
		fmt.Fprintln(&text, "unknown", table)
	}
	for _, path := range r.Owned {
		fmt.Fprintln(&text, "owned", path)
	}
	for _, u := range r.Unmapped {
		fmt.Fprintf(&text, "unmapped %s: %s\n", u.Setting, u.Reason)
	}
	return text.String()
}

func find(t testing.TB, b *bench, packName, model string) (*pack.Pack, *pack.Model) {
	t.Helper()
	p, ok := b.registry.Pack(packName)
	if !ok {
		t.Fatalf("there is no pack %s", packName)
	}
	m, ok := p.Model(model)
	if !ok {
		t.Fatalf("%s has no model %s", packName, model)
	}
	return p, m
}

func TestFilesOfManagedPhonesAreAsTheGoldenOnes(t *testing.T) {
	b := newBench(t, shipped(t)...)
	settings := cases(t, catalogue(t))
	for _, phone := range mappedPhones() {
		p, m := find(t, b, phone.pack, phone.model)
		if !p.Mapping.Split() || phone.dataModel == "profiles" {
			continue
		}
		in := readDataModel(t, phone.dataModel)
		for name, entries := range settings {
			t.Run(phone.pack+"/"+phone.model+"/"+name, func(t *testing.T) {
				managed := b.phone(t, p, m, entries)
				managed.SetOwned(resolve(t, b, p, m, in, entries).Owned)
				compareGolden(t, p, m, managed, filepath.Join(p.Name, "testdata", "managed", m.Name, name))
			})
		}
	}
}

func TestEveryMappedPackIsTriedWithADataModel(t *testing.T) {
	for _, p := range shipped(t) {
		tried := slices.ContainsFunc(mappedPhones(), func(one struct{ pack, model, dataModel string }) bool { return one.pack == p.Name })
		if (p.Mapping != nil) != tried {
			t.Errorf("%s: has a mapping: %t, is tried: %t", p.Name, p.Mapping != nil, tried)
		}
	}
}
