-- What several machines need: traces that go on in other processes, and workers that say that they take nothing more.

ALTER TABLE execution ADD COLUMN trace_parent text COLLATE "C";

ALTER TABLE worker ADD COLUMN retiring integer NOT NULL DEFAULT 0 CHECK (retiring IN (0, 1));
