package delivery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
)

func TestAManagedPhoneGetsWhatParametersDoNotCarry(t *testing.T) {
	f := newMapped(t, split, nil)
	if all := f.profile(t); strings.Contains(all, "without") {
		t.Errorf("before a session took charge: %s", all)
	}
	f.manage(t, "account.1.user", "time.zone")
	reduced := f.profile(t)
	if !strings.HasSuffix(reduced, "without account.1.user\nwithout time.zone\n") {
		t.Errorf("%s", reduced)
	}
	f.manage(t, "account.1.user")
	if fewer := f.profile(t); strings.Contains(fewer, "without time.zone") || !strings.Contains(fewer, "without account.1.user") {
		t.Errorf("after parameters carry less: %s", fewer)
	}
}

func TestAPhoneThatStoppedToInformGetsTheWholeFile(t *testing.T) {
	for name, c := range map[string]struct {
		interval int
		silence  time.Duration
		reduced  bool
	}{
		"just informed":                    {300, 0, true},
		"within the hour":                  {60, time.Hour, true},
		"after the hour":                   {60, time.Hour + time.Second, false},
		"within three intervals":           {3600, 3 * time.Hour, true},
		"after three intervals":            {3600, 3*time.Hour + time.Second, false},
		"within three of the default":      {0, 3 * time.Hour, true},
		"after three of the default":       {0, 4 * time.Hour, false},
		"that has never informed at all":   {300, 1000 * time.Hour, false},
		"whose clock is behind the server": {300, -time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newMapped(t, split, nil)
			d := f.manage(t, "time.zone")
			d.InformInterval, d.LastInform = c.interval, f.now.Add(-c.silence)
			if c.silence == 1000*time.Hour {
				d.LastInform = time.Time{}
			}
			f.devices.put(d)
			if content := f.profile(t); strings.Contains(content, "without time.zone") != c.reduced {
				t.Errorf("%s", content)
			}
		})
	}
}

func TestFilesOfAPackThatDoesNotSplitHoldEverything(t *testing.T) {
	f := newMapped(t, whole, nil)
	f.manage(t, "time.zone")
	if content := f.profile(t); strings.Contains(content, "without") || !strings.Contains(content, "as=mapped-") {
		t.Errorf("%s", content)
	}
	f.settle()
	if p := f.devices.get("mapped").Provisioning; p.Held != f.effective(t).Fingerprint || p.FileHeld != f.hash(t) {
		t.Errorf("%+v", p)
	}
}

func TestWhatAPhoneHoldsFollowsFromTheFileThatItTook(t *testing.T) {
	const path, second = "/0a0b0c000001.mapped", "/0a0b0c000001.second"
	complete := files.Ended{Status: 200, Complete: true}
	for name, c := range map[string]struct {
		managed, stored bool
		path            string
		ended           files.Ended
		held, fileHeld  bool
	}{
		"the whole file":                        {path: path, ended: complete, held: true},
		"the whole file, of a phone that spoke": {stored: true, path: path, ended: complete, held: true, fileHeld: true},
		"the reduced file":                      {managed: true, stored: true, path: path, ended: complete, fileHeld: true},
		"not the whole of it":                   {managed: true, stored: true, path: path, ended: files.Ended{Status: 200, Bytes: 3}},
		"as it has it already":                  {managed: true, stored: true, path: path, ended: files.Ended{Status: 304, Complete: true}, fileHeld: true},
		"a file that confirms nothing":          {managed: true, stored: true, path: second, ended: complete},
	} {
		t.Run(name, func(t *testing.T) {
			f := newMapped(t, split, nil)
			if c.stored {
				d := f.manage(t, "time.zone")
				d.Provisioning.Managed = c.managed
				f.devices.put(d)
			}
			_, opened, err := f.ask(t, files.Request{Path: c.path})
			fatal(t, err)
			opened.Ended(c.ended)
			f.settle()
			var want device.Provisioning
			if c.held {
				want.Held = f.effective(t).Fingerprint
			}
			if c.fileHeld {
				want.FileHeld = f.hash(t, "time.zone")
			}
			if got := f.devices.get("mapped").Provisioning; got.Held != want.Held || got.FileHeld != want.FileHeld {
				t.Errorf("held %q and %q, want %q and %q", got.Held, got.FileHeld, want.Held, want.FileHeld)
			}
		})
	}
}

func TestOfTwoFilesThatEndTogetherNeitherIsForgotten(t *testing.T) {
	f := newMapped(t, split, nil)
	f.manage(t, "time.zone")
	_, first, err := f.ask(t, files.Request{Path: "/0a0b0c000001.mapped"})
	fatal(t, err)
	_, second, err := f.ask(t, files.Request{Path: "/0a0b0c000001.boot"})
	fatal(t, err)
	first.Ended(files.Ended{Status: 200, Complete: true})
	second.Ended(files.Ended{Status: 200, Complete: true})
	f.settle()
	if got, want := f.devices.get("mapped").Provisioning.FileHeld, f.hash(t, "time.zone"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAFileIsNotGivenWhileItIsNotKnownWhatParametersCarry(t *testing.T) {
	f := newMapped(t, split, nil)
	f.manage(t, "time.zone")
	f.converged.Fail(errors.New("the store is away"))
	if _, _, err := f.ask(t, files.Request{Path: "/0a0b0c000001.mapped"}); err == nil || errors.Is(err, files.ErrNotFound) || errors.Is(err, files.ErrForbidden) {
		t.Errorf("%v", err)
	}
}
