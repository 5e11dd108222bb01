package cpe

import (
	"github.com/dialtone-acs/dialtone/cwmp"
)

// addObject makes an instance (TR-069 A.3.2.6).
func (d *Device) addObject(m *cwmp.AddObject) cwmp.Message {
	if fault := keyFault("ParameterKey", m.ParameterKey); fault != nil {
		return fault
	}
	number, code := d.tree.add(m.ObjectName)
	if code != 0 {
		return cwmp.NewFault(code, "")
	}
	d.setParameterKey(m.ParameterKey)
	return &cwmp.AddObjectResponse{InstanceNumber: number}
}

// deleteObject removes an instance (TR-069 A.3.2.7).
func (d *Device) deleteObject(m *cwmp.DeleteObject) cwmp.Message {
	if fault := keyFault("ParameterKey", m.ParameterKey); fault != nil {
		return fault
	}
	if code := d.tree.remove(m.ObjectName); code != 0 {
		return cwmp.NewFault(code, "")
	}
	d.setParameterKey(m.ParameterKey)
	return &cwmp.DeleteObjectResponse{}
}
