package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

func (a *API) registerExport() {
	register(a, operation{
		id: "exportDevices", method: http.MethodGet, path: "/devices/export", tag: devicesTag, summary: "Get devices as CSV",
		description: "Every device that matches, in UTF-8 after RFC 4180 with a header row. Times are RFC 3339 in UTC, the tags of a device are joined by commas. " +
			"A cell that a spreadsheet would take for a formula (it begins with =, +, -, @, a tab or a carriage return) begins with an apostrophe. " +
			"An answer that breaks off is not complete. One export at a time for each caller: a second is 429 limit.",
	}, a.exportDevices)
	a.path("/devices/export").Get.Responses["200"].Content = map[string]*huma.MediaType{
		csvType: {Schema: &huma.Schema{Type: huma.TypeString, Description: "A header row and one row for each device."}},
	}
}

type exportDevicesInput struct {
	Filter  string `query:"filter" maxLength:"8192" doc:"Which devices, in the filter language."`
	OrderBy string `query:"orderBy" maxLength:"1024" doc:"Fields in order, such as lastInform desc, serialNumber."`
	Columns string `query:"columns" maxLength:"4096" doc:"The columns in order, joined by commas: names of fields of a device that filters know, parameter.NAME included, and state. Absent for some that people want."`
}

type exportOutput struct {
	ContentDisposition string `header:"Content-Disposition"`
	Body               func(huma.Context)
}

// exportPage is how many devices are read at once.
const exportPage = 500

// exportDevices reads the first page before it answers, so that whatever is
// wrong becomes a problem and not an answer that breaks off.
func (a *API) exportDevices(ctx context.Context, in *exportDevicesInput) (*exportOutput, error) {
	list, err := a.exportList(ctx, in)
	if err != nil {
		return nil, err
	}
	columns, err := a.parseColumns(in.Columns)
	if err != nil {
		return nil, err
	}
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	free, err := a.overview.exports.take(p.Actor)
	if err != nil {
		return nil, err
	}
	page, err := a.Devices.List(ctx, list)
	if err != nil {
		free()
		return nil, err
	}
	return &exportOutput{ContentDisposition: `attachment; filename="devices.csv"`, Body: func(hc huma.Context) {
		defer free()
		hc.SetHeader("Content-Type", csvType+"; charset=utf-8; header=present")
		if err := a.writeDevices(hc, columns, list, page); err != nil {
			a.Logger.WarnContext(hc.Context(), "export of devices broke off", slog.String(logkeys.Request, requestID(hc.Context())), slog.Any(logkeys.Error, err))
			panic(http.ErrAbortHandler) // The only way left to tell that it is not complete.
		}
	}}, nil
}

func (a *API) exportList(ctx context.Context, in *exportDevicesInput) (device.List, error) {
	s, err := scope(ctx)
	if err != nil {
		return device.List{}, err
	}
	now := a.Now()
	filter, err := parseFilter(a.deviceSchema, in.Filter, now)
	if err != nil {
		return device.List{}, err
	}
	order, err := query.ParseOrderBy(a.deviceSchema, in.OrderBy)
	if err != nil {
		return device.List{}, syntaxProblem("query.orderBy", err)
	}
	return device.List{Scope: s, Filter: filter, Order: order, PageSize: exportPage, Now: now}, nil
}

// writeDevices writes the page and all that follow it.
func (a *API) writeDevices(hc huma.Context, columns []string, list device.List, page device.Page) error {
	x := exchangeOf(hc.Context())
	response := humaecho.Unwrap(hc).Response()
	writer := csv.NewWriter(response)
	writer.UseCRLF = true
	x.extendWriteDeadline(answerTime)
	if err := writer.Write(columns); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	for {
		for i := range page.Devices {
			if err := writer.Write(row(&page.Devices[i], columns, list.Now)); err != nil {
				return fmt.Errorf("write row: %w", err)
			}
		}
		x.extendWriteDeadline(answerTime)
		writer.Flush()
		if err := writer.Error(); err != nil {
			return fmt.Errorf("write rows: %w", err)
		}
		if page.NextPageToken == "" {
			return nil
		}
		response.Flush()
		list.PageToken = page.NextPageToken
		var err error
		if page, err = a.Devices.List(hc.Context(), list); err != nil {
			return fmt.Errorf("list devices: %w", err)
		}
	}
}

// stateColumn is the one column that is no field of filters.
const stateColumn = "state"

// defaultColumns are those of an export that names none.
func defaultColumns() []string {
	return []string{
		"id", "manufacturer", "oui", "productClass", "serialNumber", "mac", "model", "hardwareVersion", "softwareVersion", "address", "group",
		"tags", stateColumn, "firstSeen", "lastInform",
	}
}

func (a *API) parseColumns(text string) ([]string, error) {
	if strings.TrimSpace(text) == "" {
		return defaultColumns(), nil
	}
	known := append(a.deviceSchema.Names(), stateColumn)
	var columns []string
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(known, name) {
			return nil, invalid("query.columns", "must be some of "+strings.Join(known, ", ")+", joined by commas")
		}
		if slices.Contains(columns, name) {
			return nil, invalid("query.columns", "names "+name+" twice")
		}
		columns = append(columns, name)
	}
	return columns, nil
}

// row returns the cells of a device at now.
func row(d *device.Device, columns []string, now time.Time) []string {
	cells := make([]string, len(columns))
	for i, name := range columns {
		if name == stateColumn {
			cells[i] = string(d.State(now))
			continue
		}
		value, _ := d.Field(name, now)
		cells[i] = cell(value)
	}
	return cells
}
