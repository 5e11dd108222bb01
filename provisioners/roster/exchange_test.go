package roster

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func TestLinesAndSettingsOfACSVAreBroughtInToo(t *testing.T) {
	h := newHouse(t)
	lines := read(t, "number,group,user,password,listed\n201,acme,u201,auto,true\n202,acme,u202,hush-hush,\n")
	if got := h.apply(t, lines, How{}); !slices.Equal(got, []string{"line acme:201 created", "line acme:202 created"}) {
		t.Errorf("lines are %q", got)
	}
	const settings = "group,path,value,models,filter,locked\n,time.zone,Europe/Berlin,,,true\nacme,account.*.registrar,sip.example,,,\nacme,network.vlan.voice.id,7,SIP-T4* D7*,tags:desk,\n"
	for _, action := range []string{"changed", "unchanged"} {
		if got := h.apply(t, read(t, settings), How{}); !slices.Equal(got, []string{"level global " + action, "level group acme " + action}) {
			t.Errorf("settings are %q", got)
		}
	}
	levels, err := h.levels.Levels(t.Context(), []provisioners.LevelKey{{Kind: provisioners.GroupLevel, ID: "acme"}, {Kind: provisioners.GlobalLevel}})
	if err != nil || len(levels) != 2 {
		t.Fatalf("%d levels, %v", len(levels), err)
	}
	got := slices.Concat(levels[0].Entries, levels[1].Entries)
	slices.SortFunc(got, func(a, b provisioners.Entry) int { return strings.Compare(a.Path, b.Path) })
	want := []provisioners.Entry{
		{Path: "account.*.registrar", Value: "sip.example"},
		{Path: "network.vlan.voice.id", Value: "7", Models: []string{"SIP-T4*", "D7*"}, Filter: "tags:desk"},
		{Path: "time.zone", Value: "Europe/Berlin", Locked: true},
	}
	for i := range got {
		if len(got[i].Models) == 0 {
			got[i].Models = nil
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARowOfSettingsThatCannotBeNamesItsOwnRow(t *testing.T) {
	h := newHouse(t)
	_, wrong, err := ReadCSV(strings.NewReader("path,value,locked\ntime.zone,,\nnetwork.lldp,true,perhaps\n"))
	if err != nil || len(wrong) != 2 || wrong[0].Error() != "row 2: value must be there" || wrong[1].Error() != "row 3: locked must be true or false" {
		t.Errorf("%v, %v", wrong, err)
	}
	got := h.apply(t, read(t, "path,value\nnetwork.lldp,true\nacount.1.port,1\naccount.1.port,many\n"), How{})
	if len(got) != 1 || !strings.Contains(got[0], "row 3: acount.1.port") || !strings.Contains(got[0], "row 4: account.1.port") {
		t.Errorf("rows are %q", got)
	}
	for _, header := range []string{"number,colour\n", "path,colour\n", "model,group\n"} {
		if _, _, err := ReadCSV(strings.NewReader(header)); err == nil {
			t.Errorf("the header %q is read", header)
		}
	}
}

func TestWhatACellHoldsIsReadAsItWasWritten(t *testing.T) {
	for _, text := range []string{"", "plain", "=1+1", "+49", "-x", "@x", "'=1", "''=1", "'quoted'", "'", "a,\"b\"", "ünïcode"} {
		cell := Cell(text)
		if cell != "" && strings.ContainsRune(opensFormula, rune(cell[0])) {
			t.Errorf("%q is written as the formula %q", text, cell)
		}
		if got := plain(cell); got != text {
			t.Errorf("%q is written as %q and read as %q", text, cell, got)
		}
	}
}

func TestAPhoneIsWrittenAsItIsReadAndItsSecretsOnlyWhereTheyAreAskedFor(t *testing.T) {
	h := newHouse(t)
	h.apply(t, read(t, phonesCSV), How{})
	for _, secrets := range []bool{true, false} {
		x := &Exporter{Catalogue: h.o.Catalogue, Keeper: h.keeper, Secrets: secrets}
		columns := &Columns{}
		var phones []Phone
		for _, mac := range []string{"00:15:65:22:44:aa", "00:04:13:11:33:21"} {
			d := h.fleet.devices[mac]
			levels, err := h.levels.Levels(t.Context(), []provisioners.LevelKey{levelOf(d.ID)})
			if err != nil || len(levels) != 1 {
				t.Fatalf("%d levels, %v", len(levels), err)
			}
			p, err := x.Phone(d, levels[0])
			if err = errors.Join(err, columns.Add(p)); err != nil {
				t.Fatal(err)
			}
			phones = append(phones, p)
		}
		var text bytes.Buffer
		w, err := NewCSVWriter(&text, columns)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range phones {
			if err := w.Write(p); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), "hush-hush") != secrets || !strings.Contains(text.String(), ",'+4930201,") {
			t.Errorf("secrets %v: %s", secrets, text.String())
		}
		for _, got := range h.apply(t, read(t, text.String()), How{}) {
			if !strings.HasSuffix(got, " unchanged") {
				t.Errorf("once more: %s", got)
			}
		}
		if err := w.Write(Phone{Settings: map[string]any{"time.zone": "UTC"}}); err == nil {
			t.Error("a setting without a column is left out in silence")
		}
	}
	many := Phone{Settings: map[string]any{}}
	for i := range MaxColumns + 1 {
		many.Settings[strings.Repeat("x", i+1)] = ""
	}
	if err := new(Columns).Add(many); !errors.Is(err, ErrColumns) {
		t.Errorf("too many columns: %v", err)
	}
}

func TestWhatAnEntrySaysBesideItsValueGoesWithIt(t *testing.T) {
	h := newHouse(t)
	x := &Exporter{Catalogue: h.o.Catalogue, Keeper: h.keeper}
	key := provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: "x"}
	p, err := x.Phone(device.Device{MAC: "00:15:65:22:44:aa"}, provisioners.Level{Key: key, Entries: []provisioners.Entry{
		{Path: "network.lldp", Value: "true", Locked: true}, {Path: "owner", Value: "201"}, {Path: "admin.password", Generate: true}, {Path: "time.zone"},
	}})
	want := Phone{
		MAC: "00:15:65:22:44:aa", Owner: "201", Settings: map[string]any{"admin.password": "auto", "time.zone": ""},
		Entries: []Entry{{Path: "network.lldp", Value: true, Locked: true}},
	}
	if diff := cmp.Diff(want, p); diff != "" || err != nil {
		t.Errorf("%v, %s", err, diff)
	}
}

func TestTheGroupOfASourceIsThatOfRowsWithoutOneAndATemplateThatIsWrongIsNamed(t *testing.T) {
	source := Source{Format: CSV, Content: strings.NewReader("mac,model,group\n0015652244aa,x,\n0015652244ab,x,other\n"), Group: "acme"}
	got, err := source.Read()
	if err != nil || got.Phones[0].Group != "acme" || got.Phones[1].Group != "other" {
		t.Errorf("phones are %+v, %v", got.Phones, err)
	}
	source = Source{Format: MassDeployment, Content: strings.NewReader("x 00:15:65:22:44:aa 201/A<99>\n"), Templates: map[string]string{"x": "[general]\ncolour=red\n"}}
	var wrong *TemplateError
	if _, err := source.Read(); !errors.As(err, &wrong) || wrong.Name != "x" || !strings.Contains(err.Error(), "line 2: colour") {
		t.Errorf("the error is %v", err)
	}
	source.Templates["x"], source.Models = "[general]\nmodel=D785\n", map[string]string{"x": "D717"}
	if got, err = source.Read(); err != nil || got.Phones[0].Model != "D717" || len(got.Phones[0].Notes) != 1 || !strings.Contains(got.Phones[0].Notes[0].Error(), "caller's number 99") {
		t.Errorf("phones are %+v, %v", got.Phones, err)
	}
	if _, err := (&Source{Format: "xml", Content: strings.NewReader("")}).Read(); !errors.Is(err, ErrFormat) {
		t.Errorf("the error is %v", err)
	}
}
