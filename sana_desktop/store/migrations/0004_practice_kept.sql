-- Test learners that a person removed stay known as the app's own; exercises that are known are kept over a restart.

ALTER TABLE practice_learners ADD COLUMN removed_at TEXT;   -- since when it is not offered any more; NULL if it is

CREATE TABLE practice_catalogues (              -- a bounded copy: what it holds can be loaded or learned again
    connection_id TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('file', 'answers')),
    name TEXT NOT NULL DEFAULT '',              -- of the file, without its folder
    loaded_at TEXT NOT NULL,                    -- when the file was read, or the last exercise learned
    exercises BLOB NOT NULL,                    -- JSON Lines, packed with zlib
    PRIMARY KEY (connection_id, source)
) STRICT;
