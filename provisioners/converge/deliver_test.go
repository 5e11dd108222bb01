package converge

import (
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
)

// ends has the latest task end.
func (h *house) ends(state tasks.State) {
	h.t.Helper()
	if len(h.records.tasks) == 0 {
		h.t.Fatal("there is no task")
	}
	t := &h.records.tasks[len(h.records.tasks)-1]
	t.State = state
	if state == tasks.Failed {
		t.Fault = &tasks.Fault{String: "9010 download failure"}
	}
	h.now = h.now.Add(time.Minute)
}

// wantTasks fails the test unless as many were queued.
func (h *house) wantTasks(n int) {
	h.t.Helper()
	if len(h.records.tasks) != n {
		h.t.Fatalf("%d tasks were queued, want %d: %+v", len(h.records.tasks), n, h.records.tasks)
	}
}

// delivered returns a house and a phone that has its settings by both roads.
func delivered(t *testing.T) (*house, *phone) {
	t.Helper()
	h, p := newSplitHouse(t), newPhone()
	h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningPending)
	h.ends(tasks.Succeeded)
	h.session(p, "7 TRANSFER COMPLETE", "M Download")
	h.want(device.ProvisioningConverged)
	return h, p
}

func TestWhatParametersDoNotCarryIsDeliveredOnce(t *testing.T) {
	h, p := delivered(t)
	h.wantTasks(1)
	task := h.records.tasks[0]
	if task.Kind != tasks.Download || !strings.Contains(string(task.Args), tasks.ProfileFile) || !strings.Contains(string(task.Args), "3 Vendor Configuration File") {
		t.Errorf("the task is %+v", task)
	}
	if c := h.convergence(); len(c.Owned) != 1 || c.Owned[0] != "account.1.registrar" {
		t.Errorf("parameters carry %v", c.Owned)
	}
	for _, events := range [][]string{{"2 PERIODIC"}, {"1 BOOT"}, {"4 VALUE CHANGE"}, {"2 PERIODIC"}} {
		h.session(p, events...)
	}
	h.wantTasks(1)
}

func TestAFileIsNotQueuedAgainWhileItIsOnItsWay(t *testing.T) {
	h, p := newSplitHouse(t), newPhone()
	h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
	for _, events := range [][]string{{"0 BOOTSTRAP"}, {"2 PERIODIC"}, {"1 BOOT"}, {"2 PERIODIC"}} {
		h.session(p, events...)
		h.want(device.ProvisioningPending)
	}
	h.wantTasks(1)
}

func TestAChangeOfParametersAloneDeliversNoFile(t *testing.T) {
	h, p := delivered(t)
	changed := append(accounts(1), "network.vlan.voice.id", "20")
	changed[1] = "new.example.org"
	h.declare(changed...)
	h.wantRPCs(h.session(p, "2 PERIODIC"), 2, "the change")
	h.want(device.ProvisioningConverged)
	h.wantTasks(1)
}

func TestAChangeOfTheFileAloneSetsNoParameter(t *testing.T) {
	h, p := delivered(t)
	h.declare(append(accounts(1), "network.vlan.voice.id", "30")...)
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "the change")
	h.wantTasks(2)
	h.want(device.ProvisioningPending)
	h.ends(tasks.Succeeded)
	h.wantRPCs(h.session(p, "7 TRANSFER COMPLETE", "M Download"), 0, "its end")
	h.want(device.ProvisioningConverged)
}

func TestAFileThatIsNotTakenTwiceIsAProblemUntilTheNextDay(t *testing.T) {
	for name, wait := range map[string]time.Duration{"at once": 0, "slowly": time.Hour} {
		t.Run(name, func(t *testing.T) {
			h, p := newSplitHouse(t), newPhone()
			h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
			h.session(p, "0 BOOTSTRAP")
			for range 2 {
				h.want(device.ProvisioningPending)
				h.ends(tasks.Failed)
				h.now = h.now.Add(wait)
				h.session(p, "7 TRANSFER COMPLETE", "M Download")
			}
			h.want(device.ProvisioningFailing)
			if !strings.Contains(h.record().Stuck, "was not taken: 9010 download failure") {
				t.Errorf("the record says %q", h.record().Stuck)
			}
			for range 10 {
				h.now = h.now.Add(time.Hour)
				h.session(p, "2 PERIODIC")
			}
			h.wantTasks(2)
			h.now = h.convergence().NextTry
			h.session(p, "2 PERIODIC")
			h.wantTasks(3)
			h.ends(tasks.Succeeded)
			h.session(p, "7 TRANSFER COMPLETE", "M Download")
			h.want(device.ProvisioningConverged)
		})
	}
}

func TestAPhoneThatFetchedAWholeFileIsSentNone(t *testing.T) {
	h, p := newSplitHouse(t), newPhone()
	h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
	h.check(h.records.NoteFetched(t.Context(), id, device.Fetched{At: h.now, Held: h.record().Wanted}))
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	h.wantTasks(0)
	h.declare(append(accounts(1), "network.vlan.voice.id", "30")...)
	h.session(p, "2 PERIODIC")
	h.wantTasks(1)
}

func TestAResetPhoneIsSentItsFileUnlessItFetchedIt(t *testing.T) {
	for name, fetched := range map[string]bool{"it fetched it": true, "it did not": false} {
		t.Run(name, func(t *testing.T) {
			h, p := delivered(t)
			h.now = h.now.Add(48 * time.Hour)
			p.reset()
			if fetched {
				h.check(h.records.NoteFetched(t.Context(), id, device.Fetched{At: h.now, Held: h.record().Wanted, FileHeld: h.record().FileHeld}))
			}
			h.session(p, "0 BOOTSTRAP")
			if fetched {
				h.wantTasks(1)
				h.want(device.ProvisioningConverged)
				return
			}
			h.wantTasks(2)
			h.want(device.ProvisioningPending)
			h.session(p, "2 PERIODIC")
			h.want(device.ProvisioningPending)
			h.ends(tasks.Failed)
			h.session(p, "7 TRANSFER COMPLETE", "M Download")
			h.want(device.ProvisioningPending)
			h.wantTasks(3)
			h.ends(tasks.Succeeded)
			h.session(p, "7 TRANSFER COMPLETE", "M Download")
			h.want(device.ProvisioningConverged)
			h.wantTasks(3)
		})
	}
}

func TestAPhoneThatHasNotProvenWhoItIsIsSentNoFile(t *testing.T) {
	h, p := newSplitHouse(t), newPhone()
	h.unproven = true
	h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningFailing)
	h.wantTasks(0)
	h.unproven = false
	h.session(p, "2 PERIODIC")
	h.wantTasks(1)
	h.want(device.ProvisioningPending)
}

func TestATaskThatIsGoneIsQueuedAgain(t *testing.T) {
	h, p := newSplitHouse(t), newPhone()
	h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
	h.session(p, "0 BOOTSTRAP")
	h.records.tasks = nil
	h.now = h.record().CheckAt
	h.session(p, "2 PERIODIC")
	h.wantTasks(1)
}

func TestATaskOfASessionWhoseOutcomeWasLostIsFollowed(t *testing.T) {
	h, p := newSplitHouse(t), newPhone()
	h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
	h.session(p, "0 BOOTSTRAP")
	c := h.convergence()
	c.Deliveries = nil
	_, err := h.convergences.PutConvergence(t.Context(), c)
	h.check(err)
	h.session(p, "1 BOOT")
	h.wantTasks(1)
	h.ends(tasks.Succeeded)
	h.session(p, "7 TRANSFER COMPLETE", "M Download")
	h.wantTasks(1)
	h.want(device.ProvisioningConverged)
}

func TestACertificateAuthorityIsDelivered(t *testing.T) {
	h, p := delivered(t)
	settings := append(accounts(1), "network.vlan.voice.id", "20", "cwmp.ca.file", "ca.pem")
	h.declare(settings...)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningFailing)
	if h.record().Stuck != "there is no file ca.pem" {
		t.Errorf("the record says %q", h.record().Stuck)
	}
	h.records.files["ca.pem"] = files.File{Name: "ca.pem", SHA256: strings.Repeat("a", 64)}
	h.now = h.record().CheckAt
	h.session(p, "2 PERIODIC")
	h.wantTasks(2)
	if args := string(h.records.tasks[1].Args); !strings.Contains(args, "ca.pem") || !strings.Contains(args, "X 00000C Custom CA File") {
		t.Errorf("the task is %s", args)
	}
	h.ends(tasks.Succeeded)
	h.session(p, "7 TRANSFER COMPLETE", "M Download")
	h.want(device.ProvisioningConverged)
	h.declare(append(accounts(1), "network.vlan.voice.id", "20")...)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	for _, d := range h.convergence().Deliveries {
		if d.Name == provisioners.DeliveryCA {
			t.Errorf("it is still %+v", d)
		}
	}
}

func TestACertificateAuthorityNeedsAFileType(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.records.files["ca.pem"] = files.File{Name: "ca.pem", SHA256: strings.Repeat("a", 64)}
	h.declare(append(accounts(1), "cwmp.ca.file", "ca.pem")...)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningFailing)
	h.declare(append(accounts(1), "cwmp.ca.file", "ca.pem", "cwmp.ca.fileType", "X ACME CA")...)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningPending)
	if args := string(h.records.tasks[0].Args); !strings.Contains(args, "X ACME CA") {
		t.Errorf("the task is %s", args)
	}
}
