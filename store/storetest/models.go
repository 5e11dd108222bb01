package storetest

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func modelTests() []test {
	return []test{
		{"nothing is known of a model at first", func(t *testing.T, s store.Store) {
			same(t, "limits", got[device.ModelLimits](t)(s.Models().ModelLimits(t.Context(), device.ModelKey{})), device.ModelLimits{})
		}},
		{"limits are kept by every part of the key and replaced whole", func(t *testing.T, s store.Store) {
			key := device.ModelKey{Manufacturer: "Cisco", ProductClass: "CP-8851", SoftwareVersion: "12"}
			must(t, s.Models().PutModelLimits(t.Context(), key, device.ModelLimits{GetParameterValues: 64, LevelByLevel: true}))
			must(t, s.Models().PutModelLimits(t.Context(), key, device.ModelLimits{GetParameterValues: 32}))
			same(t, "limits", got[device.ModelLimits](t)(s.Models().ModelLimits(t.Context(), key)), device.ModelLimits{GetParameterValues: 32})
			for _, other := range []device.ModelKey{
				{Manufacturer: "Yealink", ProductClass: "CP-8851", SoftwareVersion: "12"}, {Manufacturer: "Cisco", ProductClass: "CP-8841", SoftwareVersion: "12"},
				{Manufacturer: "Cisco", ProductClass: "CP-8851", SoftwareVersion: "13"},
			} {
				same(t, "limits of another", got[device.ModelLimits](t)(s.Models().ModelLimits(t.Context(), other)), device.ModelLimits{})
			}
		}},
	}
}
