-- The first schema. Ids are 16 bytes of a UUID in text order, times are microseconds since 1970 in UTC.
-- A value is five columns: media type, CLR type, size, SHA-256, and the bytes (NULL when they stand in the artifact store).

CREATE TABLE flow (
    flow_id     BLOB NOT NULL PRIMARY KEY CHECK (length(flow_id) = 16),
    name        TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 512),
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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
) STRICT, WITHOUT ROWID;

-- Small and often read columns first, so that reading them never walks the pages of a large value.
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
    result           BLOB,
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
CREATE INDEX execution_runnable ON execution (snapshot_id, runnable_at, exec_id) WHERE runnable_at IS NOT NULL;
CREATE INDEX execution_due ON execution (runnable_at, snapshot_id) WHERE runnable_at IS NOT NULL;
CREATE INDEX execution_held ON execution (owner, lease_until) WHERE owner IS NOT NULL;

-- The same moves as ExecutionTransitions in code; a test compares the two.
CREATE TRIGGER execution_moves BEFORE UPDATE OF status ON execution
WHEN old.status <> new.status AND old.status || '>' || new.status NOT IN (
    'queued>running', 'queued>cancelled',
    'running>queued', 'running>sleeping', 'running>waiting', 'running>completed', 'running>failed', 'running>cancelled',
    'sleeping>running', 'sleeping>cancelled',
    'waiting>queued', 'waiting>running', 'waiting>completed', 'waiting>failed', 'waiting>cancelled')
BEGIN
    SELECT RAISE(ABORT, 'this move of an execution''s status is not legal');
END;

-- How many there are, kept by triggers: counting a hundred thousand rows for every page would take longer than reading it.
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

-- created_at again, so that the newest with a tag are one walk along the key.
CREATE TABLE execution_tag (
    tag        TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    exec_id    BLOB NOT NULL REFERENCES execution (exec_id),
    PRIMARY KEY (tag, created_at, exec_id)
) STRICT, WITHOUT ROWID;

-- One row per completion, written once. call_id follows from the execution and the key, so a call cannot be recorded twice.
-- With rowids on purpose: rows of concurrent executions are packed onto the same pages, which halves what a commit writes.
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
    value       BLOB,
    PRIMARY KEY (exec_id, seq),
    CHECK ((value_media IS NULL) = (value_hash IS NULL))
) STRICT;

-- For counting calls and outputs without looking at their rows.
CREATE INDEX journal_without_call ON journal (exec_id) WHERE kind <> 'checkpoint';
CREATE INDEX journal_without_output ON journal (exec_id) WHERE kind <> 'checkpoint' OR value_hash IS NULL;

-- Attempts that did not end their call.
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

-- What a holder says it runs right now; may lag behind the journal, which is the truth.
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

-- Artifacts saved by name; the output of a call is its journal row and carries the call's id.
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

-- log_id counts within its execution.
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
