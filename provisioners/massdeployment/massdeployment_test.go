package massdeployment

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const exampleList = `## Format:
## template mac_addr extension[/CID_Name][;ext2[/cid2];...] password [ account ]
##
snom320 00:04:13:11:33:21 201 secret
yealink 00:15:65:22:44:12 301/Front_Desk supersecret yealink_4412_301
yealink-2line 00:15:65:22:44:23 210/Office;310/Help_Line<99> superdupersecret
`

func readList(t *testing.T, text string) *List {
	t.Helper()
	l, wrong, err := ReadList(strings.NewReader(text))
	if err != nil || len(wrong) != 0 {
		t.Fatalf("read list: %v, %v", wrong, err)
	}
	return l
}

func TestAListOfPhonesIsRead(t *testing.T) {
	type extension struct{ Number, Name, Caller, Password, Account string }
	type phone struct {
		Line          int
		Template, MAC string
		Extensions    []extension
	}
	var got []phone
	for _, p := range readList(t, exampleList).Phones {
		q := phone{Line: p.Line, Template: p.Template, MAC: p.MAC}
		for _, e := range p.Extensions {
			q.Extensions = append(q.Extensions, extension{e.Number, e.Name, e.CallerNumber, e.Password.Reveal(), e.Account})
		}
		got = append(got, q)
	}
	want := []phone{
		{4, "snom320", "00:04:13:11:33:21", []extension{{"201", "", "", "secret", ""}}},
		{5, "yealink", "00:15:65:22:44:12", []extension{{"301", "Front Desk", "", "supersecret", "yealink_4412_301"}}},
		{6, "yealink-2line", "00:15:65:22:44:23", []extension{{"210", "Office", "", "superdupersecret", ""}, {"310", "Help Line", "99", "superdupersecret", ""}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestALineThatCannotBeUsedIsNamedAndTheOthersAreRead(t *testing.T) {
	for _, c := range []struct{ name, line, field string }{
		{"too few fields", "snom320 00:04:13:11:33:22", "line"},
		{"too many fields", "snom320 00:04:13:11:33:22 1 p a x", "line"},
		{"no MAC", "snom320 00:04:13:11:33 201 hush-hush", "mac_addr"},
		{"the MAC of another", "snom320 000413113321 202 hush-hush", "mac_addr"},
		{"a template elsewhere", "../snom 00:04:13:11:33:22 201 hush-hush", "template"},
		{"seven extensions", "snom320 00:04:13:11:33:22 1;2;3;4;5;6;7 hush-hush", "extension"},
		{"an empty extension", "snom320 00:04:13:11:33:22 1; hush-hush", "extension"},
		{"a name with quotes", `snom320 00:04:13:11:33:22 1/"A" hush-hush`, "extension"},
		{"an open caller's number", "snom320 00:04:13:11:33:22 1/A<2 hush-hush", "extension"},
		{"more passwords than extensions", "snom320 00:04:13:11:33:22 1 hush-hush;2", "password"},
		{"more accounts than extensions", "snom320 00:04:13:11:33:22 1 hush-hush a;b", "account"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, wrong, err := ReadList(strings.NewReader(exampleList + c.line + "\nsnom320 00:04:13:11:33:99 9 x\n"))
			if err != nil || len(wrong) != 1 || len(l.Phones) != 4 {
				t.Fatalf("%d phones, wrong %v, error %v", len(l.Phones), wrong, err)
			}
			if wrong[0].Line != 7 || wrong[0].Field != c.field || strings.Contains(wrong[0].Error(), "hush") {
				t.Errorf("the error is %q of field %s", wrong[0], wrong[0].Field)
			}
		})
	}
}

func TestMissingPasswordsAreGeneratedAndWrittenBack(t *testing.T) {
	text := "# Phones\n\nsnom320 00:04:13:11:33:21 201 \nyealink 00:15:65:22:44:12 301/Front_Desk;302\nother 00:15:65:22:44:13 5 mine\n"
	l := readList(t, text)
	if made := l.GeneratePasswords(); made != 2 {
		t.Fatalf("made %d passwords", made)
	}
	if made := l.GeneratePasswords(); made != 0 {
		t.Fatalf("made %d passwords once more", made)
	}
	var written strings.Builder
	if _, err := l.WriteTo(&written); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(written.String(), "\n"); lines[0] != "# Phones" || lines[4] != "other 00:15:65:22:44:13 5 mine" {
		t.Errorf("the list is now %q", written.String())
	}
	again := readList(t, written.String())
	for i, p := range l.Phones {
		for n, e := range p.Extensions {
			if e.Password.IsZero() || !e.Password.Equal(again.Phones[i].Extensions[n].Password) {
				t.Errorf("phone %d, extension %s: the password is not the one that was written", i, e.Number)
			}
		}
	}
	if l.Phones[0].Extensions[0].Password.Equal(l.Phones[1].Extensions[0].Password) {
		t.Error("two phones have the same password")
	}
}

const exampleTemplate = `# A phone
menu_name=Two lines
[general]
macaddress_case=upper
model=T22P
vendor=yealink
auto_account_prefix=Acc_
auto_account_suffix=_X
auto_account_case=lower
dialplan2_file=hints.conf
dialplan2_context=provisioned-blf
sip_driver=pjsip

[dialplan]
# left out
exten => @EXT@,1,Dial(SIP/@ACCOUNT@)
[dialplan2]
exten => @EXT@,hint,SIP/@ACCOUNT@
[pjsip]
\[@ACCOUNT@]
\# @CID_NAME@ <@CID_NUM@> of @OTHER@
[phoneprov]
mac = @MAC_ADDR@ @MAC@ @MAC4@ @MAC6@
#<210>only 210
#<211>only 211
#<!210!211!>not 210 or 211
#<!310!>not 310
#<>none
1 = @EXT1@ @CID_NAME1@ @PASSWORD1@ @USERNAME1@
2 = @EXT2@ @CID_NAME2@ @CID_NUM2@ @PASSWORD2@ @ACCOUNT2@
3 = @EXT3@.@PASSWORD3@
server = @SIP_SERVER_IPV4@ @TEMPLATE@ @MODEL@ @VENDOR@
`

func TestATemplateMakesItsOutputsOfAPhone(t *testing.T) {
	template, wrong, err := ReadTemplate("yealink-2line", strings.NewReader(exampleTemplate))
	if err != nil || len(wrong) != 0 {
		t.Fatalf("read template: %v, %v", wrong, err)
	}
	if template.MenuName != "Two lines" || !template.UsesPJSIP() {
		t.Errorf("menu name %q, PJSIP %v", template.MenuName, template.UsesPJSIP())
	}
	outputs, err := template.Outputs(readList(t, exampleList).Phones[2], "10.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	type output struct{ Context, Path, File, Section, Text string }
	var got []output
	for _, o := range outputs {
		got = append(got, output{o.Context, o.Path, o.File, o.Section, o.Text.Reveal()})
	}
	want := []output{
		{"dialplan", "/mnt/kd/asterisk/includes", "astlinux-phoneprov-exten.conf", "", "exten => 210,1,Dial(SIP/acc_210_x)\n"},
		{"dialplan2", "/mnt/kd/asterisk/includes", "hints.conf", "provisioned-blf", "exten => 210,hint,SIP/acc_210_x\n"},
		{"pjsip", "/mnt/kd/asterisk/includes", "astlinux-phoneprov-pjsip.conf", "", "[acc_210_x]\n# Office <210> of @OTHER@\n"},
		{"phoneprov", "/mnt/kd/phoneprov/yealink", "001565224423.cfg", "", "mac = 00:15:65:22:44:23 001565224423 4423 224423\n" +
			"only 210\nnot 310\n1 = 210 Office superdupersecret acc_210_x\n2 = 310 Help Line 99 superdupersecret acc_310_x\n3 = .\n" +
			"server = 10.0.0.1 yealink-2line T22P yealink\n"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestATemplateWithoutSensibleLinesIsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, field string }{
		{"no general", "[sip]\nx\n", "[general]"},
		{"another context", "[general]\n[iax]\nx\n", "[iax]"},
		{"a line that defines nothing", "[general]\nhello\n", "line"},
		{"a definition that is not known", "[general]\ncolour=red\n", "colour"},
		{"a definition before the contexts", "model=x\n[general]\n", "model"},
		{"a case that is neither", "[general]\nmacaddress_case=Upper\n", "macaddress_case"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, wrong, err := ReadTemplate("x", strings.NewReader(c.text))
			if err != nil || len(wrong) != 1 || wrong[0].Field != c.field {
				t.Errorf("wrong %v, error %v", wrong, err)
			}
		})
	}
}

func TestAVariableLeadsNoFileElsewhere(t *testing.T) {
	template, _, err := ReadTemplate("x", strings.NewReader("[general]\nprov_file=@CID_NAME@\n[phoneprov]\nx\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := template.Outputs(readList(t, "x 00:04:13:11:33:21 1/../../etc/passwd p\n").Phones[0], ""); err == nil {
		t.Error("a file with folders is taken")
	}
	var missing *LineError
	if _, err := template.Outputs(readList(t, "x 00:04:13:11:33:21 1/a\n").Phones[0], ""); !errors.As(err, &missing) || missing.Field != "password" {
		t.Errorf("a phone without a password: %v", err)
	}
}

func FuzzReadList(f *testing.F) {
	f.Add(exampleList)
	f.Add("a 00:04:13:11:33:21 1/x<2>;3 p;q a;b\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, _, err := ReadList(strings.NewReader(text))
		if err != nil {
			return
		}
		l.GeneratePasswords()
		var written strings.Builder
		if _, err := l.WriteTo(&written); err != nil {
			t.Fatal(err)
		}
		again, _, err := ReadList(strings.NewReader(written.String()))
		if err != nil || len(again.Phones) != len(l.Phones) {
			t.Fatalf("%d phones became %d: %v", len(l.Phones), len(again.Phones), err)
		}
	})
}

func FuzzReadTemplate(f *testing.F) {
	f.Add(exampleTemplate)
	f.Fuzz(func(t *testing.T, text string) {
		template, _, err := ReadTemplate("x", strings.NewReader(text))
		if err != nil {
			return
		}
		l, _, _ := ReadList(strings.NewReader("x 00:04:13:11:33:21 1/a p\n"))
		_, _ = template.Outputs(l.Phones[0], "10.0.0.1")
	})
}
