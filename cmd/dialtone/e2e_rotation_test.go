//go:build e2e

package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// newClusterOfFolders starts two nodes that have a data folder each, as nodes on
// two machines have. The second has a copy of the first one's key.
func newClusterOfFolders(t *testing.T, flags ...string) *cluster {
	t.Helper()
	c := &cluster{tb: t}
	uri := c.openDatabase()
	for range 2 {
		n := newServer(t, append([]string{"--trusted-proxies", "127.0.0.1/32"}, flags...)...)
		n.Store = uri.String()
		c.nodes = append(c.nodes, n)
	}
	c.phones, c.web = balanceHTTP(t, c.nodes[0].CWMP, c.nodes[1].CWMP), balanceHTTP(t, c.nodes[0].Web, c.nodes[1].Web)
	c.nodes[0].Start()
	c.bringKeyToTheOther()
	c.nodes[1].Start()
	c.token = c.nodes[0].Token("admin")
	c.acquainted()
	return c
}

func keyFileOf(s *server) string { return filepath.Join(s.DataDir, "secrets.key") }

func (c *cluster) bringKeyToTheOther() {
	c.tb.Helper()
	raw, err := os.ReadFile(keyFileOf(c.nodes[0]))
	if err == nil {
		err = errors.Join(os.MkdirAll(c.nodes[1].DataDir, 0o700), os.WriteFile(keyFileOf(c.nodes[1]), raw, 0o600))
	}
	if err != nil {
		c.tb.Fatal(err)
	}
}

// acquainted waits until the nodes know each other: a session that comes to
// another node within their first seconds has to wait for that.
func (c *cluster) acquainted() {
	c.tb.Helper()
	c.API(0).Within(30*time.Second, "the nodes know each other", func() bool { return c.sum("dialtone_nodes_alive", "") == float64(len(c.nodes)*len(c.nodes)) })
}

// secrets runs a command of `dialtone secrets` on the first node's machine.
func (c *cluster) secrets(step string, flags ...string) commandResult {
	c.tb.Helper()
	args := append([]string{"secrets", step, "--data-dir", c.nodes[0].DataDir}, flags...)
	if step != "rotate" {
		args = append(args, c.nodes[0].storeArguments()...)
	}
	return runDialtone(c.tb, args...)
}

func TestTheSecretsKeyIsReplacedBesideNodesThatWork(t *testing.T) {
	c := newClusterOfFolders(t, "--cwmp-auth", "digest", "--log-level", "warn")
	w := newRotation(t, c, 6)
	w.queueSecrets("before")
	old, err := secret.Load(keyFileOf(c.nodes[0]))
	must(t, err)
	refusesPrune := func(when string) {
		t.Helper()
		if result := c.secrets("prune"); result.Code != 1 || !strings.Contains(result.Stderr, "older keys are still needed") {
			t.Errorf("prune %s: %+v", when, result)
		}
	}

	// Step 1.
	w.step("rotate", "--add-only")
	w.restartOneByOne("added")
	// Step 2.
	w.step("rotate", "--promote")
	w.restartOneByOne("promoted")
	refusesPrune("before secrets are sealed anew")
	// Step 3.
	resealed := w.step("reseal")
	if lines := strings.Count(resealed.Stderr, "was started at"); lines != len(c.nodes) {
		t.Errorf("reseal names %d nodes, want %d: %s", lines, len(c.nodes), resealed.Stderr)
	}
	if row := strings.Fields(lastLine(resealed.Stdout)); len(row) != 4 || row[0] != "all" || row[1] == "0" || row[2] != "0" || row[3] != "0" {
		t.Errorf("reseal leaves %v, want secrets of the current key only:\n%s", row, resealed.Stdout)
	}
	w.queueSecrets("resealed")
	// A day later.
	if pruned := w.step("prune"); !strings.Contains(pruned.Stdout, "1 older keys were removed") {
		t.Errorf("prune says %s", pruned.Stdout)
	}
	w.restartOneByOne("pruned")

	w.finish()
	now, err := secret.Load(keyFileOf(c.nodes[1]))
	must(t, err)
	if ids := now.KeyIDs(); len(ids) != 1 || ids[0] == old.KeyIDs()[0] {
		t.Errorf("the keys are %v, want one that is not %v", ids, old.KeyIDs())
	}
	for _, n := range c.nodes {
		log := n.Log.String() + n.Answers.String()
		if strings.Contains(log, rotationPassword) || strings.Contains(log, "rotated ") {
			t.Error("a secret is in a log or in an answer")
		}
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

const rotationPassword = "rotation-pass-5K"

// rotation is phones that work while the key is replaced.
type rotation struct {
	*workOfNodes

	queuedSecrets []queuedSecret
}

// queuedSecret is a task that brings a secret to a phone.
type queuedSecret struct {
	phone      *cpe.Device
	task, want string
}

func newRotation(t *testing.T, c *cluster, phones int) *rotation {
	t.Helper()
	for i := range phones {
		c.API(0).provision(rotationSerial(i), rotationSerial(i), rotationPassword)
	}
	w := &rotation{workOfNodes: newWorkOfNodesWith(t, c, phones, time.Second, func(i int, config *cpe.Config) {
		config.Identity.SerialNumber, config.Identity.OUI, config.Identity.ProductClass = rotationSerial(i), "000E08", "CP-8841-3PCC"
		config.Username, config.Password = rotationSerial(i), rotationPassword
	})}
	w.arrive()
	return w
}

func rotationSerial(i int) string { return fmt.Sprintf("ROTATE%02d", i) }

// step runs a step of the procedure, which must succeed.
func (w *rotation) step(step string, flags ...string) commandResult {
	w.t.Helper()
	result := w.cluster.secrets(step, flags...)
	if result.Code != 0 {
		w.t.Fatalf("secrets %s %v: %+v", step, flags, result)
	}
	return result
}

// restartOneByOne brings the key file to every node and restarts them, while
// phones go on working with those that were restarted and those that were not.
func (w *rotation) restartOneByOne(when string) {
	w.t.Helper()
	w.cluster.bringKeyToTheOther()
	for _, n := range w.cluster.nodes {
		n.Stop()
		n.Start()
		w.cluster.acquainted()
		w.queueSecrets(when)
	}
}

// queueSecrets queues a secret for each phone and waits until half of them took
// it; the other tasks may go on while the key changes.
func (w *rotation) queueSecrets(when string) {
	w.t.Helper()
	for i, phone := range w.phones {
		value := fmt.Sprintf("rotated %s %d", when, i)
		task := w.cluster.API(i%len(w.cluster.nodes)).Queue(w.ids[i], object{"kind": "setParameterValues", "parameters": []object{setting(line+"1.SIP.AuthPassword", value)}})
		w.queuedSecrets = append(w.queuedSecrets, queuedSecret{phone, task.ID, value})
	}
	api := w.cluster.API(0)
	for _, q := range w.queuedSecrets[len(w.queuedSecrets)-len(w.phones)/2:] {
		api.WaitTask(q.task, "succeeded")
	}
}

// finish demands that every secret reached its phone, and that every phone is
// called with the credentials that it was given before.
func (w *rotation) finish() {
	w.t.Helper()
	api := w.cluster.API(1)
	for _, q := range w.queuedSecrets {
		api.WaitTask(q.task, "succeeded")
	}
	for i, phone := range w.phones {
		holds(w.t, phone, line+"1.SIP.AuthPassword", fmt.Sprintf("rotated pruned %d", i))
		var called struct{ Reached bool }
		if api.Post("devices/"+w.ids[i]+"/connectionRequest", nil).Want(http.StatusOK).Decode(&called); !called.Reached {
			w.t.Errorf("phone %d is not reached with the credentials that it was given before", i)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.failed) > 0 {
		w.t.Errorf("%d of %d sessions failed: %s", len(w.failed), w.sessions, strings.Join(w.failed, "\n"))
	}
	w.t.Logf("%d sessions, %d of them failed", w.sessions, len(w.failed))
}
