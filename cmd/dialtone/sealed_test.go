package main

import (
	"reflect"
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// sealFields sets every field that holds a sealed secret, one element of each
// list included, and returns how many there are.
func sealFields(v reflect.Value) int {
	switch {
	case v.Type() == reflect.TypeFor[secret.Sealed]():
		v.SetString("v1.old.AAAA")
		return 1
	case v.Kind() == reflect.Struct && v.Type().PkgPath() != "time":
		n := 0
		for i := range v.NumField() {
			n += sealFields(v.Field(i))
		}
		return n
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return sealFields(v.Index(0))
	default:
		return 0
	}
}

// TestEverySealedFieldOfARecordIsKnown fails for a new field that would be
// forgotten when the key is replaced. The arguments of tasks are JSON: package
// tasks has a test of its own for them.
func TestEverySealedFieldOfARecordIsKnown(t *testing.T) {
	total := 0
	records := reflect.TypeFor[store.Record]()
	for i := range records.NumField() {
		var r store.Record
		field := reflect.ValueOf(&r).Elem().Field(i)
		field.Set(reflect.New(field.Type().Elem()))
		want := sealFields(field.Elem())
		if r.Task != nil || r.Bulk != nil {
			continue
		}
		found, _, err := sealedIn(&r)
		if err != nil || len(found) != want {
			t.Errorf("%s: %d sealed fields are known, %v, want %d", records.Field(i).Name, len(found), err, want)
		}
		total += want
	}
	if total < 4 {
		t.Errorf("records have %d sealed fields: nothing was tested", total)
	}
}
