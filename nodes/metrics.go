package nodes

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// How messages are counted.
const (
	messageSent     = "sent"
	messageReceived = "received"
	// messageDropped found no room or was too large, messageFailed could not be
	// stored: the others are told that they missed some.
	messageDropped = "dropped"
	messageFailed  = "failed"
	// messageMissed is a hole in what another node told.
	messageMissed = "missed"
)

type metrics struct {
	leader   *prometheus.GaugeVec
	messages *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer, alive func() float64) (*metrics, error) {
	m := &metrics{
		leader: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "dialtone_node_leader", Help: "Whether this node holds a lease: 1 if so.",
		}, []string{"lease"}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_node_messages_total", Help: "Messages between nodes, by what became of them here.",
		}, []string{"result"}),
	}
	nodes := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "dialtone_nodes_alive", Help: "Nodes that this one holds to be alive, itself included.",
	}, alive)
	for _, c := range []prometheus.Collector{m.leader, m.messages, nodes} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register node metrics: %w", err)
		}
	}
	return m, nil
}
