package cpe

import (
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestThePhoneHasAboutFiveHundredParametersUnderEachRoot(t *testing.T) {
	for _, root := range []string{RootDevice, RootGateway} {
		m, err := NewPhoneModel(root, 2)
		if err != nil {
			t.Fatal(err)
		}
		parameters := 0
		for i, e := range m.entries {
			if !strings.HasPrefix(e.path, root) {
				t.Errorf("%s is not below %s", e.path, root)
			}
			if i > 0 && m.entries[i-1].path >= e.path {
				t.Errorf("%s is out of order, or there twice", e.path)
			}
			if e.leaf != nil {
				parameters++
			} else if !strings.HasSuffix(e.path, ".") {
				t.Errorf("object %s does not end with a dot", e.path)
			}
			if len(e.path) > 256 || strings.ContainsAny(e.path, "{}*") {
				t.Errorf("path %s cannot go over the wire", e.path)
			}
		}
		if parameters < 430 || parameters > 550 {
			t.Errorf("%s: %d parameters, want about 500", root, parameters)
		}
		for _, path := range m.inform {
			if _, ok := slices.BinarySearchFunc(m.entries, path, func(e entry, p string) int { return strings.Compare(e.path, p) }); !ok {
				t.Errorf("Inform names %s, which does not exist", path)
			}
		}
	}
}

func TestEveryParameterOfANewPhoneHoldsAValueOfItsOwnType(t *testing.T) {
	for _, root := range []string{RootDevice, RootGateway} {
		c := testConfig(nil)
		c.Root = root
		d := newTestDevice(t, c)
		for _, p := range d.Parameters() {
			e, _ := d.tree.parameter(p.Name)
			if _, code := e.leaf.check(p.Value); code != 0 && p.Value != "" {
				t.Errorf("%s holds %q: fault %d", p.Name, p.Value, code)
			}
			if p.Value == "" && p.Type != cwmp.TypeString && p.Type != cwmp.TypeBase64 {
				t.Errorf("%s of type %s is empty", p.Name, p.Type)
			}
		}
	}
}

func TestAPhoneHasTheLinesItWasConfiguredWith(t *testing.T) {
	for _, lines := range []int{1, 2, 16} {
		m, err := NewPhoneModel(RootDevice, lines)
		if err != nil {
			t.Fatal(err)
		}
		tr := newTree(m, newTestDevice(t, testConfig(nil)))
		if got := len(tr.instances(RootDevice + "Services.VoiceService.1.VoiceProfile.1.Line.")); got != lines {
			t.Errorf("%d lines, want %d", got, lines)
		}
	}
}

func TestAModelWithAMistakeIsRefusedWithItsLine(t *testing.T) {
	for name, text := range map[string]string{
		"unknown type":            "[A]\nX number ro 1",
		"unknown flag":            "[A]\nX int wo 1",
		"value outside its range": "[A]\nX int[1:5] ro 7",
		"table before its size":   "[A.{}]\nX int ro 7",
		"open section":            "\n[A",
		"no flags":                "[A]\nX int",
		"bad number of instances": "\n[A.{x}]",
		"bad length":              "[A]\nX string:x ro",
		"bad range":               "[A]\nX int[a:b] ro 1",
	} {
		if _, err := parseModel(text, RootDevice, 1); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: error %v, want one that names the line", name, err)
		}
	}
	for _, c := range []struct {
		root  string
		lines int
	}{{"Phone.", 1}, {RootDevice, 0}, {RootDevice, 17}} {
		if _, err := NewPhoneModel(c.root, c.lines); err == nil {
			t.Errorf("NewPhoneModel(%q, %d) has no error", c.root, c.lines)
		}
	}
}

func FuzzAModelTextNeverPanics(f *testing.F) {
	f.Add(phoneModel)
	f.Add("[A.{1/3}.B.{2}]\nX int[1:5] rw,hidden {n}\n!A.1.X")
	f.Add("[Device: {1}]\nX string{a|b} ro a")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Count(text, "{") > 20 || digits(text) > 12 {
			t.Skip("the text of a model is ours, and no attack on memory")
		}
		m, err := parseModel(text, RootDevice, 1)
		if err == nil && len(m.entries) == 0 {
			t.Error("a model without its root")
		}
	})
}

func digits(text string) int {
	n := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
