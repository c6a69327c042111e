-- Practice: learners, sessions and the outbox. Times as in 0001; no secret is stored.

ALTER TABLE connections ADD COLUMN practice_origin TEXT NOT NULL DEFAULT '';  -- https://api.sanalabs.com; '' if not used

CREATE TABLE practice_learners (                -- test learners made by this app; any other id is a real person (B26)
    user_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (connection_id, user_id)
) STRICT;

CREATE TABLE practice_locks (                   -- whether anything may go to a real person (B26); no row: it may not
    connection_id TEXT PRIMARY KEY,
    locked INTEGER NOT NULL
) STRICT;

CREATE TABLE practice_sessions (
    id TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    title TEXT NOT NULL,
    setup TEXT NOT NULL,                        -- JSON: mode, constraints, challenge, persona, seed
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    deleted_at TEXT,                            -- in the bin since; NULL if it is not
    asked INTEGER NOT NULL DEFAULT 0,           -- how many events of each kind, so that a list reads no events
    answered INTEGER NOT NULL DEFAULT 0,
    correct INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX practice_sessions_by_time ON practice_sessions (changed_at);

CREATE TABLE practice_events (                  -- appended, never changed: a session is the list of them
    session TEXT NOT NULL REFERENCES practice_sessions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                    -- from 0, without a gap
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('asked', 'answered')),
    body TEXT NOT NULL,                         -- JSON
    PRIMARY KEY (session, number)
) STRICT;

CREATE TABLE practice_outbox (                  -- outcomes on their way; a row is there before anything is sent
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- the order, per learner
    connection_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    outcome TEXT NOT NULL,                      -- JSON, as it is sent
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'accepted', 'unknown', 'parked')),
    owner TEXT NOT NULL DEFAULT '',             -- the process that sends it
    consented INTEGER NOT NULL DEFAULT 0,       -- a person held the button to send it to a real learner (B26)
    session TEXT,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    error_code TEXT NOT NULL DEFAULT '',
    error_message TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX practice_outbox_open ON practice_outbox (connection_id, user_id, number) WHERE state <> 'accepted';
CREATE INDEX practice_outbox_accepted ON practice_outbox (number) WHERE state = 'accepted';

CREATE TABLE practice_replays (                 -- how far a replay from a file has come
    id TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL,
    user_id TEXT NOT NULL,                      -- the test learner that gets the answers
    path TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    mapping TEXT NOT NULL,                      -- JSON
    person TEXT NOT NULL DEFAULT '',            -- SHA-256 of whose answers they were, never the id itself; '' if all
    done INTEGER NOT NULL DEFAULT 0,            -- answers put into the outbox, counted in the same transaction
    total INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
