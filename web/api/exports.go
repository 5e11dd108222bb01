package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
	"github.com/dialtone-acs/dialtone/users"
)

const jsonType = "application/json"

func (a *API) registerExports() {
	const broken = " An answer that breaks off is not complete. One export at a time for each caller: a second is 429 limit."
	const secrets = " Secrets are left out unless secrets=true, which needs `secrets.reveal` and leaves an entry in the audit log; one that is made for each device is auto either way."
	register(a, operation{
		id: "exportPhones", method: http.MethodGet, path: "/exports/phones", tag: importsTag, summary: "Get phones and their own settings in the form in which they are brought in",
		description: "Phones with model, group, owner, tags and the settings of the device itself; those without a MAC address are left out. In CSV there is a column for each setting, " +
			"and what is limited to models or a filter, or locked, is left out; JSON has all. A cell that a spreadsheet would take for a formula begins with an apostrophe, which an import leaves out." + secrets + " Needs `devices.read` as well." + broken,
	}, a.exportPhones)
	register(a, operation{
		id: "exportSettings", method: http.MethodGet, path: "/exports/settings", tag: importsTag, summary: "Get lines and the settings of groups in the form in which they are brought in",
		description: "And the settings above all groups, for those who see the whole fleet." + secrets + broken,
	}, a.exportSettings)
	object := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Description: "As an import of the format json takes it."}}
	a.path("/exports/phones").Get.Responses["200"].Content = map[string]*huma.MediaType{
		csvType:  {Schema: &huma.Schema{Type: huma.TypeString, Description: "A header row and one row for each phone."}},
		jsonType: object,
	}
	a.path("/exports/settings").Get.Responses["200"].Content = map[string]*huma.MediaType{jsonType: object}
}

type exportPhonesInput struct {
	Format  string `query:"format" enum:"csv,json" default:"csv"`
	Filter  string `query:"filter" maxLength:"8192" doc:"Which phones, in the filter language."`
	Secrets bool   `query:"secrets" doc:"Secrets are shown."`
}

type exportSettingsInput struct {
	Secrets bool `query:"secrets" doc:"Secrets are shown."`
}

// exportPhones reads every phone twice for a CSV, first for its columns.
func (a *API) exportPhones(ctx context.Context, in *exportPhonesInput) (*exportOutput, error) {
	if err := needs(ctx, users.ReadDevices); err != nil {
		return nil, err
	}
	list, err := a.exportList(ctx, &exportDevicesInput{Filter: in.Filter})
	if err != nil {
		return nil, err
	}
	x, free, err := a.beginExport(ctx, in.Secrets)
	if err != nil {
		return nil, err
	}
	columns := &roster.Columns{}
	if in.Format == "csv" {
		exchangeOf(ctx).extendWriteDeadline(planTime)
		err := a.eachPhone(ctx, list, func(d device.Device, l provisioners.Level) error {
			p, err := x.Phone(d, l)
			if err != nil {
				return err
			}
			return columns.Add(p)
		}, func() error { return nil })
		if err != nil {
			free()
			return nil, columnsProblem(err)
		}
	}
	return a.exported("phones."+in.Format, free, func(hc huma.Context) error {
		if in.Format == "csv" {
			return a.writePhonesCSV(hc, x, columns, list)
		}
		return a.writePhonesJSON(hc, x, list)
	}), nil
}

// beginExport returns what makes the rows, once it is clear that the one who asks may
// have them; free is to be called at the end.
func (a *API) beginExport(ctx context.Context, secrets bool) (x *roster.Exporter, free func(), err error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, nil, err
	}
	if secrets && !p.Allows(users.RevealSecrets) {
		return nil, nil, lacks(p, users.RevealSecrets)
	}
	if free, err = a.overview.exports.take(p.Actor); err != nil {
		return nil, nil, err
	}
	if secrets {
		note(ctx, exchangeOf(ctx).target, "with secrets")
		if err := a.attest(ctx); err != nil {
			free()
			return nil, nil, err
		}
	}
	return &roster.Exporter{Catalogue: a.Provisioning.Catalogue, Keeper: keeper{a.Sealer, a.Opener}, Secrets: secrets}, free, nil
}

// exported answers with a file that is written as it is made.
func (a *API) exported(name string, free func(), write func(huma.Context) error) *exportOutput {
	return &exportOutput{ContentDisposition: `attachment; filename="` + name + `"`, Body: func(hc huma.Context) {
		defer free()
		if err := write(hc); err != nil {
			a.Logger.WarnContext(hc.Context(), "export broke off", slog.String(logkeys.Name, name), slog.String(logkeys.Request, requestID(hc.Context())), slog.Any(logkeys.Error, err))
			panic(http.ErrAbortHandler) // The only way left to tell that it is not complete.
		}
	}}
}

// eachPhone calls do for every device with a MAC address and its level, and pause after
// each page of them.
func (a *API) eachPhone(ctx context.Context, list device.List, do func(device.Device, provisioners.Level) error, pause func() error) error {
	for {
		page, err := a.Devices.List(ctx, list)
		if err != nil {
			return err
		}
		if err := a.phonesOf(ctx, page.Devices, do); err != nil {
			return err
		}
		if err := pause(); err != nil || page.NextPageToken == "" {
			return err
		}
		list.PageToken = page.NextPageToken
	}
}

// phonesOf calls do for the phones of a page, whose levels are read at once.
func (a *API) phonesOf(ctx context.Context, devices []device.Device, do func(device.Device, provisioners.Level) error) error {
	var keys []provisioners.LevelKey
	for i := range devices {
		keys = append(keys, provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(devices[i].ID)})
	}
	if len(keys) == 0 {
		return nil
	}
	found, err := a.Provisioning.Levels.Levels(ctx, keys)
	if err != nil {
		return fmt.Errorf("read levels: %w", err)
	}
	levels := make(map[string]provisioners.Level, len(found))
	for _, l := range found {
		levels[l.Key.ID] = l
	}
	for i, d := range devices {
		if d.MAC == "" {
			continue
		}
		l := levels[string(d.ID)]
		l.Key = keys[i]
		if err := do(d, l); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) writePhonesCSV(hc huma.Context, x *roster.Exporter, columns *roster.Columns, list device.List) error {
	response := humaecho.Unwrap(hc).Response()
	hc.SetHeader("Content-Type", csvType+"; charset=utf-8; header=present")
	table, err := roster.NewCSVWriter(response, columns)
	if err != nil {
		return err
	}
	return a.eachPhone(hc.Context(), list, func(d device.Device, l provisioners.Level) error {
		p, err := x.Phone(d, l)
		if err != nil {
			return err
		}
		return table.Write(p)
	}, func() error {
		exchangeOf(hc.Context()).extendWriteDeadline(answerTime)
		err := table.Flush()
		response.Flush()
		return err
	})
}

func (a *API) writePhonesJSON(hc huma.Context, x *roster.Exporter, list device.List) error {
	out := newJSONLists(hc)
	if err := out.begin("phones"); err != nil {
		return err
	}
	err := a.eachPhone(hc.Context(), list, func(d device.Device, l provisioners.Level) error {
		p, err := x.Phone(d, l)
		if err != nil {
			return err
		}
		return out.add(p)
	}, out.flush)
	if err != nil {
		return err
	}
	return out.end()
}
