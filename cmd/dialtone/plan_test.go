package main

import (
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// planned is a folder with two phones of one group, whose passwords are a mark.
func planned(t *testing.T) (f folder, desk device.ID) {
	t.Helper()
	f = newFolder(t)
	f.furnish(t)
	f.with(t, func(s store.Store) {
		for i, mac := range []string{"00:15:65:00:00:01", "00:15:65:00:00:02"} {
			d := device.Device{ID: device.NewID(), MAC: mac, Model: "SIP-T46S", Group: "shop", Origin: device.OriginOperator}
			must(t, s.Devices().Create(t.Context(), d, 0))
			key := provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(d.ID)}
			level := provisioners.Level{Key: key, Entries: []provisioners.Entry{{Path: "account.1.user", Value: "u20" + string(rune('1'+i))}}}
			if i == 1 {
				level.Entries = append(level.Entries, provisioners.Entry{Path: "account.1.registrar", Value: "own.example.net"})
			}
			provisioners.SortEntries(level.Entries)
			_, err := s.Levels().PutLevel(t.Context(), level)
			must(t, err)
			if i == 0 {
				desk = d.ID
			}
		}
	})
	return f, desk
}

func TestAPlanNamesThePhonesThatWouldChangeAndThoseThatWouldNot(t *testing.T) {
	f, desk := planned(t)
	out, errs := mustRun(t, "plan", "--data-dir", f.DataDir, "--level", "group:shop", "--set", "account.*.registrar=sip.example.net")
	for _, want := range []string{"1 of ", string(desk), "SIP-T46S", "account.1.registrar", "not there: overridden by device"} {
		if !strings.Contains(out, want) {
			t.Errorf("the plan has no %q: %s%s", want, out, errs)
		}
	}
	out, _ = mustRun(t, "plan", "--data-dir", f.DataDir, "--level", "group:shop", "--set", "account.*.registrar=sip.example.net", "--device", "001565000001")
	if !strings.Contains(out, "+account.1.sip_server.1.address = sip.example.net") {
		t.Errorf("the difference is %s", out)
	}
	showsNoSecret(t, out)
	f.with(t, func(s store.Store) {
		levels, err := s.Levels().Levels(t.Context(), []provisioners.LevelKey{{Kind: provisioners.GroupLevel, ID: "shop"}})
		if err != nil || len(levels) != 0 {
			t.Errorf("the plan stored %v, %v", levels, err)
		}
	})
}

func TestAPlanThatCannotBeIsRefused(t *testing.T) {
	f, _ := planned(t)
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{"nothing", "--set or --unset", nil},
		{"a setting that is not known", "account.1.registar", []string{"--set", "account.1.registar=x"}},
		{"a value that cannot be", "network.vlan.voice.id", []string{"--set", "network.vlan.voice.id=9999"}},
		{"what is not declared", "--unset", []string{"--unset", "time.format"}},
		{"another level", "--level", []string{"--level", "user:x", "--set", "time.zone=UTC"}},
		{"a device that is not there", "--device", []string{"--device", "001565ffffff", "--set", "time.zone=UTC"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, c.want, append([]string{"plan", "--data-dir", f.DataDir}, c.args...)...)
		})
	}
}

func TestTheFilesOfADeviceAreRenderedFromTheStoreWithoutItsPasswords(t *testing.T) {
	f, desk := planned(t)
	render := append([]string{"pack", "render", "--data-dir", f.DataDir, "--device", string(desk)}, "--file", "001565000001.cfg")
	out, _ := mustRun(t, render...)
	if !strings.Contains(out, "account.1.user_name = u201") || !strings.Contains(out, "security.user_password") {
		t.Errorf("the file is %s", out)
	}
	showsNoSecret(t, out)
	if out, _ = mustRun(t, append(render, "--secrets")...); !strings.Contains(out, secretOfLevel) {
		t.Errorf("with --secrets it is %s", out)
	}
	refused(t, "--device", "pack", "render", "--data-dir", f.DataDir, "--device", string(desk), "--model", "T46S")
	refused(t, "must be given", "pack", "render", "--pack", "yealink")
}
