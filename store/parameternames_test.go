package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

func TestParameterNamesComeBackAndTakeAFractionOfTheirLength(t *testing.T) {
	var m, got provisioners.DataModel
	length := 0
	for range 500 {
		path := "Services.VoiceService.{i}.VoiceProfile.{i}.Line.{i}.SIP.AuthUserName"
		m.Names = append(m.Names, provisioners.ParameterName{Path: path, Writable: true})
		m.NoNotification = append(m.NoNotification, path)
		length += 2 * len(path)
	}
	packed, err := store.EncodeParameterNames(&m)
	if err != nil || len(packed) > length/10 {
		t.Fatalf("%d bytes of paths take %d, %v", length, len(packed), err)
	}
	if err := store.DecodeParameterNames(packed, &got); err != nil || !slices.Equal(got.Names, m.Names) || !slices.Equal(got.NoNotification, m.NoNotification) {
		t.Errorf("%d names came back, %v, want %d", len(got.Names), err, len(m.Names))
	}
}

func TestADataModelWithoutParameterNamesTakesNoByteAndHasNoneAfterIt(t *testing.T) {
	packed, err := store.EncodeParameterNames(&provisioners.DataModel{})
	if err != nil || packed == nil || len(packed) != 0 {
		t.Fatalf("encoded to %v, %v, want an empty list that is none", packed, err)
	}
	former := provisioners.DataModel{Names: []provisioners.ParameterName{{Path: "x"}}, NoNotification: []string{"x"}}
	if err := store.DecodeParameterNames(packed, &former); err != nil || former.Names != nil || former.NoNotification != nil {
		t.Errorf("decoded to %+v, %v", former, err)
	}
}

func TestParameterNamesThatAreDamagedAreRefused(t *testing.T) {
	packed, err := store.EncodeParameterNames(&provisioners.DataModel{Names: []provisioners.ParameterName{{Path: "a"}, {Path: "b"}}})
	if err != nil {
		t.Fatal(err)
	}
	for what, damaged := range map[string][]byte{"cut": packed[:len(packed)-3], "not compressed": []byte(`{"names":[]}`)} {
		var m provisioners.DataModel
		if err := store.DecodeParameterNames(damaged, &m); err == nil || m.Names != nil {
			t.Errorf("%s: decoded to %v, %v", what, m.Names, err)
		}
	}
}

func TestMoreParameterNamesThanCanBeReadAgainAreRefused(t *testing.T) {
	m := provisioners.DataModel{NoNotification: []string{strings.Repeat("x", 64<<20)}}
	if _, err := store.EncodeParameterNames(&m); !errors.Is(err, device.ErrLimit) {
		t.Errorf("error is %v, want %v", err, device.ErrLimit)
	}
}

func TestAConvergenceThatIsDamagedIsRefused(t *testing.T) {
	for _, body := range []string{"", "[]", `{"owned":"x"}`, `{"wanted":"w"`} {
		if c, err := store.DecodeConvergence(body); err == nil {
			t.Errorf("%q is decoded to %+v", body, c)
		}
	}
}
