package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

const (
	// choresLease is the name of the lease under which work is done that must be
	// done once, however many nodes there are.
	choresLease = "chores"
	// joinTime bounds how long a start waits until other nodes are known.
	joinTime = 10 * time.Second
	// noticeTime is how long a start waits so that other nodes have noticed this
	// one before it has sessions: a node that believes to be alone looks for none
	// elsewhere, and gives none away.
	noticeTime = nodes.DefaultBeat + time.Second
	// recheckInterval is how often wishes to call a device are looked at that wait
	// for a session which may be at another node.
	recheckInterval = 2 * time.Second
	// reapInterval is how often the reaper looks.
	reapInterval = time.Second
	// maintainInterval is how often the store is maintained.
	maintainInterval = time.Minute
)

// makeNode makes what this server is known by among those on its store.
func (h *house) makeNode(context.Context) error {
	name, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("name of this host: %w", err)
	}
	h.node, err = nodes.NewRegistry(nodes.RegistryOptions{Store: h.store.Nodes(), Name: name, Version: version, Now: h.now, Logger: h.logger, Metrics: h.registry})
	return err
}

// makeFeed makes what tells other nodes of what happens here.
func (h *house) makeFeed(context.Context) error {
	remote, err := api.NewRemote(api.RemoteOptions{
		Hub: h.hub, Device: h.store.Devices().Get, Task: h.store.Tasks().Get, Ended: h.queue.EndedElsewhere, Logger: h.logger,
	})
	if err != nil {
		return err
	}
	if h.feed, err = nodes.NewFeed(h.node, remote.Receive); err != nil {
		return err
	}
	h.hub.Join(h.feed)
	return nil
}

// join tells other nodes of this one and waits until it knows them, or a bounded
// time: a server works without. The function that it returns leaves them; it is
// called when nothing of the node runs any more.
func (h *house) join(ctx context.Context) (leave func()) {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	var registry sync.WaitGroup
	registry.Go(func() { h.node.Run(running) })
	timer := time.NewTimer(joinTime)
	defer timer.Stop()
	select {
	case <-h.node.Ready():
		h.awaitNotice(ctx)
	case <-ctx.Done():
	case <-timer.C:
		h.logger.Warn("other nodes are not known yet", logkeys.Duration, joinTime)
	}
	return func() {
		stop()
		registry.Wait()
	}
}

// awaitNotice waits until the other nodes, if there are any, know this one.
func (h *house) awaitNotice(ctx context.Context) {
	if len(h.node.Others()) == 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(noticeTime):
	}
}

// chores does the work that one node does for all, until the context ends.
func (h *house) chores(ctx context.Context) {
	reaper := tasks.NewReaper(h.queue, reapInterval, h.logger)
	var running sync.WaitGroup
	for _, work := range []func(context.Context){reaper.Run, h.cwmp.RunCarried, h.bulks.Run, h.library.Run, h.pruneTraces, h.settings.retention.Run, h.forget, h.count, h.maintain, h.node.Clean} {
		running.Go(func() { work(ctx) })
	}
	running.Wait()
}

// maintain has the store finish and remove what was left behind, until the
// context ends.
func (h *house) maintain(ctx context.Context) {
	ticker := time.NewTicker(maintainInterval)
	defer ticker.Stop()
	for {
		if err := h.store.Maintain(ctx, h.now()); err != nil && ctx.Err() == nil {
			h.logger.Error("cannot maintain the store", logkeys.Error, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
