-- Times are Unix milliseconds, 0 for none. Text is never NULL, '' stands for
-- none; NULL appears where "unknown" differs from every value.

CREATE TABLE pings (n INTEGER PRIMARY KEY, count INTEGER NOT NULL);
INSERT INTO pings VALUES (1, 0);

-- What sessions change comes first: SQLite finds early columns faster.
CREATE TABLE devices (
    n                  INTEGER PRIMARY KEY,
    id                 TEXT NOT NULL UNIQUE,
    session_id         TEXT NOT NULL,
    session_generation INTEGER NOT NULL,
    session_until      INTEGER NOT NULL,
    last_inform        INTEGER NOT NULL,
    online_until       INTEGER NOT NULL,
    work_raised        INTEGER NOT NULL,
    work_cleared       INTEGER NOT NULL,
    work_due_at        INTEGER NOT NULL,
    -- The folded text of the fields that a bare word searches, see search.go.
    search             TEXT NOT NULL,
    manufacturer       TEXT NOT NULL,
    oui                TEXT NOT NULL,
    product_class      TEXT NOT NULL,
    serial_number      TEXT NOT NULL,
    mac                TEXT NOT NULL,
    model              TEXT NOT NULL,
    hardware_version   TEXT NOT NULL,
    software_version   TEXT NOT NULL,
    address            TEXT NOT NULL,
    origin             TEXT NOT NULL,
    tags               TEXT NOT NULL,
    group_path         TEXT NOT NULL,
    revision           INTEGER NOT NULL,
    first_seen         INTEGER NOT NULL,
    last_boot          INTEGER NOT NULL,
    last_bootstrap     INTEGER NOT NULL,
    inform_interval    INTEGER NOT NULL,
    root               TEXT NOT NULL,
    namespace          TEXT NOT NULL,
    parameter_key      TEXT NOT NULL,
    inform_digest      TEXT NOT NULL,
    events             TEXT NOT NULL,
    onboarding_due     INTEGER NOT NULL,
    request_url        TEXT NOT NULL,
    request_username   TEXT NOT NULL,
    request_password   TEXT NOT NULL,
    pending_username   TEXT NOT NULL,
    pending_password   TEXT NOT NULL
);
CREATE INDEX devices_last_inform ON devices (last_inform);
CREATE INDEX devices_model ON devices (lower(model));
CREATE INDEX devices_group ON devices (group_path);

-- How many devices nobody announced, so that the limit costs no count.
CREATE TABLE contact_devices (n INTEGER PRIMARY KEY, count INTEGER NOT NULL);
INSERT INTO contact_devices VALUES (1, 0);
CREATE TRIGGER devices_contact_insert AFTER INSERT ON devices WHEN new.origin = 'contact'
BEGIN UPDATE contact_devices SET count = count + 1 WHERE n = 1; END;
CREATE TRIGGER devices_contact_delete AFTER DELETE ON devices WHEN old.origin = 'contact'
BEGIN UPDATE contact_devices SET count = count - 1 WHERE n = 1; END;
CREATE TRIGGER devices_contact_update AFTER UPDATE OF origin ON devices WHEN (old.origin = 'contact') <> (new.origin = 'contact')
BEGIN UPDATE contact_devices SET count = count + (new.origin = 'contact') - (old.origin = 'contact') WHERE n = 1; END;

CREATE TABLE identities (
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,
    device INTEGER NOT NULL REFERENCES devices (n),
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX identities_device ON identities (device);

-- Tags once more, folded, for filters.
CREATE TABLE device_tags (
    tag    TEXT NOT NULL,
    device INTEGER NOT NULL REFERENCES devices (n),
    PRIMARY KEY (tag, device)
) WITHOUT ROWID;
CREATE INDEX device_tags_device ON device_tags (device);

CREATE TABLE parameters (
    device       INTEGER NOT NULL,
    path         TEXT NOT NULL,
    value        TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    type         TEXT NOT NULL,
    known        INTEGER NOT NULL,
    writable     INTEGER,
    notification INTEGER,
    access_list  TEXT,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (device, path)
) WITHOUT ROWID;

CREATE TABLE credentials (
    username   TEXT PRIMARY KEY,
    device     TEXT NOT NULL,
    password   TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX credentials_device ON credentials (device);

CREATE TABLE model_limits (
    manufacturer     TEXT NOT NULL,
    product_class    TEXT NOT NULL,
    software_version TEXT NOT NULL,
    limits           TEXT NOT NULL,
    PRIMARY KEY (manufacturer, product_class, software_version)
) WITHOUT ROWID;

-- The result comes last: what reads open tasks never touches its pages.
CREATE TABLE tasks (
    n                INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    device           TEXT NOT NULL,
    kind             TEXT NOT NULL,
    state            TEXT NOT NULL,
    open             INTEGER NOT NULL,
    blocked          INTEGER NOT NULL,
    priority         INTEGER NOT NULL,
    not_before       INTEGER NOT NULL,
    expires          INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    finished_at      INTEGER NOT NULL,
    check_at         INTEGER NOT NULL,
    deadline         INTEGER NOT NULL,
    revision         INTEGER NOT NULL,
    -- "device|unique key" while the task is open and has one, else its id.
    slot             TEXT NOT NULL UNIQUE,
    unique_key       TEXT NOT NULL,
    created_by       TEXT NOT NULL,
    retry_of         TEXT NOT NULL,
    command_key      TEXT NOT NULL,
    lease_session    TEXT NOT NULL,
    lease_generation INTEGER NOT NULL,
    lease_until      INTEGER NOT NULL,
    fault_code       INTEGER,
    fault_reason     TEXT NOT NULL,
    history          TEXT NOT NULL,
    args             BLOB,
    result           BLOB
);
CREATE INDEX tasks_open ON tasks (device, state, blocked, priority DESC, id, not_before) WHERE open = 1;
CREATE INDEX tasks_device ON tasks (device, id);
CREATE INDEX tasks_check ON tasks (check_at) WHERE check_at > 0;

CREATE TABLE bulks (
    id          TEXT PRIMARY KEY,
    finished_at INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    bulk        TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX bulks_open ON bulks (id) WHERE finished_at = 0;
CREATE INDEX bulks_finished ON bulks (finished_at) WHERE finished_at > 0;

CREATE TABLE files (
    name          TEXT PRIMARY KEY,
    type          TEXT NOT NULL,
    oui           TEXT NOT NULL,
    product_class TEXT NOT NULL,
    version       TEXT NOT NULL,
    siblings      TEXT NOT NULL,
    size          INTEGER NOT NULL,
    sha256        TEXT NOT NULL,
    content       TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    created_by    TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE grants (
    token_hash TEXT PRIMARY KEY,
    device     TEXT NOT NULL,
    task       TEXT NOT NULL,
    names      TEXT NOT NULL,
    expires    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX grants_expires ON grants (expires);

CREATE TABLE users (
    name          TEXT PRIMARY KEY,
    role          TEXT NOT NULL,
    scope         TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    revision      INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    scope      TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires    INTEGER NOT NULL,
    last_used  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    id      TEXT PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    address TEXT NOT NULL,
    action  TEXT NOT NULL,
    target  TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    detail  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_at ON audit (at);
