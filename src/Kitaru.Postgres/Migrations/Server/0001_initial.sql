-- What belongs to a whole server: its projects, who may do what in them, and with which keys. Times are microseconds since 1970 in UTC. Text is compared by code points.

CREATE TABLE project (
    project_id   uuid NOT NULL PRIMARY KEY,
    name         text COLLATE "C" NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    display_name text COLLATE "C",
    description  text COLLATE "C",
    created_at   bigint NOT NULL
);

-- A project that was deleted and whose store may still be there.
CREATE TABLE project_left (
    project_id uuid NOT NULL PRIMARY KEY,
    deleted_at bigint NOT NULL
);

CREATE TABLE service_account (
    account_id  uuid NOT NULL PRIMARY KEY,
    name        text COLLATE "C" NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 256),
    full_name   text COLLATE "C",
    description text COLLATE "C",
    is_active   integer NOT NULL CHECK (is_active IN (0, 1)),
    is_admin    integer NOT NULL CHECK (is_admin IN (0, 1)),
    created_at  bigint NOT NULL,
    updated_at  bigint NOT NULL
);

CREATE TABLE project_role (
    account_id uuid NOT NULL REFERENCES service_account (account_id) ON DELETE CASCADE,
    project_id uuid NOT NULL REFERENCES project (project_id) ON DELETE CASCADE,
    role       text COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'member', 'admin')),
    PRIMARY KEY (account_id, project_id)
);

CREATE INDEX project_role_by_project ON project_role (project_id);

-- Of a secret only its hash is kept. The one before is accepted until retained_until.
CREATE TABLE api_key (
    key_id         uuid NOT NULL PRIMARY KEY,
    account_id     uuid NOT NULL REFERENCES service_account (account_id) ON DELETE CASCADE,
    name           text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
    description    text COLLATE "C",
    is_active      integer NOT NULL CHECK (is_active IN (0, 1)),
    created_at     bigint NOT NULL,
    updated_at     bigint NOT NULL,
    last_login     bigint,
    last_rotated   bigint,
    retain_minutes bigint NOT NULL CHECK (retain_minutes >= 0),
    expires_at     bigint,
    hash           bytea NOT NULL CHECK (length(hash) = 32),
    retained_hash  bytea CHECK (length(retained_hash) = 32),
    retained_until bigint,
    UNIQUE (account_id, name),
    CHECK ((retained_hash IS NULL) = (retained_until IS NULL))
);

-- One row: what the server's signing key is made with, beside the admin secret, which is not stored.
CREATE TABLE signing_salt (
    one  integer NOT NULL PRIMARY KEY CHECK (one = 1),
    salt bytea NOT NULL CHECK (length(salt) = 32)
);
