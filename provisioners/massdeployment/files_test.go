package massdeployment

import (
	"strings"
	"testing"
)

func TestTheTextsOfAllPhonesAreJoinedAndNoFileIsMadeTwice(t *testing.T) {
	list, wrong, err := ReadList(strings.NewReader("a 00:00:00:00:00:01 1 p1\nb 00:00:00:00:00:02 2 p2\na 00:00:00:00:00:03 3 p3\nnone 00:00:00:00:00:04 4 p4\na 00:00:00:00:00:05 5\nsame 00:00:00:00:00:06 6 p6\nsame 00:00:00:00:00:07 7 p7\n"))
	if err != nil || len(wrong) != 0 {
		t.Fatalf("%v, %v", wrong, err)
	}
	templates := map[string]*Template{}
	for name, text := range map[string]string{
		"a":    "[general]\nvendor=x\ndialplan_context=one\n[dialplan]\nexten => @EXT@\n[phoneprov]\n@PASSWORD@\n",
		"b":    "[general]\nvendor=x\nprov_path=/../../p/../q\ndialplan_context=two\n[dialplan]\nexten => @EXT@\n[phoneprov]\n@PASSWORD@\n",
		"same": "[general]\nprov_file=fixed.cfg\n[dialplan]\nexten => @EXT@\n[phoneprov]\n@PASSWORD@\n",
	} {
		template, wrong, err := ReadTemplate(name, strings.NewReader(text))
		if err != nil || len(wrong) != 0 {
			t.Fatalf("%v, %v", wrong, err)
		}
		templates[name] = template
	}
	files, wrong := Files(list, templates, "")
	got := map[string]string{}
	for _, f := range files {
		got[f.Path+" "+f.Name] = f.Text.Reveal()
	}
	want := map[string]string{
		"/mnt/kd/asterisk/includes astlinux-phoneprov-exten.conf": "[one]\nexten => 1\n[two]\nexten => 2\n[one]\nexten => 3\nexten => 6\n",
		"/mnt/kd/phoneprov/x 000000000001.cfg":                    "p1\n",
		"/q 000000000002.cfg":                                     "p2\n",
		"/mnt/kd/phoneprov/x 000000000003.cfg":                    "p3\n",
		"/mnt/kd/phoneprov/same fixed.cfg":                        "p6\n",
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s is %q, want %q", name, got[name], text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("files are %v", got)
	}
	var problems []string
	for _, w := range wrong {
		problems = append(problems, w.Error())
	}
	all := strings.Join(problems, "\n")
	if len(problems) != 3 || !strings.Contains(all, "line 4: template") || !strings.Contains(all, "line 5: password") || !strings.Contains(all, "line 7: template makes the file /mnt/kd/phoneprov/same/fixed.cfg") {
		t.Errorf("problems are\n%s", all)
	}
}
