package sqlite

import (
	"errors"
	"fmt"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
)

func TestCarriedSessionsAreBounded(t *testing.T) {
	s := openClosing(t, Options{}).Carried()
	put := func(id string, size int) error {
		return s.PutSession(t.Context(), device.CarriedSession{ID: id, State: make([]byte, size), Until: start})
	}
	t.Run("in bytes", func(t *testing.T) {
		for i := range maxCarriedBytes / device.MaxCarried {
			if err := put(fmt.Sprint(i), device.MaxCarried); err != nil {
				t.Fatal(err)
			}
		}
		if err := put("one more", 1); !errors.Is(err, device.ErrLimit) {
			t.Errorf("error is %v, want %v", err, device.ErrLimit)
		}
		if err := put("0", device.MaxCarried); err != nil {
			t.Errorf("replacing a session: %v", err)
		}
		for i := range maxCarriedBytes / device.MaxCarried {
			if _, err := s.TakeSession(t.Context(), fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("in number", func(t *testing.T) {
		for i := range maxCarried {
			if err := put(fmt.Sprint(i), 0); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.WantSession(t.Context(), "one more", start); !errors.Is(err, device.ErrLimit) {
			t.Errorf("error is %v, want %v", err, device.ErrLimit)
		}
		if _, err := s.TakeSession(t.Context(), "0"); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"one more", "another"} {
			if err := s.WantSession(t.Context(), id, start); err != nil {
				t.Errorf("after one was taken or dropped: %v", err)
			}
			if err := s.DropWish(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
	})
}
