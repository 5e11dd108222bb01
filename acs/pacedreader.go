package acs

import (
	"io"
	"net/http"
	"time"
)

const (
	// bodyGrace is how long a body may take before its rate counts.
	bodyGrace = 20 * time.Second
	// paceStep is how far the deadline is moved at least: each move has a cost.
	paceStep = time.Second
)

// pacedReader ends a body that comes more slowly than it may. The deadline of the
// connection does it, so that a reader that waits is woken.
type pacedReader struct {
	body     io.Reader
	deadline func(time.Time) error
	load     Load
	grace    time.Duration
	began    time.Time
	until    time.Time
	count    int64
}

func newPacedReader(w http.ResponseWriter, body io.Reader, load Load) *pacedReader {
	r := &pacedReader{body: body, deadline: http.NewResponseController(w).SetReadDeadline, load: load, grace: min(bodyGrace, load.BodyTime), began: time.Now()}
	r.move()
	return r
}

// Read implements io.Reader.
func (r *pacedReader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.count += int64(n)
	r.move()
	return n, err
}

// move sets the deadline for what has come so far.
func (r *pacedReader) move() {
	earned := time.Duration(float64(r.count) / float64(r.load.MinBodyRate) * float64(time.Second))
	until := r.began.Add(min(r.load.BodyTime, r.grace+earned))
	if until.Sub(r.until) < paceStep {
		return
	}
	r.until = until
	_ = r.deadline(until) // A connection that has none ends by the server's own timeouts.
}

// end takes the deadline away: from now on the server is who takes the time.
func (r *pacedReader) end() { _ = r.deadline(time.Time{}) }
