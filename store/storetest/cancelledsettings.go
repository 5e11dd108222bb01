package storetest

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// settingsCalls are the calls of everyCall for settings and what phones fetch.
func settingsCalls(s store.Store, d device.Device) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Provisioning.Mark": func(ctx context.Context) error {
			return second(s.Provisioning().Mark(ctx, d.ID, device.Mark{Pack: "new"}))
		},
		"Provisioning.NoteFetched": func(ctx context.Context) error { return s.Provisioning().NoteFetched(ctx, d.ID, fullFetched()) },
		"Provisioning.NoteConverged": func(ctx context.Context) error {
			return s.Provisioning().NoteConverged(ctx, d.ID, fullConverged(d.Session.Generation))
		},
		"Provisioning.Reconsider": func(ctx context.Context) error { return s.Provisioning().Reconsider(ctx, d.ID, now()) },
		"Convergences.Convergence": func(ctx context.Context) error {
			return second(s.Convergences().Convergence(ctx, d.ID))
		},
		"Convergences.PutConvergence": func(ctx context.Context) error {
			return second(s.Convergences().PutConvergence(ctx, fullConvergence(d.ID)))
		},
		"DataModels.DataModel": func(ctx context.Context) error {
			return second(s.DataModels().DataModel(ctx, d.ModelKey(), d.Root))
		},
		"DataModels.PutDataModel": func(ctx context.Context) error {
			return second(s.DataModels().PutDataModel(ctx, fullDataModel("new", "Device.")))
		},
		"DataModels.ListDataModels": func(ctx context.Context) error {
			return second(s.DataModels().ListDataModels(ctx, provisioners.DataModel{}, 10))
		},
		"DataModels.DeleteDataModel": func(ctx context.Context) error { return s.DataModels().DeleteDataModel(ctx, d.ModelKey(), d.Root) },
		"Levels.Levels": func(ctx context.Context) error {
			return second(s.Levels().Levels(ctx, []provisioners.LevelKey{levelKey(provisioners.GroupLevel, "x")}))
		},
		"Levels.SharedLevels": func(ctx context.Context) error {
			return second(s.Levels().SharedLevels(ctx, now(), provisioners.LevelKey{}, 10))
		},
		"Levels.PutLevel": func(ctx context.Context) error {
			return second(s.Levels().PutLevel(ctx, fullLevel(provisioners.GroupLevel, "new")))
		},
		"Lines.Lines": func(ctx context.Context) error {
			return second(s.Lines().Lines(ctx, []provisioners.LineKey{lineKey("", "x")}))
		},
		"Lines.ListLines": func(ctx context.Context) error {
			return second(s.Lines().ListLines(ctx, provisioners.LineList{Limit: 10}))
		},
		"Lines.PutLine":    func(ctx context.Context) error { return second(s.Lines().PutLine(ctx, fullLine("", "new"))) },
		"Lines.DeleteLine": func(ctx context.Context) error { return s.Lines().DeleteLine(ctx, lineKey("", "x"), 0) },
		"Fetches.AppendFetches": func(ctx context.Context) error {
			return s.Fetches().AppendFetches(ctx, []provisioners.Fetch{fullFetch(d.ID, 1)})
		},
		"Fetches.ListFetches": func(ctx context.Context) error {
			return second(s.Fetches().ListFetches(ctx, provisioners.FetchList{Limit: 10}))
		},
		"Fetches.DeleteFetches": func(ctx context.Context) error { return second(s.Fetches().DeleteFetches(ctx, now(), 10)) },
		"Fetches.NoteStranger":  func(ctx context.Context) error { return s.Fetches().NoteStranger(ctx, fullStranger(1)) },
		"Fetches.ListStrangers": func(ctx context.Context) error {
			return second(s.Fetches().ListStrangers(ctx, provisioners.Stranger{}, 10))
		},
		"Fetches.Stranger":       func(ctx context.Context) error { return second(s.Fetches().Stranger(ctx, "x")) },
		"Fetches.DeleteStranger": func(ctx context.Context) error { return s.Fetches().DeleteStranger(ctx, "x") },
		"Fetches.DeleteStrangers": func(ctx context.Context) error {
			return second(s.Fetches().DeleteStrangers(ctx, 0, now(), 10))
		},
	}
}
