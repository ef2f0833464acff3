-- What statistics read: ended executions only, narrow, in the order in which they are grouped, so that groups come off one walk
-- along the key without sorting. Kept by triggers; one row is written when an execution ends.
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

CREATE INDEX journal_reused ON journal (exec_id) WHERE original_call_id IS NOT NULL;

INSERT INTO execution_fact
SELECT e.created_at / 86400000000, e.status, e.flow_id, e.stack_name, e.created_at, e.exec_id, e.ended_at - e.started_at, e.checkpoint_count,
    (SELECT count(*) FROM journal j WHERE j.exec_id = e.exec_id AND j.original_call_id IS NOT NULL), e.artifact_count
FROM execution e WHERE e.ended_at IS NOT NULL;

-- An execution that is stored when it has ended already, for tools that fill a store.
CREATE TRIGGER execution_stored_ended AFTER INSERT ON execution WHEN new.ended_at IS NOT NULL
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND j.original_call_id IS NOT NULL), new.artifact_count);
END;

CREATE TRIGGER execution_ended AFTER UPDATE OF ended_at ON execution WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND j.original_call_id IS NOT NULL), new.artifact_count);
END;

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

-- What lists and counts by tag also ask for, so that neither looks at an execution to find out. Filled and kept by triggers.
ALTER TABLE execution_tag ADD COLUMN status TEXT;
ALTER TABLE execution_tag ADD COLUMN flow_id BLOB;
ALTER TABLE execution_tag ADD COLUMN stack_name TEXT;

UPDATE execution_tag SET (status, flow_id, stack_name) = (SELECT e.status, e.flow_id, e.stack_name FROM execution e WHERE e.exec_id = execution_tag.exec_id);

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

-- Counting what is on one stack since some day looks at that stack's executions only.
CREATE INDEX execution_by_stack ON execution (stack_name, status, created_at, exec_id);
