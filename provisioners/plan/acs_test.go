package plan

import (
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

const (
	mappedManifest = `name: mapped
vendor: Mapped
version: 1
models: [{name: M1, lines: 1, keys: 0}]
files:
  - {name: '{mac}.cfg', template: phone.cfg.tmpl, format: keyvalue, contentType: text/plain, secrets: true, confirms: true}
`
	mappedMapping = `version: 1
discover: [Time.]
parameters: [{setting: time.zone, path: Time.LocalTimeZone, convert: posix}]
`
)

func TestAMaskStandsForThePhonesCredential(t *testing.T) {
	h := newHouse(t)
	catalogue, err := provisioners.DefaultCatalogue()
	h.check(err)
	folder := fstest.MapFS{
		"mapped/pack.yaml":      {Data: []byte(mappedManifest)},
		"mapped/phone.cfg.tmpl": {Data: []byte("acs = {{.cwmp.url}}\nname = {{.cwmp.username}}\npassword = {{.cwmp.password}}\n")},
	}
	plain, err := pack.Load(t.Context(), folder, "mapped", catalogue)
	h.check(err)
	folder["mapped/cwmp.yaml"] = &fstest.MapFile{Data: []byte(mappedMapping)}
	mapped, err := pack.Load(t.Context(), folder, "mapped", catalogue)
	h.check(err)
	renderer := h.renderer.WithACS(func(host string) string { return "http://acs.of/" + host })
	for _, path := range []string{"on", "off", "named"} {
		h.declare(key(provisioners.GroupLevel, path), "cwmp.enabled", map[bool]string{true: "true", false: "false"}[path != "off"])
	}
	h.declare(key(provisioners.GroupLevel, "on/named"), "cwmp.username", "operator")
	for name, c := range map[string]struct {
		pack        *pack.Pack
		group, want string
		renderer    *Renderer
	}{
		"where the phone speaks CWMP":     {mapped, "on", "acs = http://acs.of/files.example:7568\nname = " + Mask + "\npassword = " + Mask + "\n", renderer},
		"where the ACS is not known":      {mapped, "on", "acs = \nname = " + Mask + "\npassword = " + Mask + "\n", h.renderer},
		"not beside the operator's":       {mapped, "on/named", "acs = http://acs.of/files.example:7568\nname = operator\npassword = \n", renderer},
		"not where CWMP is off":           {mapped, "off", "acs = \nname = \npassword = \n", renderer},
		"not in a pack without a mapping": {plain, "on", "acs = \nname = \npassword = \n", renderer},
	} {
		t.Run(name, func(t *testing.T) {
			h.packs = pack.NewRegistry(c.pack)
			d := device.Device{ID: "x", MAC: "0a:0b:0c:00:00:01", Model: "M1", Group: c.group}
			all, err := h.resolver.EffectiveOf(t.Context(), []device.Device{d}, provisioners.Change{Packs: h.packs, ReadOnly: true})
			h.check(err)
			made, err := c.renderer.Files(t.Context(), d, all[0], h.packs)
			h.check(err)
			if len(made) != 1 || made[0].Problem != "" || string(made[0].Content) != c.want {
				t.Errorf("files are %+v, want %q", made, c.want)
			}
		})
	}
}
