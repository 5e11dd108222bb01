package storetest

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// fullLimits returns limits in which nothing is empty.
func fullLimits() device.ModelLimits {
	return device.ModelLimits{
		GetParameterValues: 7, LevelByLevel: true, SetParameterValues: 9, Methods: []string{"Reboot", "X_é.$Custom"}, MethodsAt: now(), Lacks: []string{"ScheduleDownload"},
	}
}

func modelTests() []test {
	return []test{
		{"nothing is known of a model at first", func(t *testing.T, s store.Store) {
			same(t, "limits", got[device.ModelLimits](t)(s.Models().ModelLimits(t.Context(), device.ModelKey{})), device.ModelLimits{})
		}},
		{"everything that is known of a model comes back", func(t *testing.T, s store.Store) {
			limits := fullLimits()
			checkFull(t, limits)
			key := device.ModelKey{Manufacturer: "Cisco"}
			must(t, s.Models().PutModelLimits(t.Context(), key, limits))
			limits.MethodsAt = stored(limits.MethodsAt)
			same(t, "limits", got[device.ModelLimits](t)(s.Models().ModelLimits(t.Context(), key)), limits)
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
