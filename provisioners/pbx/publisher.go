package pbx

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Publisher keeps the files of a PBX as the accounts of phones are. It is safe for
// concurrent use: it writes once at a time.
type Publisher struct {
	templates *Templates
	writer    Writer

	mu sync.Mutex
	// unread says that files were written that the PBX was not told to read.
	unread bool
}

// NewPublisher returns a Publisher of files made by templates.
func NewPublisher(t *Templates, w Writer) *Publisher { return &Publisher{templates: t, writer: w} }

// Previewed is a file as it would be.
type Previewed struct {
	Name string
	// Changed says that it is not so yet.
	Changed bool
	// Text has masks in the place of passwords.
	Text string
}

// Preview returns the files as they would be, and writes nothing. It returns the errors
// of the templates.
func (p *Publisher) Preview(endpoints []Endpoint) ([]Previewed, error) {
	files, err := p.templates.Render(endpoints)
	if err != nil {
		return nil, err
	}
	changed, err := p.writer.Changes(files)
	if err != nil {
		return nil, err
	}
	hidden := slices.Clone(endpoints)
	for i := range hidden {
		hidden[i].Password = secret.NewText(secret.Mask)
	}
	shown, err := p.templates.Render(hidden)
	if err != nil {
		return nil, err
	}
	all := make([]Previewed, 0, len(shown))
	for _, f := range shown {
		all = append(all, Previewed{Name: f.Name, Changed: slices.Contains(changed, f.Name), Text: f.Text.Reveal()})
	}
	return all, nil
}

// Publish writes the files that changed and tells the PBX, also of those of a time
// before that it was not told of. It returns the errors of the templates and of
// Writer.Write.
func (p *Publisher) Publish(ctx context.Context, endpoints []Endpoint) (Written, error) {
	files, err := p.templates.Render(endpoints)
	if err != nil {
		return Written{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	done, err := p.writer.write(ctx, files, p.unread)
	p.unread = p.unread && !done.Reloaded || errors.Is(err, ErrReload) || err != nil && len(done.Changed) > 0
	return done, err
}
