package api

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/tasks"
)

// SessionEvent is the end of a CWMP session.
type SessionEvent struct {
	ID     string
	Device device.ID
	// Events are the EventCodes of its Inform.
	Events    []string
	StartedAt time.Time
	EndedAt   time.Time
	// Outcome is how it ended, in one word.
	Outcome string
	// RPCs counts the requests that the device was sent.
	RPCs int
	// Calls are the requests that the device made.
	Calls []history.Call
	// RetryCount is that of its Inform.
	RetryCount int
	// Address is where the device came from; Node served the end of the session.
	Address string
	Node    string
}

var (
	// errTooManySubscribers is returned when MaxSubscribers are there.
	errTooManySubscribers = errors.New("too many subscribers")
	// errTooManyStreams is returned when a caller has maxOwnStreams.
	errTooManyStreams = errors.New("too many streams of one caller")
	// errHubClosed is returned once the hub is closed.
	errHubClosed = errors.New("event hub is closed")
)

const (
	// MaxSubscribers bounds who reads events at once.
	MaxSubscribers = 128
	// maxOwnStreams bounds how many of them one caller is: a browser with a tab for
	// each, and one that has not noticed yet that some are gone.
	maxOwnStreams = 8
	// subscriberBuffer is how many events wait for one subscriber before it is
	// told that it missed some.
	subscriberBuffer = 256
)

// Hub hands events on to those who read GET /events, here and, once it is joined
// with a Relay, at other nodes. Whoever publishes is never held up: a subscriber
// that reads too slowly loses events and is told so. It is safe for concurrent
// use and owns no goroutine.
type Hub struct {
	// relay is set before the hub is used.
	relay Relay

	mu          sync.Mutex
	lastID      int64
	subscribers map[*subscriber]struct{}
	closed      bool
}

// NewHub returns a hub without subscribers. The ids of its events begin at the
// milliseconds of the time it started, so that they go on growing after a
// restart.
func NewHub(started time.Time) *Hub {
	return &Hub{relay: noRelay{}, lastID: started.UnixMilli(), subscribers: make(map[*subscriber]struct{})}
}

// Join has the hub tell other nodes what is published here. It is called before
// the hub is used.
func (h *Hub) Join(r Relay) { h.relay = r }

// TaskChanged publishes a task that is new or changed. It implements
// tasks.Observer.
func (h *Hub) TaskChanged(t tasks.Task) {
	h.publish(event{kind: EventTask, device: t.Device, task: &t})
	h.tell(kindTask, relayed{ID: string(t.ID)})
}

// DeviceChanged publishes a device that is new or changed.
func (h *Hub) DeviceChanged(d device.Device) {
	h.publish(event{kind: EventDevice, device: d.ID, record: &d})
	h.tell(kindDevice, relayed{ID: string(d.ID)})
}

// DeviceDeleted publishes that a device is gone; d is what it was.
func (h *Hub) DeviceDeleted(d device.Device) {
	h.publish(event{kind: EventDevice, device: d.ID, record: &d, deleted: true})
	h.tell(kindDeleted, relayed{ID: string(d.ID), Group: d.Group})
}

// SessionEnded publishes the end of a session.
func (h *Hub) SessionEnded(s SessionEvent) {
	h.publish(event{kind: EventSession, device: s.Device, session: &s})
	h.tell(kindSession, s)
}

// Close ends every subscription, and refuses new ones. What is published
// afterwards goes nowhere.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	if len(h.subscribers) > 0 {
		h.relay.Listen(false)
	}
	for s := range h.subscribers {
		close(s.events)
		delete(h.subscribers, s)
	}
}

// event is one event as it is published; what it is about is encoded by each
// reader, so that publishing costs next to nothing.
type event struct {
	id      int64
	kind    EventKind
	device  device.ID
	task    *tasks.Task
	record  *device.Device
	deleted bool
	session *SessionEvent
	// overflow says that events of every kind may have been missed.
	overflow bool
}

// subscriber is one reader of events.
type subscriber struct {
	// caller is who reads.
	caller string
	kinds  []EventKind
	events chan event
	// missed is set under the hub's lock when an event found no room.
	missed bool
}

func (h *Hub) publish(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastID++
	e.id = h.lastID
	for s := range h.subscribers {
		if !e.overflow && !slices.Contains(s.kinds, e.kind) {
			continue
		}
		select {
		case s.events <- e:
		default:
			s.missed = true
		}
	}
}

// subscribe returns a subscriber to events of the kinds for a caller, and the id of
// the last event that it does not get. It returns errTooManySubscribers,
// errTooManyStreams or errHubClosed.
func (h *Hub) subscribe(caller string, kinds []EventKind) (*subscriber, int64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, 0, errHubClosed
	}
	if len(h.subscribers) >= MaxSubscribers {
		return nil, 0, errTooManySubscribers
	}
	if h.streamsOf(caller) >= maxOwnStreams {
		return nil, 0, errTooManyStreams
	}
	s := &subscriber{caller: caller, kinds: kinds, events: make(chan event, subscriberBuffer)}
	h.subscribers[s] = struct{}{}
	if len(h.subscribers) == 1 {
		h.relay.Listen(true)
	}
	return s, h.lastID, nil
}

// streamsOf returns how many subscribers a caller is. The lock is held.
func (h *Hub) streamsOf(caller string) (count int) {
	for s := range h.subscribers {
		if s.caller == caller {
			count++
		}
	}
	return count
}

func (h *Hub) unsubscribe(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, there := h.subscribers[s]; !there {
		return // The hub was closed meanwhile.
	}
	delete(h.subscribers, s)
	if len(h.subscribers) == 0 {
		h.relay.Listen(false)
	}
}

// follows reports whether anybody reads events of a kind.
func (h *Hub) follows(kind EventKind) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subscribers {
		if slices.Contains(s.kinds, kind) {
			return true
		}
	}
	return false
}

// overflowed reports whether the subscriber lost events since it was last asked,
// and the id of the newest event there is.
func (h *Hub) overflowed(s *subscriber) (lastID int64, missed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	missed, s.missed = s.missed, false
	return h.lastID, missed
}

// count returns how many subscribers there are.
func (h *Hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subscribers)
}
