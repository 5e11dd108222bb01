-- Users: who they are elsewhere, second factors, what the console keeps for them.
ALTER TABLE users ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN factor_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN factor_pending TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN factor_last_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN factor_recovery TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN last_sign_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN preferences TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX users_subject ON users (subject) WHERE subject <> '';

-- Permissions are a JSON list of names.
CREATE TABLE roles (
    name        TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    revision    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE browser_sessions (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    user       TEXT NOT NULL,
    method     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used  INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    address    TEXT NOT NULL,
    user_agent TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX browser_sessions_user ON browser_sessions (user, created_at);
CREATE INDEX browser_sessions_created ON browser_sessions (created_at);
CREATE INDEX browser_sessions_expires ON browser_sessions (expires);
CREATE INDEX browser_sessions_used ON browser_sessions (last_used);

-- The audit log becomes a chain. What is there already keeps its order, with
-- numbers up to 0 and no hashes.
ALTER TABLE audit RENAME TO unchained_audit;
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    address  TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,
    outcome  INTEGER NOT NULL,
    detail   TEXT NOT NULL,
    before   TEXT NOT NULL,
    after    TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
);
INSERT INTO audit (sequence, at, actor, address, action, target, outcome, detail, before, after, previous, hash)
    SELECT row_number() OVER (ORDER BY id) - (SELECT count(*) FROM unchained_audit), at, actor, address, action, target, outcome, detail, '', '', '', ''
    FROM unchained_audit ORDER BY id;
DROP TABLE unchained_audit;
CREATE INDEX audit_target ON audit (lower(target));

-- Parent is the path before the last name, '' at the root.
CREATE TABLE groups (
    path        TEXT PRIMARY KEY,
    parent      TEXT NOT NULL,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    revision    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX groups_parent ON groups (parent, path);

-- The summary of the fleet, or of a large part of it, is read from indexes alone.
DROP INDEX devices_last_inform;
CREATE INDEX devices_last_inform ON devices (last_inform, online_until, group_path);
CREATE INDEX devices_models ON devices (model, software_version, group_path);
DROP INDEX devices_group;
CREATE INDEX devices_group ON devices (group_path, model, software_version);

-- Beside the folded tag stand the tag as it is written and the group of the
-- device, so that the tags in use are counted here.
DROP TABLE device_tags;
CREATE TABLE device_tags (
    tag        TEXT NOT NULL,
    text       TEXT NOT NULL,
    group_path TEXT NOT NULL,
    device     INTEGER NOT NULL REFERENCES devices (n),
    PRIMARY KEY (tag, text, group_path, device)
) WITHOUT ROWID;
INSERT OR IGNORE INTO device_tags (tag, text, group_path, device)
    SELECT lower(j.value), j.value, d.group_path, d.n FROM devices d, json_each(d.tags) j WHERE d.tags <> '';
CREATE INDEX device_tags_device ON device_tags (device);

-- It stands behind the result: what reads open tasks finds none before it.
ALTER TABLE tasks ADD COLUMN retried_by TEXT NOT NULL DEFAULT '';
-- The fault code once more, with 0 for no fault: an index that groups by an
-- expression is not read alone.
ALTER TABLE tasks ADD COLUMN cause_code INTEGER NOT NULL DEFAULT 0;
UPDATE tasks SET cause_code = fault_code WHERE fault_code <> 0;
CREATE INDEX tasks_failed ON tasks (kind, cause_code, fault_reason, finished_at, id, device) WHERE state = 'failed' AND retried_by = '';

CREATE TABLE past_sessions (
    id         TEXT PRIMARY KEY,
    device     TEXT NOT NULL,
    events     TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    outcome    TEXT NOT NULL,
    rpcs       INTEGER NOT NULL,
    address    TEXT NOT NULL,
    node       TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX past_sessions_device ON past_sessions (device, ended_at);
CREATE INDEX past_sessions_ended ON past_sessions (ended_at);

-- Counted is a JSON object of numbers by name.
CREATE TABLE counts (
    at      INTEGER NOT NULL,
    node    TEXT NOT NULL,
    counted TEXT NOT NULL,
    PRIMARY KEY (at, node)
) WITHOUT ROWID;
