package cpe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// vendorParameter is one that nobody asks for.
const vendorParameter = "DeviceInfo.X_000E08_Extra"

// listOddities are about the lists in answers.
var listOddities = []Oddity{
	{Name: "names-without-objects", Manner: "lists parameters without the objects that they are in", envelope: answering(func(m *cwmp.GetParameterNamesResponse) {
		m.ParameterList = slices.DeleteFunc(m.ParameterList, func(p cwmp.ParameterInfoStruct) bool { return strings.HasSuffix(p.Name, ".") })
	})},
	{Name: "names-without-dots", Manner: "lists objects without their final dot", envelope: answering(func(m *cwmp.GetParameterNamesResponse) {
		for i := range m.ParameterList {
			m.ParameterList[i].Name = strings.TrimSuffix(m.ParameterList[i].Name, ".")
		}
	})},
	{Name: "names-unasked", Manner: "lists names that are not below the path that was asked for", envelope: answering(func(m *cwmp.GetParameterNamesResponse) {
		m.ParameterList = append(m.ParameterList, cwmp.ParameterInfoStruct{Name: "X_000E08_Elsewhere.Name"})
	})},
	{Name: "names-invalid", Manner: "lists names that break the rules for names", envelope: answering(func(m *cwmp.GetParameterNamesResponse) {
		for _, name := range []string{"Device.A b", "Device..C", "Device.D[1].E", ".Ext", "Device.F\u00e9", strings.Repeat("Device.", 200), ""} {
			m.ParameterList = append(m.ParameterList, cwmp.ParameterInfoStruct{Name: name})
		}
	})},
	{Name: "names-ghost", Manner: "lists a parameter that it then does not know", envelope: answering(func(m *cwmp.GetParameterNamesResponse) {
		if i := slices.IndexFunc(m.ParameterList, func(p cwmp.ParameterInfoStruct) bool { return !strings.HasSuffix(p.Name, ".") }); i >= 0 {
			m.ParameterList = append(m.ParameterList, cwmp.ParameterInfoStruct{Name: m.ParameterList[i].Name + "Ghost"})
		}
	})},
	{Name: "growing-tree", Manner: "has an object in every object that is listed, without end, and does not list the tree at once", answer: growTree},
	{Name: "wide-tree", Manner: "lists sixty thousand names at once", answer: widenTree},
	{Name: "all-read-only", Manner: "lists every parameter as read-only", envelope: answering(func(m *cwmp.GetParameterNamesResponse) {
		for i := range m.ParameterList {
			m.ParameterList[i].Writable = false
		}
	})},
	{Name: "no-writable", Manner: "leaves Writable out", text: without("Writable")},
	{Name: "worded-writable", Manner: "writes neither true nor false in Writable", text: changed(func(text string) string { return cutElement(text, "Writable", "<Writable>maybe</Writable>") })},
	{Name: "values-missing", Manner: "leaves the last parameter out of GetParameterValuesResponse", envelope: answering(func(m *cwmp.GetParameterValuesResponse) {
		m.ParameterList = m.ParameterList[:max(0, len(m.ParameterList)-1)]
	})},
	{Name: "values-unasked", Manner: "adds a parameter to GetParameterValuesResponse that was not asked for", envelope: answering(func(m *cwmp.GetParameterValuesResponse) {
		m.ParameterList = append(m.ParameterList, cwmp.ParameterValueStruct{Name: RootDevice + vendorParameter, Value: "1", Type: cwmp.TypeString})
	})},
	{Name: "values-twice", Manner: "has every parameter twice in GetParameterValuesResponse", envelope: answering(func(m *cwmp.GetParameterValuesResponse) {
		m.ParameterList = append(m.ParameterList, m.ParameterList...)
	})},
	{Name: "attributes-unasked", Manner: "adds a parameter to GetParameterAttributesResponse that was not asked for", envelope: answering(func(m *cwmp.GetParameterAttributesResponse) {
		m.ParameterList = append(m.ParameterList, cwmp.ParameterAttributeStruct{Name: RootDevice + vendorParameter})
	})},
	{Name: "duplicates-9003", Manner: "answers 9003 to SetParameterValues that names a parameter twice", answer: refuseDuplicates},
}

// growTree lists in every object one more, and one parameter.
func growTree(_ *Device, request cwmp.Message) cwmp.Message {
	m, ok := request.(*cwmp.GetParameterNames)
	if !ok || m.ParameterPath == "" {
		return nil
	}
	if !m.NextLevel {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return &cwmp.GetParameterNamesResponse{ParameterList: []cwmp.ParameterInfoStruct{
		{Name: m.ParameterPath + "More."}, {Name: m.ParameterPath + "More.More."}, {Name: RootDevice + "Loop."}, {Name: m.ParameterPath + "Name"},
	}}
}

const wideTree = 60_000

func widenTree(_ *Device, request cwmp.Message) cwmp.Message {
	if _, ok := request.(*cwmp.GetParameterNames); !ok {
		return nil
	}
	response := &cwmp.GetParameterNamesResponse{}
	for i := range wideTree {
		response.ParameterList = append(response.ParameterList, cwmp.ParameterInfoStruct{Name: RootDevice + "Wide." + strconv.Itoa(i) + ".Name"})
	}
	return response
}

func refuseDuplicates(_ *Device, request cwmp.Message) cwmp.Message {
	m, ok := request.(*cwmp.SetParameterValues)
	if !ok {
		return nil
	}
	seen := make(map[string]bool, len(m.ParameterList))
	for _, p := range m.ParameterList {
		if seen[p.Name] {
			return cwmp.NewFault(cwmp.FaultInvalidArguments, "")
		}
		seen[p.Name] = true
	}
	return nil
}
