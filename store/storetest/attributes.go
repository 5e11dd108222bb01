package storetest

import (
	"fmt"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func attributeTests() []test {
	return []test{
		{"forgetting attributes leaves values, types and who may write, and other devices", forgetAttributes},
		{"forgetting the attributes of an unknown device, or of one without, does nothing", func(t *testing.T, s store.Store) {
			must(t, s.Parameters().ForgetAttributes(t.Context(), device.NewID()))
			id := observed(t, s, "Device.A")
			before := treeOf(t, s, id, "")
			must(t, s.Parameters().ForgetAttributes(t.Context(), id))
			sameTree(t, treeOf(t, s, id, ""), before)
		}},
	}
}

func forgetAttributes(t *testing.T, s store.Store) {
	d, other, m := addDevice(t, s, fullDevice(1)), addDevice(t, s, fullDevice(2)), tree{}
	var all []device.Observation
	for i := range 3 * 1000 {
		o := valueOf(fmt.Sprintf("Device.%04d", i), fmt.Sprint(i))
		o.Writable = pointer(i%2 == 0)
		switch i % 4 {
		case 0:
			o.Notification, o.AccessList = pointer(i%3), []string{"Subscriber"}
		case 1:
			o.Notification = pointer(0)
		case 2:
			o.AccessList = []string{}
		}
		all = append(all, o)
	}
	must(t, s.Parameters().Observe(t.Context(), d.ID, now(), all))
	must(t, s.Parameters().Observe(t.Context(), other.ID, now(), all[:4]))
	for i := range all {
		all[i].Notification, all[i].AccessList = nil, nil
	}
	m.observe(now(), all)
	must(t, s.Parameters().ForgetAttributes(t.Context(), d.ID))
	sameTree(t, treeOf(t, s, d.ID, ""), m.below(""))
	kept := treeOf(t, s, other.ID, "")
	if kept[0].Notification == nil || kept[0].AccessList == nil || kept[1].Notification == nil || kept[2].AccessList == nil {
		t.Errorf("the attributes of another device are gone: %+v", kept)
	}
	must(t, s.Parameters().Observe(t.Context(), d.ID, now(), []device.Observation{{Path: "Device.0000", Notification: pointer(2)}}))
	same(t, "notification that was observed after", *treeOf(t, s, d.ID, "Device.0000")[0].Notification, 2)
}
