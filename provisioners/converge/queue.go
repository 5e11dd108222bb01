package converge

// queue is a list of paths to be asked for, or sent, in requests that a device bears. A
// batch that is refused is halved until the paths at fault are known.
type queue struct {
	// Left are the batches; the first is the one under way.
	Left [][]string `json:",omitempty"`
}

// newQueue returns a queue of batches of at most that size, 0 for any.
func newQueue(paths []string, size int) queue {
	var q queue
	for size > 0 && len(paths) > size {
		q.Left = append(q.Left, paths[:size:size])
		paths = paths[size:]
	}
	if len(paths) > 0 {
		q.Left = append(q.Left, paths)
	}
	return q
}

// current returns the batch under way, nil if there is none.
func (q *queue) current() []string {
	if len(q.Left) == 0 {
		return nil
	}
	return q.Left[0]
}

// done takes the batch under way out.
func (q *queue) done() { q.Left = q.Left[1:] }

// halve puts the two halves of the batch under way in its place; it reports false for one
// that cannot be halved.
func (q *queue) halve() bool {
	batch := q.Left[0]
	if len(batch) < 2 {
		return false
	}
	half := len(batch) / 2
	q.Left = append([][]string{batch[:half:half], batch[half:]}, q.Left[1:]...)
	return true
}

// replace puts another batch in the place of the one under way, none if it is empty.
func (q *queue) replace(batch []string) {
	if len(batch) == 0 {
		q.done()
		return
	}
	q.Left = append([][]string{batch}, q.Left[1:]...)
}

// later adds a batch at the end.
func (q *queue) later(batch ...string) { q.Left = append(q.Left, batch) }
