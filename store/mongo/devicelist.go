package mongo

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/store"
)

// parameterField stands before the name of an indexed parameter in the fields
// of a filter.
const parameterField = "parameter."

// deviceFields says where the fields of a device lie, seen at now, with those of
// indexed parameters.
func deviceFields(now time.Time, indexed []string) filterFields {
	fixed := map[string]filterField{
		"id":              {path: idField, always: true},
		"manufacturer":    {path: "folded.manufacturer"},
		"oui":             {path: "folded.oui"},
		"productClass":    {path: "folded.productClass"},
		"serialNumber":    {path: "folded.serialNumber"},
		"mac":             {path: "mac"},
		"model":           {path: "folded.model"},
		"hardwareVersion": {path: "folded.hardwareVersion"},
		"softwareVersion": {path: "folded.softwareVersion"},
		"address":         {path: "folded.address"},
		"tags":            {path: "folded.tags"},
		"group":           {path: "folded.group"},
		"firstSeen":       {path: "firstSeen"},
		"lastInform":      {path: "lastInform"},
		"lastFetch":       {path: fetchedAtField},
		"online":          {holds: stateAt(device.StateOnline, now)},
		"late":            {holds: stateAt(device.StateLate, now)},
		"offline":         {holds: stateAt(device.StateOffline, now)},
		"neverSeen":       {holds: stateAt(device.StateNever, now)},
		"quarantined":     {path: "quarantined"},
		"alarms":          {path: "folded.alarms"},
		"pack":            {path: "folded.pack"},
		"provisioning":    {path: foldedStateField, always: true},
		"revision":        {path: "revision", always: true},
	}
	return func(name string) (filterField, bool) {
		if parameter, ok := strings.CutPrefix(name, parameterField); ok {
			return filterField{path: indexedPath(parameter)}, slices.Contains(indexed, parameter)
		}
		f, ok := fixed[name]
		return f, ok
	}
}

func (s devices) List(ctx context.Context, l device.List) (page device.Page, err error) {
	err = s.do(ctx, "listDevices", func(ctx context.Context) error {
		page, err = s.list(ctx, l)
		return err
	})
	return page, err
}

func (s devices) list(ctx context.Context, l device.List) (page device.Page, err error) {
	all, err := s.deviceListing(ctx, l)
	if err != nil {
		return device.Page{}, err
	}
	found, total, err := list[deviceDocument](ctx, s.Store, all)
	if err != nil {
		return device.Page{}, err
	}
	page.Total = total
	for i := range found[:min(len(found), l.PageSize)] {
		page.Devices = append(page.Devices, found[i].device())
	}
	if len(found) > l.PageSize {
		last := &page.Devices[l.PageSize-1]
		page.NextPageToken = all.order.token(all.order.placeOf(string(last.ID), func(f query.Field) query.Value { return deviceValue(last, f, l.Now) }))
	}
	return page, nil
}

func (s *Store) deviceListing(ctx context.Context, l device.List) (listing, error) {
	fields := deviceFields(l.Now, s.options.IndexedParameters)
	filter, err := s.compile(ctx, fields, l.Filter)
	return listing{
		operation: "listDevices", collection: devicesCollection, filters: []bson.D{inScope(l.Scope), filter}, order: &keyset{list: devicesCollection, orders: l.Order, fields: fields},
		token: l.PageToken, size: l.PageSize, count: l.Count,
	}, errors.Join(store.CheckPageSize(l.PageSize), err)
}

func deviceValue(d *device.Device, f query.Field, now time.Time) query.Value {
	if name, ok := strings.CutPrefix(f.Name, parameterField); ok {
		return query.TextValue(d.Indexed[name])
	}
	value, _ := d.Field(f.Name, now)
	return value
}
