package tasks

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// sealEverything sets every field that holds a sealed secret, one element of
// each list included, and returns how many there are.
func sealEverything(v reflect.Value) int {
	switch {
	case v.Type() == reflect.TypeFor[secret.Sealed]():
		v.SetString("v1.old.AAAA")
		return 1
	case v.Kind() == reflect.Struct:
		n := 0
		for i := range v.NumField() {
			n += sealEverything(v.Field(i))
		}
		return n
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return sealEverything(v.Index(0))
	default:
		return 0
	}
}

func TestEverySealedArgumentIsFoundAndCanBeReplaced(t *testing.T) {
	found := 0
	for _, kind := range Kinds() {
		args := kind.NewArgs()
		want := sealEverything(reflect.ValueOf(args).Elem())
		raw, err := json.Marshal(args)
		if err != nil {
			t.Fatal(err)
		}
		task, bulk := Task{ID: "id", Kind: kind.Kind, Args: raw}, Bulk{ID: "id", Kind: kind.Kind, Args: raw}
		for owner, secrets := range map[string]func() (SealedArgs, error){argsOwner("id"): task.SealedArgs, BulkOwner("id"): bulk.SealedArgs} {
			got, err := secrets()
			if err != nil || len(got.Secrets) != want || got.Owner != owner {
				t.Fatalf("%s has %d secrets for %s, %v, want %d for %s", kind.Kind, len(got.Secrets), got.Owner, err, want, owner)
			}
			for _, sealed := range got.Secrets {
				*sealed = "v1.new.AAAA"
			}
			encoded, err := got.Encode()
			if err != nil {
				t.Fatal(err)
			}
			task.Args = encoded
			again, err := task.SealedArgs()
			if err != nil {
				t.Fatal(err)
			}
			for _, sealed := range again.Secrets {
				if *sealed != "v1.new.AAAA" {
					t.Errorf("%s: a secret is %s after it was replaced", kind.Kind, *sealed)
				}
			}
			task.Args = raw
			found += want
		}
	}
	if found == 0 {
		t.Error("no kind has secrets: nothing was tested")
	}
}

func TestArgumentsThatCannotBeReadHaveNoSecretsThatAreKnown(t *testing.T) {
	for name, task := range map[string]Task{
		"an unknown kind":     {Kind: "unheardOf", Args: json.RawMessage(`{}`)},
		"an unknown argument": {Kind: Reboot, Args: json.RawMessage(`{"sealed":"x"}`)},
		"no JSON":             {Kind: Download, Args: json.RawMessage(`{`)},
	} {
		if _, err := task.SealedArgs(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
