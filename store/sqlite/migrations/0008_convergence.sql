-- What sessions made of the settings of a device, see device.Converged.
ALTER TABLE devices ADD COLUMN managed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN file_held TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN tried TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN stuck TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN drifted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN drifted_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN compared_key TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN check_at INTEGER NOT NULL DEFAULT 0;

-- The state follows from more than before. A column that is not stored is replaced
-- without touching a row; only its index is made anew.
DROP INDEX devices_provisioning;
ALTER TABLE devices DROP COLUMN provisioning;
ALTER TABLE devices ADD COLUMN provisioning TEXT NOT NULL GENERATED ALWAYS AS (CASE
    WHEN problem <> '' THEN 'failing'
    WHEN pack = '' OR wanted = '' THEN 'none'
    WHEN stuck <> '' AND tried = wanted THEN 'failing'
    WHEN held <> wanted THEN 'pending'
    WHEN drifted > 0 THEN 'drifted'
    ELSE 'converged' END) VIRTUAL;
CREATE INDEX devices_provisioning ON devices (lower(provisioning), id);

-- The body is JSON and may be long, so that the table has row numbers: its index
-- stays small.
CREATE TABLE convergences (
    n        INTEGER PRIMARY KEY,
    device   TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    body     TEXT NOT NULL
);

-- Asked and unmapped are JSON lists, '' for none. The names come last: they may be
-- long, and no list reads them.
CREATE TABLE data_models (
    n                INTEGER PRIMARY KEY,
    manufacturer     TEXT NOT NULL,
    product_class    TEXT NOT NULL,
    software_version TEXT NOT NULL,
    root             TEXT NOT NULL,
    revision         INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    pack             TEXT NOT NULL,
    asked            TEXT NOT NULL,
    unmapped         TEXT NOT NULL,
    names            BLOB NOT NULL,
    UNIQUE (manufacturer, product_class, software_version, root)
);
