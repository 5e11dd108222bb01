package pack_test

import (
	"slices"
	"testing"

	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

func TestSettingsThatNoFileShowsAreNamed(t *testing.T) {
	ignored, err := tiny(t).Ignored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"account.N.registrar": true, "network.vlan.voice.id": true, "admin.password": true,
		"account.N.user": false, "account.N.password": false, "time.zone": false, "key.N.type": false, "provisioning.interval": false,
		// These are unsupported, or for the server.
		"network.cdp": false, "account.N.srtp": false, "phonebook.N.url": false, "owner": false, "firmware.file": false,
	} {
		if slices.Contains(ignored, path) != want {
			t.Errorf("%s is ignored: %t, want %t", path, !want, want)
		}
	}
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"phone.tmpl": "a = {{.network.vlan.voice.id}}{{.admin.password}}\n"}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if ignored, err = p.Ignored(t.Context()); err != nil || slices.Contains(ignored, "network.vlan.voice.id") || !slices.Contains(ignored, "account.N.user") {
		t.Errorf("got %v, %v", ignored, err)
	}
}

func TestValuesThatNoFileShowsAreNamedWithTheirModels(t *testing.T) {
	template := "{{range .accounts}}t = {{pick .transport \"udp\" \"0\" \"tcp\" \"1\" \"tls\" \"1\"}}\n" +
		"{{range split .codecs \",\"}}{{with pick . \"g722\" \"9\" \"pcma\" \"8\" \"pcmu\" \"0\"}}c{{.}} = 1\n{{end}}{{end}}{{end}}" +
		"{{range .keys}}k{{.n}} = {{pick .type \"line\" \"1\" \"blf\" \"2\" \"none\"}}\n{{end}}"
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{
		"phone.tmpl": template, "pack.yaml": manifest(t, "unsupported: [", "unsupported: [{path: key.*.type, values: [hold]}, "),
	}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := p.Ignored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]bool{
		"account.N.transport=dns": true, "account.N.transport=tcp": true, "account.N.transport=tls": true, "account.N.transport=udp": false,
		"account.N.codecs=opus": true, "account.N.codecs=pcma": false,
		"key.N.type=park": true, "key.N.type=line": false, "key.N.type=blf": false, "key.N.type=hold": false, "key.N.type=none": false,
	} {
		if slices.Contains(ignored, value+" (T-200)") != want {
			t.Errorf("%s is ignored: %t, want %t", value, !want, want)
		}
	}
}
