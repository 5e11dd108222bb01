package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// fromVersionSeven opens a database that was of the seventh version, with a device for
// each of the given ways to stand, whose serial numbers count from 0.
func fromVersionSeven(t *testing.T, all ...device.Provisioning) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dialtone.db")
	c, err := openConn(path)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Options{Path: path, migrations: versions(t, 7)}.withDefaults()
	if err = errors.Join(err, prepareSchema(c, o)); err != nil {
		t.Fatal(err)
	}
	for i, p := range all {
		_, err := c.exec(`INSERT INTO devices (id, session_id, session_generation, session_until, last_inform, online_until, work_raised, work_cleared, work_due_at,
			search, manufacturer, oui, product_class, serial_number, mac, model, hardware_version, software_version, address, origin, tags, group_path,
			revision, first_seen, last_boot, last_bootstrap, inform_interval, root, namespace, parameter_key, inform_digest, events, onboarding_due,
			request_url, request_username, request_password, pending_username, pending_password, pack, wanted, held, problem)
			VALUES (?, '', 0, 0, 0, 0, 0, 0, 0, '', '', '', '', ?, '', '', '', '', '', 'operator', '', '', 1, 0, 0, 0, 0, '', '', '', '', '', 0, '', '', '', '', '', ?, ?, ?, ?)`,
			fmt.Sprint("d", i), fmt.Sprint(i), p.Pack, p.Wanted, p.Held, p.Problem)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	return openClosing(t, Options{Path: path})
}

func TestDevicesFromBeforeSessionsWorkedAtSettingsKeepTheirStateAndTakeNewOnes(t *testing.T) {
	former := []device.Provisioning{
		{}, {Pack: "snom", Wanted: "w"}, {Pack: "snom", Wanted: "w", Held: "w"}, {Pack: "snom", Wanted: "w", Held: "w", Problem: "p"},
	}
	s, ctx := fromVersionSeven(t, former...), t.Context()
	listed := func(state device.ProvisioningState) (ids []device.ID) {
		t.Helper()
		e, err := query.Parse(device.Schema(), "provisioning = "+string(state))
		if err != nil {
			t.Fatal(err)
		}
		page, err := s.Devices().List(ctx, device.List{Filter: e, PageSize: 10, Now: start})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Devices {
			ids = append(ids, d.ID)
		}
		return ids
	}
	for i, p := range former {
		d, err := s.Devices().Get(ctx, device.ID(fmt.Sprint("d", i)))
		if err != nil || d.Provisioning != p {
			t.Errorf("device %d stands as %+v, %v, want %+v", i, d.Provisioning, err, p)
		}
		if ids := listed(p.State()); len(ids) == 0 || len(ids) == len(former) {
			t.Errorf("%d devices are %s", len(ids), p.State())
		}
	}
	if err := s.Provisioning().NoteConverged(ctx, "d2", device.Converged{At: start, Pack: "snom", Wanted: "w", Held: true, Drifted: 1}); err != nil {
		t.Fatal(err)
	}
	check(t, "drifted", []device.ID{"d2"})(listed(device.ProvisioningDrifted), nil)
	check(t, "converged", []device.ID(nil))(listed(device.ProvisioningConverged), nil)
}

// A list must not read the names, which are most of a data model.
func TestTheNamesOfADataModelLieBehindWhatListsRead(t *testing.T) {
	s := openClosing(t, Options{})
	var columns []string
	err := s.read(t.Context(), "test", func(c *conn) error {
		return c.each(func(r *row) error { columns = append(columns, r.text()); return nil }, "SELECT name FROM pragma_table_info('data_models')")
	})
	if err != nil || len(columns) == 0 || columns[len(columns)-1] != "names" {
		t.Errorf("columns are %q, %v, want the names last", columns, err)
	}
}
