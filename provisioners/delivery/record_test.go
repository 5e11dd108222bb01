package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

func TestEveryRequestOfAPhoneIsRecorded(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	_, opened, err := f.ask(t, files.Request{Path: `//001565112233.cfg`, UserAgent: yealinkAgent, Protocol: "https"})
	fatal(t, err)
	opened.Ended(files.Ended{Status: 200, Bytes: 12})
	_, _, err = f.ask(t, files.Request{Path: "/001565112233-license.cfg\x01", UserAgent: yealinkAgent, Method: "HEAD"})
	if !errors.Is(err, files.ErrNotFound) {
		t.Fatal(err)
	}
	want := []provisioners.Fetch{
		{Device: "yealink", At: f.now, Protocol: "http", Method: "HEAD", Path: "/001565112233-license.cfg", Address: "192.168.1.50", UserAgent: yealinkAgent, Status: 404, Detail: "the pack yealink has no such file for the model T46S"},
		{Device: "yealink", At: f.now, Protocol: "https", Method: "GET", Path: "//001565112233.cfg", Address: "192.168.1.50", UserAgent: yealinkAgent, Status: 200, Bytes: 12, Digest: strings.Trim(opened.ETag, `"`)},
	}
	history := f.history(t)
	if diff := cmp.Diff(want, history, cmpopts.IgnoreFields(provisioners.Fetch{}, "ID"), cmpopts.SortSlices(func(a, b provisioners.Fetch) bool { return a.Status > b.Status })); diff != "" {
		t.Error(diff)
	}
	for _, fetch := range history {
		if len(fetch.ID) != 26 || strings.Trim(fetch.ID, "0123456789abcdefghijklmnopqrstuv") != "" {
			t.Errorf("id %q", fetch.ID)
		}
	}
	f.lint(t)
}

func TestTheIDsOfRequestsAreInTheOrderOfTime(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	for range 20 {
		f.now = f.now.Add(time.Millisecond)
		f.take(t, files.Request{Path: "/001565112233.cfg"})
	}
	history := f.history(t)
	for i := 1; i < len(history); i++ {
		if !history[i].At.Before(history[i-1].At) {
			t.Fatalf("%d: %v after %v", i, history[i].At, history[i-1].At)
		}
	}
	if len(history) != 20 {
		t.Errorf("%d requests", len(history))
	}
}

// held asks for a path and returns the settings that the device is said to hold after.
func (f *fixture) held(t *testing.T, path string, e files.Ended) string {
	t.Helper()
	_, opened, err := f.ask(t, files.Request{Path: path, UserAgent: yealinkAgent})
	fatal(t, err)
	opened.Ended(e)
	f.settle()
	return f.devices.get("yealink").Provisioning.Held
}

func TestADeviceHoldsItsSettingsOnceItTookTheFileThatCarriesThem(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	for name, c := range map[string]struct {
		path string
		e    files.Ended
	}{
		"another file":    {"/001565112233.boot", files.Ended{Status: 200, Complete: true}},
		"a part":          {"/001565112233.cfg", files.Ended{Status: 200, Bytes: 3}},
		"its header only": {"/001565112233.cfg", files.Ended{Status: 200}},
	} {
		if held := f.held(t, c.path, c.e); held != "" {
			t.Fatalf("%s: it is said to hold %q", name, held)
		}
	}
	first := f.held(t, "/001565112233.cfg", files.Ended{Status: 200, Bytes: 100, Complete: true})
	if first == "" {
		t.Fatal("the whole file: it is said to hold nothing")
	}
	f.set(t, globalKey(), map[string]string{"time.zone": "Europe/Berlin"})
	if held := f.held(t, "/001565112233.cfg", files.Ended{Status: 200, Bytes: 3}); held != first {
		t.Errorf("after a part of the new: %q, had %q", held, first)
	}
	second := f.held(t, "/001565112233.cfg", files.Ended{Status: 304, Complete: true})
	if second == "" || second == first {
		t.Errorf("after it said that it has the new: %q, had %q", second, first)
	}
}

func TestADeviceThatAskedIsKnownToBeThere(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	f.set(t, globalKey(), map[string]string{"provisioning.interval": "3600"})
	f.take(t, files.Request{Path: "/001565112233.cfg", UserAgent: yealinkAgent})
	f.settle()
	d := f.devices.get("yealink")
	if d.SoftwareVersion != "66.86.0.15" || d.Address != "192.168.1.50" || !d.FirstSeen.Equal(f.now) || !d.Online(f.now) {
		t.Errorf("%+v", d)
	}
	if want := f.now.Add(2*time.Hour + time.Minute); !d.OnlineUntil.Equal(want) {
		t.Errorf("online until %v, want %v", d.OnlineUntil, want)
	}
	p := d.Provisioning
	if p.File != "001565112233.cfg" || p.UserAgent != yealinkAgent || !p.FetchedAt.Equal(f.now) || p.Held == "" {
		t.Errorf("%+v", p)
	}
	f.now = f.now.Add(time.Hour)
	if _, _, err := f.ask(t, files.Request{Path: "/001565112233-license.cfg"}); err == nil {
		t.Fatal("there is such a file")
	}
	f.settle()
	p = f.devices.get("yealink").Provisioning
	if !p.FetchedAt.Equal(f.now) || p.File != "001565112233-license.cfg" || p.Held == "" {
		t.Errorf("after a request in vain: %+v", p)
	}
}

func TestAStrangerIsNotedOnceForEachPhone(t *testing.T) {
	f := newFixture(t, nil)
	for _, r := range []files.Request{
		{Path: "/y000000000066.cfg", UserAgent: strings.Replace(yealinkAgent, "11:22:33", "99:99:99", 1)},
		{Path: "/001565999999.cfg", UserAgent: strings.Replace(yealinkAgent, "11:22:33", "99:99:99", 1)},
		{Path: "/ATA191-3PCC.xml", UserAgent: ataAgent},
		{Path: "snom320.htm", Protocol: "tftp"},
		{Path: "/aabbccddeeff.cfg"},
		{Path: "/unheard-of/0A0B0C0D0E0F.conf", UserAgent: "Algo 8180"},
		{Path: "/favicon.ico", UserAgent: "Mozilla/5.0"},
	} {
		f.now = f.now.Add(time.Second)
		if _, opened, err := f.ask(t, r); err == nil {
			opened.Ended(files.Ended{Status: 200, Complete: true})
		}
	}
	type noted struct {
		id, mac, serial, pack, model string
		requests                     int64
	}
	var got []noted
	for _, s := range f.strangers(t) {
		got = append(got, noted{s.ID, s.MAC, s.SerialNumber, s.Pack, s.Model, s.Requests})
	}
	want := []noted{
		{"mac-0a0b0c0d0e0f", "0a:0b:0c:0d:0e:0f", "", "", "", 1},
		{"mac-aabbccddeeff", "aa:bb:cc:dd:ee:ff", "", "", "", 1},
		{"address-192.168.1.50", "", "", "snom", "320", 1},
		{"serial-FCH2443D9R4", "", "FCH2443D9R4", "cisco", "ATA191", 1},
		{"mac-001565999999", "00:15:65:99:99:99", "", "yealink", "T46S", 2},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(noted{})); diff != "" {
		t.Error(diff)
	}
	if n := f.count(t, "dialtone_delivery_requests_total", "unknown"); n != 1 {
		t.Errorf("%v requests are counted as unknown", n)
	}
	if n := len(f.history(t)); n != 6 {
		t.Errorf("%d requests are recorded", n)
	}
}

func TestStrangersThatAreMadeUpFillNoStore(t *testing.T) {
	f := newFixture(t, nil)
	for i := range 300 {
		_, _, _ = f.ask(t, files.Request{Path: fmt.Sprintf("/0015650%05d.cfg", i)})
	}
	f.settle()
	dropped := f.count(t, "dialtone_delivery_records_dropped_total", "stranger")
	if kept := len(f.strangers(t)); kept == 0 || kept > 150 || kept+int(dropped) != 300 {
		t.Errorf("%d strangers, %v dropped", kept, dropped)
	}
	if !strings.Contains(f.log.String(), "were not recorded") {
		t.Errorf("log: %s", f.log)
	}
}

func TestAStoreThatIsAwayForAWhileLosesNothing(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	f.fetches.Fail(errors.New("the store is away"))
	f.take(t, files.Request{Path: "/001565112233.cfg"})
	for f.fetches.Calls("AppendFetches") == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	f.fetches.Fail(nil)
	if n := len(f.history(t)); n != 1 {
		t.Errorf("%d requests are recorded", n)
	}
}

func TestARequestThatCannotBeRecordedIsCounted(t *testing.T) {
	f := newFixture(t, func(o *delivery.Options) { o.Queue = 1 })
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	f.stop() // Nobody takes from the queue.
	f.take(t, files.Request{Path: "/001565112233.cfg"})
	start := time.Now()
	f.take(t, files.Request{Path: "/001565112233.cfg"})
	if took := time.Since(start); took < 100*time.Millisecond || took > 5*time.Second {
		t.Errorf("it waited %v", took)
	}
	if n := f.count(t, "dialtone_delivery_records_dropped_total", "full"); n != 1 {
		t.Errorf("%v are counted", n)
	}
	if !strings.Contains(f.log.String(), "were not recorded") {
		t.Errorf("log: %s", f.log)
	}
	f.run()
}

func TestADeviceThatIsDeletedMeanwhileIsNoFailure(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	_, opened, err := f.ask(t, files.Request{Path: "/001565112233.cfg"})
	fatal(t, err)
	f.devices.mu.Lock()
	delete(f.devices.byID, "yealink")
	f.devices.mu.Unlock()
	opened.Ended(files.Ended{Status: 200, Complete: true})
	f.settle()
	if n := f.count(t, "dialtone_delivery_records_dropped_total", "store"); n != 0 {
		t.Errorf("%v are counted as lost", n)
	}
}

func TestAStoreThatFailsIsNotCalledNotFound(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	f.devices.fail(errors.New("the store is away"))
	_, _, err := f.ask(t, files.Request{Path: "/001565112233.cfg"})
	if err == nil || errors.Is(err, files.ErrNotFound) || errors.Is(err, files.ErrForbidden) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.devices.fail(context.Canceled)
	if _, err := f.server.OpenRequest(ctx, files.Request{Path: "/001565112233.cfg"}); err == nil {
		t.Error("a request that was given up is answered")
	}
	f.devices.fail(nil)
	if n := len(f.history(t)); n != 1 {
		t.Errorf("%d requests are recorded", n)
	}
}

func TestWhatIsOldIsRemoved(t *testing.T) {
	store, now := provisionerstest.NewFetches(nil), time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	var old []provisioners.Fetch
	for i := range 1200 {
		at := now.Add(-31 * 24 * time.Hour)
		if i >= 1100 {
			at = now.Add(-29 * 24 * time.Hour)
		}
		old = append(old, provisioners.Fetch{ID: fmt.Sprintf("%026d", i), Device: device.ID("d"), At: at})
	}
	for i := 0; i < len(old); i += provisioners.MaxFetches {
		fatal(t, store.AppendFetches(t.Context(), old[i:min(i+provisioners.MaxFetches, len(old))]))
	}
	fatal(t, store.NoteStranger(t.Context(), provisioners.Stranger{ID: "address-1", First: now, Last: now.Add(-31 * 24 * time.Hour)}))
	fatal(t, store.NoteStranger(t.Context(), provisioners.Stranger{ID: "address-2", First: now, Last: now}))
	retention, err := delivery.NewRetention(delivery.RetentionOptions{Fetches: store, Now: func() time.Time { return now }})
	fatal(t, err)
	fatal(t, retention.RunOnce(t.Context()))
	list, err := store.ListFetches(t.Context(), provisioners.FetchList{Limit: 2000})
	fatal(t, err)
	strangers, err := store.ListStrangers(t.Context(), provisioners.Stranger{}, 10)
	fatal(t, err)
	if len(list) != 100 || len(strangers) != 1 || strangers[0].ID != "address-2" {
		t.Errorf("left %d requests, strangers %v", len(list), strangers)
	}
	store.Fail(errors.New("the store is away"))
	if err := retention.RunOnce(t.Context()); err == nil {
		t.Error("a store that fails is no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	retention.Run(ctx)
	for _, o := range []delivery.RetentionOptions{{}, {Fetches: store, History: -1}, {Fetches: store, Interval: -1}} {
		if _, err := delivery.NewRetention(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}
