-- How a device stands with its settings and files. The state is made of what it
-- follows from, as device.Provisioning.State does, so that no write can forget it.
ALTER TABLE devices ADD COLUMN pack TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN wanted TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN problem TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN fetched_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN fetched_file TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN fetched_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN provisioning TEXT NOT NULL GENERATED ALWAYS AS (CASE
    WHEN problem <> '' THEN 'failing'
    WHEN pack = '' OR wanted = '' THEN 'none'
    WHEN held = wanted THEN 'converged'
    ELSE 'pending' END) VIRTUAL;
CREATE INDEX devices_pack ON devices (lower(pack), id);
CREATE INDEX devices_provisioning ON devices (lower(provisioning), id);
CREATE INDEX devices_fetched ON devices (fetched_at, id);

-- A device that only asks for files is seen as well: the states of the fleet are
-- counted in this index alone. A session writes it as before, and no other.
DROP INDEX devices_last_inform;
CREATE INDEX devices_last_inform ON devices (last_inform, fetched_at, online_until, group_path);

-- Entries are a JSON list, '' for none, and may be long, so that the table has row
-- numbers: its indexes stay small.
CREATE TABLE levels (
    n          INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    id         TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    entries    TEXT NOT NULL,
    UNIQUE (kind, id)
);
-- Of these levels every server reads what changed every few seconds.
CREATE INDEX levels_updated ON levels (updated_at, kind, id) WHERE kind IN ('global', 'group');

CREATE TABLE lines (
    group_path   TEXT NOT NULL,
    number       TEXT NOT NULL,
    user         TEXT NOT NULL,
    auth_user    TEXT NOT NULL,
    password     TEXT NOT NULL,
    display_name TEXT NOT NULL,
    label        TEXT NOT NULL,
    voicemail    TEXT NOT NULL,
    listed       INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (group_path, number)
) WITHOUT ROWID;

-- The device is '' for a phone that is not known.
CREATE TABLE fetches (
    n          INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    device     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    protocol   TEXT NOT NULL,
    method     TEXT NOT NULL,
    path       TEXT NOT NULL,
    address    TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    status     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    complete   INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    detail     TEXT NOT NULL
);
CREATE INDEX fetches_device ON fetches (device, id);
CREATE INDEX fetches_at ON fetches (at, id);
CREATE INDEX fetches_failed ON fetches (id) WHERE status >= 400;

CREATE TABLE strangers (
    id            TEXT PRIMARY KEY,
    mac           TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    address       TEXT NOT NULL,
    user_agent    TEXT NOT NULL,
    pack          TEXT NOT NULL,
    model         TEXT NOT NULL,
    protocol      TEXT NOT NULL,
    path          TEXT NOT NULL,
    first_at      INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    requests      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX strangers_last ON strangers (last_at, id);
