package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/web/api"
	"github.com/dialtone-acs/dialtone/web/console"
)

// system says what the API shows of this server.
func (h *house) system() api.SystemOptions {
	kind := "sqlite"
	if h.options.Store.isMongoDB() {
		kind = "mongodb"
	}
	return api.SystemOptions{Node: h.node.ID(), Nodes: h.nodes, StoreKind: kind, StartedAt: h.started, Console: console.Built()}
}

// nodes returns the servers on this store, and which of them does the chores.
func (h *house) nodes(ctx context.Context) ([]api.NodeInfo, error) {
	all, err := h.store.Nodes().Nodes(ctx)
	if err != nil {
		return nil, fmt.Errorf("list nodes: %w", err)
	}
	alive := map[string]bool{h.node.ID(): true}
	for _, other := range h.node.Others() {
		alive[other.ID] = true
	}
	lease, err := h.store.Nodes().Lease(ctx, choresLease)
	if err != nil && !errors.Is(err, nodes.ErrNotFound) {
		return nil, fmt.Errorf("read lease: %w", err)
	}
	var shown []api.NodeInfo
	for _, n := range all {
		if alive[n.ID] {
			shown = append(shown, nodeInfo(n, h.node.ID(), lease.Holder))
		}
	}
	return shown, nil
}

func nodeInfo(n nodes.Node, self, leader string) api.NodeInfo {
	leads := n.ID == leader
	return api.NodeInfo{ID: n.ID, Host: n.Name, Version: n.Version, Since: n.StartedAt, LastSeen: n.SeenAt, Self: n.ID == self, Leader: &leads}
}
