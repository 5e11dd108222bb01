package pack

import (
	"bytes"
	"context"
	"errors"
	"time"
)

// Limits of one rendering.
const (
	// MaxOutput bounds a rendered file.
	MaxOutput = 1 << 20
	// MaxTime is how long a rendering may take.
	MaxTime = 2 * time.Second
	// maxNesting is how deep templates may call one another.
	maxNesting = 64
	// maxWork bounds what the functions make and how often loops turn, in bytes: a
	// loop that only gathers would else fill the memory before its time is up.
	maxWork = 32 << 20
	// turnWork is what one turn of a loop, or one call of a template, counts.
	turnWork = 64
	// maxText bounds one text that a function makes.
	maxText = 64 << 10
	// maxItems bounds one list that a function makes.
	maxItems = 10_000
)

var (
	// ErrTime is returned for a template that takes longer than MaxTime.
	ErrTime = errors.New("takes longer than 2 seconds")
	// ErrOutput is returned for a template that writes more than MaxOutput.
	ErrOutput = errors.New("writes more than 1048576 bytes")
	// ErrWork is returned for a template that loops, nests or gathers without bound.
	ErrWork = errors.New("loops, nests or gathers too much")
)

// guard watches one rendering. The functions of the template and its output go through
// it: text/template cannot be stopped from outside.
type guard struct {
	ctx     context.Context
	output  bytes.Buffer
	left    int
	nesting int
	// vendor are the settings vendor.PACK.KEY.
	vendor map[string]any
	// pack and data are what is rendered.
	pack *Pack
	data map[string]any
}

func (g *guard) begin(ctx context.Context, p *Pack, data map[string]any) {
	g.ctx, g.pack, g.data, g.left, g.nesting = ctx, p, data, maxWork, 0
	g.vendor, _ = data["vendor"].(map[string]any)
	g.output.Reset()
}

// spend takes from the work that is left.
func (g *guard) spend(n int) error {
	if g.left -= n; g.left < 0 {
		return ErrWork
	}
	return g.alive()
}

// alive returns an error once the time is up.
func (g *guard) alive() error {
	switch err := g.ctx.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return ErrTime
	default:
		return err
	}
}

// turn is called at the beginning of each turn of a loop.
func (g *guard) turn() (string, error) { return "", g.spend(turnWork) }

// enter is called at the beginning of each template, leave at its end.
func (g *guard) enter() (string, error) {
	if g.nesting++; g.nesting > maxNesting {
		return "", ErrWork
	}
	return "", g.spend(turnWork)
}

func (g *guard) leave() string {
	g.nesting--
	return ""
}

// Write takes the output. It does not look at the time, as turn and enter do: their errors
// name the line, and what is between them ends.
func (g *guard) Write(data []byte) (int, error) {
	if g.output.Len()+len(data) > MaxOutput {
		return 0, ErrOutput
	}
	return g.output.Write(data)
}

// end forgets what was rendered: it may hold secrets, and the guard is kept.
func (g *guard) end() {
	clear(g.output.Bytes())
	g.ctx, g.vendor, g.pack, g.data = nil, nil, nil, nil
}
