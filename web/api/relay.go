package api

import (
	"encoding/json"

	"github.com/dialtone-acs/dialtone/nodes"
)

// Relay carries what is published at one node to those who follow events at
// others, as nodes.Feed does. No method waits or calls back.
type Relay interface {
	// Wanted reports whether anybody follows events at another node.
	Wanted() bool
	// Send tells the other nodes something, if it is wanted there.
	Send(kind string, data []byte)
	// Listen says whether anybody follows events at this node.
	Listen(on bool)
}

// noRelay is the relay of a node that is alone.
type noRelay struct{}

func (noRelay) Wanted() bool        { return false }
func (noRelay) Send(string, []byte) {}
func (noRelay) Listen(bool)         {}

// What nodes tell each other. A task or a device is named only: whoever is told
// reads it. Of a session the data is its SessionEvent.
const (
	kindTask    = "task"
	kindDevice  = "device"
	kindDeleted = "deleted"
	kindSession = "session"
)

// relayed names a task or a device.
type relayed struct {
	ID string `json:"id"`
	// Group is that of a deleted device, by which is decided who may see that it
	// was there.
	Group string `json:"group,omitempty"`
}

// tell sends what was published to other nodes.
func (h *Hub) tell(kind string, what any) {
	if !h.relay.Wanted() {
		return
	}
	data, err := json.Marshal(what)
	if err != nil {
		// Only a time beyond the year 9999 does this.
		kind, data = nodes.KindOverflow, nil
	}
	h.relay.Send(kind, data)
}
