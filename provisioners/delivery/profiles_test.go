package delivery_test

import (
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
)

func TestADownloadIsOfferedUnderTheNameOfThePhonesFile(t *testing.T) {
	f := newMapped(t, split, nil)
	put := func(id device.ID, change func(*device.Device)) {
		d := f.devices.get("mapped")
		d.ID = id
		change(&d)
		f.devices.put(d)
	}
	put("unnamed", func(d *device.Device) { d.MAC = "" })
	put("other", func(d *device.Device) { d.MAC, d.Model = "00:15:65:11:22:33", "T46S" })
	put("unserved", func(d *device.Device) { d.MAC, d.Model = "", "nobody's" })
	for id, want := range map[device.ID]string{"mapped": "0a0b0c000001.mapped", "unnamed": "profile.mapped", "other": "", "unserved": "", "unknown": ""} {
		got, err := f.server.Profiles().Of(t.Context(), id)
		if want == "" {
			if !errors.Is(err, files.ErrNotFound) {
				t.Errorf("%s: %+v, %v", id, got, err)
			}
			continue
		}
		if err != nil || got != (delivery.Profile{Name: want, FileType: "3 Vendor Configuration File"}) {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
	}
}

func TestAHashStaysAsLongAsThePhoneWouldHoldTheSame(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, f *fixture){
		"nothing":                       func(*testing.T, *fixture) {},
		"its credential":                func(t *testing.T, f *fixture) { f.give(t, "newer", "password", true, f.now) },
		"its first credential":          func(t *testing.T, f *fixture) { f.profile(t) },
		"a setting that is not in it":   func(t *testing.T, f *fixture) { f.set(t, globalKey(), map[string]string{"tones.country": "de"}) },
		"what the phone last asked for": func(t *testing.T, f *fixture) { f.profile(t); f.settle() },
		"what another phone has":        func(t *testing.T, f *fixture) { f.phone(t, "second", "0a:0b:0c:00:00:02", "M1") },
	} {
		t.Run("whatever becomes of "+name, func(t *testing.T) {
			f := newMapped(t, split, nil)
			before := f.hash(t, "time.zone")
			change(t, f)
			if after := f.hash(t, "time.zone"); after != before {
				t.Errorf("%s, then %s", before, after)
			}
		})
	}
	for name, change := range map[string]func(t *testing.T, f *fixture){
		"a setting":    func(t *testing.T, f *fixture) { f.set(t, globalKey(), map[string]string{"time.zone": "Europe/Berlin"}) },
		"its firmware": func(t *testing.T, f *fixture) { f.set(t, globalKey(), map[string]string{"firmware.file": "new.bin"}) },
		"where it asks for files": func(t *testing.T, f *fixture) {
			f.set(t, globalKey(), map[string]string{"provisioning.url": "http://x/"})
		},
		"the ACS that somebody set":  func(t *testing.T, f *fixture) { f.set(t, globalKey(), map[string]string{"cwmp.url": "http://x/"}) },
		"the user that somebody set": func(t *testing.T, f *fixture) { f.set(t, globalKey(), map[string]string{"cwmp.username": "u"}) },
		"whether it speaks CWMP":     func(t *testing.T, f *fixture) { f.set(t, globalKey(), map[string]string{"cwmp.enabled": "false"}) },
	} {
		t.Run("and not after a change of "+name, func(t *testing.T) {
			f := newMapped(t, split, nil)
			before := f.hash(t, "account.1.user")
			change(t, f)
			if after := f.hash(t, "account.1.user"); after == before {
				t.Error("the hash is the same")
			}
		})
	}
}

func TestAHashDependsOnWhatParametersCarryAndNotOnItsOrder(t *testing.T) {
	f := newMapped(t, split, nil)
	some := f.hash(t, "time.zone", "account.1.user")
	if again := f.hash(t, "account.1.user", "time.zone"); again != some {
		t.Errorf("in another order it is %s, not %s", again, some)
	}
	if f.hash(t, "time.zone") == some || f.hash(t) == some {
		t.Error("other owned paths have the same hash")
	}
	other := newMapped(t, whole, nil)
	if other.hash(t, "time.zone") != other.hash(t) {
		t.Error("a file that leaves nothing out depends on owned paths")
	}
}

func TestAHashIsTheSameOnEveryServerOfAKey(t *testing.T) {
	one := newMapped(t, split, nil)
	other := newMapped(t, split, func(o *delivery.Options) { o.ACSURL = nil })
	if a, b := one.hash(t, "time.zone"), other.hash(t, "time.zone"); a != b {
		t.Errorf("%s and %s", a, b)
	}
}

func TestAnUnchangedHashCostsNoRendering(t *testing.T) {
	f := newMapped(t, split, nil)
	f.hash(t, "time.zone")
	before := f.rendered(t)
	f.hash(t, "time.zone")
	if n := f.rendered(t) - before; n != 0 {
		t.Errorf("it was rendered %v times", n)
	}
	if n := len(f.credentials.of(t, "mapped")); n != 0 {
		t.Errorf("%d credentials were made", n)
	}
}

func TestAPackWithoutAProfileHasNoHash(t *testing.T) {
	f := newMapped(t, profileless, nil)
	hash, ok, err := f.server.Profiles().Hash(t.Context(), f.devices.get("mapped"), f.effective(t), nil)
	if hash != "" || ok || err != nil {
		t.Errorf("%q, %t, %v", hash, ok, err)
	}
	broken := errors.New("a secret cannot be opened")
	f = newMapped(t, split, nil)
	if _, _, err := f.server.Profiles().Hash(t.Context(), f.devices.get("mapped"), &provisioners.Effective{Err: broken}, nil); !errors.Is(err, broken) {
		t.Errorf("settings that are not complete: %v", err)
	}
}

// download fetches the phone's profile as a Download has it do.
func (f *fixture) download(t testing.TB) (string, files.Opened, error) {
	t.Helper()
	opened, err := f.server.Profiles().Open(t.Context(), "mapped", files.Request{
		Protocol: "http", Method: "GET", Host: "files.example:7567", Path: "/0a0b0c000001.mapped", Address: netip.MustParseAddr("203.0.113.7"), At: f.now,
	})
	if err != nil {
		return "", opened, err
	}
	defer opened.Content.Close()
	content, err := io.ReadAll(opened.Content)
	fatal(t, err)
	return string(content), opened, nil
}

func TestADownloadBringsTheSettingsOfThatMoment(t *testing.T) {
	f := newMapped(t, split, nil)
	d := f.manage(t, "account.1.user")
	d.LastInform = f.now.Add(-1000 * 3600e9) // It is in a session all the same.
	f.devices.put(d)
	before, opened, err := f.download(t)
	fatal(t, err)
	if !strings.Contains(before, "without account.1.user") || !strings.Contains(before, "as=mapped-") || !strings.Contains(before, "acs=http://files.example:7547/") {
		t.Errorf("%s", before)
	}
	if opened.Name != "0a0b0c000001.mapped" || opened.Size != int64(len(before)) || len(opened.ETag) != 66 {
		t.Errorf("%+v", opened)
	}
	f.set(t, globalKey(), map[string]string{"time.zone": "Europe/Berlin"})
	f.manage(t, "account.1.user", "network.vlan.voice.id")
	after, _, err := f.download(t)
	fatal(t, err)
	if !strings.Contains(after, "zone=Europe/Berlin") || !strings.Contains(after, "without network.vlan.voice.id") {
		t.Errorf("%s", after)
	}
}

func TestADownloadIsRecordedAndSaysNothingOfWhatThePhoneHolds(t *testing.T) {
	f := newMapped(t, split, nil)
	f.manage(t, "time.zone")
	_, opened, err := f.download(t)
	fatal(t, err)
	opened.Ended(files.Ended{Status: 200, Bytes: opened.Size, Complete: true})
	history := f.history(t)
	if len(history) != 1 || history[0].Device != "mapped" || history[0].Status != 200 || !history[0].Complete || history[0].Path != "/0a0b0c000001.mapped" || history[0].Digest == "" {
		t.Errorf("recorded %+v", history)
	}
	p := f.devices.get("mapped").Provisioning
	if p.Held != "" || p.FileHeld != "" || !p.FetchedAt.Equal(f.now) || p.File != "0a0b0c000001.mapped" {
		t.Errorf("%+v", p)
	}
}

func TestADownloadIsRefusedAndRecordedWhereThereIsNothingToGive(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*device.Device)
		want   error
		status int
	}{
		"a phone in quarantine":      {func(d *device.Device) { d.Quarantined = true }, files.ErrForbidden, 403},
		"a model that nobody serves": {func(d *device.Device) { d.Model, d.MAC = "nobody's", "" }, files.ErrNotFound, 404},
	} {
		t.Run(name, func(t *testing.T) {
			f := newMapped(t, split, nil)
			d := f.devices.get("mapped")
			c.change(&d)
			f.devices.put(d)
			if content, _, err := f.download(t); !errors.Is(err, c.want) {
				t.Errorf("%q, %v", content, err)
			}
			if history := f.history(t); len(history) != 1 || history[0].Device != "mapped" || history[0].Status != c.status || history[0].Detail == "" {
				t.Errorf("recorded %+v", history)
			}
			if n := len(f.credentials.of(t, "mapped")); n != 0 {
				t.Errorf("%d credentials", n)
			}
		})
	}
	f := newMapped(t, split, nil)
	_, err := f.server.Profiles().Open(t.Context(), "unknown", files.Request{Path: "/0a0b0c000001.mapped", Address: netip.MustParseAddr("192.168.1.50")})
	if !errors.Is(err, files.ErrNotFound) || len(f.history(t)) != 0 || len(f.strangers(t)) != 0 {
		t.Errorf("a device that was deleted: %v", err)
	}
}
