-- Deployments, stacks, secrets, environments, results that other executions may reuse, and calls that are made at most once.

-- What a worker's process is given besides code; executions of one snapshot and one environment share workers.
CREATE TABLE environment (
    environment_id TEXT NOT NULL PRIMARY KEY,
    settings       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE worker ADD COLUMN environment_id TEXT NOT NULL DEFAULT '';

ALTER TABLE execution ADD COLUMN environment_id TEXT NOT NULL DEFAULT '';
ALTER TABLE execution ADD COLUMN deployment_id BLOB CHECK (deployment_id IS NULL OR length(deployment_id) = 16);
ALTER TABLE execution ADD COLUMN deployment_version INTEGER CHECK ((deployment_id IS NULL) = (deployment_version IS NULL));

DROP INDEX execution_runnable;
CREATE INDEX execution_runnable ON execution (snapshot_id, environment_id, runnable_at, exec_id) WHERE runnable_at IS NOT NULL;
CREATE INDEX execution_by_deployment ON execution (deployment_id, status, created_at, exec_id) WHERE deployment_id IS NOT NULL;

-- The highest number a flow's deployments ever had: deleting one does not give its number back.
ALTER TABLE flow ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0 CHECK (last_version >= 0);

CREATE TABLE deployment (
    deployment_id  BLOB NOT NULL PRIMARY KEY CHECK (length(deployment_id) = 16),
    flow_id        BLOB NOT NULL REFERENCES flow (flow_id),
    version        INTEGER NOT NULL CHECK (version >= 1),
    snapshot_id    TEXT NOT NULL,
    environment_id TEXT NOT NULL,
    stack_name     TEXT NOT NULL,
    retries        INTEGER NOT NULL CHECK (retries >= 0),
    created_at     INTEGER NOT NULL,
    target         TEXT NOT NULL,
    source         TEXT,
    commit_sha     TEXT,
    commit_dirty   INTEGER CHECK (commit_dirty IN (0, 1)),
    schema         TEXT,
    inputs         TEXT NOT NULL,
    spec           TEXT NOT NULL,
    UNIQUE (flow_id, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX deployment_by_snapshot ON deployment (snapshot_id);

CREATE TABLE deployment_tag (
    flow_id   BLOB NOT NULL,
    tag       TEXT NOT NULL CHECK (length(tag) > 0),
    version   INTEGER NOT NULL,
    exclusive INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
    PRIMARY KEY (flow_id, tag, version),
    FOREIGN KEY (flow_id, version) REFERENCES deployment (flow_id, version),
    CHECK (tag <> 'default' OR exclusive = 1)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX deployment_tag_exclusive ON deployment_tag (flow_id, tag) WHERE exclusive = 1;

CREATE INDEX deployment_tag_by_version ON deployment_tag (flow_id, version, tag, exclusive);

CREATE TABLE stack (
    stack_id   BLOB NOT NULL PRIMARY KEY CHECK (length(stack_id) = 16),
    name       TEXT NOT NULL UNIQUE CHECK (name <> 'default'),
    type       TEXT NOT NULL CHECK (type IN ('local', 'kubernetes', 'vertex', 'sagemaker', 'azureml')),
    settings   TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secret (
    secret_id  BLOB NOT NULL PRIMARY KEY CHECK (length(secret_id) = 16),
    name       TEXT NOT NULL UNIQUE,
    is_private INTEGER NOT NULL CHECK (is_private IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which key values are encrypted under, and how to know it; the key itself is not in the database. One row, but for a moment of each rotation.
CREATE TABLE secret_key (
    version     INTEGER NOT NULL PRIMARY KEY CHECK (version >= 1),
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 16)
) STRICT;

CREATE TABLE secret_value (
    secret_id   BLOB NOT NULL REFERENCES secret (secret_id),
    key         TEXT NOT NULL,
    key_version INTEGER NOT NULL REFERENCES secret_key (version),
    nonce       BLOB NOT NULL CHECK (length(nonce) = 12),
    sealed      BLOB NOT NULL,
    PRIMARY KEY (secret_id, key)
) STRICT, WITHOUT ROWID;

-- A checkpoint that may be reused by other executions says under which key; one that was reused, whose record it took.
ALTER TABLE journal ADD COLUMN cache_key BLOB CHECK (cache_key IS NULL OR length(cache_key) = 32);
ALTER TABLE journal ADD COLUMN cached_call_id BLOB CHECK (cached_call_id IS NULL OR length(cached_call_id) = 16);

CREATE INDEX journal_by_cache_key ON journal (cache_key, ended_at) WHERE cache_key IS NOT NULL;

-- Statistics count a result from the cache like one that a replay took over: neither was computed by this execution.
DROP INDEX journal_reused;
CREATE INDEX journal_reused ON journal (exec_id) WHERE original_call_id IS NOT NULL OR cached_call_id IS NOT NULL;

DROP TRIGGER execution_stored_ended;
CREATE TRIGGER execution_stored_ended AFTER INSERT ON execution WHEN new.ended_at IS NOT NULL
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND (j.original_call_id IS NOT NULL OR j.cached_call_id IS NOT NULL)), new.artifact_count);
END;

DROP TRIGGER execution_ended;
CREATE TRIGGER execution_ended AFTER UPDATE OF ended_at ON execution WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND (j.original_call_id IS NOT NULL OR j.cached_call_id IS NOT NULL)), new.artifact_count);
END;

-- A key a caller made up: the change under it is made once, and its answer given again. The request stands here as a hash.
CREATE TABLE idempotency (
    key       TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 512),
    operation TEXT NOT NULL,
    request   BLOB NOT NULL CHECK (length(request) = 32),
    made_at   INTEGER NOT NULL,
    result    TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_age ON idempotency (made_at);
