package store_test

import (
	"errors"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func TestAPageTokenIsGoodForItsOrderOnly(t *testing.T) {
	token := store.PageToken("devices model", []byte("a place"))
	// A bulk that was begun by an earlier version goes on with the token that it has.
	if token != "5ctW9iVN4W1hIHBsYWNl" {
		t.Errorf("the token is %s", token)
	}
	if place, err := store.PagePlace("devices model", token); err != nil || string(place) != "a place" {
		t.Errorf("it holds %q: %v", place, err)
	}
	for name, c := range map[string][2]string{
		"another order": {"devices model desc", token}, "no token": {"devices model", ""}, "one that is cut": {"devices model", token[:8]},
		"no base64": {"devices model", token + "="},
	} {
		if _, err := store.PagePlace(c[0], c[1]); !errors.Is(err, device.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTextInAPlaceIsReadWithItsLength(t *testing.T) {
	for _, text := range []string{"", "Ünïcode", string(make([]byte, 300))} {
		place := append(store.AppendPageText(nil, text), "rest"...)
		got, size := store.ReadPageText(place)
		if got != text || string(place[size:]) != "rest" {
			t.Errorf("%q is read as %q, with %d bytes", text, got, size)
		}
	}
	for _, damaged := range [][]byte{nil, {200}, {5, 'a'}} {
		if text, size := store.ReadPageText(damaged); text != "" || size > 0 {
			t.Errorf("%v is read as %q, with %d bytes", damaged, text, size)
		}
	}
}

func TestPagesHaveBounds(t *testing.T) {
	for size, good := range map[int]bool{-1: false, 0: false, 1: true, store.MaxPageSize: true, store.MaxPageSize + 1: false} {
		if err := store.CheckPageSize(size); (err == nil) != good || err != nil && !errors.Is(err, device.ErrInvalid) {
			t.Errorf("%d: %v", size, err)
		}
	}
}
