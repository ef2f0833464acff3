-- The first schema; it stands in a schema of its own per project. Times are microseconds since 1970 in UTC. Text is compared by code points.
-- A value is five columns: media type, CLR type, size, SHA-256, and the bytes (NULL when they stand in the artifact store).

CREATE TABLE flow (
    flow_id     uuid NOT NULL PRIMARY KEY,
    name        text COLLATE "C" NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 512),
    created_at  bigint NOT NULL
);

CREATE TABLE snapshot (
    snapshot_id text COLLATE "C" NOT NULL PRIMARY KEY,
    manifest    text COLLATE "C" NOT NULL,
    created_at  bigint NOT NULL,
    size_bytes  bigint NOT NULL CHECK (size_bytes >= 0)
);

CREATE TABLE worker (
    worker_id     uuid NOT NULL PRIMARY KEY,
    snapshot_id   text COLLATE "C" NOT NULL,
    machine       text COLLATE "C" NOT NULL,
    process_id    bigint NOT NULL,
    process_ticks bigint NOT NULL,
    started_at    bigint NOT NULL,
    seen_at       bigint NOT NULL,
    output_path   text COLLATE "C"
);

-- Small and often read columns first, so that reading them never walks the pages of a large value.
CREATE TABLE execution (
    exec_id          uuid NOT NULL PRIMARY KEY,
    status           text COLLATE "C" NOT NULL CHECK (status IN ('queued', 'running', 'sleeping', 'waiting', 'completed', 'failed', 'cancelled')),
    owner            uuid,
    epoch            bigint NOT NULL DEFAULT 0,
    lease_until      bigint,
    runnable_at      bigint,
    created_at       bigint NOT NULL,
    started_at       bigint,
    ended_at         bigint,
    flow_id          uuid NOT NULL REFERENCES flow (flow_id),
    snapshot_id      text COLLATE "C" NOT NULL,
    stack_name       text COLLATE "C" NOT NULL,
    retries          bigint NOT NULL CHECK (retries >= 0),
    retries_used     bigint NOT NULL DEFAULT 0,
    takeovers        bigint NOT NULL DEFAULT 0,
    -- Takeovers in a row without progress, and the progress (last seq, failed attempts) at the last one.
    stalls           bigint NOT NULL DEFAULT 0,
    stalled_seq      bigint NOT NULL DEFAULT 0,
    stalled_attempts bigint NOT NULL DEFAULT 0,
    -- Counted once, when it ends; a live execution's are counted when asked for.
    checkpoint_count bigint,
    artifact_count   bigint,
    seed             bigint NOT NULL,
    original_exec_id uuid,
    idempotency_key  text COLLATE "C" UNIQUE,
    status_reason    text COLLATE "C",
    target           text COLLATE "C",
    tags             text COLLATE "C",
    metadata         text COLLATE "C",
    spec             text COLLATE "C",
    failure          text COLLATE "C",
    inputs_media     text COLLATE "C" NOT NULL,
    inputs_type      text COLLATE "C" NOT NULL,
    inputs_size      bigint NOT NULL,
    inputs_hash      bytea NOT NULL CHECK (octet_length(inputs_hash) = 32),
    inputs           bytea,
    result_media     text COLLATE "C",
    result_type      text COLLATE "C",
    result_size      bigint,
    result_hash      bytea,
    result           bytea,
    CHECK ((ended_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled'))),
    CHECK ((checkpoint_count IS NOT NULL) = (ended_at IS NOT NULL)),
    CHECK ((artifact_count IS NOT NULL) = (ended_at IS NOT NULL)),
    CHECK ((owner IS NOT NULL) = (lease_until IS NOT NULL)),
    CHECK (owner IS NULL OR status IN ('running', 'waiting')),
    CHECK (owner IS NOT NULL OR status <> 'running'),
    CHECK (runnable_at IS NULL OR (owner IS NULL AND ended_at IS NULL)),
    CHECK (runnable_at IS NOT NULL OR status NOT IN ('queued', 'sleeping')),
    CHECK ((result_media IS NULL) = (result_hash IS NULL))
);

CREATE INDEX execution_by_created ON execution (created_at, exec_id);
CREATE INDEX execution_by_status ON execution (status, created_at, exec_id, stack_name);
CREATE INDEX execution_by_flow ON execution (flow_id, status, created_at, exec_id, stack_name);
CREATE INDEX execution_by_original ON execution (original_exec_id, created_at, exec_id) WHERE original_exec_id IS NOT NULL;
CREATE INDEX execution_runnable ON execution (snapshot_id, runnable_at, exec_id) WHERE runnable_at IS NOT NULL;
CREATE INDEX execution_due ON execution (runnable_at, snapshot_id) WHERE runnable_at IS NOT NULL;
CREATE INDEX execution_held ON execution (owner, lease_until) WHERE owner IS NOT NULL;

-- The same moves as ExecutionTransitions in code; a test compares the two.
CREATE FUNCTION execution_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.status || '>' || new.status NOT IN (
        'queued>running', 'queued>cancelled',
        'running>queued', 'running>sleeping', 'running>waiting', 'running>completed', 'running>failed', 'running>cancelled',
        'sleeping>running', 'sleeping>cancelled',
        'waiting>queued', 'waiting>running', 'waiting>completed', 'waiting>failed', 'waiting>cancelled') THEN
        RAISE EXCEPTION 'this move of an execution''s status is not legal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;

CREATE TRIGGER execution_moves BEFORE UPDATE OF status ON execution
FOR EACH ROW WHEN (old.status <> new.status) EXECUTE FUNCTION execution_moves();

-- How many there are, kept by triggers as changes that are only added: two servers never wait for one row. They are summed when somebody asks,
-- and folded together by whoever keeps a store open.
CREATE TABLE execution_change (
    flow_id    uuid NOT NULL,
    stack_name text COLLATE "C" NOT NULL,
    status     text COLLATE "C" NOT NULL,
    executions bigint NOT NULL
);

CREATE INDEX execution_change_by_key ON execution_change (flow_id, stack_name, status);

CREATE VIEW execution_count AS
SELECT flow_id, stack_name, status, sum(executions)::bigint AS executions FROM execution_change GROUP BY flow_id, stack_name, status;

CREATE FUNCTION execution_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO execution_change VALUES (old.flow_id, old.stack_name, old.status, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO execution_change VALUES (new.flow_id, new.stack_name, new.status, 1);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER execution_counted AFTER INSERT ON execution FOR EACH ROW EXECUTE FUNCTION execution_counted();

CREATE TRIGGER execution_recounted AFTER UPDATE OF status ON execution
FOR EACH ROW WHEN (old.status <> new.status) EXECUTE FUNCTION execution_counted();

CREATE TRIGGER execution_uncounted AFTER DELETE ON execution FOR EACH ROW EXECUTE FUNCTION execution_counted();

-- created_at again, so that the newest with a tag are one walk along the key.
CREATE TABLE execution_tag (
    tag        text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    exec_id    uuid NOT NULL REFERENCES execution (exec_id),
    PRIMARY KEY (tag, created_at, exec_id)
);

-- One row per completion, written once. call_id follows from the execution and the key, so a call cannot be recorded twice.
CREATE TABLE journal (
    exec_id     uuid NOT NULL,
    seq         bigint NOT NULL CHECK (seq >= 1),
    kind        text COLLATE "C" NOT NULL CHECK (kind IN ('checkpoint', 'wait', 'sleep')),
    status      text COLLATE "C" NOT NULL CHECK (status IN ('completed', 'failed', 'aborted')),
    call_id     uuid NOT NULL UNIQUE,
    key         text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    type        text COLLATE "C",
    attempt     bigint NOT NULL CHECK (attempt >= 1),
    started_at  bigint NOT NULL,
    ended_at    bigint NOT NULL,
    fingerprint bytea,
    parents     text COLLATE "C",
    metadata    text COLLATE "C",
    failure     text COLLATE "C",
    arguments   bytea,
    value_media text COLLATE "C",
    value_type  text COLLATE "C",
    value_size  bigint,
    value_hash  bytea,
    value       bytea,
    PRIMARY KEY (exec_id, seq),
    CHECK ((value_media IS NULL) = (value_hash IS NULL))
);

-- For counting calls and outputs without looking at their rows.
CREATE INDEX journal_without_call ON journal (exec_id) WHERE kind <> 'checkpoint';
CREATE INDEX journal_without_output ON journal (exec_id) WHERE kind <> 'checkpoint' OR value_hash IS NULL;

-- Attempts that did not end their call.
CREATE TABLE attempt (
    exec_id     uuid NOT NULL REFERENCES execution (exec_id),
    call_id     uuid NOT NULL,
    attempt     bigint NOT NULL CHECK (attempt >= 1),
    key         text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    interrupted integer NOT NULL CHECK (interrupted IN (0, 1)),
    started_at  bigint NOT NULL,
    ended_at    bigint NOT NULL,
    failure     text COLLATE "C",
    metadata    text COLLATE "C",
    PRIMARY KEY (exec_id, call_id, attempt)
);

-- What a holder says it runs right now; may lag behind the journal, which is the truth.
CREATE TABLE running_call (
    exec_id    uuid NOT NULL REFERENCES execution (exec_id),
    call_id    uuid NOT NULL,
    key        text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    type       text COLLATE "C",
    attempt    bigint NOT NULL CHECK (attempt >= 1),
    started_at bigint NOT NULL,
    PRIMARY KEY (exec_id, call_id)
);

CREATE TABLE wait (
    wait_id        uuid NOT NULL PRIMARY KEY,
    exec_id        uuid NOT NULL REFERENCES execution (exec_id),
    ordinal        bigint NOT NULL,
    name           text COLLATE "C" NOT NULL,
    status         text COLLATE "C" NOT NULL CHECK (status IN ('pending', 'answered', 'aborted', 'closed')),
    -- The flow has seen the answer and recorded that it did.
    consumed       integer NOT NULL DEFAULT 0 CHECK (consumed IN (0, 1)),
    entered_at     bigint NOT NULL,
    resolved_at    bigint,
    resolved_order bigint,
    resolved_by    text COLLATE "C",
    question       text COLLATE "C",
    schema         text COLLATE "C",
    metadata       text COLLATE "C",
    answer_media   text COLLATE "C",
    answer_type    text COLLATE "C",
    answer_size    bigint,
    answer_hash    bytea,
    answer         bytea,
    UNIQUE (exec_id, name),
    CHECK ((status = 'pending') = (resolved_at IS NULL)),
    CHECK ((status = 'answered') = (answer_hash IS NOT NULL)),
    CHECK (consumed = 0 OR status IN ('answered', 'aborted'))
);

CREATE INDEX wait_pending ON wait (exec_id, ordinal) WHERE status = 'pending';

-- Artifacts saved by name; the output of a call is its journal row and carries the call's id.
CREATE TABLE artifact (
    artifact_id uuid NOT NULL PRIMARY KEY,
    exec_id     uuid NOT NULL REFERENCES execution (exec_id),
    seq         bigint NOT NULL,
    ordinal     bigint NOT NULL,
    call_key    text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    tags        text COLLATE "C",
    value_media text COLLATE "C" NOT NULL,
    value_type  text COLLATE "C" NOT NULL,
    value_size  bigint NOT NULL,
    value_hash  bytea NOT NULL,
    value       bytea
);

CREATE INDEX artifact_by_execution ON artifact (exec_id, seq, ordinal);

-- log_id counts within its execution.
CREATE TABLE log_entry (
    exec_id    uuid NOT NULL,
    log_id     bigint NOT NULL,
    severity   bigint NOT NULL,
    written_at bigint NOT NULL,
    source     text COLLATE "C" NOT NULL,
    call_key   text COLLATE "C",
    level      text COLLATE "C",
    module     text COLLATE "C",
    message    text COLLATE "C" NOT NULL,
    PRIMARY KEY (exec_id, log_id)
);

-- Stored JSON as jsonb. NUL, which jsonb cannot hold, becomes U+FFFD here; what is no JSON is NULL.
CREATE FUNCTION kitaru_json(json text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN json::jsonb;
EXCEPTION WHEN others THEN
    BEGIN
        RETURN replace(json, '\u0000', '\ufffd')::jsonb;
    EXCEPTION WHEN others THEN
        RETURN NULL;
    END;
END $$;

-- The items of a stored JSON array of texts.
CREATE FUNCTION kitaru_items(json text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT jsonb_array_elements_text(kitaru_json(json)) COLLATE "C"
$$;

-- Values above the inline limit by their SHA-256, in parts. Stored again means young again.
CREATE TABLE large_value (
    hash      bytea NOT NULL PRIMARY KEY CHECK (octet_length(hash) = 32),
    size      bigint NOT NULL CHECK (size >= 0),
    stored_at bigint NOT NULL
);

CREATE TABLE large_value_part (
    hash  bytea NOT NULL REFERENCES large_value (hash) ON DELETE CASCADE,
    part  integer NOT NULL CHECK (part >= 0),
    bytes bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
    PRIMARY KEY (hash, part)
);

ALTER TABLE large_value_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
