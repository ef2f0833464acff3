-- What statistics read: ended executions only, narrow, in the order in which they are grouped, so that groups come off one walk
-- along the key without sorting. Kept by triggers; one row is written when an execution ends.
CREATE TABLE execution_fact (
    created_day  bigint NOT NULL,
    status       text COLLATE "C" NOT NULL,
    flow_id      uuid NOT NULL,
    stack_name   text COLLATE "C" NOT NULL,
    created_at   bigint NOT NULL,
    exec_id      uuid NOT NULL,
    -- Microseconds; NULL when it never started.
    duration     bigint,
    steps        bigint NOT NULL,
    steps_reused bigint NOT NULL,
    outputs      bigint NOT NULL,
    PRIMARY KEY (created_day, status, flow_id, stack_name, created_at, exec_id)
);

CREATE INDEX journal_reused ON journal (exec_id) WHERE original_call_id IS NOT NULL;

INSERT INTO execution_fact
SELECT e.created_at / 86400000000, e.status, e.flow_id, e.stack_name, e.created_at, e.exec_id, e.ended_at - e.started_at, e.checkpoint_count,
    (SELECT count(*) FROM journal j WHERE j.exec_id = e.exec_id AND j.original_call_id IS NOT NULL), e.artifact_count
FROM execution e WHERE e.ended_at IS NOT NULL;

CREATE FUNCTION execution_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO execution_fact VALUES (
        new.created_at / 86400000000, new.status, new.flow_id, new.stack_name, new.created_at, new.exec_id, new.ended_at - new.started_at, new.checkpoint_count,
        (SELECT count(*) FROM journal j WHERE j.exec_id = new.exec_id AND j.original_call_id IS NOT NULL), new.artifact_count);
    RETURN NULL;
END $$;

-- An execution that is stored when it has ended already, for tools that fill a store.
CREATE TRIGGER execution_stored_ended AFTER INSERT ON execution
FOR EACH ROW WHEN (new.ended_at IS NOT NULL) EXECUTE FUNCTION execution_ended();

CREATE TRIGGER execution_ended AFTER UPDATE OF ended_at ON execution
FOR EACH ROW WHEN (old.ended_at IS NULL AND new.ended_at IS NOT NULL) EXECUTE FUNCTION execution_ended();

CREATE FUNCTION execution_lives_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM execution_fact
    WHERE created_day = old.created_at / 86400000000 AND status = old.status AND flow_id = old.flow_id AND stack_name = old.stack_name
        AND created_at = old.created_at AND exec_id = old.exec_id;
    RETURN NULL;
END $$;

CREATE TRIGGER execution_lives_again AFTER UPDATE OF ended_at ON execution
FOR EACH ROW WHEN (old.ended_at IS NOT NULL AND new.ended_at IS NULL) EXECUTE FUNCTION execution_lives_again();

CREATE TRIGGER execution_removed AFTER DELETE ON execution
FOR EACH ROW WHEN (old.ended_at IS NOT NULL) EXECUTE FUNCTION execution_lives_again();

-- What lists and counts by tag also ask for, so that neither looks at an execution to find out. Filled and kept by triggers.
ALTER TABLE execution_tag ADD COLUMN status text COLLATE "C";
ALTER TABLE execution_tag ADD COLUMN flow_id uuid;
ALTER TABLE execution_tag ADD COLUMN stack_name text COLLATE "C";

CREATE FUNCTION execution_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT e.status, e.flow_id, e.stack_name INTO new.status, new.flow_id, new.stack_name FROM execution e WHERE e.exec_id = new.exec_id;
    RETURN new;
END $$;

CREATE TRIGGER execution_tagged BEFORE INSERT ON execution_tag FOR EACH ROW EXECUTE FUNCTION execution_tagged();

CREATE FUNCTION execution_tag_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE execution_tag SET status = new.status
    WHERE tag IN (SELECT kitaru_items(new.tags)) AND created_at = new.created_at AND exec_id = new.exec_id;
    RETURN NULL;
END $$;

CREATE TRIGGER execution_tag_moved AFTER UPDATE OF status ON execution
FOR EACH ROW WHEN (new.tags IS NOT NULL AND old.status <> new.status) EXECUTE FUNCTION execution_tag_moved();

-- Counting what is on one stack since some day looks at that stack's executions only.
CREATE INDEX execution_by_stack ON execution (stack_name, status, created_at, exec_id);
