package delivery_test

import (
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// The packs of the tests ask as the phones of their makers do, and say little.
var manifests = map[string]string{
	"yealink": `
name: yealink
vendor: Yealink
version: 1
ouis: ["001565"]
userAgents: ['^[Yy]ealink\s+(?:SIP(?: VP)?-)?(?P<model>\w+)\s+(?P<firmware>[0-9.]+)\s+(?P<mac>[0-9A-Fa-f]{12}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})']
defaults: {admin.password: factory}
models:
  - {name: T46S, lines: 16, keys: 27, variables: {code: "066"}}
  - {name: T42S, lines: 12, keys: 15, variables: {code: "067"}}
files:
  - {name: '{mac}.boot', template: boot.tmpl, format: text}
  - {name: 'y000000000{var.code}.cfg', template: common.tmpl, format: keyvalue, contentType: text/plain, generic: true}
  - {name: '{mac}.cfg', template: phone.tmpl, format: keyvalue, contentType: text/plain, secrets: true, confirms: true}
  - {name: '{mac}-directory.xml', template: directory.tmpl, format: xml, contentType: text/xml, directory: true}
static:
  - {name: 'ring.wav', source: ring.wav, contentType: audio/wav}
`,
	"poly": `
name: poly
vendor: Polycom
version: 1
ouis: ["0004f2"]
userAgents: ['^FileTransport Polycom\w+-(?P<model>\w+?)-UA/(?P<firmware>[0-9.]+)(?:[_ ].*)?']
models: [{name: VVX_410, aliases: [VVX410], lines: 12, keys: 0, variables: {code: ""}}]
files:
  - {name: '{mac}.cfg', template: boot.tmpl, format: text}
  - {name: '000000000000.cfg', template: common.tmpl, format: text, generic: true}
  - {name: '{mac}-user.cfg', template: phone.tmpl, format: text, secrets: true, confirms: true}
`,
	"snom": `
name: snom
vendor: snom
version: 1
macCase: upper
ouis: ["000413"]
userAgents: ['\bsnom(?P<model>\w+)-SIP (?P<firmware>[0-9.]+)(?:[^)]*?\b(?P<mac>[0-9A-Fa-f]{12})\b)?']
models:
  - {name: D785, lines: 12, keys: 24, variables: {code: ""}}
  - {name: "320", lines: 12, keys: 12, variables: {code: ""}}
files:
  - {name: 'snom{model}.htm', template: common.tmpl, format: text, generic: true}
  - {name: 'snom{model}-{MAC}.htm', template: phone.tmpl, format: text, secrets: true, confirms: true}
`,
	"grandstream": `
name: grandstream
vendor: Grandstream
version: 1
ouis: ["000b82", "c074ad"]
userAgents: ['^Grandstream Model HW (?P<model>\w+)(?:\s+V\S+)? SW (?P<firmware>\S+) DevId (?P<mac>[0-9A-Fa-f]{12})']
models: [{name: GRP2614, lines: 4, keys: 24, variables: {code: ""}}]
files:
  - {name: 'cfg{mac}.xml', template: phone.tmpl, format: text, secrets: true, confirms: true}
  - {name: 'cfg{model}.xml', template: common.tmpl, format: text, generic: true}
`,
	"cisco": `
name: cisco
vendor: Cisco
version: 1
ouis: ["00562b", "d0ec35"]
userAgents: ['^Cisco-CP-(?P<model>[0-9A-Z]{4,})-3PCC/(?P<firmware>\S+) \((?P<mac>[0-9A-Fa-f]{12})\)', '^Cisco/(?P<model>ATA[0-9]{3})-MPP-(?P<firmware>\S+) \((?P<serial>\S+)\)']
certificate: {model: OU, serial: L, mac: S}
models:
  - {name: "8841", aliases: [CP-8841-3PCC], lines: 10, keys: 10, variables: {code: ""}}
  - {name: ATA191, lines: 2, keys: 0, variables: {code: ""}}
files:
  - {name: '{model}-3PCC.xml', template: common.tmpl, format: text, generic: true}
  - {name: '{mac}.xml', template: phone.tmpl, format: text, secrets: true, confirms: true}
`,
}

var templates = map[string]string{
	"boot.tmpl":      "include {{.links.base}}{{.device.mac}}.cfg\n",
	"common.tmpl":    "zone = {{.time.zone}}\nfirmware = {{.links.firmware}}\nbase = {{.links.base}}\n",
	"phone.tmpl":     "mac = {{.device.mac}}\nadmin = {{.admin.password}}\n{{range .accounts}}user{{.n}} = {{.user}}\npassword{{.n}} = {{.password}}\n{{end}}base = {{.links.base}}\nfirmware = {{.links.firmware}}\ndirectory = {{.links.directory}}\n",
	"directory.tmpl": "<d>{{range .directory}}<e n=\"{{.number}}\">{{.name}}</e>{{end}}</d>\n",
	"ring.wav":       "RIFF....WAVE",
}

// registry loads the packs of the tests; change may alter the manifest of one.
func registry(t testing.TB, catalogue *provisioners.Catalogue, change func(name, manifest string) string) *pack.Registry {
	t.Helper()
	var packs []*pack.Pack
	for name, manifest := range manifests {
		if change != nil {
			manifest = change(name, manifest)
		}
		folder := fstest.MapFS{name + "/pack.yaml": {Data: []byte(manifest)}}
		for file, text := range templates {
			folder[name+"/"+file] = &fstest.MapFile{Data: []byte(text)}
		}
		p, err := pack.Load(t.Context(), folder, name, catalogue)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		packs = append(packs, p)
	}
	return pack.NewRegistry(packs...)
}
