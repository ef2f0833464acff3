-- What belongs to a whole server: its projects, who may do what in them, and with which keys. Ids are 16 bytes of a UUID in text order, times are microseconds since 1970 in UTC.

CREATE TABLE project (
    project_id   BLOB NOT NULL PRIMARY KEY CHECK (length(project_id) = 16),
    name         TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    display_name TEXT,
    description  TEXT,
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A project that was deleted and whose store may still be there.
CREATE TABLE project_left (
    project_id BLOB NOT NULL PRIMARY KEY CHECK (length(project_id) = 16),
    deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE service_account (
    account_id  BLOB NOT NULL PRIMARY KEY CHECK (length(account_id) = 16),
    name        TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 256),
    full_name   TEXT,
    description TEXT,
    is_active   INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    is_admin    INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE project_role (
    account_id BLOB NOT NULL REFERENCES service_account (account_id) ON DELETE CASCADE,
    project_id BLOB NOT NULL REFERENCES project (project_id) ON DELETE CASCADE,
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'admin')),
    PRIMARY KEY (account_id, project_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX project_role_by_project ON project_role (project_id);

-- Of a secret only its hash is kept. The one before is accepted until retained_until.
CREATE TABLE api_key (
    key_id         BLOB NOT NULL PRIMARY KEY CHECK (length(key_id) = 16),
    account_id     BLOB NOT NULL REFERENCES service_account (account_id) ON DELETE CASCADE,
    name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
    description    TEXT,
    is_active      INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    last_login     INTEGER,
    last_rotated   INTEGER,
    retain_minutes INTEGER NOT NULL CHECK (retain_minutes >= 0),
    expires_at     INTEGER,
    hash           BLOB NOT NULL CHECK (length(hash) = 32),
    retained_hash  BLOB CHECK (length(retained_hash) = 32),
    retained_until INTEGER,
    UNIQUE (account_id, name),
    CHECK ((retained_hash IS NULL) = (retained_until IS NULL))
) STRICT, WITHOUT ROWID;

-- One row: what the server's signing key is made with, beside the admin secret, which is not stored.
CREATE TABLE signing_salt (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    salt BLOB NOT NULL CHECK (length(salt) = 32)
) STRICT;
