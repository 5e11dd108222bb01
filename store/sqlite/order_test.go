package sqlite

import (
	"encoding/base64"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// fuzzedOrder has a step of every type.
func fuzzedOrder(f interface{ Fatal(...any) }) *keyset {
	orders, err := query.ParseOrderBy(device.Schema(), "model, lastInform desc, revision")
	if err != nil {
		f.Fatal(err)
	}
	return &keyset{orders: orders, columns: deviceFields(start, nil), key: "d.id"}
}

func FuzzPageToken(f *testing.F) {
	order := fuzzedOrder(f)
	token := order.token(place{values: []any{"t46s\x00é", int64(-1), int64(1 << 60)}, key: "id"})
	f.Add(token)
	f.Add("")
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")))
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		f.Fatal(err)
	}
	for i := range raw {
		f.Add(base64.RawURLEncoding.EncodeToString(raw[:i]))
	}
	f.Fuzz(func(t *testing.T, token string) {
		p, err := order.place(token)
		if err != nil {
			if !errors.Is(err, device.ErrInvalid) {
				t.Errorf("error is %v, want %v", err, device.ErrInvalid)
			}
			return
		}
		again, err := order.place(order.token(p))
		if diff := cmp.Diff(p, again, cmp.AllowUnexported(place{})); err != nil || diff != "" {
			t.Errorf("%v, place differs (-want +got):\n%s", err, diff)
		}
	})
}
