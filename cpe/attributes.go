package cpe

import (
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// subscriber is the one entity of an access list that is not a vendor's (TR-069
// A.3.2.4).
const subscriber = "Subscriber"

func (d *Device) getParameterAttributes(m *cwmp.GetParameterAttributes) cwmp.Message {
	response := &cwmp.GetParameterAttributesResponse{}
	for _, name := range m.ParameterNames {
		list, ok := d.leaves(name)
		if !ok {
			return cwmp.NewFault(cwmp.FaultInvalidParameterName, "Invalid parameter name: "+name)
		}
		for _, e := range list {
			a := d.tree.attributesOf(e)
			response.ParameterList = append(response.ParameterList, cwmp.ParameterAttributeStruct{
				Name: e.path, Notification: a.notification, AccessList: a.accessList,
			})
		}
	}
	if d.tooMany(len(response.ParameterList)) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return response
}

// setParameterAttributes sets all attributes or none (TR-069 A.3.2.4).
func (d *Device) setParameterAttributes(m *cwmp.SetParameterAttributes) cwmp.Message {
	type change struct {
		entry *entry
		attributes
	}
	changes := make(map[string]change)
	for i := range m.ParameterList {
		p := &m.ParameterList[i]
		list, ok := d.leaves(p.Name)
		if !ok {
			return cwmp.NewFault(cwmp.FaultInvalidParameterName, "Invalid parameter name: "+p.Name)
		}
		partial := len(list) != 1 || list[0].path != p.Name
		for _, e := range list {
			c, known := changes[e.path]
			if !known {
				c = change{e, d.tree.attributesOf(e)}
			}
			if code := changeAttributes(&c.attributes, e.leaf, p, partial); code != 0 {
				return cwmp.NewFault(code, "")
			}
			changes[e.path] = c
		}
	}
	if d.tooMany(len(changes)) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	for _, c := range changes {
		d.tree.setAttributes(c.entry, c.attributes)
	}
	return &cwmp.SetParameterAttributesResponse{}
}

// changeAttributes applies a change, or returns a fault code. Below a partial path
// those that refuse notification are left as they are.
func changeAttributes(a *attributes, l *leaf, p *cwmp.SetParameterAttributesStruct, partial bool) (code int) {
	if p.NotificationChange {
		switch {
		case p.Notification < notificationOff || p.Notification > notificationActive:
			return cwmp.FaultInvalidArguments
		case l.forced && p.Notification != notificationActive, l.quiet && p.Notification != notificationOff:
			if !partial {
				return cwmp.FaultNotificationRejected
			}
		default:
			a.notification = p.Notification
		}
	}
	if p.AccessListChange {
		if slices.ContainsFunc(p.AccessList, func(s string) bool { return s != subscriber }) {
			return cwmp.FaultInvalidArguments
		}
		a.accessList = slices.Clone(p.AccessList)
	}
	return 0
}
