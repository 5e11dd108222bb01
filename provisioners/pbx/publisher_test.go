package pbx

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

func TestAPreviewHidesPasswordsAndWritesNothingAndACommandThatFailedRunsAgain(t *testing.T) {
	folder := t.TempDir()
	templates, err := ReadTemplates(BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	gate := filepath.Join(folder, "gate")
	p := NewPublisher(templates, Writer{Dir: folder, Reload: "test -e '" + gate + "'"})
	endpoints, err := Endpoints([]Account{{User: "201", Password: secret.NewText("hush-hush")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, changed := range []bool{true, false} {
		files, err := p.Preview(endpoints)
		if err != nil || len(files) != 4 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, f := range files {
			if f.Changed != changed || strings.Contains(f.Text, "hush-hush") {
				t.Errorf("changed is %v of\n%s", f.Changed, f.Text)
			}
		}
		if names, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || changed && len(names) != 0 {
			t.Errorf("written are %v, %v", names, err)
		}
		if _, err := p.Publish(t.Context(), endpoints); !errors.Is(err, ErrReload) || strings.Contains(err.Error(), "hush-hush") {
			t.Errorf("the error is %v", err)
		}
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, reloaded := range []bool{true, false} {
		if done, err := p.Publish(t.Context(), endpoints); err != nil || len(done.Changed) != 0 || done.Reloaded != reloaded {
			t.Errorf("done is %+v, %v", done, err)
		}
	}
}
