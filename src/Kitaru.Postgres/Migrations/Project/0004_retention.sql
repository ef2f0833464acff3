-- Deleting: by age, with everything that hangs on an execution, and without looking through whole tables.

CREATE INDEX execution_by_end ON execution (ended_at, status, flow_id) WHERE ended_at IS NOT NULL;
CREATE INDEX execution_by_snapshot ON execution (snapshot_id);
CREATE INDEX execution_tag_by_execution ON execution_tag (exec_id);

-- Who refers to a value that stands in the artifact store: only those rows are in these indexes.
CREATE INDEX execution_large_inputs ON execution (inputs_hash) WHERE inputs IS NULL;
CREATE INDEX execution_large_result ON execution (result_hash) WHERE result IS NULL AND result_hash IS NOT NULL;
CREATE INDEX journal_large_value ON journal (value_hash, exec_id) WHERE value IS NULL AND value_hash IS NOT NULL;
CREATE INDEX wait_large_answer ON wait (answer_hash, exec_id) WHERE answer IS NULL AND answer_hash IS NOT NULL;
CREATE INDEX artifact_large_value ON artifact (value_hash, exec_id) WHERE value IS NULL;

-- A retry with present code may be taken back: the code before it is needed as long.
CREATE INDEX execution_code_before ON execution (code_before) WHERE code_before IS NOT NULL;
