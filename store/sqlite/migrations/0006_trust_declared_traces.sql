-- What the last Inform told, quarantine, and alarms: a JSON list, '' for none.
ALTER TABLE devices ADD COLUMN cwmp_version TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN retry_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN alarms TEXT NOT NULL DEFAULT '';
-- Few devices are in these indexes, and those are looked for often.
CREATE INDEX devices_quarantined ON devices (id) WHERE quarantined = 1;
CREATE INDEX devices_alarmed ON devices (id) WHERE alarms <> '';

-- The kinds of alarms once more, folded, for filters.
CREATE TABLE device_alarms (
    kind   TEXT NOT NULL,
    device INTEGER NOT NULL REFERENCES devices (n),
    PRIMARY KEY (kind, device)
) WITHOUT ROWID;
CREATE INDEX device_alarms_device ON device_alarms (device);

ALTER TABLE credentials ADD COLUMN issued INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
DROP INDEX credentials_device;
CREATE INDEX credentials_device ON credentials (device, created_at);

-- The device that uploaded a file and the task that asked it to, '' for a file
-- that was given to the server.
ALTER TABLE files ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN task TEXT NOT NULL DEFAULT '';
CREATE INDEX files_device ON files (lower(device)) WHERE device <> '';
ALTER TABLE grants ADD COLUMN upload INTEGER NOT NULL DEFAULT 0;
ALTER TABLE grants ADD COLUMN upload_type TEXT NOT NULL DEFAULT '';

-- Calls are a JSON list, '' for none.
ALTER TABLE past_sessions ADD COLUMN calls TEXT NOT NULL DEFAULT '';
ALTER TABLE past_sessions ADD COLUMN retry_count INTEGER NOT NULL DEFAULT 0;

-- Bodies may be large, so that the table has row numbers: its index stays small.
CREATE TABLE declared (
    n          INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    id         TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    body       BLOB NOT NULL,
    UNIQUE (kind, id)
);

-- Headers are one a line. The body comes last, as it may be large. Sizes are added
-- up in the indexes alone.
CREATE TABLE traces (
    n         INTEGER PRIMARY KEY,
    device    TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    session   TEXT NOT NULL,
    direction TEXT NOT NULL,
    method    TEXT NOT NULL,
    start     TEXT NOT NULL,
    headers   TEXT NOT NULL,
    cut       INTEGER NOT NULL,
    body      TEXT NOT NULL
);
CREATE UNIQUE INDEX traces_device ON traces (device, id);
CREATE INDEX traces_size ON traces (device, id, size);
CREATE INDEX traces_at ON traces (at, size);
