package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// astLinux returns a folder with the example of AstLinux, and the arguments that read it.
func astLinux(t *testing.T) (folder string, args []string) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range map[string]string{
		"massdeployment.conf": "## template mac_addr extension password\nsnom320 00:04:13:11:33:21 201\nyealink 00:15:65:22:44:12 301/Front_Desk\n",
		"templates/snom320.conf": "[general]\nvendor=snom\nprov_file=snom320-@MAC@.htm\ndialplan_context=phones\n[dialplan]\nexten => @EXT@,1,Dial(SIP/@ACCOUNT@)\n" +
			"[sip]\n\\[@ACCOUNT@]\nsecret=@PASSWORD@\n[phoneprov]\nuser_pass1: @PASSWORD@\n",
		"templates/yealink.conf": "[general]\nprov_path=../../../escape/@VENDOR@\ndialplan_context=phones\n[dialplan]\nexten => @EXT@,1,Dial(SIP/@ACCOUNT@)\n" +
			"[phoneprov]\naccount.1.password = @PASSWORD@\naccount.1.sip_server_host = @SIP_SERVER_IPV4@\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder, []string{"import", filepath.Join(folder, "massdeployment.conf"), "--templates", filepath.Join(folder, "templates")}
}

func runImport(t *testing.T, args []string, more ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), slices.Concat(args, more), &out, &err)
	return code, out.String(), err.String()
}

func readText(t *testing.T, parts ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestTheFilesOfAstLinuxAreMadeWithoutAServer(t *testing.T) {
	folder, args := astLinux(t)
	out := filepath.Join(folder, "out")
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	args = append(args, "--generate", out, "--sip-server", "192.0.2.10")
	if code, _, stderr := runImport(t, args); code != 1 || !strings.Contains(stderr, "line 2: password") || !strings.Contains(stderr, "line 3: password") {
		t.Fatalf("without passwords: exit code %d: %s", code, stderr)
	}
	reloaded := filepath.Join(folder, "reloaded")
	code, stdout, stderr := runImport(t, args, "--write-passwords", "--reload", "--pbx-reload", "touch '"+reloaded+"'")
	if code != 0 || !strings.Contains(stderr, "wrote 2 passwords") || strings.Count(stdout, "\n") != 4 {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	passwords := regexp.MustCompile(`(?m)^(?:snom320|yealink) .* (\S{16,})$`).FindAllStringSubmatch(readText(t, folder, "massdeployment.conf"), -1)
	if len(passwords) != 2 {
		t.Fatalf("the list is now\n%s", readText(t, folder, "massdeployment.conf"))
	}
	snom, yealink := passwords[0][1], passwords[1][1]
	for path, want := range map[string]string{
		"mnt/kd/phoneprov/snom/snom320-000413113321.htm":         "user_pass1: " + snom + "\n",
		"escape/yealink/001565224412.cfg":                        "account.1.password = " + yealink + "\naccount.1.sip_server_host = 192.0.2.10\n",
		"mnt/kd/asterisk/includes/astlinux-phoneprov-exten.conf": "[phones]\nexten => 201,1,Dial(SIP/201)\nexten => 301,1,Dial(SIP/301)\n",
		"mnt/kd/asterisk/includes/astlinux-phoneprov-sip.conf":   "[201]\nsecret=" + snom + "\n",
		"../reloaded": "",
	} {
		if got := readText(t, out, path); got != want {
			t.Errorf("%s is\n%s\nwant\n%s", path, got, want)
		}
	}
	if info, err := os.Stat(filepath.Join(folder, "massdeployment.conf")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the rights of the list are %v, %v", info.Mode(), err)
	}

	code, _, stderr = runImport(t, args)
	if code != 1 || strings.Count(stderr, "--force overwrites it") != 4 {
		t.Errorf("files that exist: exit code %d: %s", code, stderr)
	}
	if code, _, stderr = runImport(t, args, "--force"); code != 0 {
		t.Errorf("with --force: exit code %d: %s", code, stderr)
	}

	// Another phone is added to what is there.
	part := filepath.Join(folder, "part.conf")
	if err := os.WriteFile(part, []byte("snom320 00:04:13:11:33:22 202 s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args[1] = part
	if code, _, stderr = runImport(t, args, "--append"); code != 0 {
		t.Fatalf("with --append: exit code %d: %s", code, stderr)
	}
	exten := readText(t, out, "mnt/kd/asterisk/includes/astlinux-phoneprov-exten.conf")
	if want := "[phones]\nexten => 201,1,Dial(SIP/201)\nexten => 301,1,Dial(SIP/301)\nexten => 202,1,Dial(SIP/202)\n"; exten != want {
		t.Errorf("the dialplan is\n%s", exten)
	}
}

func TestAnImportThatCannotBeSaysWhy(t *testing.T) {
	folder, args := astLinux(t)
	for name, c := range map[string]struct {
		more []string
		want string
	}{
		"no such folder":           {[]string{"--generate", filepath.Join(folder, "none")}, "password"},
		"a reload without command": {[]string{"--generate", folder, "--reload"}, "--pbx-reload"},
		"no store":                 {[]string{"--data-dir", filepath.Join(folder, "data")}, "has the server run"},
		"passwords of a CSV":       {[]string{"--format", "csv", "--write-passwords"}, "--write-passwords"},
		"no CSV":                   {[]string{"--format", "csv"}, "header"},
	} {
		if code, _, stderr := runImport(t, args, c.more...); code != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit code %d: %s", name, code, stderr)
		}
	}
}

func TestTheOptionsOfAPBXMustFitTogether(t *testing.T) {
	folder := t.TempDir()
	for name, c := range map[string]struct {
		options pbxOptions
		want    string
	}{
		"nothing":                    {pbxOptions{}, ""},
		"a folder":                   {pbxOptions{PBXDir: folder}, ""},
		"a command without a folder": {pbxOptions{PBXReload: "true"}, "need --pbx-dir"},
		"no such folder":             {pbxOptions{PBXDir: filepath.Join(folder, "none")}, "--pbx-dir"},
		"no templates":               {pbxOptions{PBXDir: folder, PBXTemplates: folder}, "--pbx-templates"},
	} {
		err := c.options.checkPBX()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
