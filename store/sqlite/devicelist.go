package sqlite

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/store"
)

// deviceFields returns where the fields of a device lie, seen at now, those of
// the named indexed parameters among them.
func deviceFields(now time.Time, indexed []string) map[string]column {
	seen := "(d.last_inform <> 0 OR d.fetched_at <> 0)"
	online, late := ceilMilliseconds(now), now.Add(-device.LateFor).UnixMilli()
	fields := map[string]column{
		"id":              {sql: "d.id"},
		"manufacturer":    {sql: "d.manufacturer"},
		"oui":             {sql: "d.oui"},
		"productClass":    {sql: "d.product_class"},
		"serialNumber":    {sql: "d.serial_number"},
		"mac":             {sql: "d.mac"},
		"model":           {sql: "d.model"},
		"hardwareVersion": {sql: "d.hardware_version"},
		"softwareVersion": {sql: "d.software_version"},
		"address":         {sql: "d.address"},
		"tags":            {sql: "d.tags", elements: "device_tags", element: "tag"},
		"group":           {sql: "d.group_path"},
		"firstSeen":       {sql: "d.first_seen"},
		"lastInform":      {sql: "d.last_inform"},
		"online":          {sql: seen + " AND d.online_until >= ?", args: []any{online}},
		"late":            {sql: seen + " AND d.online_until < ? AND d.online_until > ?", args: []any{online, late}},
		"offline":         {sql: seen + " AND d.online_until <= ?", args: []any{late}},
		"neverSeen":       {sql: "d.last_inform = 0 AND d.fetched_at = 0"},
		"quarantined":     {sql: "d.quarantined = 1"},
		"alarms":          {sql: "d.alarms", elements: "device_alarms", element: "kind"},
		"pack":            {sql: "d.pack"},
		"provisioning":    {sql: "d.provisioning"},
		"lastFetch":       {sql: "d.fetched_at"},
		"revision":        {sql: "d.revision"},
	}
	maps.Copy(fields, indexedColumns(indexed))
	return fields
}

// filters reports whether a filter leaves anything out. Rows are then read in
// the order of the table and sorted: to walk an index of the order instead and
// look up every row costs several times as much where few of them match.
func filters(e query.Expr) bool {
	_, all := e.(query.All)
	return e != nil && !all
}

// ceilMilliseconds returns the first whole millisecond that is not before t, so
// that comparing it with stored times gives what comparing t does.
func ceilMilliseconds(t time.Time) int64 {
	ms := t.UnixMilli()
	if time.UnixMilli(ms).Before(t) {
		ms++
	}
	return ms
}

// scope writes the condition for devices in a group subtree.
func (w *where) scope(s device.Scope) { w.subtree("d.group_path", s) }

// subtree writes the condition for paths in a group subtree.
func (w *where) subtree(path string, s device.Scope) {
	if s.Group == "" {
		w.write("1")
		return
	}
	// "X0" is what follows everything that begins with "X/". The outer range is
	// what the index serves.
	w.write("("+path+" >= ? AND "+path+" < ? AND ("+path+" = ? OR "+path+" >= ?))", s.Group, s.Group+"0", s.Group, s.Group+"/")
}

func (s devices) List(ctx context.Context, l device.List) (page device.Page, err error) {
	list, err := deviceListing(l, s.indexed)
	if err != nil {
		return device.Page{}, err
	}
	err = s.read(ctx, "listDevices", func(c *conn) (err error) {
		page.Total, err = c.list(ctx, list, func(r *row) error {
			d, err := scanDevice(r)
			page.Devices = append(page.Devices, d.Device)
			return err
		})
		return err
	})
	if err != nil {
		return device.Page{}, err
	}
	if len(page.Devices) > l.PageSize {
		page.Devices = page.Devices[:l.PageSize]
		page.NextPageToken = list.order.token(devicePlace(&page.Devices[l.PageSize-1], l.Order, l.Now))
	}
	return page, nil
}

func deviceListing(l device.List, indexed []string) (listing, error) {
	fields := deviceFields(l.Now, indexed)
	order := &keyset{orders: l.Order, columns: fields, key: "d.id", sorted: filters(l.Filter)}
	w := &where{columns: fields, search: "d.search"}
	w.scope(l.Scope)
	w.write(" AND ")
	err := errors.Join(store.CheckPageSize(l.PageSize), order.check(), w.expr(l.Filter))
	list := listing{from: "devices d", columns: deviceColumns, where: w, order: order, token: l.PageToken, size: l.PageSize, count: l.Count}
	if len(l.Order) > 0 || order.sorted {
		list.row = "d.n"
	}
	return list, err
}

func devicePlace(d *device.Device, orders []query.Order, now time.Time) place {
	p := place{key: string(d.ID)}
	for _, o := range orders {
		value, _ := d.Field(o.Field.Name, now)
		p.values = append(p.values, orderValue(value))
	}
	return p
}
