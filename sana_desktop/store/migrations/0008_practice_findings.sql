-- What was found of a site last, and when, is kept over a restart; answers of a set that is not done wait for its end;
-- a replay knows what it has read; and no site stays unlocked for real people over a restart.

CREATE TABLE practice_findings (
    connection_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('repeatability', 'health')),
    found_at TEXT NOT NULL,
    body TEXT NOT NULL,                                             -- JSON
    PRIMARY KEY (connection_id, kind)
) STRICT;

ALTER TABLE practice_outbox ADD COLUMN held INTEGER NOT NULL DEFAULT 0;     -- goes once its set is done, not by itself
ALTER TABLE practice_replays ADD COLUMN read_sha256 TEXT NOT NULL DEFAULT '';  -- of the answers read so far, in order

DROP TABLE practice_locks;
