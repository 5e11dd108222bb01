package packs_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

var update = flag.Bool("update", false, "write the golden files")

func TestThePacksOfAllVendorsAreShipped(t *testing.T) {
	var names []string
	for _, p := range shipped(t) {
		names = append(names, p.Name)
	}
	for _, vendor := range []string{
		"cisco", "cisco-spa", "fanvil", "gigaset", "grandstream", "htek", "mitel", "obihai", "panasonic", "poly", "sangoma", "snom", "yealink",
	} {
		if !slices.Contains(names, vendor) {
			t.Errorf("there is no pack %s among %v", vendor, names)
		}
	}
}

func TestEveryShippedPackPassesItsCheck(t *testing.T) {
	for _, p := range shipped(t) {
		t.Run(p.Name, func(t *testing.T) {
			if raceDetected && len(p.Models) > 15 {
				t.Skip("what is rendered at the same time shares nothing that smaller packs do not, and takes too long with the race detector")
			}
			t.Parallel()
			if err := p.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNoShippedPackLeavesASettingOutInSilence(t *testing.T) {
	for _, p := range shipped(t) {
		t.Run(p.Name, func(t *testing.T) {
			if raceDetected && len(p.Models) > 5 {
				t.Skip("it shares nothing with others, and takes too long with the race detector")
			}
			t.Parallel()
			ignored, err := p.Ignored(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(ignored) > 0 {
				t.Errorf("no file shows anything of %s: a template has to, or unsupported to name them", strings.Join(ignored, ", "))
			}
		})
	}
}

func TestEveryShippedPackHasAModelWithGoldenFiles(t *testing.T) {
	for _, p := range shipped(t) {
		golden := 0
		for _, m := range p.Models {
			if m.Golden {
				golden++
			}
		}
		if golden == 0 {
			t.Errorf("%s has no model with golden: true", p.Name)
		}
	}
}

func TestEveryModelIsServedByItsOwnPack(t *testing.T) {
	all := shipped(t)
	registry := pack.NewRegistry(all...)
	for _, p := range all {
		for _, m := range p.Models {
			for _, name := range append([]string{m.Name}, m.Aliases...) {
				d := deviceOf(p, m)
				if !p.Fallback {
					d.Model = name
				}
				served, ok := registry.For(d)
				if !ok || served.Pack != p.Name || served.Model != m.Name {
					t.Errorf("%s %s is served as %s %s", p.Name, name, served.Pack, served.Model)
				}
			}
		}
	}
}

func TestEveryFileIsFoundByTheNameThatPhonesAskWith(t *testing.T) {
	all := shipped(t)
	registry := pack.NewRegistry(all...)
	for _, p := range all {
		for _, m := range p.Models {
			d := deviceOf(p, m)
			for _, f := range registry.Files(p.Name, m.Name) {
				name := f.NameFor(m, d.MAC, d.SerialNumber)
				if got, ok := registry.File(p.Name, m.Name, "/"+name); !ok || got.Template != f.Template {
					t.Errorf("%s %s: %s is not the file %s", p.Name, m.Name, name, f.Name)
				}
			}
		}
	}
}

func TestFilesAreAsTheGoldenOnes(t *testing.T) {
	all := shipped(t)
	b := newBench(t, all...)
	settings := cases(t, catalogue(t))
	for _, p := range all {
		for _, m := range p.Models {
			for name, entries := range settings {
				if m.Golden && len(p.Files) > 0 {
					t.Run(p.Name+"/"+m.Name+"/"+name, func(t *testing.T) {
						compareGolden(t, p, m, b.phone(t, p, m, entries), filepath.Join(p.Name, "testdata", "golden", m.Name, name))
					})
				}
			}
		}
	}
}

// compareGolden renders every file of a phone, and compares with a folder that is named
// after the case.
func compareGolden(t *testing.T, p *pack.Pack, m *pack.Model, phone provisioners.Phone, folder string) {
	d, name := deviceOf(p, m), filepath.Base(folder)
	written := map[string]bool{}
	for _, f := range p.FilesOf(m) {
		// Names of files with folders and colons are flattened: they are only for us.
		file := strings.NewReplacer("/", "_", ":", "-").Replace(f.NameFor(m, d.MAC, d.SerialNumber))
		content, err := p.Render(t.Context(), f, phone)
		if _, refused := errors.AsType[*pack.ValueError](err); refused && name == "hostile" {
			// What is told takes the place of a file that cannot carry a value.
			file, content = file+".error", []byte(err.Error()+"\n")
		} else if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		} else if _, err := f.Format.Structure(content); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if written[file] {
			t.Errorf("%s: the name %s is the one of an earlier file", f.Name, file)
		}
		written[file] = true
		compareFile(t, filepath.Join(folder, file), content)
	}
	noOthers(t, folder, written)
}

func compareFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v: go test ./provisioners/packs -update writes it", err)
		return
	}
	if !bytes.Equal(want, content) {
		t.Errorf("%s differs from the golden one: %s", path, difference(string(want), string(content)))
	}
}

// difference shows the first lines that differ. The files are large, and a diff of all of
// them takes a minute.
func difference(golden, rendered string) string {
	was, is := strings.Split(golden, "\n"), strings.Split(rendered, "\n")
	i := 0
	for i < len(was) && i < len(is) && was[i] == is[i] {
		i++
	}
	return fmt.Sprintf("from line %d on it has\n%s\nand is rendered with\n%s",
		i+1, strings.Join(was[i:min(i+5, len(was))], "\n"), strings.Join(is[i:min(i+5, len(is))], "\n"))
}

// noOthers finds golden files that nothing renders any more.
func noOthers(t *testing.T, folder string, written map[string]bool) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Error(err)
		return
	}
	for _, entry := range entries {
		if written[entry.Name()] {
			continue
		}
		if *update {
			if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
				t.Error(err)
			}
			continue
		}
		t.Errorf("%s: nothing renders this file", filepath.Join(folder, entry.Name()))
	}
}

// BenchmarkRender renders the files of each pack's models with golden files, in the case
// with most settings, and reports how many phones a second that is.
func BenchmarkRender(b *testing.B) {
	all := shipped(b)
	bench := newBench(b, all...)
	full := cases(b, catalogue(b))["full"]
	for _, p := range all {
		b.Run(p.Name, func(b *testing.B) {
			type job struct {
				file  *pack.File
				phone provisioners.Phone
			}
			var jobs []job
			for _, m := range p.Models {
				if !m.Golden {
					continue
				}
				phone := bench.phone(b, p, m, full)
				for _, f := range p.FilesOf(m) {
					jobs = append(jobs, job{f, phone})
				}
			}
			if len(jobs) == 0 {
				b.Skip("no model has golden files")
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if _, err := p.Render(b.Context(), jobs[n%len(jobs)].file, jobs[n%len(jobs)].phone); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "renders/s")
		})
	}
}
