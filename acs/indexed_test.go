package acs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

const indexedStatus = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.Status"

// indexing has the server index the status of a line and a VLAN.
func indexing(t *testing.T) func(*Options) {
	t.Helper()
	indexed, err := device.ParseIndexedParameters(map[string]string{
		"registration": indexedStatus + "|InternetGatewayDevice.Services.VoiceService.1.VoiceProfile.1.Line.1.Status",
		"vlan":         "Device.VLAN.1.ID|Device.X_VLAN.Enable",
	})
	must(t, err)
	return func(o *Options) { o.IndexedParameters = indexed }
}

func (p *phone) hasIndexed(want map[string]string) {
	p.f.t.Helper()
	if diff := cmp.Diff(want, p.record().Indexed, cmpopts.EquateEmpty()); diff != "" {
		p.f.t.Errorf("indexed parameters differ (-want +got):\n%s", diff)
	}
}

// informs opens a session with one more parameter in its Inform, and lets it
// end.
func (p *phone) informs(path, value string) {
	p.f.t.Helper()
	m := p.inform("2 PERIODIC")
	m.ParameterList = append(m.ParameterList, cwmp.ParameterValueStruct{Name: path, Value: value, Type: cwmp.TypeString})
	p.send(m, nil)
	p.work(nil)
}

func TestAnIndexedParameterThatAnInformReportsIsOnTheRecord(t *testing.T) {
	f := newFixture(t, indexing(t))
	p, _ := f.known("S1")
	p.hasIndexed(nil)
	p.informs(indexedStatus, "Up")
	p.hasIndexed(map[string]string{"registration": "Up"})
	before := f.storeOperations()
	p.informs(indexedStatus, "Up")
	if after := f.storeOperations(); after-before != 2 {
		t.Errorf("%v store operations, want 2: a value that is unchanged costs none", after-before)
	}
	p.informs("Device.VLAN.1.ID", "100")
	p.hasIndexed(map[string]string{"registration": "Up", "vlan": "100"})
	p.informs(indexedStatus, strings.Repeat("x", device.MaxIndexedValue+1))
	p.hasIndexed(map[string]string{"registration": "", "vlan": "100"})
}

func TestAnIndexedParameterThatIsReadOrSetIsOnTheRecordOnlyWrittenIfItChanged(t *testing.T) {
	f := newFixture(t, indexing(t))
	p, d := f.known("S1")
	known := values(map[string]string{indexedStatus: "Up", "Device.VLAN.1.ID": "100"})
	f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+indexedStatus+`"]}`)
	p.session(known, "2 PERIODIC")
	p.hasIndexed(map[string]string{"registration": "Up"})
	learnt := f.operations("learn")
	f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+indexedStatus+`"]}`)
	p.session(known, "2 PERIODIC")
	if f.operations("learn") != learnt {
		t.Error("a value that is unchanged is written once more")
	}
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.VLAN.1.ID","value":"200","type":"xsd:string"}]}`)
	p.session(known, "2 PERIODIC")
	p.hasIndexed(map[string]string{"registration": "Up", "vlan": "200"})
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.X_VLAN.Enable","value":"true","type":"xsd:boolean"}]}`)
	p.session(known, "2 PERIODIC")
	p.hasIndexed(map[string]string{"registration": "Up", "vlan": "1"})
	refused := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.VLAN.1.ID","value":"300","type":"xsd:string"}]}`)
	p.session(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9008, "") }, "2 PERIODIC")
	f.want(refused, tasks.Failed)
	p.hasIndexed(map[string]string{"registration": "Up", "vlan": "1"})
}

func TestAnIndexedParameterOfANewInstanceIsOnTheRecordAndLeavesItWithTheInstance(t *testing.T) {
	f := newFixture(t, indexing(t))
	p, d := f.known("S1")
	answer := func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterNames:
			return &cwmp.GetParameterNamesResponse{}
		case *cwmp.AddObject:
			return &cwmp.AddObjectResponse{InstanceNumber: 1}
		case *cwmp.DeleteObject:
			return &cwmp.DeleteObjectResponse{}
		default:
			return values(map[string]string{})(m)
		}
	}
	f.want(f.run(p, d, tasks.AddObject, `{"objectName":"Device.VLAN.","parameters":[{"path":"ID","value":"100","type":"xsd:string"}]}`, answer), tasks.Succeeded)
	p.hasIndexed(map[string]string{"vlan": "100"})
	f.want(f.run(p, d, tasks.DeleteObject, `{"objectName":"Device.VLAN.1."}`, answer), tasks.Succeeded)
	p.hasIndexed(map[string]string{"vlan": "100"}) // The other path of that name may still have it.
	p.informs(indexedStatus, "Up")
	f.want(f.run(p, d, tasks.DeleteObject, `{"objectName":"Device.Services.VoiceService.1.VoiceProfile.1."}`, answer), tasks.Succeeded)
	p.hasIndexed(map[string]string{"registration": "", "vlan": "100"})
}

func TestARefreshEmptiesAnIndexedParameterThatIsNoLongerThere(t *testing.T) {
	f := newFixture(t, indexing(t))
	p, d := f.known("S1")
	p.informs(indexedStatus, "Up")
	p.informs("Device.VLAN.1.ID", "100")
	answer := func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.GetParameterNames); ok {
			return &cwmp.GetParameterNamesResponse{ParameterList: []cwmp.ParameterInfoStruct{{Name: "Device.VLAN.1.ID"}}}
		}
		return values(map[string]string{"Device.VLAN.1.ID": "200"})(m)
	}
	f.want(f.run(p, d, tasks.Refresh, `{"path":"Device."}`, answer), tasks.Succeeded)
	p.hasIndexed(map[string]string{"registration": "", "vlan": "200"})
}

// run has a session carry out one task.
func (f *fixture) run(p *phone, d device.Device, kind tasks.Kind, args string, answer func(cwmp.Message) cwmp.Message) tasks.Task {
	f.t.Helper()
	task := f.task(d.ID, kind, args)
	p.session(answer, "2 PERIODIC")
	return task
}

// operations counts how often the store was asked for one operation.
func (f *fixture) operations(name string) (count float64) {
	families, err := f.registry.Gather()
	must(f.t, err)
	for _, family := range families {
		if family.GetName() != "dialtone_store_operations_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				if label.GetName() == "operation" && label.GetValue() == name {
					count += m.GetCounter().GetValue()
				}
			}
		}
	}
	return count
}
