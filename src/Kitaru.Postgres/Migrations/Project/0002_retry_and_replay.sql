-- A failed execution can be opened again, and an execution can take over records of another one.

ALTER TABLE execution ADD COLUMN reopened bigint NOT NULL DEFAULT 0 CHECK (reopened >= 0);

-- The code before a retry with present code, so that a later one can go back to the code the records were made with, and how far the
-- records went then: once present code has recorded something, there is no way back.
ALTER TABLE execution ADD COLUMN code_before text COLLATE "C";
ALTER TABLE execution ADD COLUMN code_before_seq bigint CHECK ((code_before IS NULL) = (code_before_seq IS NULL));

-- The target with an absolute path, from which present code can be built.
ALTER TABLE execution ADD COLUMN source text COLLATE "C";

-- Set on a record that a replay took over.
ALTER TABLE journal ADD COLUMN original_call_id uuid;

-- Written once, with the execution that carries the plan out.
CREATE TABLE replay (
    exec_id uuid NOT NULL PRIMARY KEY REFERENCES execution (exec_id),
    plan    text COLLATE "C" NOT NULL
);

CREATE OR REPLACE FUNCTION execution_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.status || '>' || new.status NOT IN (
        'queued>running', 'queued>cancelled',
        'running>queued', 'running>sleeping', 'running>waiting', 'running>completed', 'running>failed', 'running>cancelled',
        'sleeping>running', 'sleeping>cancelled',
        'waiting>queued', 'waiting>running', 'waiting>completed', 'waiting>failed', 'waiting>cancelled',
        'failed>queued') THEN
        RAISE EXCEPTION 'this move of an execution''s status is not legal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
