package pack_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// other is a pack whose file has the name of one of the tiny pack's.
func other(t testing.TB) *pack.Pack {
	t.Helper()
	changed := manifest(t, "name: tiny", "name: other", "vendor: Tiny Telecom", "vendor: Other", "vendorAliases: [Tinytel]\n", "", "02aabb", "02ccdd",
		"^Tiny ", "^Other ", "tiny{var.code}", "other{var.code}", "T-200", "T-900", "*-200", "*-900", "ring.bin'", "tone.bin'")
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"pack.yaml": changed}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func subject(ou, l, s string) *x509.Certificate {
	return &x509.Certificate{Subject: pkix.Name{Names: []pkix.AttributeTypeAndValue{
		{Type: asn1.ObjectIdentifier{2, 5, 4, 11}, Value: ou}, {Type: asn1.ObjectIdentifier{2, 5, 4, 7}, Value: l}, {Type: asn1.ObjectIdentifier{2, 5, 4, 8}, Value: s},
	}}}
}

func TestRequestsMeanWhatPhonesMean(t *testing.T) {
	r := pack.NewRegistry(tiny(t), other(t))
	const mac = "02:aa:bb:11:22:33"
	tests := map[string]struct {
		asked pack.Asked
		// want is pack, model, file, MAC, serial number and firmware of the best match.
		want string
	}{
		"the MAC in the path":             {pack.Asked{Path: "/02aabb112233.cfg"}, "tiny  {mac}.cfg " + mac + "  "},
		"another case":                    {pack.Asked{Path: "/02AABB112233.CFG"}, "tiny  {mac}.cfg " + mac + "  "},
		"no slash":                        {pack.Asked{Path: "02aabb112233.cfg"}, "tiny  {mac}.cfg " + mac + "  "},
		"doubled slashes":                 {pack.Asked{Path: "//p//02aabb112233.cfg"}, "tiny  {mac}.cfg " + mac + "  "},
		"turned slashes":                  {pack.Asked{Path: `\p\02aabb112233.cfg`}, "tiny  {mac}.cfg " + mac + "  "},
		"folders before":                  {pack.Asked{Path: "/a/b/./02aabb112233.cfg"}, "tiny  {mac}.cfg " + mac + "  "},
		"the other vendor's MAC":          {pack.Asked{Path: "/02ccdd112233.cfg"}, "other  {mac}.cfg 02:cc:dd:11:22:33  "},
		"a name in a folder":              {pack.Asked{Path: "/Books/02aabb112233-T-200.XML"}, "tiny T-200 books/{MAC}-{model}.xml " + mac + "  "},
		"a name without its folder":       {pack.Asked{Path: "/02aabb112233-T-200.xml"}, "tiny   " + mac + "  "},
		"a model that has no such file":   {pack.Asked{Path: "/books/02aabb112233-T-100.xml"}, "tiny   " + mac + "  "},
		"a generic name":                  {pack.Asked{Path: "/tiny08.cfg"}, "tiny T-200 tiny{var.code}.cfg   "},
		"an unknown generic name":         {pack.Asked{Path: "/tiny09.cfg"}, ""},
		"a static file":                   {pack.Asked{Path: "/ring.bin"}, "tiny  ring.bin   "},
		"the MAC in the query":            {pack.Asked{Path: "/tiny08.cfg", Query: url.Values{"MAC": {"02-AA-BB-11-22-33"}}}, "tiny T-200 tiny{var.code}.cfg " + mac + "  "},
		"a User-Agent":                    {pack.Asked{Path: "/", UserAgent: "Tiny T200 1.2.3 02aabb112233"}, "tiny T-200  " + mac + "  1.2.3"},
		"a User-Agent with serial number": {pack.Asked{Path: "/x", UserAgent: "Tiny T-100 1.2 sn=ABC1"}, "tiny T-100   ABC1 1.2"},
		"an unknown model":                {pack.Asked{Path: "/x", UserAgent: "Tiny T-777 1.2 sn=ABC1"}, "tiny    ABC1 1.2"},
		"path and User-Agent":             {pack.Asked{Path: "/02ccdd112233.cfg", UserAgent: "Tiny T200 1.2.3 02aabb112233"}, "tiny T-200 {mac}.cfg 02:cc:dd:11:22:33  1.2.3"},
		"another model's file":            {pack.Asked{Path: "/tiny07.cfg", UserAgent: "Tiny T200 1.2.3 02aabb112233"}, "tiny T-100 tiny{var.code}.cfg " + mac + "  1.2.3"},
		"a certificate":                   {pack.Asked{Path: "/x", Certificate: subject("T-200", "SN77", "02aabb112233")}, "tiny T-200  " + mac + " SN77 "},
		"a User-Agent and a file that is not for its model": {pack.Asked{Path: "/books/02aabb112233-T-200.xml", UserAgent: "Tiny T100A 1.2.3 02aabb112233"}, "tiny T-100  " + mac + "  1.2.3"},
		"another maker's certificate":                       {pack.Asked{Path: "/x", Certificate: subject("X", "SN77", "02eeff112233")}, ""},
		"the MAC of nobody":                                 {pack.Asked{Path: "/000000000000.cfg"}, ""},
		"the MAC of nobody in the query":                    {pack.Asked{Path: "/tiny08.cfg", Query: url.Values{"mac": {"000000000000"}}}, "tiny T-200 tiny{var.code}.cfg   "},
		"eleven digits":                                     {pack.Asked{Path: "/02aabb11223.cfg"}, ""},
		"a path that leaves":                                {pack.Asked{Path: "/a/../02aabb112233.cfg"}, ""},
		"a path that leaves, turned":                        {pack.Asked{Path: `\..\02aabb112233.cfg`}, ""},
		"a long path":                                       {pack.Asked{Path: strings.Repeat("/a", 600) + "/02aabb112233.cfg"}, ""},
		"a MAC in an unknown name":                          {pack.Asked{Path: "/cfg02AABB112233.xml"}, "tiny   " + mac + "  "},
		"a MAC in a folder":                                 {pack.Asked{Path: "/02aabb112233/features.cfg"}, "tiny   " + mac + "  "},
		"digits that are no MAC":                            {pack.Asked{Path: "/x02aabb1122334.xml"}, ""},
		"the MAC of an unknown vendor":                      {pack.Asked{Path: "/02eeff112233.xml"}, ""},
		"nothing":                                           {pack.Asked{}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := best(r.Match(test.asked)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// best describes the first match.
func best(all []pack.Match) string {
	if len(all) == 0 {
		return ""
	}
	m, model, file := all[0], "", ""
	if m.Model != nil {
		model = m.Model.Name
	}
	if m.File != nil {
		file = m.File.Name
	}
	if m.Static != nil {
		file = m.Static.Name
	}
	return strings.Join([]string{m.Pack.Name, model, file, m.MAC, m.Serial, m.Firmware}, " ")
}

func TestTheSOfACertificateIsStateSurnameOrSerialNumber(t *testing.T) {
	r := pack.NewRegistry(tiny(t))
	for _, attribute := range []asn1.ObjectIdentifier{{2, 5, 4, 8}, {2, 5, 4, 4}, {2, 5, 4, 5}} {
		certificate := subject("T-200", "SN77", "Texas")
		certificate.Subject.Names = append(certificate.Subject.Names, pkix.AttributeTypeAndValue{Type: attribute, Value: "02aabb112233"})
		if attribute.Equal(asn1.ObjectIdentifier{2, 5, 4, 8}) {
			certificate = subject("T-200", "SN77", "02aabb112233")
		}
		if got := best(r.Match(pack.Asked{Path: "/x", Certificate: certificate})); got != "tiny T-200  02:aa:bb:11:22:33 SN77 " {
			t.Errorf("%v: got %q", attribute, got)
		}
	}
	if got := best(r.Match(pack.Asked{Path: "/x", Certificate: subject("T-200", "SN77", "Texas")})); got != "tiny T-200   SN77 " {
		t.Errorf("a state that is no MAC: got %q", got)
	}
}

func TestARequestThatNamesItsModelMatchesNoFilesOfOthers(t *testing.T) {
	text := manifest(t, "files:\n", "files:\n  - {name: 'both.cfg', template: common.tmpl, format: keyvalue, generic: true, models: [T-100]}\n"+
		"  - {name: 'both.cfg', template: common.tmpl, format: text, generic: true, models: ['*-200']}\n")
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"pack.yaml": text}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	r := pack.NewRegistry(p)
	if all := r.Match(pack.Asked{Path: "/both.cfg"}); len(all) != 2 {
		t.Errorf("of a phone of any model there are %d matches", len(all))
	}
	all := r.Match(pack.Asked{Path: "/both.cfg", UserAgent: "Tiny T200 1.2.3 02aabb112233"})
	if len(all) != 1 || all[0].File.Format != pack.FormatText || all[0].Model.Name != "T-200" {
		t.Errorf("got %d matches, %+v", len(all), all)
	}
}

func TestDevicesAreServedByTheirModelsNames(t *testing.T) {
	r := pack.NewRegistry(tiny(t), other(t))
	tests := []struct {
		device device.Device
		want   string
	}{
		{device.Device{Model: "T-200"}, "tiny T-200"},
		{device.Device{Model: "t200"}, "tiny T-200"},
		{device.Device{Model: "Tiny Telecom T_200"}, "tiny T-200"},
		{device.Device{Model: "TinyTel T 200"}, "tiny T-200"},
		{device.Device{Model: "T100A", MAC: "02:aa:bb:00:00:01"}, "tiny T-100"},
		{device.Device{CWMPIdentity: device.CWMPIdentity{ProductClass: "T-200"}}, "tiny T-200"},
		{device.Device{Model: "T-900"}, "other T-900"},
		{device.Device{Model: "T-100", Manufacturer: "Other Inc."}, "other T-100"},
		{device.Device{Model: "T-100", Manufacturer: "TINY TELECOM Ltd"}, "tiny T-100"},
		{device.Device{Model: "T-100", MAC: "02:cc:dd:00:00:01"}, "other T-100"},
		{device.Device{Model: "T-100", CWMPIdentity: device.CWMPIdentity{OUI: "02CCDD"}}, "other T-100"},
		{device.Device{Model: "T-200", Manufacturer: "Somebody"}, ""},
		{device.Device{Model: "T-200", Manufacturer: "Somebody", MAC: "02:aa:bb:00:00:01"}, "tiny T-200"},
		{device.Device{Model: "T-300", Manufacturer: "Tiny Telecom"}, ""},
		{device.Device{MAC: "02:aa:bb:00:00:01"}, ""},
		{device.Device{}, ""},
	}
	for _, test := range tests {
		served, ok := r.For(test.device)
		if got := strings.TrimSpace(served.Pack + " " + served.Model); got != test.want || ok != (got != "") {
			t.Errorf("%s %s %s: got %q, want %q", test.device.Manufacturer, test.device.Model, test.device.MAC, got, test.want)
		}
	}
}

func TestFilesAreFoundByModelAndName(t *testing.T) {
	r := pack.NewRegistry(tiny(t))
	names := func(model string) string {
		var all []string
		for _, f := range r.Files("tiny", model) {
			all = append(all, f.Name)
		}
		return strings.Join(all, " ")
	}
	if got := names("T-100"); got != "tiny{var.code}.cfg {mac}.cfg" {
		t.Errorf("T-100 asks for %s", got)
	}
	if got := names("T-300"); got != "" {
		t.Errorf("a model that is none asks for %s", got)
	}
	f, ok := r.File("tiny", "T-200", "/p/02aabb112233.cfg")
	if !ok || f.Name != "{mac}.cfg" {
		t.Errorf("got %+v", f)
	}
	if f, ok := r.File("tiny", "T-200", "/tiny07.cfg"); ok {
		t.Errorf("the file of another model is %s", f.Name)
	}
	if s, ok := r.Static("tiny", "T-200", "RING.BIN"); !ok || s.Name != "ring.bin" {
		t.Errorf("got %+v", s)
	}
	m, _ := tiny(t).Model("T-200")
	if got := tiny(t).Files[2].NameFor(m, "02:aa:bb:11:22:33", ""); got != "books/02AABB112233-T-200.xml" {
		t.Errorf("got %s", got)
	}
}

func TestALaterPackTakesThePlaceOfAnEarlier(t *testing.T) {
	changed, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"pack.yaml": manifest(t, "version: 1", "version: 2")}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	r := pack.NewRegistry(tiny(t), changed)
	if p, ok := r.Pack("tiny"); !ok || p.Version != 2 || len(r.Packs()) != 1 {
		t.Errorf("got %d packs, version %d", len(r.Packs()), p.Version)
	}
}

// FuzzMatch shows that no request stops the matcher, and that what it says is well-formed.
func FuzzMatch(f *testing.F) {
	f.Add("/02aabb112233.cfg", "Tiny T200 1.2.3 02aabb112233", "02aabb112233")
	f.Add(`\\books\02AABB112233-T-200.xml`, "Other", "")
	f.Add("/../000000000000.cfg\x00", "\xff", "zz")
	p, err := pack.Load(f.Context(), os.DirFS("testdata"), "tiny", catalogue(f))
	if err != nil {
		f.Fatal(err)
	}
	r := pack.NewRegistry(p)
	f.Fuzz(func(t *testing.T, path, userAgent, mac string) {
		for _, m := range r.Match(pack.Asked{Path: path, UserAgent: userAgent, Query: url.Values{"mac": {mac}}}) {
			if canonical, err := device.ParseMAC(m.MAC); m.MAC != "" && (err != nil || canonical != m.MAC) {
				t.Errorf("%q gives the MAC %q", path, m.MAC)
			}
			if m.Pack == nil || m.Model != nil && m.File != nil && !m.File.Serves(m.Model) {
				t.Errorf("%q gives %+v", path, m)
			}
			if slices.Contains(strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' }), "..") {
				t.Errorf("%q leaves its folder, and means %+v", path, m)
			}
		}
	})
}
