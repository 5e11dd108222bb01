package api_test

import (
	"bytes"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners/packs"
	"github.com/dialtone-acs/dialtone/provisioners/pbx"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// astLinuxList is the example of AstLinux without passwords.
const astLinuxList = `## Format:
## template mac_addr extension[/CID_Name][;ext2[/cid2];...] password [ account ]
##
snom320 00:04:13:11:33:21 201
yealink 00:15:65:22:44:12 301/Front_Desk
`

// astLinuxTemplates are templates as AstLinux has them, by file name.
func astLinuxTemplates() map[string]string {
	return map[string]string{
		"snom320.conf": `menu_name=Snom 320
[general]
vendor=snom
macaddress_case=upper
prov_file=snom320-@MAC@.htm
dialplan2_file=astlinux-phoneprov-exten-hints.conf
dialplan2_context=provisioned-blf

[dialplan]
exten => @EXT@,1,Dial(SIP/@ACCOUNT@)
[dialplan2]
exten => @EXT@,hint,SIP/@ACCOUNT@
[sip]
\[@ACCOUNT@](phones)
secret=@PASSWORD@
callerid=@CID_NAME@ <@CID_NUM@>
[phoneprov]
user_name1: @EXT@
user_pass1: @PASSWORD@
#<201>user_idle_text1: Reception
`,
		"yealink.conf": `[general]
auto_account_prefix=y
dialplan2_file=astlinux-phoneprov-exten-hints.conf
dialplan2_context=provisioned-blf
sip_driver=pjsip
[dialplan]
exten => @EXT@,1,Dial(PJSIP/@ACCOUNT@)
[dialplan2]
exten => @EXT@,hint,PJSIP/@ACCOUNT@
[pjsip]
\[@ACCOUNT@]
auth/password=@PASSWORD@
[phoneprov]
account.1.user_name = @ACCOUNT@
account.1.password = @PASSWORD@
account.1.display_name = @CID_NAME@
account.1.sip_server_host = @SIP_SERVER_IPV4@
`,
	}
}

// importForm returns a multipart body: fields, then templates, then the file.
func importForm(t *testing.T, file string, templates map[string]string, fields ...string) (body, mediaType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		check(t, w.WriteField(fields[i], fields[i+1]))
	}
	add := func(field, name, text string) {
		part, err := w.CreateFormFile(field, name)
		check(t, err)
		_, err = io.WriteString(part, text)
		check(t, err)
	}
	for name, text := range templates {
		add("template", name, text)
	}
	add("file", "upload", file)
	check(t, w.Close())
	return b.String(), w.FormDataContentType()
}

// bring imports a file.
func (h *house) bring(token, file string, fields ...string) answer {
	h.t.Helper()
	body, mediaType := importForm(h.t, file, nil, fields...)
	return h.do(http.MethodPost, "/api/v1/imports", token, body, "Content-Type", mediaType)
}

// shipped puts a pack that comes with the program in force.
func (h *house) shipped(name string) {
	h.t.Helper()
	folder, err := fs.Sub(packs.FS(), name)
	check(h.t, err)
	files := map[string]string{}
	check(h.t, fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path, "testdata/") {
			return err
		}
		raw, err := fs.ReadFile(folder, path)
		files[path] = string(raw)
		return err
	}))
	version := as[api.PackDetail](h.upload(files).want(http.StatusCreated)).Version
	h.do(http.MethodPost, "/api/v1/packs/"+name+"/activate", h.admin, `{"version":"`+version+`"}`).want(http.StatusOK)
}

func TestTheExampleOfAstLinuxBecomesPhonesWithPasswordsAndFilesForThemAndForAsterisk(t *testing.T) {
	folder := t.TempDir()
	h := newHouse(t, func(o *api.Options) {
		o.PBX = publisher(t, pbx.Writer{Dir: folder, Reload: "touch " + filepath.Join(folder, "reloaded")})
	})
	h.shipped("snom")
	h.shipped("yealink")
	post := func(token string, fields ...string) answer {
		fields = append([]string{"format", "massdeployment", "registrar", "192.0.2.10", "model", "yealink=SIP-T46S"}, fields...)
		body, mediaType := importForm(t, astLinuxList, astLinuxTemplates(), fields...)
		return h.do(http.MethodPost, "/api/v1/imports", token, body, "Content-Type", mediaType)
	}

	dry := as[api.ImportResult](post(h.operator, "outputs", "true").want(http.StatusOK))
	if !dry.DryRun || dry.Created != 2 || len(dry.Rows) != 2 || dry.Rows[0].Row != 4 || dry.Rows[0].Name != "00:04:13:11:33:21" || dry.Rows[0].Device != "" {
		t.Fatalf("the dry run says %+v", dry)
	}
	if text := output(t, dry, "phoneprov", "001565224412.cfg"); !strings.Contains(text, "account.1.user_name = y301") || !strings.Contains(text, "account.1.password = •••") ||
		!strings.Contains(text, "sip_server_host = 192.0.2.10") {
		t.Errorf("the file of the phone would be\n%s", text)
	}
	if n := h.count(); n != 0 {
		t.Fatalf("the dry run added %d phones", n)
	}

	post(h.operator, "outputs", "true", "secrets", "true").problem(http.StatusForbidden, "forbidden")
	done := as[api.ImportResult](post(h.admin, "dryRun", "false", "outputs", "true", "secrets", "true").want(http.StatusOK))
	if done.DryRun || done.Created != 2 || len(done.OutputProblems) != 0 {
		t.Fatalf("the import says %+v", done)
	}
	if e := h.newest(); e.Action != "importRoster" || e.Target != "import/massdeployment" || !strings.Contains(e.Detail, "2 created") || !strings.Contains(e.Detail, "passwords shown") {
		t.Errorf("the audit log says %+v", e)
	}

	// The passwords that were missing are the same wherever they stand.
	snom := found(t, `user_pass1: (\S{16,})\n`, output(t, done, "phoneprov", "snom320-000413113321.htm"))
	yealink := found(t, `account\.1\.password = (\S{16,})\n`, output(t, done, "phoneprov", "001565224412.cfg"))
	if snom == yealink {
		t.Error("both phones have the same password")
	}
	for _, want := range []struct{ context, file, text string }{
		{"phoneprov", "snom320-000413113321.htm", "user_name1: 201\nuser_pass1: " + snom + "\nuser_idle_text1: Reception\n"},
		{"dialplan", "astlinux-phoneprov-exten.conf", "exten => 201,1,Dial(SIP/201)\nexten => 301,1,Dial(PJSIP/y301)\n"},
		{"dialplan2", "astlinux-phoneprov-exten-hints.conf", "[provisioned-blf]\nexten => 201,hint,SIP/201\nexten => 301,hint,PJSIP/y301\n"},
		{"sip", "astlinux-phoneprov-sip.conf", "[201](phones)\nsecret=" + snom + "\ncallerid=201 <201>\n"},
		{"pjsip", "astlinux-phoneprov-pjsip.conf", "[y301]\nauth/password=" + yealink + "\n"},
	} {
		if got := output(t, done, want.context, want.file); strings.TrimSpace(got) != strings.TrimSpace(want.text) {
			t.Errorf("%s is\n%s\nwant\n%s", want.file, got, want.text)
		}
	}
	for i, c := range []struct{ name, password, user string }{{"000413113321.xml", snom, "201"}, {"001565224412.cfg", yealink, "y301"}} {
		file := h.do(http.MethodPost, "/api/v1/devices/"+done.Rows[i].Device+"/files/"+c.name+"/reveal", h.admin, "").want(http.StatusOK)
		if text := string(file.body); !strings.Contains(text, c.password) || !strings.Contains(text, c.user) || !strings.Contains(text, "192.0.2.10") {
			t.Errorf("our file %s is %s", c.name, text)
		}
	}

	preview := as[api.PBXPreview](h.do(http.MethodGet, "/api/v1/pbx/preview", h.viewer, "").want(http.StatusOK))
	for _, f := range preview.Files {
		if !f.Changed || f.Truncated || strings.Contains(f.Text, snom) {
			t.Errorf("the preview shows %+v", f)
		}
	}
	applied := as[api.PBXResult](h.do(http.MethodPost, "/api/v1/pbx/apply", h.operator, "").want(http.StatusOK))
	if applied.Phones != 2 || applied.Accounts != 2 || applied.WithoutPassword != 0 || len(applied.Changed) != 4 || !applied.Reloaded || applied.Problem != "" {
		t.Fatalf("applying says %+v", applied)
	}
	for name, texts := range map[string][]string{
		"dialtone-pjsip.conf":      {"[201]\n", "password=" + snom, "[y301]\n", "password=" + yealink, `callerid="Front Desk" <301>`},
		"dialtone-sip.conf":        {"secret=" + snom},
		"dialtone-extensions.conf": {"exten => 301,1,Dial(PJSIP/y301,30)"},
		"dialtone-hints.conf":      {"exten => 201,hint,PJSIP/201", "exten => 301,hint,PJSIP/y301"},
		"reloaded":                 {""},
	} {
		raw, err := os.ReadFile(filepath.Join(folder, name))
		check(t, err)
		for _, text := range texts {
			if !strings.Contains(string(raw), text) {
				t.Errorf("%s lacks %q:\n%s", name, text, raw)
			}
		}
	}

	again := as[api.ImportResult](post(h.operator, "dryRun", "false").want(http.StatusOK))
	if again.Unchanged != 2 {
		t.Errorf("the second import says %+v", again)
	}
	if same := as[api.PBXResult](h.do(http.MethodPost, "/api/v1/pbx/apply", h.operator, "").want(http.StatusOK)); len(same.Changed) != 0 || same.Reloaded {
		t.Errorf("applying once more says %+v", same)
	}
}

func publisher(t *testing.T, w pbx.Writer) *pbx.Publisher {
	t.Helper()
	templates, err := pbx.ReadTemplates(pbx.BuiltIn())
	check(t, err)
	return pbx.NewPublisher(templates, w)
}

// output returns the text of a file that the templates make.
func output(t *testing.T, r api.ImportResult, context, name string) string {
	t.Helper()
	for _, o := range r.Outputs {
		if o.Context == context && o.Name == name {
			return o.Text
		}
	}
	t.Fatalf("no file %s of %s in %+v", name, context, r.Outputs)
	return ""
}

// found returns the first group of a pattern.
func found(t *testing.T, pattern, text string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no %s in\n%s", pattern, text)
	}
	return m[1]
}

// count returns how many devices there are.
func (h *house) count() int {
	h.t.Helper()
	page, err := h.store.Devices().List(h.t.Context(), device.List{PageSize: 100, Now: h.clock.Now()})
	check(h.t, err)
	return len(page.Devices)
}

func TestEveryRowOfAnImportSaysWhatBecameOfIt(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	known := h.acmePhone("0a:0b:0c:00:00:01", "A1", "acme/south")
	const file = "mac,model,group,account.1.user,account.1.port,account.1.password\n" +
		"0a0b0c000001,A1,acme/south,201,,auto\n" +
		"0a0b0c000002,A2,acme/south,202,many,\n" +
		"0a0b0c000003,A2,acme/north,203,,hush-hush\n" +
		"0a0b0c000004,A2,acme/south,204,,hush-hush\n" +
		"0a0b0c000005,,acme/south,205,,\n" +
		"nothing,A2,,,,,,,\n"
	a := h.bring(h.operator, file, "format", "csv", "dryRun", "false").want(http.StatusOK)
	r := as[api.ImportResult](a)
	if r.Created != 1 || r.Changed != 1 || r.Refused != 4 || r.Unchanged != 0 || len(r.Rows) != 6 {
		t.Fatalf("the import says %s", a.body)
	}
	if r.Rows[0].Device != string(known) || r.Rows[0].Action != "changed" || r.Rows[3].Action != "created" || r.Rows[3].Device == "" {
		t.Errorf("rows are %+v", r.Rows)
	}
	for i, column := range map[int]string{1: "account.1.port", 2: "group", 4: "model", 5: "row"} {
		if row := r.Rows[i]; row.Row != i+2 || row.Action != "refused" || len(row.Problems) != 1 || row.Problems[0].Column != column || row.Problems[0].Expected == "" {
			t.Errorf("row %d is %+v", i+2, row)
		}
	}
	if strings.Contains(string(a.body), "hush-hush") || strings.Contains(h.log.String(), "hush-hush") {
		t.Error("a password is told")
	}
	if e := h.newest(); e.Detail != "1 created, 1 changed, 0 unchanged, 4 refused" || e.Target != "import/csv" {
		t.Errorf("the audit log says %+v", e)
	}
	made := as[api.ImportResult](h.bring(h.operator, file, "format", "csv", "dryRun", "false", "makeGroups", "true").want(http.StatusOK))
	if made.Created != 1 || made.Unchanged != 2 {
		t.Errorf("with missing groups made it says %+v", made)
	}
}

func TestAnImportIsRefusedThatCannotBeReadOrMayNotBe(t *testing.T) {
	h := newHouse(t)
	for location, fields := range map[string][]string{
		"body.format":  {"format", "xml"},
		"body.dryRun":  {"format", "csv", "dryRun", "perhaps"},
		"body.colour":  {"format", "csv", "colour", "red"},
		"body.group":   {"format", "csv", "group", "a", "group", "b"},
		"body.model":   {"format", "massdeployment", "model", "yealink"},
		"body.outputs": {"format", "csv", "outputs", "true"},
		"body.file":    {"format", "csv"},
	} {
		h.bring(h.operator, "what,is,this\n", fields...).invalid(location)
	}
	body, mediaType := importForm(t, astLinuxList, map[string]string{"snom320.conf": "[general]\ncolour=red\n"}, "format", "massdeployment")
	h.do(http.MethodPost, "/api/v1/imports", h.operator, body, "Content-Type", mediaType).invalid("body.template[snom320]")
	body, mediaType = importForm(t, strings.Repeat("x", 16<<20+1), nil, "format", "csv")
	h.do(http.MethodPost, "/api/v1/imports", h.operator, body, "Content-Type", mediaType).problem(http.StatusRequestEntityTooLarge, "too-large")
	h.do(http.MethodPost, "/api/v1/imports", h.operator, "{}").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	h.bring(h.viewer, "mac\n", "format", "csv").problem(http.StatusForbidden, "forbidden")
	settings := h.token(h.role("settings", users.ReadSettings, users.WriteSettings), "")
	h.bring(settings, "mac\n", "format", "csv").problem(http.StatusForbidden, "forbidden")
	both := h.token(h.role("both", users.WriteDevices, users.WriteSettings), "")
	h.bring(both, "mac\n", "format", "csv", "makeGroups", "true").problem(http.StatusForbidden, "forbidden")
	h.bring(both, "mac\n", "format", "csv").want(http.StatusOK)
}

func TestWhoIsLimitedToAGroupImportsIntoItOnly(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	h.group("acme/north")
	h.acmePhone("0a:0b:0c:00:00:01", "A1", "acme/north")
	r := as[api.ImportResult](h.bring(h.south, `{"levels":[{"kind":"global","entries":[{"path":"time.zone","value":"Europe/Berlin"}]}],
		"lines":[{"group":"acme/north","number":"1"}],
		"phones":[{"mac":"0a0b0c000001","group":"acme/south"},{"mac":"0a0b0c000002","model":"A1","group":"acme/north"},{"mac":"0a0b0c000003","model":"A1","group":"acme/south"}]}`,
		"format", "json", "dryRun", "false").want(http.StatusOK))
	if r.Refused != 4 || r.Created != 1 || h.count() != 2 {
		t.Errorf("the import says %+v", r)
	}
}
