CREATE TABLE flow (
    flow_id     BLOB NOT NULL PRIMARY KEY CHECK (length(flow_id) = 16),
    name        TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 512),
    created_at  INTEGER NOT NULL
, last_version INTEGER NOT NULL DEFAULT 0 CHECK (last_version >= 0)) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot (
    snapshot_id TEXT NOT NULL PRIMARY KEY,
    manifest    TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    size_bytes  INTEGER NOT NULL CHECK (size_bytes >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE worker (
    worker_id     BLOB NOT NULL PRIMARY KEY CHECK (length(worker_id) = 16),
    snapshot_id   TEXT NOT NULL,
    machine       TEXT NOT NULL,
    process_id    INTEGER NOT NULL,
    process_ticks INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    output_path   TEXT
, environment_id TEXT NOT NULL DEFAULT '', retiring INTEGER NOT NULL DEFAULT 0 CHECK (retiring IN (0, 1))) STRICT, WITHOUT ROWID;

CREATE TABLE execution (
    exec_id          BLOB NOT NULL PRIMARY KEY CHECK (length(exec_id) = 16),
    status           TEXT NOT NULL CHECK (status IN ('queued', 'running', 'sleeping', 'waiting', 'completed', 'failed', 'cancelled')),
    owner            BLOB,
    epoch            INTEGER NOT NULL DEFAULT 0,
    lease_until      INTEGER,
    runnable_at      INTEGER,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER,
    ended_at         INTEGER,
    flow_id          BLOB NOT NULL REFERENCES flow (flow_id),
    snapshot_id      TEXT NOT NULL,
    stack_name       TEXT NOT NULL,
    retries          INTEGER NOT NULL CHECK (retries >= 0),
    retries_used     INTEGER NOT NULL DEFAULT 0,
    takeovers        INTEGER NOT NULL DEFAULT 0,
    -- Takeovers in a row without progress, and the progress (last seq, failed attempts) at the last one.
    stalls           INTEGER NOT NULL DEFAULT 0,
    stalled_seq      INTEGER NOT NULL DEFAULT 0,
    stalled_attempts INTEGER NOT NULL DEFAULT 0,
    -- Counted once, when it ends; a live execution's are counted when asked for.
    checkpoint_count INTEGER,
    artifact_count   INTEGER,
    seed             INTEGER NOT NULL,
    original_exec_id BLOB,
    idempotency_key  TEXT UNIQUE,
    status_reason    TEXT,
    target           TEXT,
    tags             TEXT,
    metadata         TEXT,
    spec             TEXT,
    failure          TEXT,
    inputs_media     TEXT NOT NULL,
    inputs_type      TEXT NOT NULL,
    inputs_size      INTEGER NOT NULL,
    inputs_hash      BLOB NOT NULL CHECK (length(inputs_hash) = 32),
    inputs           BLOB,
    result_media     TEXT,
    result_type      TEXT,
    result_size      INTEGER,
    result_hash      BLOB,
    result           BLOB, reopened INTEGER NOT NULL DEFAULT 0 CHECK (reopened >= 0), code_before TEXT, code_before_seq INTEGER CHECK ((code_before IS NULL) = (code_before_seq IS NULL)), source TEXT, environment_id TEXT NOT NULL DEFAULT '', deployment_id BLOB CHECK (deployment_id IS NULL OR length(deployment_id) = 16), deployment_version INTEGER CHECK ((deployment_id IS NULL) = (deployment_version IS NULL)), trace_parent TEXT,
    CHECK ((ended_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled'))),
    CHECK ((checkpoint_count IS NOT NULL) = (ended_at IS NOT NULL)),
    CHECK ((artifact_count IS NOT NULL) = (ended_at IS NOT NULL)),
    CHECK ((owner IS NOT NULL) = (lease_until IS NOT NULL)),
    CHECK (owner IS NULL OR status IN ('running', 'waiting')),
    CHECK (owner IS NOT NULL OR status <> 'running'),
    CHECK (runnable_at IS NULL OR (owner IS NULL AND ended_at IS NULL)),
    CHECK (runnable_at IS NOT NULL OR status NOT IN ('queued', 'sleeping')),
    CHECK ((result_media IS NULL) = (result_hash IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX execution_by_created ON execution (created_at, exec_id);

CREATE INDEX execution_by_status ON execution (status, created_at, exec_id, stack_name);

CREATE INDEX execution_by_flow ON execution (flow_id, status, created_at, exec_id, stack_name);

CREATE INDEX execution_by_original ON execution (original_exec_id, created_at, exec_id) WHERE original_exec_id IS NOT NULL;

CREATE INDEX execution_due ON execution (runnable_at, snapshot_id) WHERE runnable_at IS NOT NULL;

CREATE INDEX execution_held ON execution (owner, lease_until) WHERE owner IS NOT NULL;

CREATE TABLE execution_count (
    flow_id    BLOB NOT NULL,
    stack_name TEXT NOT NULL,
    status     TEXT NOT NULL,
    executions INTEGER NOT NULL CHECK (executions >= 0),
    PRIMARY KEY (flow_id, stack_name, status)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER execution_counted AFTER INSERT ON execution
BEGIN
    INSERT INTO execution_count VALUES (new.flow_id, new.stack_name, new.status, 1)
    ON CONFLICT DO UPDATE SET executions = executions + 1;
END;

CREATE TRIGGER execution_recounted AFTER UPDATE OF status ON execution WHEN old.status <> new.status
BEGIN
    UPDATE execution_count SET executions = executions - 1
    WHERE flow_id = old.flow_id AND stack_name = old.stack_name AND status = old.status;
    INSERT INTO execution_count VALUES (new.flow_id, new.stack_name, new.status, 1)
    ON CONFLICT DO UPDATE SET executions = executions + 1;
END;

CREATE TRIGGER execution_uncounted AFTER DELETE ON execution
BEGIN
    UPDATE execution_count SET executions = executions - 1
    WHERE flow_id = old.flow_id AND stack_name = old.stack_name AND status = old.status;
END;

CREATE TABLE execution_tag (
    tag        TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    exec_id    BLOB NOT NULL REFERENCES execution (exec_id), status TEXT, flow_id BLOB, stack_name TEXT,
    PRIMARY KEY (tag, created_at, exec_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    exec_id     BLOB NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    kind        TEXT NOT NULL CHECK (kind IN ('checkpoint', 'wait', 'sleep')),
    status      TEXT NOT NULL CHECK (status IN ('completed', 'failed', 'aborted')),
    call_id     BLOB NOT NULL UNIQUE CHECK (length(call_id) = 16),
    key         TEXT NOT NULL,
    name        TEXT NOT NULL,
    type        TEXT,
    attempt     INTEGER NOT NULL CHECK (attempt >= 1),
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL,
    fingerprint BLOB,
    parents     TEXT,
    metadata    TEXT,
    failure     TEXT,
    arguments   BLOB,
    value_media TEXT,
    value_type  TEXT,
    value_size  INTEGER,
    value_hash  BLOB,
    value       BLOB, original_call_id BLOB CHECK (original_call_id IS NULL OR length(original_call_id) = 16), cache_key BLOB CHECK (cache_key IS NULL OR length(cache_key) = 32), cached_call_id BLOB CHECK (cached_call_id IS NULL OR length(cached_call_id) = 16),
    PRIMARY KEY (exec_id, seq),
    CHECK ((value_media IS NULL) = (value_hash IS NULL))
) STRICT;

CREATE INDEX journal_without_call ON journal (exec_id) WHERE kind <> 'checkpoint';

CREATE INDEX journal_without_output ON journal (exec_id) WHERE kind <> 'checkpoint' OR value_hash IS NULL;

CREATE TABLE attempt (
    exec_id     BLOB NOT NULL REFERENCES execution (exec_id),
    call_id     BLOB NOT NULL,
    attempt     INTEGER NOT NULL CHECK (attempt >= 1),
    key         TEXT NOT NULL,
    name        TEXT NOT NULL,
    interrupted INTEGER NOT NULL CHECK (interrupted IN (0, 1)),
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL,
    failure     TEXT,
    metadata    TEXT,
    PRIMARY KEY (exec_id, call_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE running_call (
    exec_id    BLOB NOT NULL REFERENCES execution (exec_id),
    call_id    BLOB NOT NULL,
    key        TEXT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT,
    attempt    INTEGER NOT NULL CHECK (attempt >= 1),
    started_at INTEGER NOT NULL,
    PRIMARY KEY (exec_id, call_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE wait (
    wait_id        BLOB NOT NULL PRIMARY KEY CHECK (length(wait_id) = 16),
    exec_id        BLOB NOT NULL REFERENCES execution (exec_id),
    ordinal        INTEGER NOT NULL,
    name           TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('pending', 'answered', 'aborted', 'closed')),
    -- The flow has seen the answer and recorded that it did.
    consumed       INTEGER NOT NULL DEFAULT 0 CHECK (consumed IN (0, 1)),
    entered_at     INTEGER NOT NULL,
    resolved_at    INTEGER,
    resolved_order INTEGER,
    resolved_by    TEXT,
    question       TEXT,
    schema         TEXT,
    metadata       TEXT,
    answer_media   TEXT,
    answer_type    TEXT,
    answer_size    INTEGER,
    answer_hash    BLOB,
    answer         BLOB,
    UNIQUE (exec_id, name),
    CHECK ((status = 'pending') = (resolved_at IS NULL)),
    CHECK ((status = 'answered') = (answer_hash IS NOT NULL)),
    CHECK (consumed = 0 OR status IN ('answered', 'aborted'))
) STRICT, WITHOUT ROWID;

CREATE INDEX wait_pending ON wait (exec_id, ordinal) WHERE status = 'pending';

CREATE TABLE artifact (
    artifact_id BLOB NOT NULL PRIMARY KEY CHECK (length(artifact_id) = 16),
    exec_id     BLOB NOT NULL REFERENCES execution (exec_id),
    seq         INTEGER NOT NULL,
    ordinal     INTEGER NOT NULL,
    call_key    TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    tags        TEXT,
    value_media TEXT NOT NULL,
    value_type  TEXT NOT NULL,
    value_size  INTEGER NOT NULL,
    value_hash  BLOB NOT NULL,
    value       BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX artifact_by_execution ON artifact (exec_id, seq, ordinal);

CREATE TABLE log_entry (
    exec_id    BLOB NOT NULL,
    log_id     INTEGER NOT NULL,
    severity   INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    source     TEXT NOT NULL,
    call_key   TEXT,
    level      TEXT,
    module     TEXT,
    message    TEXT NOT NULL,
    PRIMARY KEY (exec_id, log_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE replay (
    exec_id BLOB NOT NULL PRIMARY KEY REFERENCES execution (exec_id),
    plan    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER execution_moves BEFORE UPDATE OF status ON execution
WHEN old.status <> new.status AND old.status || '>' || new.status NOT IN (
    'queued>running', 'queued>cancelled',
    'running>queued', 'running>sleeping', 'running>waiting', 'running>completed', 'running>failed', 'running>cancelled',
    'sleeping>running', 'sleeping>cancelled',
    'waiting>queued', 'waiting>running', 'waiting>completed', 'waiting>failed', 'waiting>cancelled',
    'failed>queued')
BEGIN
    SELECT RAISE(ABORT, 'this move of an execution''s status is not legal');
END;

CREATE TABLE execution_fact (
    created_day  INTEGER NOT NULL,
    status       TEXT NOT NULL,
    flow_id      BLOB NOT NULL,
    stack_name   TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    exec_id      BLOB NOT NULL,
    -- Microseconds; NULL when it never started.
    duration     INTEGER,
    steps        INTEGER NOT NULL,
    steps_reused INTEGER NOT NULL,
    outputs      INTEGER NOT NULL,
    PRIMARY KEY (created_day, status, flow_id, stack_name, created_at, exec_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER execution_lives_again AFTER UPDATE OF ended_at ON execution WHEN old.ended_at IS NOT NULL AND new.ended_at IS NULL
BEGIN
    DELETE FROM execution_fact
    WHERE created_day = old.created_at / 86400000000 AND status = old.status AND flow_id = old.flow_id AND stack_name = old.stack_name
        AND created_at = old.created_at AND exec_id = old.exec_id;
END;

CREATE TRIGGER execution_removed AFTER DELETE ON execution WHEN old.ended_at IS NOT NULL
BEGIN
    DELETE FROM execution_fact
    WHERE created_day = old.created_at / 86400000000 AND status = old.status AND flow_id = old.flow_id AND stack_name = old.stack_name
        AND created_at = old.created_at AND exec_id = old.exec_id;
END;

CREATE TRIGGER execution_tagged AFTER INSERT ON execution_tag
BEGIN
    UPDATE execution_tag SET (status, flow_id, stack_name) = (SELECT e.status, e.flow_id, e.stack_name FROM execution e WHERE e.exec_id = new.exec_id)
    WHERE tag = new.tag AND created_at = new.created_at AND exec_id = new.exec_id;
END;

CREATE TRIGGER execution_tag_moved AFTER UPDATE OF status ON execution WHEN new.tags IS NOT NULL AND old.status <> new.status
BEGIN
    UPDATE execution_tag SET status = new.status
    WHERE tag IN (SELECT t.value FROM json_each(new.tags) t) AND created_at = new.created_at AND exec_id = new.exec_id;
END;

CREATE INDEX execution_by_stack ON execution (stack_name, status, created_at, exec_id);

CREATE INDEX execution_by_end ON execution (ended_at, status, flow_id) WHERE ended_at IS NOT NULL;

CREATE INDEX execution_by_snapshot ON execution (snapshot_id);

CREATE INDEX execution_tag_by_execution ON execution_tag (exec_id);

CREATE INDEX execution_large_inputs ON execution (inputs_hash) WHERE inputs IS NULL;

CREATE INDEX execution_large_result ON execution (result_hash) WHERE result IS NULL AND result_hash IS NOT NULL;

CREATE INDEX journal_large_value ON journal (value_hash, exec_id) WHERE value IS NULL AND value_hash IS NOT NULL;

CREATE INDEX wait_large_answer ON wait (answer_hash, exec_id) WHERE answer IS NULL AND answer_hash IS NOT NULL;

CREATE INDEX artifact_large_value ON artifact (value_hash, exec_id) WHERE value IS NULL;

CREATE INDEX execution_code_before ON execution (code_before) WHERE code_before IS NOT NULL;

CREATE TABLE environment (
    environment_id TEXT NOT NULL PRIMARY KEY,
    settings       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX execution_runnable ON execution (snapshot_id, environment_id, runnable_at, exec_id) WHERE runnable_at IS NOT NULL;

CREATE INDEX execution_by_deployment ON execution (deployment_id, status, created_at, exec_id) WHERE deployment_id IS NOT NULL;

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

CREATE INDEX journal_by_cache_key ON journal (cache_key, ended_at) WHERE cache_key IS NOT NULL;

CREATE INDEX journal_reused ON journal (exec_id) WHERE original_call_id IS NOT NULL OR cached_call_id IS NOT NULL;

CREATE TRIGGER execution_stored_ended AFTER INSERT ON execution WHEN new.ended_at IS NOT NULL
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND (j.original_call_id IS NOT NULL OR j.cached_call_id IS NOT NULL)), new.artifact_count);
END;

CREATE TRIGGER execution_ended AFTER UPDATE OF ended_at ON execution WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND (j.original_call_id IS NOT NULL OR j.cached_call_id IS NOT NULL)), new.artifact_count);
END;

CREATE TABLE idempotency (
    key       TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 512),
    operation TEXT NOT NULL,
    request   BLOB NOT NULL CHECK (length(request) = 32),
    made_at   INTEGER NOT NULL,
    result    TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_age ON idempotency (made_at);
