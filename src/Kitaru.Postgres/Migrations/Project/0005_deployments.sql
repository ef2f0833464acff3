-- Deployments, stacks, secrets, environments, results that other executions may reuse, and calls that are made at most once.

-- What a worker's process is given besides code; executions of one snapshot and one environment share workers.
CREATE TABLE environment (
    environment_id text COLLATE "C" NOT NULL PRIMARY KEY,
    settings       text COLLATE "C" NOT NULL
);

ALTER TABLE worker ADD COLUMN environment_id text COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE execution ADD COLUMN environment_id text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE execution ADD COLUMN deployment_id uuid;
ALTER TABLE execution ADD COLUMN deployment_version bigint CHECK ((deployment_id IS NULL) = (deployment_version IS NULL));

DROP INDEX execution_runnable;
CREATE INDEX execution_runnable ON execution (snapshot_id, environment_id, runnable_at, exec_id) WHERE runnable_at IS NOT NULL;
CREATE INDEX execution_by_deployment ON execution (deployment_id, status, created_at, exec_id) WHERE deployment_id IS NOT NULL;

-- The highest number a flow's deployments ever had: deleting one does not give its number back.
ALTER TABLE flow ADD COLUMN last_version bigint NOT NULL DEFAULT 0 CHECK (last_version >= 0);

CREATE TABLE deployment (
    deployment_id  uuid NOT NULL PRIMARY KEY,
    flow_id        uuid NOT NULL REFERENCES flow (flow_id),
    version        bigint NOT NULL CHECK (version >= 1),
    snapshot_id    text COLLATE "C" NOT NULL,
    environment_id text COLLATE "C" NOT NULL,
    stack_name     text COLLATE "C" NOT NULL,
    retries        bigint NOT NULL CHECK (retries >= 0),
    created_at     bigint NOT NULL,
    target         text COLLATE "C" NOT NULL,
    source         text COLLATE "C",
    commit_sha     text COLLATE "C",
    commit_dirty   integer CHECK (commit_dirty IN (0, 1)),
    schema         text COLLATE "C",
    inputs         text COLLATE "C" NOT NULL,
    spec           text COLLATE "C" NOT NULL,
    UNIQUE (flow_id, version)
);

CREATE INDEX deployment_by_snapshot ON deployment (snapshot_id);

CREATE TABLE deployment_tag (
    flow_id   uuid NOT NULL,
    tag       text COLLATE "C" NOT NULL CHECK (length(tag) > 0),
    version   bigint NOT NULL,
    exclusive integer NOT NULL CHECK (exclusive IN (0, 1)),
    PRIMARY KEY (flow_id, tag, version),
    FOREIGN KEY (flow_id, version) REFERENCES deployment (flow_id, version),
    CHECK (tag <> 'default' OR exclusive = 1)
);

CREATE UNIQUE INDEX deployment_tag_exclusive ON deployment_tag (flow_id, tag) WHERE exclusive = 1;

CREATE INDEX deployment_tag_by_version ON deployment_tag (flow_id, version, tag, exclusive);

CREATE TABLE stack (
    stack_id   uuid NOT NULL PRIMARY KEY,
    name       text COLLATE "C" NOT NULL UNIQUE CHECK (name <> 'default'),
    type       text COLLATE "C" NOT NULL CHECK (type IN ('local', 'kubernetes', 'vertex', 'sagemaker', 'azureml')),
    settings   text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE secret (
    secret_id  uuid NOT NULL PRIMARY KEY,
    name       text COLLATE "C" NOT NULL UNIQUE,
    is_private integer NOT NULL CHECK (is_private IN (0, 1)),
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

-- Which key values are encrypted under, and how to know it; the key itself is not in the database. One row, but for a moment of each rotation.
CREATE TABLE secret_key (
    version     bigint NOT NULL PRIMARY KEY CHECK (version >= 1),
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 16)
);

CREATE TABLE secret_value (
    secret_id   uuid NOT NULL REFERENCES secret (secret_id),
    key         text COLLATE "C" NOT NULL,
    key_version bigint NOT NULL REFERENCES secret_key (version),
    nonce       bytea NOT NULL CHECK (octet_length(nonce) = 12),
    sealed      bytea NOT NULL,
    PRIMARY KEY (secret_id, key)
);

-- A checkpoint that may be reused by other executions says under which key; one that was reused, whose record it took.
ALTER TABLE journal ADD COLUMN cache_key bytea CHECK (cache_key IS NULL OR octet_length(cache_key) = 32);
ALTER TABLE journal ADD COLUMN cached_call_id uuid;

CREATE INDEX journal_by_cache_key ON journal (cache_key, ended_at) WHERE cache_key IS NOT NULL;

-- Statistics count a result from the cache like one that a replay took over: neither was computed by this execution.
DROP INDEX journal_reused;
CREATE INDEX journal_reused ON journal (exec_id) WHERE original_call_id IS NOT NULL OR cached_call_id IS NOT NULL;

CREATE OR REPLACE FUNCTION execution_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND (j.original_call_id IS NOT NULL OR j.cached_call_id IS NOT NULL)), new.artifact_count);
    RETURN NULL;
END $$;

-- A key a caller made up: the change under it is made once, and its answer given again. The request stands here as a hash.
CREATE TABLE idempotency (
    key       text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 512),
    operation text COLLATE "C" NOT NULL,
    request   bytea NOT NULL CHECK (octet_length(request) = 32),
    made_at   bigint NOT NULL,
    result    text COLLATE "C"
);

CREATE INDEX idempotency_by_age ON idempotency (made_at);
