package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

// checkSecrets checks that every secret of furnish opens, and was sealed with
// the key.
func (f folder) checkSecrets(t *testing.T, key string) {
	t.Helper()
	found := f.opened(t)
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, slices.Sorted(slices.Values(allSecrets()))) {
		t.Errorf("the store has the secrets %v", got)
	}
	for text, sealedWith := range found {
		if sealedWith != key {
			t.Errorf("%s is sealed with key %s, want %s", text, sealedWith, key)
		}
	}
}

// showsNoSecret checks what a command wrote.
func showsNoSecret(t *testing.T, said string) {
	t.Helper()
	if strings.Contains(said, "mark-") {
		t.Errorf("a secret is shown: %s", said)
	}
}

func TestAKeyIsReplacedInThreeSteps(t *testing.T) {
	f := newFolder(t)
	f.furnish(t)
	old := f.keys(t)[0]
	f.checkSecrets(t, old)
	out, _ := mustRun(t, "secrets", "rotate", "--data-dir", f.DataDir)
	current := f.keys(t)[0]
	if strings.TrimSpace(out) != current || !slices.Equal(f.keys(t), []string{current, old}) {
		t.Fatalf("rotate says %q, keys are %v", out, f.keys(t))
	}
	f.checkSecrets(t, old)
	refused(t, errKeysNeeded.Error(), "secrets", "prune", "--data-dir", f.DataDir)
	if len(f.keys(t)) != 2 {
		t.Fatal("the older key was removed while it was needed")
	}

	out, errs := mustRun(t, "secrets", "reseal", "--data-dir", f.DataDir)
	showsNoSecret(t, out+errs)
	if !strings.Contains(errs, "in 10 records") || !strings.Contains(out, "all") || !strings.Contains(errs, "prune") {
		t.Errorf("reseal says\n%s%s", out, errs)
	}
	f.checkSecrets(t, current)
	mustRun(t, "secrets", "prune", "--data-dir", f.DataDir)
	if !slices.Equal(f.keys(t), []string{current}) {
		t.Errorf("keys are %v, want %s", f.keys(t), current)
	}
	f.checkSecrets(t, current)
	f.with(t, func(s store.Store) {
		if _, err := openKeeper(t.Context(), s, f.dataOptions); err != nil {
			t.Errorf("a server does not start with the new key: %v", err)
		}
	})
	if _, errs := mustRun(t, "secrets", "reseal", "--data-dir", f.DataDir); !strings.Contains(errs, "in 0 records") {
		t.Errorf("a second reseal says %s", errs)
	}
}

func TestSeveralNodesGetTheNewKeySecondAndThenFirst(t *testing.T) {
	f := newFolder(t)
	f.furnish(t)
	old := f.keys(t)[0]
	mustRun(t, "secrets", "rotate", "--add-only", "--data-dir", f.DataDir)
	keys := f.keys(t)
	if len(keys) != 2 || keys[0] != old {
		t.Fatalf("keys are %v, want %s first", keys, old)
	}
	if _, errs := mustRun(t, "secrets", "reseal", "--data-dir", f.DataDir); !strings.Contains(errs, "in 0 records") {
		t.Errorf("with the old key first, reseal says %s", errs)
	}
	mustRun(t, "secrets", "rotate", "--promote", "--data-dir", f.DataDir)
	if got := f.keys(t); !slices.Equal(got, []string{keys[1], old}) {
		t.Fatalf("keys are %v", got)
	}
	mustRun(t, "secrets", "reseal", "--data-dir", f.DataDir)
	f.checkSecrets(t, keys[1])
	if _, _, code := ran(t, "secrets", "rotate", "--add-only", "--promote", "--data-dir", f.DataDir); code != 2 {
		t.Errorf("both at once: exit %d", code)
	}
}

func TestNothingIsResealedOrPrunedBesideAServerOfTheEmbeddedStore(t *testing.T) {
	f := newFolder(t)
	f.furnish(t)
	mustRun(t, "secrets", "rotate", "--data-dir", f.DataDir)
	f.with(t, func(store.Store) {
		refused(t, "stop the server first", "secrets", "reseal", "--data-dir", f.DataDir)
		refused(t, "stop the server first", "secrets", "prune", "--data-dir", f.DataDir)
	})
	if len(f.keys(t)) != 2 {
		t.Error("keys were removed")
	}
}

func TestAKeyIsNotReplacedWhereThereIsNoneOrNoStore(t *testing.T) {
	f := newFolder(t)
	refused(t, f.keyPath(), "secrets", "rotate", "--data-dir", f.DataDir)
	refused(t, "there is no store", "secrets", "reseal", "--data-dir", f.DataDir)
	refused(t, "there is no store", "secrets", "prune", "--data-dir", f.DataDir)
	if entries, err := os.ReadDir(f.DataDir); err != nil || len(entries) > 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
}

func TestSecretsAreNotResealedWithAKeyThatDoesNotFit(t *testing.T) {
	f := newFolder(t)
	f.furnish(t)
	must(t, os.Remove(f.keyPath()))
	_, err := secret.LoadOrCreate(f.keyPath())
	must(t, err)
	refused(t, errWrongKey.Error(), "secrets", "reseal", "--data-dir", f.DataDir)
	refused(t, errWrongKey.Error(), "secrets", "prune", "--data-dir", f.DataDir)
}

func TestASecretThatCannotBeOpenedIsNamedAndTheOthersAreSealedAnew(t *testing.T) {
	f, stranger := newFolder(t), newFolder(t)
	f.furnish(t)
	strange, err := secret.LoadOrCreate(stranger.keyPath())
	must(t, err)
	lost := device.Credential{Username: "lost", Device: "d", Password: sealFor(t, strange, "mark-lost", device.CredentialOwner("lost"))}
	f.with(t, func(s store.Store) { must(t, s.Credentials().PutCredential(t.Context(), lost)) })
	mustRun(t, "secrets", "rotate", "--data-dir", f.DataDir)
	said := refused(t, errSecretsLeft.Error(), "secrets", "reseal", "--data-dir", f.DataDir)
	showsNoSecret(t, said)
	if !strings.Contains(said, device.CredentialOwner("lost")) || !strings.Contains(said, "in 10 records") {
		t.Errorf("reseal says %s", said)
	}
	f.with(t, func(s store.Store) {
		got, err := s.Credentials().Credential(t.Context(), "lost")
		if err != nil || got.Password != lost.Password {
			t.Errorf("what cannot be opened was changed, %v", err)
		}
	})
	// No key of the file opens it: none of them is needed for it.
	mustRun(t, "secrets", "prune", "--data-dir", f.DataDir)
}

func TestATaskWhoseArgumentsCannotBeReadKeepsTheOlderKeys(t *testing.T) {
	f := newFolder(t)
	f.furnish(t)
	f.with(t, func(s store.Store) {
		must(t, s.Tasks().Insert(t.Context(), tasks.Task{ID: tasks.NewID(clock()), Kind: "unheardOf", State: tasks.Queued, Args: []byte(`{"sealed":"v1.x.y"}`)}))
	})
	mustRun(t, "secrets", "rotate", "--data-dir", f.DataDir)
	if said := refused(t, errSecretsLeft.Error(), "secrets", "reseal", "--data-dir", f.DataDir); !strings.Contains(said, "arguments of task") {
		t.Errorf("reseal says %s", said)
	}
	refused(t, errKeysNeeded.Error(), "secrets", "prune", "--data-dir", f.DataDir)
	if len(f.keys(t)) != 2 {
		t.Error("keys were removed")
	}
}

func TestTheArgumentsOfATaskStayAsTheyWereBesideTheirSecrets(t *testing.T) {
	f := newFolder(t)
	f.furnish(t)
	arguments := func() (all []string) {
		f.with(t, func(s store.Store) {
			keeper, err := secret.Load(f.keyPath())
			must(t, err)
			must(t, s.Copier().Export(t.Context(), func(r store.Record) error {
				if r.Task == nil {
					return nil
				}
				args, err := tasks.OpenArgs(*r.Task, keeper)
				if s, ok := args.(*tasks.SetParameterValuesArgs); ok {
					for _, p := range s.Parameters {
						all = append(all, p.Path+"="+string(p.Value))
					}
				}
				if d, ok := args.(*tasks.DownloadArgs); ok {
					all = append(all, d.URL+" "+d.Password)
				}
				return err
			}))
		})
		return all
	}
	before := arguments()
	mustRun(t, "secrets", "rotate", "--data-dir", f.DataDir)
	mustRun(t, "secrets", "reseal", "--data-dir", f.DataDir)
	if after := arguments(); len(before) != 3 || !slices.Equal(before, after) {
		t.Errorf("arguments were %v and are %v", before, after)
	}
}
