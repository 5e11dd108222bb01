package sqlite

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// deviceColumns are the columns of a record in the order of scanDevice; n comes
// before them.
const deviceColumns = `d.n, d.id, d.session_id, d.session_generation, d.session_until, d.last_inform, d.online_until,
	d.work_raised, d.work_cleared, d.work_due_at, d.manufacturer, d.oui, d.product_class, d.serial_number, d.mac, d.model,
	d.hardware_version, d.software_version, d.address, d.origin, d.tags, d.group_path, d.revision, d.first_seen, d.last_boot,
	d.last_bootstrap, d.inform_interval, d.root, d.namespace, d.parameter_key, d.inform_digest, d.events, d.onboarding_due, d.request_url,
	d.request_username, d.request_password, d.pending_username, d.pending_password, d.indexed,
	d.cwmp_version, d.retry_count, d.quarantined, d.alarms, d.pack, d.wanted, d.held, d.problem, d.changed_at, d.fetched_at,
	d.fetched_file, d.fetched_agent, d.managed, d.file_held, d.tried, d.stuck, d.drifted, d.drifted_since, d.compared_key, d.check_at`

// deviceRow is a record with the key of its row.
type deviceRow struct {
	n int64
	device.Device
}

func scanDevice(r *row) (deviceRow, error) {
	var d deviceRow
	d.n = r.int64()
	d.ID = device.ID(r.text())
	d.Session = device.Session{ID: r.text(), Generation: r.int64(), Until: r.time()}
	d.LastInform, d.OnlineUntil = r.time(), r.time()
	d.Work = device.Work{Raised: r.int64(), Cleared: r.int64(), DueAt: r.time()}
	d.Manufacturer = r.text()
	d.CWMPIdentity = device.CWMPIdentity{OUI: r.text(), ProductClass: r.text(), SerialNumber: r.text()}
	d.MAC, d.Model, d.HardwareVersion, d.SoftwareVersion, d.Address = r.text(), r.text(), r.text(), r.text(), r.text()
	d.Origin = device.Origin(r.text())
	if err := r.json(&d.Tags); err != nil {
		return d, fmt.Errorf("device %s: tags: %w", d.ID, err)
	}
	d.Group, d.Revision = r.text(), r.int64()
	d.FirstSeen, d.LastBoot, d.LastBootstrap = r.time(), r.time(), r.time()
	d.InformInterval = r.int()
	d.Root, d.Namespace, d.ParameterKey, d.InformDigest = r.text(), r.text(), r.text(), r.text()
	events, err := decodeEvents(r.text())
	if err != nil {
		return d, fmt.Errorf("device %s: events: %w", d.ID, err)
	}
	d.Events, d.OnboardingDue = events, r.bool()
	d.ConnectionRequest = device.ConnectionRequest{
		URL: r.text(), Username: r.text(), Password: secret.Sealed(r.text()),
		PendingUsername: r.text(), PendingPassword: secret.Sealed(r.text()),
	}
	if d.Indexed, err = decodeIndexed(r.text()); err != nil {
		return d, fmt.Errorf("device %s: indexed parameters: %w", d.ID, err)
	}
	d.CWMPVersion, d.RetryCount, d.Quarantined = r.text(), r.int(), r.bool()
	if d.Alarms, err = decodeAlarms(r.text()); err != nil {
		return d, fmt.Errorf("device %s: alarms: %w", d.ID, err)
	}
	d.Provisioning = device.Provisioning{
		Pack: r.text(), Wanted: r.text(), Held: r.text(), Problem: r.text(), ChangedAt: r.time(), FetchedAt: r.time(), File: r.text(), UserAgent: r.text(),
		Managed: r.bool(), FileHeld: r.text(), Tried: r.text(), Stuck: r.text(), Drifted: r.int(), DriftedSince: r.time(), ParameterKey: r.text(), CheckAt: r.time(),
	}
	return d, nil
}

// storedEvent is an event in the events column.
type storedEvent struct {
	Code       string `json:"c"`
	CommandKey string `json:"k,omitempty"`
	At         int64  `json:"t"`
}

func decodeEvents(text string) ([]device.Event, error) {
	if text == "" {
		return nil, nil
	}
	var stored []storedEvent
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("stored JSON is damaged: %w", err)
	}
	events := make([]device.Event, len(stored))
	for i, e := range stored {
		events[i] = device.Event{Code: e.Code, CommandKey: e.CommandKey, At: fromMilliseconds(e.At)}
	}
	return events, nil
}

func encodeEvents(events []device.Event) (string, error) {
	if len(events) == 0 {
		return "", nil
	}
	stored := make([]storedEvent, len(events))
	for i, e := range events {
		stored[i] = storedEvent{Code: e.Code, CommandKey: e.CommandKey, At: milliseconds(e.At)}
	}
	return encode(stored)
}

func encodeList(list []string) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	return encode(list)
}

// deviceValues returns the values of a record for insertDevice and
// updateDevice, in the order of their placeholders.
func deviceValues(d *device.Device) ([]any, error) {
	tags, err := encodeList(d.Tags)
	if err != nil {
		return nil, err
	}
	events, err := encodeEvents(d.Events)
	if err != nil {
		return nil, err
	}
	indexed, err := encodeIndexed(d.Indexed)
	if err != nil {
		return nil, err
	}
	alarms, err := encodeAlarms(d.Alarms)
	if err != nil {
		return nil, err
	}
	r := &d.ConnectionRequest
	values := []any{
		d.Session.ID, d.Session.Generation, milliseconds(d.Session.Until), milliseconds(d.LastInform), milliseconds(d.OnlineUntil),
		d.Work.Raised, d.Work.Cleared, milliseconds(d.Work.DueAt), searchText(d), d.Manufacturer, d.OUI, d.ProductClass, d.SerialNumber,
		d.MAC, d.Model, d.HardwareVersion, d.SoftwareVersion, d.Address, string(d.Origin), tags, d.Group, d.Revision,
		milliseconds(d.FirstSeen), milliseconds(d.LastBoot), milliseconds(d.LastBootstrap), d.InformInterval, d.Root, d.Namespace,
		d.ParameterKey, d.InformDigest, events, d.OnboardingDue, r.URL, r.Username, string(r.Password), r.PendingUsername, string(r.PendingPassword), indexed,
		d.CWMPVersion, d.RetryCount, d.Quarantined, alarms,
	}
	return append(values, provisioningValues(&d.Provisioning)...), nil
}

// provisioningValues returns the values for setProvisioning.
func provisioningValues(p *device.Provisioning) []any {
	return []any{
		p.Pack, p.Wanted, p.Held, p.Problem, milliseconds(p.ChangedAt), milliseconds(p.FetchedAt), p.File, p.UserAgent,
		p.Managed, p.FileHeld, p.Tried, p.Stuck, p.Drifted, milliseconds(p.DriftedSince), p.ParameterKey, milliseconds(p.CheckAt),
	}
}

const insertDevice = `INSERT INTO devices (session_id, session_generation, session_until, last_inform, online_until,
	work_raised, work_cleared, work_due_at, search, manufacturer, oui, product_class, serial_number, mac, model,
	hardware_version, software_version, address, origin, tags, group_path, revision, first_seen, last_boot,
	last_bootstrap, inform_interval, root, namespace, parameter_key, inform_digest, events, onboarding_due, request_url,
	request_username, request_password, pending_username, pending_password, indexed,
	cwmp_version, retry_count, quarantined, alarms, pack, wanted, held, problem, changed_at, fetched_at, fetched_file, fetched_agent,
	managed, file_held, tried, stuck, drifted, drifted_since, compared_key, check_at, id)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateDevice = `UPDATE devices SET session_id = ?, session_generation = ?, session_until = ?, last_inform = ?, online_until = ?,
	work_raised = ?, work_cleared = ?, work_due_at = ?, search = ?, manufacturer = ?, oui = ?, product_class = ?, serial_number = ?,
	mac = ?, model = ?, hardware_version = ?, software_version = ?, address = ?, origin = ?, tags = ?, group_path = ?, revision = ?,
	first_seen = ?, last_boot = ?, last_bootstrap = ?, inform_interval = ?, root = ?, namespace = ?, parameter_key = ?,
	inform_digest = ?, events = ?, onboarding_due = ?, request_url = ?, request_username = ?, request_password = ?, pending_username = ?,
	pending_password = ?, indexed = ?, cwmp_version = ?, retry_count = ?, quarantined = ?, alarms = ?,
	` + setProvisioning + ` WHERE n = ?`

const setProvisioning = `pack = ?, wanted = ?, held = ?, problem = ?, changed_at = ?, fetched_at = ?, fetched_file = ?, fetched_agent = ?,
	managed = ?, file_held = ?, tried = ?, stuck = ?, drifted = ?, drifted_since = ?, compared_key = ?, check_at = ?`

const (
	deviceByID       = `SELECT ` + deviceColumns + ` FROM devices d WHERE d.id = ?`
	deviceByIdentity = `SELECT ` + deviceColumns + ` FROM identities i JOIN devices d ON d.n = i.device WHERE i.kind = ? AND i.key = ?`
)

// device reads the one record that a query finds, or returns ErrNotFound.
func (c *conn) device(sql string, args ...any) (d deviceRow, err error) {
	found, err := c.one(func(r *row) (err error) {
		d, err = scanDevice(r)
		return err
	}, sql, args...)
	if err == nil && !found {
		err = device.ErrNotFound
	}
	return d, err
}

// updateDevice writes every column of a record.
func (c *conn) updateDevice(n int64, d *device.Device) error {
	values, err := deviceValues(d)
	if err != nil {
		return err
	}
	_, err = c.exec(updateDevice, append(values, n)...)
	return err
}

// wholeDevice returns the record with its times as they are stored.
func wholeDevice(d device.Device) device.Device {
	for _, t := range []*time.Time{&d.Session.Until, &d.LastInform, &d.OnlineUntil, &d.Work.DueAt, &d.FirstSeen, &d.LastBoot, &d.LastBootstrap} {
		*t = whole(*t)
	}
	events := make([]device.Event, len(d.Events))
	for i, e := range d.Events {
		e.At = whole(e.At)
		events[i] = e
	}
	d.Events = events
	alarms := make([]device.Alarm, len(d.Alarms))
	for i, a := range d.Alarms {
		a.Since, a.Last = whole(a.Since), whole(a.Last)
		alarms[i] = a
	}
	d.Alarms = alarms
	p := &d.Provisioning
	for _, t := range []*time.Time{&p.ChangedAt, &p.FetchedAt, &p.DriftedSince, &p.CheckAt} {
		*t = whole(*t)
	}
	return d
}
