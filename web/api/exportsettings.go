package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
)

// columnsProblem says that a CSV has no place for what phones have.
func columnsProblem(err error) error {
	if errors.Is(err, roster.ErrColumns) {
		return invalid("query.format", fmt.Sprintf("must be json: the phones have more than %d settings of their own", roster.MaxColumns))
	}
	return err
}

func (a *API) exportSettings(ctx context.Context, in *exportSettingsInput) (*exportOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	x, free, err := a.beginExport(ctx, in.Secrets)
	if err != nil {
		return nil, err
	}
	return a.exported("settings.json", free, func(hc huma.Context) error {
		out := newJSONLists(hc)
		if err := a.writeLevels(hc.Context(), out, x, s); err != nil {
			return err
		}
		if err := a.writeLines(hc.Context(), out, x, s); err != nil {
			return err
		}
		return out.end()
	}), nil
}

// settingsPage is how many levels or lines are read at once.
const settingsPage = 500

// writeLevels writes the levels that the one who asks may see.
func (a *API) writeLevels(ctx context.Context, out *jsonLists, x *roster.Exporter, s device.Scope) error {
	if err := out.begin("levels"); err != nil {
		return err
	}
	var after provisioners.LevelKey
	for {
		page, err := a.Provisioning.Levels.SharedLevels(ctx, time.Time{}, after, settingsPage)
		if err != nil {
			return fmt.Errorf("read levels: %w", err)
		}
		for _, l := range page {
			if len(l.Entries) == 0 || !inScope(s, l.Key.ID) {
				continue
			}
			shown, err := x.Level(l)
			if err != nil {
				return err
			}
			if err := out.add(shown); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil || len(page) < settingsPage {
			return err
		}
		after = page[len(page)-1].Key
	}
}

func (a *API) writeLines(ctx context.Context, out *jsonLists, x *roster.Exporter, s device.Scope) error {
	if err := out.begin("lines"); err != nil {
		return err
	}
	list := provisioners.LineList{Scope: s, Limit: settingsPage}
	for {
		page, err := a.Provisioning.Lines.ListLines(ctx, list)
		if err != nil {
			return fmt.Errorf("read lines: %w", err)
		}
		for _, l := range page {
			shown, err := x.Line(l)
			if err != nil {
				return err
			}
			if err := out.add(shown); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil || len(page) < settingsPage {
			return err
		}
		list.After = page[len(page)-1].LineKey
	}
}

// jsonLists writes one JSON object of lists, element by element.
type jsonLists struct {
	hc      huma.Context
	encoder *json.Encoder
	writer  io.Writer
	lists   int
	// elements are those of the list that is open.
	elements int
}

func newJSONLists(hc huma.Context) *jsonLists {
	hc.SetHeader("Content-Type", jsonType)
	response := humaecho.Unwrap(hc).Response()
	return &jsonLists{hc: hc, writer: response, encoder: json.NewEncoder(response)}
}

// begin ends the list that is open and begins another.
func (j *jsonLists) begin(name string) error {
	before := "{"
	if j.lists > 0 {
		before = "],\n"
	}
	j.lists++
	j.elements = 0
	_, err := fmt.Fprintf(j.writer, "%s%q:[\n", before, name)
	return err
}

func (j *jsonLists) add(element any) error {
	if j.elements++; j.elements > 1 {
		if _, err := io.WriteString(j.writer, ","); err != nil {
			return err
		}
	}
	return j.encoder.Encode(element)
}

func (j *jsonLists) flush() error {
	exchangeOf(j.hc.Context()).extendWriteDeadline(answerTime)
	humaecho.Unwrap(j.hc).Response().Flush()
	return nil
}

// end ends the list that is open, and the object.
func (j *jsonLists) end() error {
	_, err := io.WriteString(j.writer, "]}\n")
	return err
}
