//go:build e2e

package main

import (
	"os"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// clusterSize is how much is asked of a cluster while something breaks. The
// stand-in for the database does one thing at a time, so it is less than of a
// single server.
func clusterSize() massacreSize {
	if os.Getenv("DIALTONE_SOAK") != "" {
		return massacreSize{phones: 40, kills: 40, perSecond: 4, interval: 4 * time.Second, drain: 6 * time.Minute}
	}
	return massacreSize{phones: 16, kills: 5, perSecond: 3, interval: 3 * time.Second, drain: 3 * time.Minute}
}

// clusterFlags have servers live as fast as the stand-in for the database lets
// them.
func clusterFlags() []string {
	return []string{"--task-outcome", "60s", "--task-backoff", "200ms", "--session-timeout", "5s", "--inform-interval", "0", "--retry-after", "5s", "--log-level", "warn"}
}

// breaking runs a cluster of two nodes with phones and tasks, breaks something,
// and then holds every task against what its phone did.
func breaking(t *testing.T, balance balance, flags []string, trouble func(m *massacre, c *cluster)) {
	t.Helper()
	size := clusterSize()
	c := newCluster(t, 2, balance, append(clusterFlags(), flags...)...)
	m := newMassacreOf(t, size, chooseSeed(t), c.nodes[1], c.PhonesURL(), c.Anywhere())
	m.tolerant = true
	m.arrive()
	m.queueOneOfEach()
	stopQueueing := m.queueMore()
	started := time.Now()
	trouble(m, c)
	stopQueueing()
	t.Logf("trouble for %s: %d tasks acknowledged, %d of %d requests to queue one failed", time.Since(started).Round(time.Second), len(m.acknowledged), m.cutOff, m.asked)
	m.drain()
	m.check()
	m.countRetries()
}

// countRetries logs how often phones had to come again.
func (m *massacre) countRetries() {
	m.t.Helper()
	sessions, last := 0, map[cpe.Reason]int{}
	for _, v := range m.phones {
		session := v.phone.LastSession()
		sessions += session.Number
		if session.Err != nil {
			last[session.Reason()]++
		}
	}
	m.t.Logf("%d sessions of %d phones; the last one failed of %v", sessions, len(m.phones), last)
}

func TestNoTaskIsLostOrRunTwiceWhenANodeIsKilledInTheMiddleOfSessions(t *testing.T) {
	for name, road := range map[string]balance{"behind a balancer of connections": balanceTCP, "behind a balancer of single requests": balanceHTTP} {
		t.Run(name, func(t *testing.T) {
			breaking(t, road, nil, func(m *massacre, _ *cluster) {
				for round := range m.size.kills {
					m.killOnce(round)
				}
			})
		})
	}
}

func TestNoTaskIsLostOrRunTwiceWhenTheDatabaseIsGoneForAWhile(t *testing.T) {
	breaking(t, balanceTCP, nil, func(m *massacre, c *cluster) {
		if c.database == nil {
			t.Skip("a real MongoDB is not this test's to stop")
		}
		time.Sleep(3 * time.Second)
		c.database.Stop()
		c.API(0).Within(15*time.Second, "a node without its database is not ready", func() bool { return c.API(0).Get("/readyz").Status == 503 })
		if status := c.API(0).Get("/healthz").Status; status != 200 {
			t.Errorf("healthz of a node without its database: %d", status)
		}
		time.Sleep(20 * time.Second)
		if err := c.database.Start(); err != nil {
			t.Fatal(err)
		}
		for i := range c.nodes {
			c.API(i).Within(time.Minute, "a node has its database again", func() bool { return c.API(i).Get("/readyz").Status == 200 })
		}
		time.Sleep(3 * time.Second)
	})
}

func TestNoTaskIsLostOrRunTwiceWhenOneNodeLosesItsWayToTheDatabase(t *testing.T) {
	breaking(t, balanceTCP, nil, func(m *massacre, c *cluster) {
		for range 2 {
			time.Sleep(3 * time.Second)
			c.links[1].Cut()
			time.Sleep(6 * time.Second)
			if status := c.API(0).Get("/readyz").Status; status != 200 {
				t.Errorf("readyz of the other node: %d", status)
			}
			c.links[1].Mend()
			c.API(1).Within(time.Minute, "the node has its database again", func() bool { return c.API(1).Get("/readyz").Status == 200 })
		}
		time.Sleep(3 * time.Second)
	})
}

func TestNoTaskIsLostOrRunTwiceWhenTheClocksOfNodesDiffer(t *testing.T) {
	for name, offset := range map[string]string{"one is 5 s ahead": "5s", "one is 5 s behind": "-5s"} {
		t.Run(name, func(t *testing.T) {
			size := clusterSize()
			c := newCluster(t, 2, balanceHTTP, clusterFlags()...)
			c.nodes[1].Stop()
			c.nodes[1].Env = append(c.nodes[1].Env, "DIALTONE_CLOCK_OFFSET="+offset)
			c.nodes[1].Start()
			m := newMassacreOf(t, size, chooseSeed(t), c.nodes[1], c.PhonesURL(), c.Anywhere())
			m.tolerant = true
			m.arrive()
			m.queueOneOfEach()
			stopQueueing := m.queueMore()
			time.Sleep(5 * time.Second)
			m.killOnce(0)
			time.Sleep(5 * time.Second)
			stopQueueing()
			m.drain()
			m.check()
			m.countRetries()
		})
	}
}

func TestANodeThatStopsHandsOverAndNoSessionFails(t *testing.T) {
	c := newCluster(t, 2, balanceHTTP, "--no-onboarding", "--log-level", "warn")
	w := newWorkOfNodes(t, c, 30, 2*time.Second)
	w.arrive()
	w.queueThroughAnyNode()
	for range 2 {
		c.nodes[1].Stop()
		time.Sleep(3 * time.Second)
		c.nodes[1].Start()
		time.Sleep(3 * time.Second)
	}
	w.finish()
	w.checkPhones()
}
