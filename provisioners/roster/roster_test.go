package roster

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/massdeployment"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

// fleet is devices and groups in memory.
type fleet struct {
	devices map[string]device.Device
	groups  map[string]bool
}

func (f *fleet) Create(_ context.Context, d device.Device, _ int) error {
	if _, ok := f.devices[d.MAC]; ok {
		return device.ErrDuplicate
	}
	f.devices[d.MAC] = d
	return nil
}

func (f *fleet) ByIdentity(_ context.Context, identity device.Identity) (device.Device, error) {
	if d, ok := f.devices[identity.Key]; ok {
		return d, nil
	}
	return device.Device{}, device.ErrNotFound
}

func (f *fleet) Edit(_ context.Context, id device.ID, e device.Edit) (device.Device, error) {
	for mac, d := range f.devices {
		if d.ID == id {
			edited, err := d.ApplyEdit(e)
			f.devices[mac] = edited
			return edited, err
		}
	}
	return device.Device{}, device.ErrNotFound
}

func (f *fleet) PutGroup(_ context.Context, g device.Group) error {
	if f.groups[g.Path] {
		return device.ErrDuplicate
	}
	f.groups[g.Path] = true
	return nil
}

func (f *fleet) Group(_ context.Context, path string) (device.Group, error) {
	if !f.groups[path] {
		return device.Group{}, device.ErrNotFound
	}
	return device.Group{Path: path}, nil
}

type house struct {
	*Service
	fleet   *fleet
	levels  *provisionerstest.Levels
	lines   *provisionerstest.Lines
	keeper  *secret.Keeper
	changed []device.ID
}

func newHouse(t *testing.T) *house {
	t.Helper()
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	keeper, err := secret.NewKeeper(make([]byte, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{
		fleet:  &fleet{devices: map[string]device.Device{}, groups: map[string]bool{"acme": true}},
		levels: provisionerstest.NewLevels(), lines: provisionerstest.NewLines(), keeper: keeper,
	}
	h.Service, err = New(Options{
		Devices: h.fleet, Groups: h.fleet, Levels: h.levels, Lines: h.lines, Catalogue: catalogue, Keeper: keeper,
		Now: func() time.Time { return time.Unix(1_700_000_000, 0).UTC() }, Changed: func(id device.ID) { h.changed = append(h.changed, id) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// apply applies a roster and returns what became of its rows, as texts.
func (h *house) apply(t *testing.T, r Roster, how How) []string {
	t.Helper()
	outcomes, err := h.Apply(t.Context(), r, how)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, o := range outcomes {
		text := o.Kind + " " + o.Name + " " + string(o.Action)
		for _, p := range o.Problems {
			text += "; " + p.Error()
		}
		texts = append(texts, text)
	}
	return texts
}

// level returns the settings of the device with that MAC, secrets opened.
func (h *house) level(t *testing.T, mac string) map[string]string {
	t.Helper()
	key := levelOf(h.fleet.devices[mac].ID)
	levels, err := h.levels.Levels(t.Context(), []provisioners.LevelKey{key})
	if err != nil || len(levels) != 1 {
		t.Fatalf("%d levels of %s, %v", len(levels), mac, err)
	}
	all := map[string]string{}
	for _, e := range levels[0].Entries {
		opened, err := h.keeper.Open(e.Sealed, key.Owner(e.Path))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Path] = e.Value + opened.Reveal()
		if e.Generate {
			all[e.Path] = "generated"
		}
	}
	return all
}

const phonesCSV = "\ufeffmac, model ,group,owner,tags,account.1.user,account.1.password,network.vlan.voice.id,account.1.number\n" +
	"0015652244AA,SIP-T46S,acme,,desk lobby,201,hush-hush,100,'+4930201\n" +
	"00:04:13:11:33:21,D785,acme,201,,202,auto,,\n"

func read(t *testing.T, text string) Roster {
	t.Helper()
	r, wrong, err := ReadCSV(strings.NewReader(text))
	if err != nil || len(wrong) != 0 {
		t.Fatalf("read CSV: %v, %v", wrong, err)
	}
	return r
}

func TestPhonesOfACSVAreAddedOnceAndThenStayAsTheyAre(t *testing.T) {
	h := newHouse(t)
	how := How{By: "alice", DryRun: true}
	want := []string{"phone 00:15:65:22:44:aa created", "phone 00:04:13:11:33:21 created"}
	if diff := cmp.Diff(want, h.apply(t, read(t, phonesCSV), how)); diff != "" {
		t.Errorf("dry run: %s", diff)
	}
	if len(h.fleet.devices) != 0 || len(h.changed) != 0 {
		t.Fatalf("the dry run made %d devices", len(h.fleet.devices))
	}
	how.DryRun = false
	if diff := cmp.Diff(want, h.apply(t, read(t, phonesCSV), how)); diff != "" {
		t.Error(diff)
	}
	d := h.fleet.devices["00:15:65:22:44:aa"]
	if d.Model != "SIP-T46S" || d.Group != "acme" || strings.Join(d.Tags, " ") != "desk lobby" || len(h.changed) != 2 {
		t.Errorf("the device is %+v, told of %v", d, h.changed)
	}
	wantLevel := map[string]string{"account.1.user": "201", "account.1.password": "hush-hush", "network.vlan.voice.id": "100", "account.1.number": "+4930201"}
	if diff := cmp.Diff(wantLevel, h.level(t, "00:15:65:22:44:aa")); diff != "" {
		t.Error(diff)
	}
	wantLevel = map[string]string{"owner": "201", "account.1.user": "202", "account.1.password": "generated"}
	if diff := cmp.Diff(wantLevel, h.level(t, "00:04:13:11:33:21")); diff != "" {
		t.Error(diff)
	}
	want = []string{"phone 00:15:65:22:44:aa unchanged", "phone 00:04:13:11:33:21 unchanged"}
	if diff := cmp.Diff(want, h.apply(t, read(t, phonesCSV), how)); diff != "" {
		t.Errorf("once more: %s", diff)
	}
	want[0] = "phone 00:15:65:22:44:aa changed"
	if diff := cmp.Diff(want, h.apply(t, read(t, strings.Replace(phonesCSV, "hush-hush", "other", 1)), how)); diff != "" {
		t.Errorf("another password: %s", diff)
	}
}

func TestARowThatIsRefusedSaysWhyAndKeepsNoOtherFromItsPlace(t *testing.T) {
	h := newHouse(t)
	text := "mac,model,group,account.1.password,account.1.port,colour\n" +
		"nonsense,T46S,acme,,,\n" +
		"0015652244aa,,acme,,,\n" +
		"0015652244ab,T46S,elsewhere,,,\n" +
		"0015652244ac,T46S,acme," + strings.Repeat("hush", 100) + ",,\n" +
		"0015652244ad,T46S,acme,,70000,red\n" +
		"0015652244ae,T46S,acme,,5060,\n" +
		"00-15-65-22-44-AE,T46S,acme,,5060,\n"
	got := h.apply(t, read(t, text), How{})
	for i, want := range []string{
		"refused; row 2: mac must be", "refused; row 3: model must be there", "refused; row 4: group must be a group that exists",
		"refused; row 5: account.1.password", "refused; row 6: account.1.port", "created", "refused; row 8: mac must be in one row only, and is in row 7",
	} {
		if !strings.Contains(got[i], want) || strings.Contains(got[i], "hush") {
			t.Errorf("row %d is %q, want %q in it", i+2, got[i], want)
		}
	}
	if !strings.Contains(got[4], "colour") || len(h.fleet.devices) != 1 {
		t.Errorf("row 6 is %q, and %d devices were added", got[4], len(h.fleet.devices))
	}
}

func TestACSVThatIsNoneIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "no mac": "model\nx\n", "a column twice": "mac,model,model\n", "a column without a name": "mac,,model\n",
	} {
		if _, _, err := ReadCSV(strings.NewReader(text)); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
	r, wrong, err := ReadCSV(strings.NewReader("mac\n0015652244aa\n0015652244ab,x\n0015652244ac\n\"0015\n"))
	if err != nil || len(r.Phones) != 2 || len(wrong) != 2 || wrong[0].Row != 3 {
		t.Errorf("%d phones, wrong %v, %v", len(r.Phones), wrong, err)
	}
}

const wholeJSON = `{
 "levels": [{"kind": "global", "entries": [{"path": "time.zone", "value": "Europe/Berlin", "locked": true}]},
  {"kind": "group", "id": "acme/berlin", "entries": [{"path": "account.*.registrar", "value": "sip.acme.example"}, {"path": "account.*.password", "value": "auto"}]}],
 "lines": [{"group": "acme/berlin", "number": "201", "user": "u201", "password": "auto", "displayName": "Desk", "listed": true}],
 "phones": [{"mac": "0015652244aa", "model": "SIP-T46S", "group": "acme/berlin", "settings": {"account.1.line": 201, "network.lldp": true}}]}`

func TestAWholeRosterOfJSONIsAppliedAndAppliedAgain(t *testing.T) {
	h := newHouse(t)
	r, err := ReadJSON(strings.NewReader(wholeJSON))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"level global changed", "level group acme/berlin changed", "line acme/berlin:201 created", "phone 00:15:65:22:44:aa created"}
	if diff := cmp.Diff(want, h.apply(t, r, How{MakeGroups: true})); diff != "" {
		t.Error(diff)
	}
	lines, err := h.lines.Lines(t.Context(), []provisioners.LineKey{{Group: "acme/berlin", Number: "201"}})
	if err != nil || len(lines) != 1 || lines[0].Password == "" || !lines[0].Listed {
		t.Fatalf("lines are %+v, %v", lines, err)
	}
	want = []string{"level global unchanged", "level group acme/berlin unchanged", "line acme/berlin:201 unchanged", "phone 00:15:65:22:44:aa unchanged"}
	if diff := cmp.Diff(want, h.apply(t, r, How{MakeGroups: true})); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"", "[]", `{"phones":[{"mac":"x","color":"red"}]}`, wholeJSON + "{}"} {
		if _, err := ReadJSON(strings.NewReader(text)); err == nil {
			t.Errorf("%.20q is read", text)
		}
	}
}

func TestWhoSeesOneGroupBringsNothingIntoAnother(t *testing.T) {
	h := newHouse(t)
	h.fleet.devices["00:15:65:22:44:ff"] = device.Device{ID: device.NewID(), MAC: "00:15:65:22:44:ff", Group: "other"}
	r, err := ReadJSON(strings.NewReader(wholeJSON))
	if err != nil {
		t.Fatal(err)
	}
	r.Phones = append(r.Phones, Phone{Row: 2, MAC: "0015652244ff", Model: "x", Group: "bmce"}, Phone{Row: 3, MAC: "0015652244fe", Model: "x"})
	for i, text := range h.apply(t, r, How{Scope: device.Scope{Group: "bmce"}, MakeGroups: true}) {
		if !strings.Contains(text, "refused") {
			t.Errorf("row %d: %s", i, text)
		}
	}
	if len(h.fleet.devices) != 1 || h.fleet.groups["acme/berlin"] {
		t.Errorf("devices %v, groups %v", h.fleet.devices, h.fleet.groups)
	}
}

func TestAListOfAstLinuxBringsItsPhonesAndMakesMissingPasswords(t *testing.T) {
	h := newHouse(t)
	list, wrong, err := massdeployment.ReadList(strings.NewReader("snom320 00:04:13:11:33:21 201\nyealink 00:15:65:22:44:12 301/Front_Desk;302 secret my301\n"))
	if err != nil || len(wrong) != 0 {
		t.Fatalf("%v, %v", wrong, err)
	}
	template, wrong, err := massdeployment.ReadTemplate("yealink", strings.NewReader("[general]\nmodel=SIP-T46S\nauto_account_prefix=acc\n"))
	if err != nil || len(wrong) != 0 {
		t.Fatalf("%v, %v", wrong, err)
	}
	r := FromMassDeployment(list, map[string]*massdeployment.Template{"yealink": template}, nil, "acme", "pbx.example")
	h.apply(t, r, How{})
	if d := h.fleet.devices["00:15:65:22:44:12"]; d.Model != "SIP-T46S" || h.fleet.devices["00:04:13:11:33:21"].Model != "snom320" {
		t.Errorf("models are %q and %q", d.Model, h.fleet.devices["00:04:13:11:33:21"].Model)
	}
	want := map[string]string{
		"account.1.user": "my301", "account.1.number": "301", "account.1.label": "301", "account.1.displayName": "Front Desk", "account.1.registrar": "pbx.example",
		"account.1.password": "secret", "account.2.user": "acc302", "account.2.number": "302", "account.2.label": "302", "account.2.registrar": "pbx.example",
		"account.2.password": "secret", "key.1.type": "line", "key.1.account": "1", "key.2.type": "line", "key.2.account": "2",
	}
	if diff := cmp.Diff(want, h.level(t, "00:15:65:22:44:12")); diff != "" {
		t.Error(diff)
	}
	if got := h.level(t, "00:04:13:11:33:21")["account.1.password"]; got != "generated" {
		t.Errorf("the missing password is %q", got)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add(phonesCSV)
	f.Add("mac\n\"a\nb\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, _, err := ReadCSV(strings.NewReader(text))
		if err == nil && len(r.Phones) > strings.Count(text, "\n")+strings.Count(text, "\r")+1 {
			t.Errorf("%d phones", len(r.Phones))
		}
	})
}
