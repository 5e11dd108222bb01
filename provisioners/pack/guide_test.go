package pack_test

import (
	"os"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

func TestTheExampleOfTheGuidePassesItsCheck(t *testing.T) {
	guide, err := os.ReadFile("../../docs/packs.md")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, block := range regexp.MustCompile("(?s)`(acme/[a-z.]+)`:\n\n```[a-z]*\n(.*?)```\n").FindAllSubmatch(guide, -1) {
		files[string(block[1])] = &fstest.MapFile{Data: block[2]}
	}
	if len(files) != 5 {
		t.Fatalf("the guide has %d files", len(files))
	}
	p, err := pack.Load(t.Context(), files, "acme", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if p.Mapping == nil || len(p.Mapping.Settings()) != 10 {
		t.Errorf("its mapping is %+v", p.Mapping)
	}
}
