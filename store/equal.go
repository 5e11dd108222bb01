package store

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// sameRecord compares two records of one kind and returns the name of the first
// field that differs.
func sameRecord(a, b *Record) (field string, same bool) {
	if a.File != nil {
		fileA, fileB := *a.File, *b.File
		fileA.Content, fileB.Content = "", ""
		return sameValue(reflect.ValueOf(fileA), reflect.ValueOf(fileB))
	}
	k := int(a.Kind())
	return sameValue(reflect.ValueOf(*a).Field(k).Elem(), reflect.ValueOf(*b).Field(k).Elem())
}

// sameParameter also tells an access list that is empty from an unknown one.
func sameParameter(a, b *device.Parameter) (field string, same bool) {
	if (a.AccessList == nil) != (b.AccessList == nil) {
		return "AccessList", false
	}
	return sameValue(reflect.ValueOf(*a), reflect.ValueOf(*b))
}

// sameValue compares as stores do: times as moments, JSON by its meaning, and
// empty lists like absent ones. It returns the way to the first difference.
func sameValue(a, b reflect.Value) (path string, same bool) {
	switch a := a.Interface().(type) {
	case time.Time:
		return "", a.Equal(b.Interface().(time.Time))
	case json.RawMessage:
		return "", sameJSON(a, b.Interface().(json.RawMessage))
	case users.Permissions:
		return "", a == b.Interface().(users.Permissions)
	}
	switch a.Kind() {
	case reflect.Struct:
		return sameStruct(a, b)
	case reflect.Slice:
		if a.Len() != b.Len() {
			return "", false
		}
		for i := range a.Len() {
			if path, same := sameValue(a.Index(i), b.Index(i)); !same {
				return path, false
			}
		}
		return "", true
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return "", a.IsNil() == b.IsNil()
		}
		return sameValue(a.Elem(), b.Elem())
	case reflect.Map:
		return "", a.Len() == b.Len() && (a.Len() == 0 || reflect.DeepEqual(a.Interface(), b.Interface()))
	default:
		return "", reflect.DeepEqual(a.Interface(), b.Interface())
	}
}

func sameStruct(a, b reflect.Value) (path string, same bool) {
	for i := range a.NumField() {
		below, same := sameValue(a.Field(i), b.Field(i))
		if same {
			continue
		}
		name := a.Type().Field(i).Name
		if below != "" {
			name += "." + below
		}
		return name, false
	}
	return "", true
}

// sameJSON compares what JSON says: a store may write it in another form.
func sameJSON(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	valueA, errA := decodeJSON(a)
	valueB, errB := decodeJSON(b)
	return errA == nil && errB == nil && reflect.DeepEqual(valueA, valueB)
}

func decodeJSON(raw json.RawMessage) (value any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}
