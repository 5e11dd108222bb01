package delivery_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
)

func (f *fixture) rendered(t testing.TB) float64 {
	return f.count(t, "dialtone_delivery_files_total", "rendered")
}

func TestAnUnchangedPhoneCostsNoRendering(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	ask := func() string {
		_, opened, err := f.ask(t, files.Request{Path: "/001565112233.cfg", UserAgent: yealinkAgent})
		fatal(t, err)
		return opened.ETag
	}
	first := ask()
	for range 10 {
		if again := ask(); again != first {
			t.Fatalf("ETag %s, then %s", first, again)
		}
	}
	if n := f.rendered(t); n != 1 {
		t.Fatalf("it was rendered %v times", n)
	}
	for name, change := range map[string]func(){
		"a setting of all": func() { f.set(t, globalKey(), map[string]string{"admin.password": "third"}) },
		"its own setting":  func() { f.set(t, deviceKey("yealink"), map[string]string{"account.1.user": "x"}) },
		"its line": func() {
			f.lines.Set(provisioners.Line{LineKey: provisioners.LineKey{Number: "10"}, User: "u10"})
			f.set(t, deviceKey("yealink"), map[string]string{"account.1.line": "10"})
		},
		"the pack": func() {
			catalogue, err := provisioners.DefaultCatalogue()
			fatal(t, err)
			f.packs = registry(t, catalogue, func(name, manifest string) string {
				return strings.Replace(manifest, "admin.password: factory", "admin.password: other, user.password: other", 1)
			})
		},
		"what it runs": func() { d := f.devices.get("yealink"); d.SoftwareVersion = "67"; f.devices.put(d) },
	} {
		change()
		before := f.rendered(t)
		ask()
		ask()
		if n := f.rendered(t) - before; n != 1 {
			t.Errorf("after a change of %s it was rendered %v times", name, n)
		}
	}
}

func TestTheSameFileForAnotherHostIsAnother(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	for _, host := range []string{"a.example", "b.example", "a.example", "b.example"} {
		if content := f.take(t, files.Request{Path: "/001565112233.cfg", Host: host}); !strings.Contains(content, "base = http://"+host+"/") {
			t.Errorf("%s: %q", host, content)
		}
	}
	if n := f.rendered(t); n != 2 {
		t.Errorf("it was rendered %v times", n)
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	f := newFixture(t, func(o *delivery.Options) { o.CacheBytes = 2000 })
	for i := range 20 {
		f.phone(t, fmt.Sprint("d", i), fmt.Sprintf("00:15:65:00:00:%02d", i), "T46S")
		f.take(t, files.Request{Path: fmt.Sprintf("/0015650000%02d.cfg", i)})
	}
	f.take(t, files.Request{Path: "/001565000019.cfg"})
	if n := f.rendered(t); n != 20 {
		t.Errorf("rendered %v: the latest was not kept", n)
	}
	f.take(t, files.Request{Path: "/001565000000.cfg"})
	if n := f.rendered(t); n != 21 {
		t.Errorf("rendered %v: the first was kept", n)
	}
	f.now = f.now.Add(25 * 60 * 60 * 1e9)
	f.take(t, files.Request{Path: "/001565000000.cfg"})
	if n := f.rendered(t); n != 22 {
		t.Errorf("rendered %v: it was kept for more than a day", n)
	}
}

func TestManyPhonesAskAtOnce(t *testing.T) {
	f := newFixture(t, func(o *delivery.Options) { o.MaxRenders = 2 })
	for i := range 50 {
		f.phone(t, fmt.Sprint("d", i), fmt.Sprintf("00:15:65:00:00:%02d", i), "T46S")
	}
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			if content := f.take(t, files.Request{Path: fmt.Sprintf("/0015650000%02d.cfg", i%50)}); !strings.Contains(content, fmt.Sprintf("pass-d%d\n", i%50)) {
				t.Errorf("phone %d: %q", i%50, content)
			}
		})
	}
	all.Wait()
	if n := len(f.history(t)); n != 200 {
		t.Errorf("%d requests are recorded", n)
	}
}

func TestNewRefusesWhatCannotBe(t *testing.T) {
	var good delivery.Options
	f := newFixture(t, func(o *delivery.Options) { good = *o })
	for name, change := range map[string]func(*delivery.Options){
		"no packs":               func(o *delivery.Options) { o.Packs = nil },
		"no credentials":         func(o *delivery.Options) { o.Credentials = nil },
		"no keeper":              func(o *delivery.Options) { o.Keeper = nil },
		"no library":             func(o *delivery.Options) { o.Library = nil },
		"a negative cache":       func(o *delivery.Options) { o.CacheBytes = -1 },
		"a relative URL":         func(o *delivery.Options) { o.FilesURL = &url.URL{Path: "/files"} },
		"a URL of another kind":  func(o *delivery.Options) { o.FilesURL = &url.URL{Scheme: "ftp", Host: "h"} },
		"metrics that are taken": func(o *delivery.Options) { o.Registerer = f.registry },
	} {
		o := good
		o.Registerer = nil
		change(&o)
		if _, err := delivery.New(o); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func BenchmarkFilesOfPhones(b *testing.B) {
	f := newFixture(b, nil)
	f.phone(b, "yealink", "00:15:65:11:22:33", "T46S")
	for name, hosts := range map[string]int{"unchanged": 1, "rendered": 1 << 30} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				f.take(b, files.Request{Path: "/001565112233.cfg", UserAgent: yealinkAgent, Host: fmt.Sprintf("h%d.example", i%hosts)})
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}
