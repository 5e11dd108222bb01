package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/users"
)

const (
	jsonLinesType = "application/jsonl"
	// auditExportPage is how many entries are read at once.
	auditExportPage = 500
)

func (a *API) registerAuditExport() {
	register(a, operation{
		id: "exportAudit", method: http.MethodGet, path: "/audit/export", tag: auditTag, summary: "Get the audit log as a file, the oldest entry first",
		description: "As CSV (RFC 4180, UTF-8, with a header row) or with one JSON object in each line, as listAuditEntries shows it. In CSV, a cell that a " +
			"spreadsheet would take for a formula (it begins with =, +, -, @, a tab or a carriage return) begins with an apostrophe. " +
			"An answer that breaks off is not complete. Not for those who are limited to a group.",
	}, a.exportAudit)
	entry := a.schemas().Schema(reflect.TypeFor[AuditEntry](), true, "")
	a.path("/audit/export").Get.Responses["200"].Content = map[string]*huma.MediaType{
		csvType:       {Schema: &huma.Schema{Type: huma.TypeString, Description: "A header row and one row for each entry."}},
		jsonLinesType: {Schema: entry},
	}
}

type auditExportInput struct {
	Filter string `query:"filter" maxLength:"8192" doc:"Which entries, in the filter language."`
	Format string `query:"format" enum:"csv,jsonl" default:"csv" doc:"csv, or jsonl for JSON in lines."`
}

type auditExportOutput struct {
	ContentDisposition string `header:"Content-Disposition"`
	Body               func(huma.Context)
}

// exportAudit reads the first page before it answers, so that whatever is wrong
// becomes a problem and not an answer that breaks off.
func (a *API) exportAudit(ctx context.Context, in *auditExportInput) (*auditExportOutput, error) {
	if err := wholeFleet(ctx, "audit entries"); err != nil {
		return nil, err
	}
	filter, err := parseFilter(users.AuditSchema(), in.Filter, a.Now())
	if err != nil {
		return nil, err
	}
	list := users.AuditList{Filter: filter, Ascending: true, Limit: auditExportPage}
	page, err := a.Audit.List(ctx, list)
	if err != nil {
		return nil, err
	}
	until := a.moment()
	return &auditExportOutput{ContentDisposition: `attachment; filename="audit.` + in.Format + `"`, Body: func(hc huma.Context) {
		if err := a.writeAudit(hc, in.Format, list, page, until); err != nil {
			a.Logger.WarnContext(hc.Context(), "export of the audit log broke off", slog.String(logkeys.Request, requestID(hc.Context())), slog.Any(logkeys.Error, err))
			panic(http.ErrAbortHandler) // The only way left to tell that it is not complete.
		}
	}}, nil
}

// writeAudit writes the page and all that follow it, up to what was written after
// the export began: a busy log would have no end.
func (a *API) writeAudit(hc huma.Context, format string, list users.AuditList, page []users.AuditEntry, until time.Time) error {
	x := exchangeOf(hc.Context())
	response := humaecho.Unwrap(hc).Response()
	lines := newAuditLines(response, format)
	hc.SetHeader("Content-Type", lines.contentType())
	x.extendWriteDeadline(answerTime)
	if err := lines.begin(); err != nil {
		return fmt.Errorf("write audit entries: %w", err)
	}
	for {
		for _, e := range page {
			if e.At.After(until) {
				return lines.flush()
			}
			if err := lines.write(e); err != nil {
				return fmt.Errorf("write audit entry %d: %w", e.Sequence, err)
			}
		}
		x.extendWriteDeadline(answerTime)
		if err := lines.flush(); err != nil || len(page) < list.Limit {
			return err
		}
		response.Flush()
		list.After = &page[len(page)-1].Sequence
		var err error
		if page, err = a.Audit.List(hc.Context(), list); err != nil {
			return fmt.Errorf("list audit entries: %w", err)
		}
	}
}

// auditLines writes audit entries one after the other.
type auditLines interface {
	contentType() string
	begin() error
	write(e users.AuditEntry) error
	flush() error
}

func newAuditLines(w io.Writer, format string) auditLines {
	if format == "jsonl" {
		return auditJSON{json.NewEncoder(w)}
	}
	table := csv.NewWriter(w)
	table.UseCRLF = true
	return auditTable{table}
}

// auditJSON writes each entry as a JSON object in a line of its own.
type auditJSON struct{ encoder *json.Encoder }

func (auditJSON) contentType() string { return jsonLinesType }
func (auditJSON) begin() error        { return nil }
func (auditJSON) flush() error        { return nil }

func (j auditJSON) write(e users.AuditEntry) error {
	shown, err := showAuditEntry(e)
	if err != nil {
		return err
	}
	return j.encoder.Encode(shown)
}

// auditTable writes entries as CSV.
type auditTable struct{ table *csv.Writer }

func (auditTable) contentType() string { return csvType + "; charset=utf-8; header=present" }

func (t auditTable) begin() error {
	return t.table.Write([]string{"sequence", "at", "actor", "address", "action", "target", "outcome", "detail", "before", "after", "previous", "hash"})
}

func (t auditTable) write(e users.AuditEntry) error {
	row := []string{
		strconv.FormatInt(e.Sequence, 10), e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Address, e.Action, e.Target,
		strconv.Itoa(e.Outcome), e.Detail, e.Before, e.After, e.Previous, e.Hash,
	}
	for i := 2; i < len(row); i++ { // The first two are a number and a time.
		row[i] = plainCell(row[i])
	}
	return t.table.Write(row)
}

func (t auditTable) flush() error {
	t.table.Flush()
	return t.table.Error()
}
